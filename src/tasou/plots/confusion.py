"""Which class is taken for which: true classes down, predicted classes across."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.language import say
from tasou.messages import Message
from tasou.plots import theme
from tasou.plots._answers import Answers
from tasou.plots._source import predictor_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NO_ROWS = Message(
    "plot.no_rows",
    en="there is nothing to draw: X has no rows",
    ja="描くものがありません。X に行がありません",
)

TITLE = {
    "en": "Confusion: {right} of {n} right ({share:.1%})",
    "ja": "混同行列：{n}点中{right}点が正解（{share:.1%}）",
}
TRUE = {"en": "true class", "ja": "正解のクラス"}
PREDICTED = {"en": "predicted class", "ja": "予測したクラス"}
MOST_NUMBERS = 20

Counts = NDArray[np.int64]


def confusion(
    classifier: Any,
    X: Any,
    y: Any,
    *,
    ax: Axes | None = None,
    lang: str | None = None,
    normalize: bool = False,
) -> Axes:
    """Draw how many rows of each true class are predicted as which; returns the axes.

    What is right (the diagonal) is blue, what is wrong red, the deeper the larger its share of the row.

    Parameters
    ----------
    classifier
        anything fitted with a ``predict`` that answers with labels, a `Network` or a `Training`
    X, y
        rows as ``classifier`` takes them, and their (n,) true labels
    ax
        where to draw; a new figure if None
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None
    normalize
        write shares of the true class instead of counts

    Raises
    ------
    TasouError
        X and y do not fit, or there are no rows

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from tasou.network import Network
    >>> X, y = [[0.0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> confusion(Network((2, 3, 2), rng=0), X, y, ax=Figure().subplots(), lang="en").get_xlabel()
    'predicted class'
    """
    answers = Answers.of(predictor_of(classifier), X, y)
    if not len(answers.true):
        raise TasouError(NO_ROWS)
    counts = _count(answers)
    right = int(counts.trace())
    with theme.lettering(lang) as lang:
        ax = theme.axes(ax, (5.0, 4.8))
        shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        _draw_cells(ax, shares)
        if len(counts) <= MOST_NUMBERS:
            _write(ax, counts, shares, normalize=normalize)
        _name(ax, [theme.plain(name) for name in answers.classes])
        title = say(TITLE, lang, right=right, n=len(answers.true), share=right / len(answers.true))
        theme.label(ax, title=title, xlabel=say(PREDICTED, lang), ylabel=say(TRUE, lang))
    return ax


def _count(answers: Answers) -> Counts:
    """Rows by true class (down) and predicted class (across)."""
    K = len(answers.classes)
    return np.bincount(answers.true * K + answers.predicted, minlength=K * K).reshape(K, K)


def _draw_cells(ax: Axes, shares: NDArray[np.float64]) -> None:
    signs = np.where(np.eye(len(shares), dtype=bool), 1, -1)
    ax.imshow(theme.signed(ax, 0.8 * signs * shares), aspect="auto", interpolation="none")
    K = len(shares)
    colour = theme.mix(theme.ground(ax), theme.ink(ax), 0.3)
    ax.set_xticks(np.arange(K + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(K + 1) - 0.5, minor=True)
    ax.grid(which="minor", color=colour, lw=0.8)
    ax.tick_params(which="both", length=0)


def _write(ax: Axes, counts: Counts, shares: NDArray[np.float64], *, normalize: bool) -> None:
    size = float(np.clip(110 * min(1.0, theme.room(ax) / 4) / len(counts), 5, 12))
    for (i, j), count in np.ndenumerate(counts):
        text = f"{shares[i, j]:.0%}" if normalize else str(count)
        strong = theme.mix(theme.ground(ax), theme.ink(ax), 1.0 if count else 0.4)
        weight = "bold" if i == j else "normal"
        ax.text(j, i, text, ha="center", va="center", fontsize=size, color=strong, fontweight=weight)


def _name(ax: Axes, names: list[str]) -> None:
    """Names of the classes along both axes; the long ones slanted."""
    import matplotlib

    family = matplotlib.rcParams["font.family"]
    room = theme.room(ax) * 72 / 10 / len(names)
    slant: dict[str, Any] = {"rotation": 45, "ha": "right"} if max(map(theme.width, names)) > room else {}
    step = -(-len(names) // 40)
    places = np.arange(0, len(names), step)
    ax.set_xticks(places, names[::step], fontfamily=family, **slant)
    ax.set_yticks(places, names[::step], fontfamily=family)
