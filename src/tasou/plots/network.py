"""A diagram of a network: units in columns, weights as lines between them (lecture 2.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.language import Language, say
from tasou.messages import Message
from tasou.plots import theme
from tasou.plots._architecture import Architecture
from tasou.plots._source import inputs_of, network_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAMES = Message(
    "plot.names",
    en="{argument} must be {n} names, one a unit, not {found}",
    ja="{argument} にはユニットごとに1つ、{n} 個の名前を渡してください（{found} 個でした）",
)

TITLE = {"en": "{sizes}: {n:,} parameters", "ja": "{sizes}：パラメータ {n:,} 個"}
LAYERS = {"en": ("input", "hidden {l}", "output"), "ja": ("入力層", "隠れ層 {l}", "出力層")}
ONLY_HIDDEN = {"en": "hidden", "ja": "隠れ層"}
POSITIVE = {"en": "weight > 0", "ja": "重み > 0"}
NEGATIVE = {"en": "weight < 0", "ja": "重み < 0"}
DEAD = {"en": "dead units ({n})", "ja": "死んだユニット（{n}）"}

FOLD_ABOVE, ENDS = 12, 5
"""a layer of more units than the first is folded to as many at either end as the second"""
RADIUS = 0.36
THIN, THICK = 0.3, 3.4
TEXT_HEIGHT = 0.3
"""of a written weight, a little air included: so far apart, two do not touch"""


@dataclass(frozen=True)
class Column:
    """One layer as it is drawn: where it stands, which of its units are shown, and at what heights."""

    x: float
    size: int
    units: list[int]
    heights: NDArray[np.float64]

    @classmethod
    def of(cls, x: float, size: int, tallest: int) -> Column:
        """Centre the units around 0, spread up to twofold; a folded layer keeps a place free for the dots."""
        units, places = list(range(size)), list(range(size))
        if size > FOLD_ABOVE:
            units = [*range(ENDS), *range(size - ENDS, size)]
            places = [*range(ENDS), *range(ENDS + 1, 2 * ENDS + 1)]
        spread = min(2.0, tallest / (places[-1] + 1))
        return cls(x, size, units, spread * (places[-1] / 2 - np.array(places, dtype=np.float64)))

    @property
    def folded(self) -> bool:
        """Whether some units are left out."""
        return len(self.units) < self.size


def network(
    source: Any,
    *,
    ax: Axes | None = None,
    lang: str | None = None,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    show_values: bool = False,
    data: Any = None,
) -> Axes:
    """Draw the layers with their units and weights; returns the axes.

    The width of a line is the size of a weight; positive ones are blue and drawn through, negative ones red and
    dashed. Layers of many units are folded, their middle left out. With ``data``, hidden units that are dead for all
    its rows (their slope is 0, so they cannot learn) are crossed out, and counted also where they are folded away.

    Parameters
    ----------
    source
        a fitted estimator (``coefs_``), a `Network` (``layers``), the `Training` of one, or the
        sizes, such as ``(2, 10, 3)``
    ax
        where to draw; a new figure if None
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None
    feature_names, class_names
        what the inputs and the outputs are called; those of the estimator if None
    show_values
        write every weight on its line and every bias into its unit; for small networks
    data
        (n, d) rows on which to look for dead units; ``source`` must hold a network then

    Raises
    ------
    TasouError
        ``source`` is no network, or there are not as many names as units

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> network((2, 10, 3), ax=Figure().subplots(), lang="en").get_title()
    '2 → 10 → 3: 63 parameters'
    """
    found = Architecture.of(source, lang)
    inputs = _unit_names(feature_names or found.inputs, found.sizes[0], "x", "feature_names")
    outputs = _unit_names(class_names or found.outputs, found.sizes[-1], "\\hat{y}", "class_names")
    columns = _columns(found.sizes)
    dead = [] if data is None else _dead(source, data)
    with theme.lettering(lang) as lang:
        ax = theme.axes(ax, (6.4, 4.8))
        _draw_weights(ax, columns, found, lang)
        _draw_units(ax, columns)
        if dead:
            _cross_out(ax, columns, dead, lang)
        _name_units(ax, columns, inputs, outputs)
        _caption(ax, columns, found.functions, lang)
        if show_values and found.W and found.b:
            _write_values(ax, columns, found.W, found.b)
        _finish(ax, columns, say(TITLE, lang, sizes=" → ".join(map(str, found.sizes)), n=found.parameters))
    return ax


def _unit_names(names: Sequence[str] | None, n: int, symbol: str, argument: str) -> list[str]:
    if names is None:
        return [f"${symbol}_{{{j}}}$" for j in range(1, n + 1)] if n > 1 else [f"${symbol}$"]
    if len(names) != n:
        raise TasouError(NAMES, argument=argument, n=n, found=len(names))
    return [theme.plain(name) for name in names]


def _columns(sizes: Sequence[int]) -> list[Column]:
    """Columns as far apart as makes the diagram a little wider than high."""
    tallest = max(size if size <= FOLD_ABOVE else 2 * ENDS + 1 for size in sizes)
    distance = max(2.8, 1.2 * tallest / (len(sizes) - 1))
    return [Column.of(l * distance, size, tallest) for l, size in enumerate(sizes)]


def _edges(
    left: Column, right: Column
) -> Iterator[tuple[int, int, tuple[float, float], tuple[float, float]]]:
    """Every line between two columns: unit of the right, unit of the left, and its two ends."""
    for i, y in zip(right.units, right.heights, strict=True):
        for j, x in zip(left.units, left.heights, strict=True):
            yield i, j, (left.x, float(x)), (right.x, float(y))


def _draw_weights(ax: Axes, columns: list[Column], found: Architecture, lang: Language) -> None:
    lines = [(l, *edge) for l in range(len(columns) - 1) for edge in _edges(columns[l], columns[l + 1])]
    ends = np.array([(start, end) for *_, start, end in lines])
    alone = found.alone or [False] * (len(columns) - 1)
    W = found.W or [None] * (len(columns) - 1)
    seen = np.array([W[l] is None and (i == j or not alone[l]) for l, i, j, *_ in lines])
    if seen.any():
        _draw_lines(
            ax,
            ends[seen],
            np.full(int(seen.sum()), 0.8),
            theme.mix(theme.ground(ax), theme.ink(ax), 0.45),
            "-",
            None,
        )
    weights = np.array([0.0 if (w := W[l]) is None else w[i, j] for l, i, j, *_ in lines])
    if not weights.any():
        return
    widths = THIN + (THICK - THIN) * np.abs(weights) / (np.abs(weights).max() or 1)
    for chosen, colour, dash, text in (
        (weights > 0, theme.BLUE, "-", POSITIVE),
        (weights < 0, theme.red_on(ax), "--", NEGATIVE),
    ):
        _draw_lines(ax, ends[chosen], widths[chosen], colour, dash, say(text, lang))


def _draw_lines(
    ax: Axes,
    ends: NDArray[np.float64],
    widths: NDArray[np.float64],
    colour: Any,
    dash: str,
    label: str | None,
) -> None:
    from matplotlib.collections import LineCollection

    lines = LineCollection(
        list(ends), linewidths=widths, colors=[colour], linestyles=dash, alpha=0.85, zorder=1
    )
    ax.add_collection(lines)
    if label:
        ax.plot([], [], color=colour, ls=dash, lw=2, label=label)


def _draw_units(ax: Axes, columns: list[Column]) -> None:
    from matplotlib.patches import Circle

    ground, ink = theme.ground(ax), theme.ink(ax)
    for l, column in enumerate(columns):
        for k, y in zip(column.units, column.heights, strict=True):
            fill = _unit_colour(ax, k, l, columns)
            ax.add_patch(
                Circle((column.x, y), RADIUS, fc=fill, ec=theme.mix(ground, ink, 0.8), lw=1.2, zorder=2)
            )
        if column.folded:
            for y in (-0.28, 0, 0.28):
                ax.add_patch(Circle((column.x, y), 0.07, fc=ink, ec="none", zorder=2))


def _dead(source: Any, data: Any) -> list[NDArray[np.bool_]]:
    from tasou.training import dead_units

    inner = network_of(source)
    dead = iter(dead_units(inner.forward(inputs_of(source, data))))
    hidden = inner.layers[:-1]
    return [next(dead) if layer.card.drawn else np.zeros(layer.width, np.bool_) for layer in hidden]


def _cross_out(ax: Axes, columns: list[Column], dead: list[NDArray[np.bool_]], lang: Language) -> None:
    """A cross through every dead unit that is shown; the legend counts them all."""
    n = sum(int(units.sum()) for units in dead)
    if not n:
        return
    shown = [
        (column.x, y)
        for column, units in zip(columns[1:-1], dead, strict=True)
        for k, y in zip(column.units, column.heights, strict=True)
        if units[k]
    ]
    x, y = np.array(shown).reshape(-1, 2).T
    text = say(DEAD, lang, n=n)
    ax.plot(x, y, "x", color=theme.ink(ax), ms=9, mew=2, ls="none", label=text, zorder=3)


def _unit_colour(ax: Axes, k: int, l: int, columns: list[Column]) -> Any:
    """Inputs pale, hidden units a shade darker, outputs in the colour of their class."""
    ground = theme.ground(ax)
    if l == len(columns) - 1 and columns[l].size > 1:
        return theme.mix(ground, theme.colour(k, ax), 0.75)
    return theme.mix(ground, theme.ink(ax), 0.04 if l == 0 else 0.14)


def _name_units(ax: Axes, columns: list[Column], inputs: list[str], outputs: list[str]) -> None:
    for column, names, side, anchor in ((columns[0], inputs, -1, "right"), (columns[-1], outputs, 1, "left")):
        for k, y in zip(column.units, column.heights, strict=True):
            ax.text(
                column.x + side * 1.6 * RADIUS,
                y,
                names[k],
                ha=anchor,
                va="center_baseline",
                color=theme.ink(ax),
            )


def _caption(ax: Axes, columns: list[Column], functions: list[str], lang: Language) -> None:
    """Under every layer: what it is, its number of units, its function."""
    bottom = min(column.heights[-1] for column in columns) - RADIUS
    style: dict[str, Any] = {"ha": "center", "va": "top", "color": theme.ink(ax)}
    if len(columns) > 4:
        style["fontsize"] = "small"
    for l, column in enumerate(columns):
        text = f"{_layer_name(l, len(columns), lang)}\n{column.size} {functions[l - 1] if l else ''}".rstrip()
        ax.annotate(text, (column.x, bottom), xytext=(0, -0.6), textcoords="offset fontsize", **style)


def _layer_name(l: int, n: int, lang: Language) -> str:
    first, hidden, last = LAYERS[lang]
    if l in (0, n - 1):
        return last if l else first
    return hidden.format(l=l) if n > 3 else ONLY_HIDDEN[lang]


def _write_values(
    ax: Axes,
    columns: list[Column],
    W: Sequence[NDArray[np.float64] | None],
    b: Sequence[NDArray[np.float64] | None],
) -> None:
    """Weights on their lines, each as far along as keeps it away from the others; biases in their units."""
    box = {"boxstyle": "round,pad=0.15", "fc": theme.ground(ax), "ec": "none", "alpha": 0.85}
    style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": "small", "color": theme.ink(ax)}
    for l, (own, bias) in enumerate(zip(W, b, strict=True)):
        if own is None or bias is None:
            continue
        taken: list[tuple[float, float]] = []
        for i, j, start, end in _edges(columns[l], columns[l + 1]):
            taken.append(_free_place(start, end, taken))
            ax.text(*taken[-1], _number(own[i, j]), bbox=box, zorder=3, **style)
        right = columns[l + 1]
        for i, y in zip(right.units, right.heights, strict=True):
            ax.text(right.x, y, _number(bias[i]), zorder=3, **style)


def _free_place(
    start: tuple[float, float], end: tuple[float, float], taken: list[tuple[float, float]]
) -> tuple[float, float]:
    """The place on a line that is farthest from those taken; a number is about three times as wide as high."""
    along = np.linspace(0.24, 0.76, 27)[:, None]
    places = np.array(start) + along * (np.array(end) - np.array(start))
    stretched = np.array([1 / 3, 1.0])
    distances = [np.linalg.norm((places - place) * stretched, axis=1) for place in taken]
    nearest = np.min([*distances, np.full(len(places), TEXT_HEIGHT)], axis=0)
    x, y = places[int(nearest.argmax())]
    return float(x), float(y)


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def _finish(ax: Axes, columns: list[Column], title: str) -> None:
    top = max(column.heights[0] for column in columns) + RADIUS + 0.1
    bottom = min(column.heights[-1] for column in columns) - RADIUS
    ax.set(xlim=(columns[0].x - 1.6, columns[-1].x + 1.6), ylim=(bottom - 0.06, top), aspect="equal")
    theme.label(ax, title=title)
    ax.set_axis_off()
    if ax.get_legend_handles_labels()[0]:
        theme.legend_below(ax, lines=3.6)
