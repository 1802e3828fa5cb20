"""How the weights of each layer are spread: one hill a layer, input side on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import ShapeError, TasouError
from tasou.language import Language, say
from tasou.messages import Message
from tasou.plots import theme
from tasou.plots._architecture import Architecture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOT_FINITE = Message(
    "plot.weights_not_finite",
    en="some weights are not finite: the training diverged",
    ja="有限でない重みがあります。学習が発散しています",
)
NO_WEIGHTS = Message(
    "plot.no_weights",
    en="the network has no dense layer, so there are no weights W to draw",
    ja="全結合層がないネットワークなので、描く重み W がありません",
)
SIZES_ALONE = Message(
    "plot.sizes_alone",
    en="sizes alone have no weights: hand in a Network, a fitted estimator or a Training",
    ja="層の大きさだけでは重みがありません。Network、学習済みの推定器、Training のどれかを渡してください",
)
OTHER_THETA = Message(
    "plot.other_theta",
    en="before must be a theta of the same network, not of {n} numbers",
    ja="before は同じネットワークの theta にしてください（要素が {n} 個のものは使えません）",
)
OTHER_SIZES = Message(
    "plot.other_sizes",
    en="before must be a network of the same sizes",
    ja="before は同じ大きさの層からなるネットワークにしてください",
)

TITLE = {
    "en": "Weights spread most in layer {l} (σ = {most:.2g}), least in layer {m} (σ = {least:.2g})",
    "ja": "重みの広がりは第{l}層が最大（σ = {most:.2g}）、第{m}層が最小（σ = {least:.2g}）",
}
ONE = {"en": "Weights of the only layer: σ = {most:.2g}", "ja": "ただ1つの層の重み：σ = {most:.2g}"}
LAYER = {"en": "layer {l}\n{rows} × {columns}", "ja": "第{l}層\n{rows} × {columns}"}
WEIGHT = {"en": "weight", "ja": "重み"}
NOW = {"en": "now", "ja": "現在"}
BEFORE = {"en": "before", "ja": "以前"}
HEIGHT = 0.82
FEWEST_MOST = (10, 40)

Numbers = NDArray[np.float64]


def weight_histogram(
    source: Any,
    *,
    before: Any = None,
    ax: Axes | None = None,
    lang: str | None = None,
    bins: int | None = None,
) -> Axes:
    """Draw a histogram of W[l] for each layer over one axis, each as high as the others; returns the axes.

    Parameters
    ----------
    source
        a `Network`, a fitted estimator or a `Training`
    before
        the same network at another time, such as before the training: another source, or its ``theta``; its
        histograms are dashed outlines
    ax
        where to draw; a new figure if None
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None
    bins
        bars between the smallest and the largest weight of all layers; by default as many as the smallest layer
        has weights for

    Raises
    ------
    TasouError
        ``source`` has no weights, or ``before`` has others

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from tasou.network import Network
    >>> ax = weight_histogram(Network((2, 10, 3), rng=0), ax=Figure().subplots(), lang="en")
    >>> [label.get_text().splitlines()[0] for label in ax.get_yticklabels()]
    ['layer 1', 'layer 2']
    """
    found = _weights(source)
    W = list(found.values())
    earlier = None if before is None else _earlier(before, found)
    everything = np.concatenate([weights.ravel() for weights in [*W, *(earlier or [])]])
    if not np.isfinite(everything).all():
        raise TasouError(NOT_FINITE)
    if bins is None:
        bins = int(np.clip(2 * min(weights.size for weights in W) ** 0.5, *FEWEST_MOST))
    edges = np.histogram_bin_edges(everything, bins=bins)
    with theme.lettering(lang) as lang:
        ax = theme.axes(ax)
        _draw(ax, W, edges, filled=True, label=say(NOW, lang))
        if earlier:
            _draw(ax, earlier, edges, filled=False, label=say(BEFORE, lang))
            theme.legend_below(ax)
        _finish(ax, found, lang)
    return ax


def _weights(source: Any) -> dict[int, Numbers]:
    """W[l] of every dense layer, by l."""
    W = Architecture.of(source).W
    if W is None:
        raise TasouError(SIZES_ALONE)
    found = {l: weights for l, weights in enumerate(W, start=1) if weights is not None}
    if not found:
        raise TasouError(NO_WEIGHTS)
    return found


def _earlier(before: Any, found: dict[int, Numbers]) -> list[Numbers]:
    """The weights of ``before``, which may be a flat theta: all W one after another, then the biases."""
    W = list(found.values())
    if isinstance(before, np.ndarray):
        ends = np.cumsum([weights.size for weights in W])
        if before.size <= ends[-1] - 1:
            raise ShapeError(OTHER_THETA, n=before.size)
        return [np.asarray(part, np.float64) for part in np.split(before.ravel(), ends)[:-1]]
    earlier = list(_weights(before).values())
    if [weights.shape for weights in earlier] != [weights.shape for weights in W]:
        raise ShapeError(OTHER_SIZES)
    return earlier


def _draw(ax: Axes, W: list[Numbers], edges: Numbers, *, filled: bool, label: str) -> None:
    """One hill a layer, standing on the line of its layer."""
    for k, (weights, colour) in enumerate(zip(W, theme.ordered(ax, len(W)), strict=True)):
        counts, _ = np.histogram(weights, bins=edges)
        ground = len(W) - 1 - k
        heights = ground + HEIGHT * counts / counts.max()
        style: dict[str, Any] = {"baseline": ground, "label": label if k == 0 else None}
        if filled:
            ax.stairs(heights, edges, fill=True, color=colour, alpha=0.75, **style)
        else:
            ax.stairs(heights, edges, color=theme.ink(ax), ls="--", lw=1.2, **style)


def _finish(ax: Axes, found: dict[int, Numbers], lang: Language) -> None:
    numbers, W = list(found), list(found.values())
    import matplotlib

    names = [say(LAYER, lang, l=l, rows=w.shape[0], columns=w.shape[1]) for l, w in found.items()]
    family = matplotlib.rcParams["font.family"]
    ax.set_yticks(range(len(W))[::-1], names, fontfamily=family, va="bottom")
    ax.set_ylim(-0.05, len(W))
    ax.tick_params(axis="y", length=0)
    theme.frame(ax)
    ax.spines["left"].set_visible(False)
    ax.axvline(0, color=theme.mix(theme.ground(ax), theme.ink(ax), 0.5), lw=0.8)
    spread = [float(weights.std()) for weights in W]
    l, m = int(np.argmax(spread)), int(np.argmin(spread))
    title = say(
        TITLE if len(W) > 1 else ONE, lang, l=numbers[l], most=spread[l], m=numbers[m], least=spread[m]
    )
    theme.label(ax, title=title, xlabel=say(WEIGHT, lang))
