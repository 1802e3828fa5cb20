"""What each unit of a layer has learnt: its activation over the input plane, one small picture a unit (lecture 1.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.language import Language, say
from tasou.messages import Message
from tasou.plots import theme
from tasou.plots._answers import classes_of
from tasou.plots._boundary import plane_through
from tasou.plots._panels import panels
from tasou.plots._points import draw_classes
from tasou.plots._raster import Raster
from tasou.plots._source import inputs_of, network_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from tasou.network import Network

LAYER_FROM_1 = Message(
    "plot.layer_from_1",
    en="layers count from 1 to {last}, got layer={layer}",
    ja="層の番号は1から {last} までです（layer={layer} は使えません）",
)
NO_UNIT = Message(
    "plot.no_unit",
    en="there is no unit {unit}: the layer has {n}, counted from 0",
    ja="ユニット {unit} はありません。この層のユニットは {n} 個で、0から数えます",
)

TITLE = {
    "en": "What {shown} of {n} units of layer {l} have learnt",
    "ja": "第{l}層の{n}ユニット中{shown}ユニットが学んだこと",
}
BEND = "z = 0"
UNIT = {"en": "unit {k}", "ja": "ユニット{k}"}
DEAD = {"en": "unit {k}: dead", "ja": "ユニット{k}：死"}
MOST = 16

Numbers = NDArray[np.float64]


def unit_maps(
    source: Any,
    X: Any,
    y: Any = None,
    *,
    layer: int = 1,
    units: Sequence[int] | None = None,
    features: Sequence[int | str] | str = (0, 1),
    fixed: Mapping[int | str, Any] | None = None,
    ax: Axes | None = None,
    lang: str | None = None,
    resolution: int = 80,
) -> Axes:
    """Draw a[l] of each unit over the plane of two features, in panels inside ``ax``; returns ``ax``.

    Each panel has a scale of its own, from minus to plus its unit's largest size: blue is positive, red negative. The
    line is where z[l] = 0, at which ReLU bends. A unit that is the same for every row of X is dead for these data.
    The panels are ``ax.child_axes``.

    Parameters
    ----------
    source
        a `Network`, a fitted estimator or a `Training`
    X
        (n, d) the data, which tell the part of the plane that matters
    y
        (n,) labels, to colour the points; None draws none
    layer
        which layer, from 1
    units
        which units, counted from 0; by default all, or the 16 that vary most over X
    features, fixed
        the plane, as in `decision_boundary`
    ax
        where to draw; a new figure if None
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None
    resolution
        pixels along each axis of a panel

    Raises
    ------
    TasouError
        there is no such layer or unit, or the features cannot be drawn

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from tasou.network import Network
    >>> X = [[0.0, 0], [0, 1], [1, 0], [1, 1]]
    >>> ax = unit_maps(Network((2, 3, 2), rng=0), X, ax=Figure().subplots(), lang="en")
    >>> len(ax.child_axes)
    3
    """
    network = network_of(source)
    if not 1 <= layer <= network.L:
        raise TasouError(LAYER_FROM_1, last=network.L, layer=layer)
    plane = plane_through(X, features, getattr(source, "feature_names_in_", None), fixed)
    raster = Raster.around(plane.points(), resolution)
    z, a = _values(network, inputs_of(source, plane.at(raster.middles)), layer)
    spread = np.ptp(_values(network, inputs_of(source, plane.X), layer)[1], axis=0)
    true = None if y is None else classes_of(y)
    chosen = _chosen(units, spread)
    with theme.lettering(lang) as lang:
        ax = theme.axes(ax, (7.2, 5.4))
        for panel, k in zip(panels(ax, len(chosen)), chosen, strict=True):
            _draw_unit(panel, raster, z[:, k], a[:, k])
            if true is not None:
                classes, index = np.unique(true, return_inverse=True)
                draw_classes(panel, plane.points(), index, list(classes), scale=0.2)
            panel.set(xlim=raster.extent[:2], ylim=raster.extent[2:])
            _head(panel, k, dead=not spread[k] > 0, lang=lang)
        theme.label(ax, title=say(TITLE, lang, l=layer, shown=len(chosen), n=len(spread)))
        _explain(ax)
    return ax


def _values(network: Network, rows: Any, l: int) -> tuple[Numbers, Numbers]:
    """z[l] and a[l] of the rows, (n, n_l) each; of a layer that is not dense a[l] for both."""
    if not network[l].card.drawn:
        a = np.asarray(network.hidden(rows, l), np.float64)
        return a, a
    before = rows if l == 1 else network.hidden(rows, l - 1)
    z = np.asarray(before @ network[l].W.T + network[l].b, np.float64)
    return z, np.asarray(network.hidden(rows, l), np.float64)


def _chosen(units: Sequence[int] | None, spread: Numbers) -> list[int]:
    n = len(spread)
    if units is None:
        return sorted(np.argsort(-spread, kind="stable")[:MOST].tolist())
    for k in units:
        if not 0 <= k < n:
            raise TasouError(NO_UNIT, unit=k, n=n)
    return list(units)


def _draw_unit(panel: Axes, raster: Raster, z: Numbers, a: Numbers) -> None:
    scale = float(np.abs(a).max()) or 1.0
    raster.draw(panel, theme.signed(panel, 0.9 * a / scale))
    if z.min() < 0 < z.max():
        heights = z.reshape(len(raster.ys), len(raster.xs))
        panel.contour(
            raster.xs, raster.ys, heights, levels=[0], colors=[_line(panel)], linewidths=1.1, zorder=1
        )


def _head(panel: Axes, k: int, *, dead: bool, lang: Language) -> None:
    theme.label(panel, title=say(DEAD if dead else UNIT, lang, k=k + 1))
    panel.title.set_fontsize("small")
    panel.title.set_y(1.0)
    if dead:
        style: dict[str, Any] = {"color": _line(panel), "lw": 0.8, "ls": ":", "transform": panel.transAxes}
        panel.plot([0, 1, np.nan, 0, 1], [0, 1, np.nan, 1, 0], **style)


def _line(ax: Axes) -> Any:
    return theme.mix(theme.ground(ax), theme.ink(ax), 0.8)


def _explain(ax: Axes) -> None:
    """What the colours and the line mean; the same in every language."""
    for colour, text in ((theme.BLUE, "a > 0"), (theme.red_on(ax), "a < 0")):
        ax.plot([], [], "s", color=colour, ms=9, label=text)
    ax.plot([], [], color=_line(ax), lw=1.1, label=BEND)
    theme.legend_below(ax)
