"""How a layer bends space until the classes can be told apart by straight lines (lecture 1.3, 2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.formulas import probabilities
from tasou.given import inside, rows_of
from tasou.language import Language, say
from tasou.messages import Message
from tasou.plots import theme
from tasou.plots._answers import Answers, shares
from tasou.plots._boundary import WRONG, draw_margins, plane_through
from tasou.plots._points import draw_classes, tints
from tasou.plots._principal import Principal
from tasou.plots._raster import Raster
from tasou.plots._source import inputs_of, network_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from tasou.network import Network

TWO_UNITS = Message(
    "plot.two_units",
    en="units must be two of the {n}, counted from 0, not {units}",
    ja="units には {n} 個のうちの2つを、0から数えた番号で指定してください（{units} は使えません）",
)
LAYER_FROM_0 = Message(
    "plot.layer_from_0",
    en="layers count from 0 (the input) to {last}, got layer={layer}",
    ja="層の番号は0（入力）から {last} までです（layer={layer} は使えません）",
)

TITLE = {"en": "Space after layer {l}: {how}", "ja": "第{l}層を通った空間：{how}"}
INPUT = {"en": "Space before the network: {how}", "ja": "ネットワークに入る前の空間：{how}"}
UNITS = {"en": "{shown} of {n} units", "ja": "{n}ユニット中{shown}ユニット"}
PCA = {"en": "{n} units from their widest side ({share:.0%})", "ja": "{n}ユニットの主成分（{share:.0%}）"}
FLAT_ENOUGH = 0.9
LINES, ALONG = 13, 160

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """From which side a[l] is looked at: two units, or its two principal components."""

    principal: Principal
    units: tuple[int, int] | None

    @classmethod
    def of(cls, a: Numbers, units: Sequence[int] | None) -> View:
        """Two units where ``units`` names them or there are but two; else the widest side of a (n, n_l)."""
        n = a.shape[1]
        chosen = (0, min(1, n - 1)) if units is None and n <= 2 else units
        if chosen is None:
            return cls(Principal.of(a, standardise=False), None)
        if len(chosen) != 2 or not all(0 <= k < n for k in chosen):
            raise TasouError(TWO_UNITS, n=n, units=tuple(chosen))
        directions, mean = np.eye(n)[list(chosen)], a.mean(axis=0)
        mean[list(chosen)] = 0
        variance = a.var(axis=0)
        share = variance[list(chosen)] / (variance.sum() or 1.0)
        return cls(Principal(mean, np.ones(n), directions, share), (chosen[0], chosen[1]))

    @property
    def flat(self) -> bool:
        """Whether a[l] lies so nearly in this plane that what the plane shows is true of a[l]."""
        n = len(self.principal.mean)
        return n <= 2 or float(self.principal.explained.sum()) >= FLAT_ENOUGH

    def labels(self, l: int, lang: Language) -> tuple[str, str]:
        """What the axes are called."""
        if self.units is None:
            return self.principal.labels(lang)
        first, second = (f"${'a' if l else 'x'}_{{{k + 1}}}$" for k in self.units)
        return first, second

    def words(self, lang: Language) -> str:
        """How it is looked at, for the title."""
        n = len(self.principal.mean)
        if self.units is None:
            return say(PCA, lang, n=n, share=float(self.principal.explained.sum()))
        return say(UNITS, lang, shown=min(2, n), n=n)


class Rest:
    """The layers after layer l as a classifier of a[l], which answers as the whole network does of x."""

    def __init__(self, source: Any, network: Network, l: int) -> None:
        self.network = network.after(l) if l < network.L else None
        if hasattr(source, "classes_"):
            self.classes_ = source.classes_

    def predict(self, a: Numbers) -> NDArray[Any]:
        """ŷ, or the labels where they are known."""
        y_hat: NDArray[Any] = a if self.network is None else self.network.predict(a)
        if not hasattr(self, "classes_"):
            return y_hat
        labels: NDArray[Any] = np.asarray(self.classes_)[probabilities.classes(y_hat, np)]
        return labels


def space_warp(
    source: Any,
    X: Any,
    y: Any,
    *,
    layer: int = 1,
    units: Sequence[int] | None = None,
    features: Sequence[int | str] | str = (0, 1),
    ax: Axes | None = None,
    lang: str | None = None,
    resolution: int = 200,
) -> Axes:
    """Draw the points and a square grid of the input plane as they lie after ``layer``; returns the axes.

    A layer of two units is shown as it is, a wider one from the side on which its a[l] spreads widest, or by two
    ``units``. Where that side holds nine tenths of the spread, the background shows what the layers behind make of it:
    behind the last hidden layer the borders are straight.

    Parameters
    ----------
    source
        a `Network`, a fitted classifier or a `Training`
    X, y
        (n, d) data and (n,) true labels
    layer
        after which layer, from 1; 0 is the input itself
    units
        two units of the layer, counted from 0
    features
        the input plane that the grid lies in, as in `decision_boundary`
    ax
        where to draw; a new figure if None
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None
    resolution
        pixels of the background along each axis

    Raises
    ------
    TasouError
        there is no such layer or unit, or the features cannot be drawn

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from tasou.network import Network
    >>> X, y = [[0.0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> space_warp(Network((2, 2, 2), rng=0), X, y, ax=Figure().subplots(), lang="en").get_title()
    'Space after layer 1: 2 of 2 units'
    """
    network = network_of(source)
    if not 0 <= layer <= network.L:
        raise TasouError(LAYER_FROM_0, last=network.L, layer=layer)
    plane = plane_through(X, features, getattr(source, "feature_names_in_", None))
    a = _after(network, inputs_of(source, plane.X), layer)
    view, rest = View.of(a, units), Rest(inside(source).subject, network, layer)
    points = view.principal.project(a)
    threads = [
        view.principal.project(_after(network, inputs_of(source, plane.at(line)), layer))
        for line in _grid(plane.points())
    ]
    with theme.lettering(lang) as lang:
        ax = theme.axes(ax)
        raster = Raster.around(np.concatenate([points, *threads]), resolution)
        answers = Answers.of(rest, a, y, view.principal.lift(raster.middles))
        if view.flat and layer < network.L:
            raster.draw(ax, tints(ax, len(answers.classes))[answers.pixels])
            draw_margins(ax, raster, shares(rest.network, view.principal.lift(raster.middles)))
        _draw_threads(ax, threads)
        wrong = ~answers.right
        note = say(WRONG, lang, n=int(wrong.sum()))
        draw_classes(ax, points, answers.true, answers.classes, wrong=wrong, wrong_label=note)
        ax.set(xlim=raster.extent[:2], ylim=raster.extent[2:])
        title = say(TITLE if layer else INPUT, lang, l=layer, how=view.words(lang))
        xlabel, ylabel = view.labels(layer, lang)
        theme.label(ax, title=title, xlabel=xlabel, ylabel=ylabel)
        theme.legend_below(ax)
    return ax


def _after(network: Network, rows: Any, l: int) -> Numbers:
    """a[l] of the rows; a[0] is the input."""
    return np.asarray(network.hidden(rows, l) if l else rows_of(rows), np.float64)


def _grid(points: Numbers) -> list[Numbers]:
    """Lines along both axes over the part of the plane where the points are, each as rows (x, y)."""
    left, right, bottom, top = Raster.around(points, 2).extent
    across, up = np.linspace(left, right, ALONG), np.linspace(bottom, top, ALONG)
    steps = np.linspace(0, ALONG - 1, LINES).astype(int)
    return [
        *(np.column_stack([np.full(ALONG, x), up]) for x in across[steps]),
        *(np.column_stack([across, np.full(ALONG, y)]) for y in up[steps]),
    ]


def _draw_threads(ax: Axes, threads: list[Numbers]) -> None:
    from matplotlib.collections import LineCollection

    colour = theme.mix(theme.ground(ax), theme.ink(ax), 0.55)
    ax.add_collection(LineCollection(threads, colors=[colour], linewidths=0.7, alpha=0.8, zorder=1))
