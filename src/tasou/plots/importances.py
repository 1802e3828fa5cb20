"""How much each column matters, with how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou.errors import TasouError
from tasou.language import say
from tasou.messages import Message
from tasou.plots import theme
from tasou.text import clip

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NO_COLUMNS = Message(
    "plot.no_importances",
    en="there is no importance to draw: a {name} has none (give importances_ of a TableClassifier or TableRegressor)",
    ja="{name} に描く重要度がありません。TableClassifier か TableRegressor の importances_ を渡してください",
)
TITLE = {"en": "Importance of the columns", "ja": "列の重要度"}
MOST = 20


def importances(source: Any, *, ax: Axes | None = None, most: int = MOST, lang: str | None = None) -> Axes:
    """Draw what answers lose when a column is shuffled, with 95 % intervals; returns the axes.

    Parameters
    ----------
    source
        what ``importances_`` or ``importances(X, y)`` of a table estimator gave, or such an estimator
    ax
        where to draw; a new figure if None
    most
        how many columns are drawn, the first ones
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None

    Raises
    ------
    TasouError
        the source has no importances

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from tasou import TableRegressor
    >>> x = np.linspace(-1, 1, 100)
    >>> model = TableRegressor("fast", random_state=0).fit({"x": x, "z": x[::-1] ** 2}, x)
    >>> ax = importances(model, ax=Figure().subplots(), lang="en")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['x', 'z']
    """
    found = getattr(source, "importances_", source)
    if not hasattr(found, "names") or not hasattr(found, "low"):
        raise TasouError(NO_COLUMNS, name=type(source).__name__)
    names = [clip(theme.plain(name), 28) for name in found.names[:most]]
    n = len(names)
    with theme.lettering(lang) as lang:
        import matplotlib

        ax = theme.axes(ax, (5.6, 1.2 + 0.28 * n))
        at, mean = np.arange(n), np.asarray(found.mean)[:n]
        reach = np.abs(np.stack([mean - found.low[:n], found.high[:n] - mean]))
        ax.barh(at, mean, color=theme.BLUE, height=0.62)
        ax.errorbar(mean, at, xerr=reach, fmt="none", ecolor=theme.ink(ax), elinewidth=1, capsize=2)
        ax.axvline(0, color=theme.ink(ax), lw=0.8)
        ax.set_yticks(at, names, fontfamily=matplotlib.rcParams["font.family"])
        ax.invert_yaxis()
        theme.label(ax, title=say(TITLE, lang), xlabel=found.unit.text(lang))
        theme.frame(ax)
    return ax
