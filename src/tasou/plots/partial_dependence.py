"""The mean answer as one column changes, over the answers for single rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou.errors import TasouError
from tasou.language import say
from tasou.messages import Message
from tasou.plots import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NO_ANSWERS = Message(
    "plot.no_partial_dependence",
    en="there is no partial dependence to draw: a {name} has none (give a TableClassifier or TableRegressor)",
    ja="{name} に描く部分依存がありません。TableClassifier か TableRegressor を渡してください",
)
TITLE = {"en": "Partial dependence on {column}", "ja": "{column} への部分依存"}
MEAN = {"en": "mean answer", "ja": "答えの平均"}
PROBABILITY = {"en": "probability of {name}", "ja": "{name} の確率"}
MISSING = {"en": "(missing)", "ja": "（欠損）"}
ROWS = 40


def partial_dependence(
    source: Any, column: str | None = None, X: Any = None, *, ax: Axes | None = None, lang: str | None = None
) -> Axes:
    """Draw the mean answer at each value of a column; returns the axes.

    Of one answer (two classes, a number) thin lines show up to 40 single rows: where they cross, what the column does
    depends on the others. Levels are points, the most frequent first.

    Parameters
    ----------
    source
        what ``partial_dependence`` of a table estimator gave, or such an estimator
    column, X
        for an estimator: the column, and rows to ask about (made-up rows if None)
    ax
        where to draw; a new figure if None
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from tasou import TableRegressor
    >>> x = np.linspace(-1, 1, 100)
    >>> model = TableRegressor("fast", random_state=0).fit({"x": x}, x**2)
    >>> partial_dependence(model, "x", ax=Figure().subplots(), lang="en").get_title()
    'Partial dependence on x'
    """
    found = source.partial_dependence(column, X) if hasattr(source, "partial_dependence") else source
    if not hasattr(found, "individual"):
        raise TasouError(NO_ANSWERS, name=type(source).__name__)
    with theme.lettering(lang) as lang:
        ax = theme.axes(ax)
        at: Any = np.arange(len(found.values)) if found.kind == "level" else found.values
        if len(found.outputs) == 1:
            rows = found.individual[:: max(1, len(found.individual) // ROWS), :, 0]
            ax.plot(at, rows.T, color=theme.mix(theme.ground(ax), theme.ink(ax), 0.25), lw=0.6)
        style: dict[str, Any] = {"marker": "o"} if found.kind == "level" else {}
        for k, name in enumerate(found.outputs):
            label = theme.plain(name) if len(found.outputs) > 1 else None
            ax.plot(at, found.average[:, k], color=theme.colour(k, ax), lw=2, label=label, **style)
        if found.kind == "level":
            _levels(ax, at, [label or say(MISSING, lang) for label in found.labels])
        one = found.outputs[0] if len(found.outputs) == 1 else ""
        title = say(TITLE, lang, column=theme.plain(found.column))
        said = say(PROBABILITY, lang, name=theme.plain(one)) if one else say(MEAN, lang)
        theme.label(ax, title=title, xlabel=theme.plain(found.column), ylabel=said)
        if len(found.outputs) > 1:
            ax.legend(frameon=False)
        theme.frame(ax)
    return ax


def _levels(ax: Axes, at: Any, labels: list[str]) -> None:
    """The names below the axis, slanted where they are long."""
    import matplotlib

    names = [theme.plain(label) for label in labels]
    room = theme.room(ax) * 72 / 10 / max(1, len(names))
    slant: dict[str, Any] = {"rotation": 45, "ha": "right"} if max(map(theme.width, names)) > room else {}
    ax.set_xticks(at, names, fontfamily=matplotlib.rcParams["font.family"], **slant)
