"""Whether probabilities hold: promised ones beside the shares that came true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou.errors import TasouError
from tasou.language import say
from tasou.messages import Message
from tasou.plots import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NO_PROBABILITIES = Message(
    "plot.no_calibration",
    en="there is no calibration to draw: a {name} has none (give a TableClassifier or its calibration_)",
    ja="{name} に描く較正がありません。TableClassifier かその calibration_ を渡してください",
)
TITLE = {
    "en": "Calibration on {n} rows kept out (expected error {error:.3f})",
    "ja": "学習に使わなかった {n} 行での較正（期待誤差 {error:.3f}）",
}
PROMISED = {"en": "promised probability", "ja": "予測した確率"}
CAME = {"en": "share that came true", "ja": "実際の割合"}
EXACT = {"en": "exact", "ja": "完全に一致"}
ROWS = {"en": "share of the rows", "ja": "行の割合"}
BINS = {"en": "rows of a bin, 95 % interval", "ja": "区間ごとの行（95 % 区間）"}
TALLEST = 0.25
"""of the axes, for the bin with most rows"""


def calibration(source: Any, *, ax: Axes | None = None, lang: str | None = None) -> Axes:
    """Draw promised probabilities beside the shares that came true, with 95 % intervals; returns the axes.

    Where the dashed line passes through a bin's interval its promise may be exact; below the line too much was
    promised. The bars at the bottom show how many of the rows lie in each bin.

    Parameters
    ----------
    source
        a fitted `TableClassifier`, or its ``calibration_``
    ax
        where to draw; a new figure if None
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None

    Raises
    ------
    TasouError
        the source has no probabilities of rows kept out

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from tasou import TableClassifier
    >>> x = np.random.default_rng(0).normal(size=200)
    >>> model = TableClassifier("fast", random_state=0).fit({"x": x}, x > 0)
    >>> ax = calibration(model, ax=Figure().subplots(), lang="en")
    >>> ax.get_xlabel()
    'promised probability'
    """
    found = getattr(source, "calibration_", source)
    if not hasattr(found, "promised") or not hasattr(found, "observed"):
        raise TasouError(NO_PROBABILITIES, name=type(source).__name__)
    with theme.lettering(lang) as lang:
        ax = theme.axes(ax)
        p, o = np.asarray(found.promised), np.asarray(found.observed)
        reach = np.maximum(np.stack([o - found.low, found.high - o]), 0)
        heights = TALLEST * found.share / np.max(found.share)
        ax.bar(p, heights, 0.045, color=theme.BLUE, alpha=0.25, label=say(ROWS, lang))
        ax.plot([0, 1], [0, 1], "--", color=theme.ink(ax), lw=1, label=say(EXACT, lang))
        how: dict[str, Any] = {
            "fmt": "o",
            "color": theme.BLUE,
            "ecolor": theme.ink(ax),
            "elinewidth": 1,
            "capsize": 2,
        }
        ax.errorbar(p, o, yerr=reach, label=say(BINS, lang), **how)
        ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
        title = say(TITLE, lang, n=f"{found.n:,}", error=found.error)
        theme.label(ax, title=title, xlabel=say(PROMISED, lang), ylabel=say(CAME, lang))
        theme.frame(ax)
        ax.legend(frameon=False, loc="upper left")
    return ax
