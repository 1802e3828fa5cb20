"""A slice through the loss: a step against the gradient beside one in a random direction (lecture 5.2, 5.4)."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.language import Language, say
from tasou.messages import Message
from tasou.plots import theme
from tasou.plots._source import inputs_of, network_of, targets_of
from tasou.plots.loss_curve import LOSS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RATE = Message(
    "plot.rate",
    en="lr must be a number > 0, got {lr!r}",
    ja="lr は0より大きい数にしてください（{lr!r} は使えません）",
)

TITLE = {
    "en": "A step of α = {lr:g} takes the loss from {here:.3g} to {there:.3g}",
    "ja": "α = {lr:g} の一歩で損失は {here:.3g} → {there:.3g}",
}
GRADIENT = {"en": "against the gradient: L(θ − α∇L)", "ja": "勾配の逆向き：L(θ − α∇L)"}
RANDOM = {"en": "random direction, same length", "ja": "ランダムな方向（同じ長さ）"}
SLOPE = {"en": "what the slope promises: L − α‖∇L‖²", "ja": "傾きからの予想：L − α‖∇L‖²"}
HERE = {"en": "here", "ja": "現在地"}
STEP = {"en": "after the step", "ja": "一歩のあと"}
LOWEST = {"en": "lowest on the line (α = {at:.2g})", "ja": "線上の最小（α = {at:.2g}）"}
XLABEL = {"en": "length of the step (learning rate α)", "ja": "歩幅（学習率 α）"}
DEFAULT_RATE, FARTHEST = 0.1, 24.0

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Slice:
    """The loss along −∇L and along a random direction of the same length, at the step lengths ``alphas``."""

    alphas: Numbers
    downhill: Numbers
    sideways: Numbers
    here: float
    square: float
    """‖∇L‖², by which the loss falls per α at first"""

    @classmethod
    def of(cls, network: Any, X: Any, Y: Any, lr: float, resolution: int, rng: Any) -> Slice:
        """Walk a copy of the network along both lines; the network itself stays where it is."""
        walker = deepcopy(network)
        theta = walker.theta.copy()
        here, grad = walker.objective(X, Y)
        grad = grad.copy()
        chance = np.random.default_rng(rng).standard_normal(len(theta)).astype(theta.dtype)
        chance *= np.linalg.norm(grad) / np.linalg.norm(chance)

        def at(alpha: float, direction: Any) -> float:
            walker.theta = theta - alpha * direction
            with np.errstate(all="ignore"):
                return float(walker.objective(X, Y)[0])

        end = _end(lr, here, lambda alpha: at(alpha, grad))
        alphas = np.unique([*np.linspace(-0.25 * end, end, resolution), 0.0, lr])
        downhill, sideways = (np.array([at(alpha, way) for alpha in alphas]) for way in (grad, chance))
        return cls(alphas, downhill, sideways, here, float(np.dot(grad, grad)))

    def after(self, lr: float) -> float:
        """The loss after a step of learning rate ``lr``, which is one of ``alphas``."""
        return float(self.downhill[np.searchsorted(self.alphas, lr)])


def _end(lr: float, here: float, loss: Any) -> float:
    """How far to look: until the loss is above where it began again, but so that the step can still be seen."""
    end = 2.0 * lr
    while end < FARTHEST * lr and loss(end) < here:
        end *= 1.5
    return end


def loss_landscape(
    source: Any,
    X: Any,
    y: Any,
    *,
    lr: float | None = None,
    ax: Axes | None = None,
    lang: str | None = None,
    resolution: int = 121,
    rng: int | np.random.Generator | None = 0,
) -> Axes:
    """Draw the loss along θ − α∇L and along a random direction of the same length; returns the axes.

    Marked are where the network stands, where a step with learning rate ``lr`` takes it, and the lowest point of the
    line; the dashed line is what the slope at the start promises. The loss is the mean over the rows, with penalty; the
    line has a gap where it is not finite.

    Parameters
    ----------
    source
        a `Network`, a fitted estimator or a `Training`; it is left as it is
    X, y
        rows, and labels or targets
    lr
        the learning rate α of the step that is marked; that of ``source`` (or 0.1) if None
    ax
        where to draw; a new figure if None
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None
    resolution
        number of losses computed along each line
    rng
        seed of the random direction

    Raises
    ------
    TasouError
        ``lr`` is not above 0, or X and y do not fit the network

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from tasou.network import Network
    >>> X, y = [[0.0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> loss_landscape(Network((2, 3, 2), rng=0), X, y, lr=0.5, ax=Figure().subplots(), lang="en").get_title()
    'A step of α = 0.5 takes the loss from 0.987 to 0.77'
    """
    network = network_of(source)
    lr = _rate(source) if lr is None else float(lr)
    if not (np.isfinite(lr) and lr > 0):
        raise TasouError(RATE, lr=lr)
    seen = Slice.of(network, inputs_of(source, X), targets_of(source, y), lr, resolution, rng)
    with theme.lettering(lang) as lang:
        ax = theme.axes(ax)
        _draw_lines(ax, seen, lang)
        _draw_marks(ax, seen, lr, lang)
        theme.frame(ax)
        title = say(TITLE, lang, lr=lr, here=seen.here, there=seen.after(lr))
        theme.label(ax, title=title, xlabel=say(XLABEL, lang), ylabel=say(LOSS, lang))
        theme.legend_below(ax)
    return ax


def _rate(source: Any) -> float:
    found = getattr(source, "lr", None) or getattr(source, "learning_rate_init", None)
    return float(found or DEFAULT_RATE)


def _draw_lines(ax: Axes, seen: Slice, lang: Language) -> None:
    alphas, low = seen.alphas, float(np.nanmin(seen.downhill))
    high = 2 * seen.here - low + 0.05 * abs(seen.here)
    ax.plot(alphas, seen.downhill, color=theme.BLUE, lw=2.4, label=say(GRADIENT, lang))
    ax.plot(alphas, seen.sideways, color=theme.AMBER, lw=2, ls="-.", label=say(RANDOM, lang))
    grey = theme.mix(theme.ground(ax), theme.ink(ax), 0.6)
    ax.plot(alphas, seen.here - alphas * seen.square, color=grey, lw=1.2, ls="--", label=say(SLOPE, lang))
    margin = 0.08 * (high - low)
    ax.set(xlim=(alphas[0], alphas[-1]), ylim=(low - margin, min(high, np.nanmax(seen.downhill)) + margin))


def _draw_marks(ax: Axes, seen: Slice, lr: float, lang: Language) -> None:
    """Where we are, where the step leads, and the lowest point of the line."""
    ink, there = theme.ink(ax), seen.after(lr)
    best = int(np.nanargmin(seen.downhill))
    style: dict[str, Any] = {"mec": ink, "zorder": 4, "ls": "none"}
    ax.plot([0], [seen.here], "o", mfc=theme.BLUE, ms=9, label=say(HERE, lang), **style)
    text = say(LOWEST, lang, at=seen.alphas[best])
    ax.plot(seen.alphas[best], seen.downhill[best], "v", mfc="none", ms=10, mew=1.6, label=text, **style)
    ax.plot([lr], [there], "s", mfc=theme.red_on(ax), ms=8, label=say(STEP, lang), **style)
    if np.isfinite(there):
        arrow = {"arrowstyle": "->", "color": ink, "lw": 1.4, "shrinkA": 6, "shrinkB": 6}
        ax.annotate("", xy=(lr, there), xytext=(0, seen.here), arrowprops=arrow, annotation_clip=True)
