"""An activation function and its derivative in one picture (lecture 4.1-4.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.formulas import activations
from tasou.language import say
from tasou.messages import Message
from tasou.plots import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INTERVAL = Message(
    "plot.interval",
    en="zlim must be an interval (low, high) of finite numbers, not {zlim!r}",
    ja="zlim は有限の数の区間 (下限, 上限) にしてください（{zlim!r} は使えません）",
)

FUNCTION = {"en": "function f(z)", "ja": "関数 f(z)"}
DERIVATIVE = {"en": "derivative f′(z)", "ja": "導関数 f′(z)"}
JUMP = 0.1


def activation(
    activation: str | activations.Activation,
    *,
    ax: Axes | None = None,
    lang: str | None = None,
    zlim: tuple[float, float] = (-5, 5),
) -> Axes:
    r"""Draw a = f(z) and its slope f'(z) over ``zlim``, the formula in the title; returns the axes.

    Parameters
    ----------
    activation
        a registered name, such as ``"relu"``, or an `Activation` (also one of your own)
    ax
        where to draw; a new figure if None
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None
    zlim
        from where to where z goes

    Raises
    ------
    UnknownName
        there is no such activation (the nearest name is suggested)
    TasouError
        ``zlim`` is not an interval

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = activation("tanh", ax=Figure().subplots(), lang="en")
    >>> ax.get_title()
    'tanh: $f(z) = \\tanh(z)$'
    """
    formula = activations.get(activation)
    z, a, slope = _values(formula, zlim)
    with theme.lettering(lang) as lang:
        ax = theme.axes(ax)
        _draw_origin(ax)
        ax.plot(z, a, color=theme.BLUE, lw=2.4, label=say(FUNCTION, lang))
        ax.plot(z, slope, color=theme.AMBER, lw=2.4, ls="--", label=say(DERIVATIVE, lang))
        ax.set_xlim(*zlim)
        theme.label(ax, title=_title(ax, formula, lang), xlabel="$z$")
        theme.legend_below(ax)
        theme.frame(ax)
    return ax


def _values(formula: activations.Activation, zlim: tuple[float, float]) -> tuple[NDArray[np.float64], ...]:
    """z, f(z), f'(z), the slope cut where it jumps, as that of ReLU at 0: a jump is not a steep line."""
    low, high = zlim
    if not (np.isfinite([low, high]).all() and low < high):
        raise TasouError(INTERVAL, zlim=zlim)
    z = np.linspace(low, high, 1001)
    a = formula.f(z, np)
    slope = np.array(formula.slope(z, a, np), dtype=np.float64)
    jumps = np.flatnonzero(np.abs(np.diff(slope)) > JUMP) + 1
    return np.insert(z, jumps, z[jumps]), np.insert(a, jumps, a[jumps]), np.insert(slope, jumps, np.nan)


def _draw_origin(ax: Axes) -> None:
    for line in (ax.axhline, ax.axvline):
        line(0, color=theme.mix(theme.ground(ax), theme.ink(ax), 0.35), lw=0.8, zorder=1)


def _title(ax: Axes, formula: activations.Activation, lang: str) -> str:
    """Name and formula, in two lines where one is too short."""
    name = theme.spell(formula, lang)
    if not formula.latex:
        return name
    latex = re.sub(r"\\([lg])e(?![a-z])", r"\\\1eq", formula.latex)  # Matplotlib knows the long names alone
    title = f"{name}: $f(z) = {latex}$"
    wide = theme.width(title) * float(ax.title.get_fontsize()) / 72 > theme.room(ax)
    return title.replace(": ", ":\n", 1) if wide else title
