"""Formulas of matrices as pictures: every number a coloured cell of the same size, signs between, names above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[Any]
GAP, SIGN_WIDTH = 0.14, 0.4
STRONGEST = 0.62
"""of the full colour: numbers can still be read on it"""


@dataclass(frozen=True)
class Cells:
    """A matrix (or a vector, which stands upright), its name above and a word below."""

    values: Array
    name: str = ""
    under: str = ""
    form: str = ".2f"
    zeros: bool = True
    """whether to write the zeros, too"""

    @property
    def grid(self) -> Array:
        """The values as rows and columns."""
        return self.values[:, None] if self.values.ndim == 1 else np.asarray(self.values)

    def write(self, value: float) -> str:
        """A number as it stands in its cell: with a true minus, and none before 0."""
        return (
            f"{round(value, 6) + 0.0:{self.form}}".replace("-", "\N{MINUS SIGN}")
            if value or self.zeros
            else ""
        )


def equation(ax: Axes, parts: Sequence[Cells | str | float], *, size: str = "medium") -> None:
    """Draw matrices from left to right with the signs between them, all on one scale of colours.

    Blue is positive, red negative, the ground zero. A number leaves the room of so many columns free; ``size`` is that of
    the numbers in the cells.
    """
    limit = max(float(np.abs(part.values).max()) for part in parts if isinstance(part, Cells)) or 1.0
    height = max(len(part.grid) for part in parts if isinstance(part, Cells))
    x = 0.0
    for part in parts:
        if isinstance(part, str):
            _write(ax, x + SIGN_WIDTH / 2, height / 2, part, size="x-large")
            x += SIGN_WIDTH + GAP
        elif isinstance(part, Cells):
            _draw(ax, part, x, (height - len(part.grid)) / 2, limit, size)
            x += part.grid.shape[1] + GAP
        else:
            x += part + GAP
    ax.set(xlim=(-0.05, x - GAP + 0.05), ylim=(height + 0.05, -0.05), aspect="equal")
    ax.set_axis_off()


def _draw(ax: Axes, part: Cells, left: float, top: float, limit: float, size: str) -> None:
    from tasou.plots import theme

    grid = part.grid
    edge = theme.mix(theme.ground(ax), theme.ink(ax), 0.45)
    rows, columns = grid.shape
    x, y = left + np.arange(columns + 1), top + np.arange(rows + 1)
    colours = theme.signed(ax, STRONGEST * grid / limit)
    ax.pcolormesh(x, y, colours, edgecolors=[edge], linewidth=0.6)
    for (i, j), value in np.ndenumerate(grid):
        _write(ax, left + j + 0.5, top + i + 0.5, part.write(float(value)), size=size)
    middle = left + columns / 2
    style: dict[str, Any] = {"ha": "center", "textcoords": "offset fontsize", "color": theme.ink(ax)}
    ax.annotate(part.name, (middle, top), xytext=(0, 0.35), va="bottom", fontsize="large", **style)
    ax.annotate(part.under, (middle, top + rows), xytext=(0, -0.4), va="top", **style)


def _write(ax: Axes, x: float, y: float, text: str, *, size: str) -> None:
    from tasou.plots import theme

    ax.text(x, y, text, ha="center", va="center_baseline", fontsize=size, color=theme.ink(ax))
