"""Small charts as SVG inside a page: they take the page's fonts and colours, light or dark, and need no library."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 12, 46
Place = Callable[[float], float]
KINDS = ("first", "second", "third", "fourth")
"""the styles of curves, which differ in dashes, too"""


@dataclass(frozen=True)
class Axis:
    """A range of numbers, its ticks, and where between the ends of the chart a number lies (0 to 1)."""

    low: float
    high: float
    ticks: Sequence[float]
    label: str
    bend: Callable[[float], float] = float

    def place(self, value: float) -> float:
        """0 at ``low``, 1 at ``high``."""
        low, high = self.bend(self.low), self.bend(self.high)
        return (self.bend(value) - low) / ((high - low) or 1.0)

    def thinned(self, gap: float = 0.08) -> Axis:
        """The same without ticks that would stand closer than ``gap`` to a larger one."""
        kept: list[float] = []
        for value in sorted(self.ticks, key=abs, reverse=True):
            if all(abs(self.place(value) - self.place(other)) >= gap for other in kept):
                kept.append(value)
        return replace(self, ticks=sorted(kept))


def nice_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers between ``low`` and ``high``, in steps of 1, 2 or 5 times a power of ten.

    >>> nice_ticks(0, 0.93)
    [0.0, 0.2, 0.4, 0.6, 0.8]
    """
    rough = (high - low) / most or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    digits = max(0, -math.floor(math.log10(step)))
    return [round(k * step, digits) for k in range(first, math.floor(high / step + 1e-9) + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Zero and the powers of ten within the range.

    >>> log_ticks(0, 5000)
    [0.0, 1.0, 10.0, 100.0, 1000.0]
    """
    size = max(abs(low), abs(high), 1.0)
    powers = [10.0**k for k in range(math.floor(math.log10(size)) + 1)][-4:]
    return [t for t in (*(-p for p in reversed(powers)), 0.0, *powers) if low <= t <= high]


def bent(unit: float | None) -> Callable[[float], float]:
    """Where a number lies on an axis: as it is, or where there is a unit about linear below it, equal ratios above.

    >>> bent(None)(-3.0), bent(1.0)(0.0)
    (-3.0, 0.0)
    """
    return lambda value: value if unit is None else math.copysign(math.log1p(abs(value) / unit), value)


def lines(
    series: Sequence[tuple[str, str, Sequence[float]]], x: Axis, y: Axis, alt: str, mark: int | None = None
) -> str:
    """Curves over 1, 2, 3, …: (name, CSS class, values) each; ``mark`` circles that point of the last curve."""
    parts = []
    for name, kind, values in series:
        points = " ".join(f"{_x(x, k):.1f},{_y(y, v):.1f}" for k, v in enumerate(values, start=1))
        parts.append(
            f'<polyline class="line {kind}" points="{points}"><title>{escape(name)}</title></polyline>'
        )
    if mark is not None:
        value = series[-1][2][mark - 1]
        parts.append(f'<circle class="ring" cx="{_x(x, mark):.1f}" cy="{_y(y, value):.1f}" r="6"/>')
    return _chart(parts, x, y, alt) + _legend({kind.split()[0]: name for name, kind, _ in series})


def curves(
    series: Sequence[tuple[str, str, Sequence[tuple[float, float]]]], x: Axis, y: Axis, alt: str
) -> str:
    """Curves through points, (name, CSS class, points) each, and the diagonal."""
    parts = [_line(x, y, (x.low, y.low), (x.high, y.high))]
    for name, kind, points in series:
        through = " ".join(f"{_x(x, a):.1f},{_y(y, b):.1f}" for a, b in points)
        parts.append(
            f'<polyline class="line {kind}" points="{through}"><title>{escape(name)}</title></polyline>'
        )
    return _chart(parts, x, y, alt) + _legend({kind: name for name, kind, _ in series})


def _legend(named: Mapping[str, str]) -> str:
    items = "".join(f'<li class="{kind}">{escape(name)}</li>' for kind, name in named.items())
    return f'<ul class="legend">{items}</ul>'


def _line(x: Axis, y: Axis, begin: tuple[float, float], end: tuple[float, float]) -> str:
    places = (_x(x, begin[0]), _y(y, begin[1]), _x(x, end[0]), _y(y, end[1]))
    return '<line class="diagonal" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>'.format(*places)


def scatter(
    points: Sequence[tuple[float, float]], axis: Axis, y: Axis, alt: str, *, level: bool = False
) -> str:
    """Points, and the line on which they should lie: the diagonal, where both coordinates agree, or ``level`` at 0."""
    ends = [(v, 0.0 if level else v) for v in (axis.low, axis.high)]
    diagonal = _line(axis, y, *ends)
    dots = [f'<circle cx="{_x(axis, a):.1f}" cy="{_y(y, b):.1f}" r="3"/>' for a, b in points]
    return _chart([f'<g class="dots">{"".join(dots)}</g>', diagonal], axis, y, alt)


@dataclass(frozen=True)
class Bar:
    """A name, a value with the interval that it lies in, and the value in words."""

    name: str
    value: float
    low: float
    high: float
    text: str


def bars(rows: Sequence[Bar]) -> str:
    """Horizontal bars from 0, to the left where a value is negative, each with its interval as a line."""
    least = min((min(row.low, row.value) for row in rows), default=0.0)
    most = max((max(row.high, row.value) for row in rows), default=0.0)
    least, most = min(least, 0.0), max(most, 0.0)
    unit = 100 / ((most - least) or 1.0)

    def span(kind: str, a: float, b: float) -> str:
        a, b = sorted((a, b))
        return (
            f'<div class="{kind}" style="left:{(a - least) * unit:.1f}%;width:{(b - a) * unit:.1f}%"></div>'
        )

    return '<div class="bars">' + "".join(_bar(row, span) for row in rows) + "</div>"


def _bar(row: Bar, span: Callable[[str, float, float], str]) -> str:
    parts = span("bar", 0.0, row.value) + span("reach", row.low, row.high)
    return (
        f'<div class="name">{escape(row.name)}</div><div class="track">{parts}</div>'
        f'<div class="value">{escape(row.text)}</div>'
    )


def _chart(parts: Sequence[str], x: Axis, y: Axis, alt: str) -> str:
    frame = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(alt, quote=True)}">'
    return frame + _x_axis(x) + _y_axis(y) + "".join(parts) + "</svg>"


def _x_axis(axis: Axis) -> str:
    ticks = "".join(
        f'<text x="{_x(axis, t):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{tick(t)}</text>'
        for t in axis.ticks
    )
    middle = (LEFT + WIDTH - RIGHT) / 2
    return (
        ticks
        + f'<text class="label" x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{escape(axis.label)}</text>'
    )


def _y_axis(axis: Axis) -> str:
    ticks = "".join(
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{_y(axis, t):.1f}" y2="{_y(axis, t):.1f}"/>'
        f'<text x="{LEFT - 8}" y="{_y(axis, t) + 4:.1f}" text-anchor="end">{tick(t)}</text>'
        for t in axis.ticks
    )
    middle = (TOP + HEIGHT - BOTTOM) / 2
    place = f'transform="translate(14 {middle}) rotate(-90)" text-anchor="middle"'
    return ticks + f'<text class="label" {place}>{escape(axis.label)}</text>'


def tick(value: float) -> str:
    """A number at an axis, short.

    >>> tick(0.2), tick(250_000.0), tick(3_000_000.0)
    ('0.2', '250k', '3M')
    """
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if letter == 'k' else size):g}{letter}"
    return f"{value:g}"


def _x(axis: Axis, value: float) -> float:
    return LEFT + axis.place(value) * (WIDTH - LEFT - RIGHT)


def _y(axis: Axis, value: float) -> float:
    return HEIGHT - BOTTOM - axis.place(value) * (HEIGHT - TOP - BOTTOM)
