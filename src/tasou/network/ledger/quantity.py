"""What a ledger is made of: quantities (x, z[1], δ[2], …) with their rows, and how numbers are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Phase = Literal["forward", "loss", "backward", "update"]

UNITS, TERMS = 6, 4
"""units of a layer, and terms of a sum, that are shown before the rest is folded"""
MOST = 40
"""units that are written at all; a form that can unfold (HTML) shows so many"""


@dataclass(frozen=True)
class Row:
    """One unit of a quantity: its symbol, the formula filled with numbers, and its value."""

    symbol: str
    numbers: str
    value: str


@dataclass(frozen=True)
class Quantity:
    """One quantity of a step: ``z[1]`` with its formula, its shape, and a row per unit (the first `MOST`)."""

    phase: Phase
    kind: str
    """what it is, for the sentence that explains it: input, affine, activation, …"""
    symbol: str
    formula: str
    shape: tuple[int, ...]
    rows: tuple[Row, ...]
    count: int
    """how many rows there are in truth"""
    layer: int = 0
    matrix: tuple[tuple[str, ...], ...] = field(default=())
    """the batch's values, folded; empty for one sample"""

    def folded(self, units: int) -> int:
        """How many rows stay hidden where ``units`` are shown."""
        return max(0, self.count - min(units, len(self.rows)))


def shown(count: int) -> list[int]:
    """Which of so many terms are written: the first ones and the last.

    >>> shown(3), shown(9)
    ([0, 1, 2], [0, 1, 2, 8])
    """
    return list(range(count)) if count <= TERMS else [*range(TERMS - 1), count - 1]


def folded(terms: list[str], count: int) -> list[str]:
    """The terms written, with a mark where others are left out."""
    return terms if len(terms) == count else [*terms[:-1], "…", terms[-1]]


@dataclass(frozen=True)
class Pen:
    """Writes numbers with so many significant digits, and sums, vectors and matrices of them, folded."""

    digits: int = 4

    def num(self, value: float) -> str:
        """One number.

        >>> Pen(3).num(-0.0), Pen(3).num(2 / 3)
        ('0', '0.667')
        """
        return f"{value + 0.0:.{self.digits}g}"  # + 0.0: no minus before a zero

    def factor(self, value: float) -> str:
        """A number that follows an operator: negative ones in parentheses."""
        text = self.num(value)
        return f"({text})" if text.startswith("-") else text

    def dot(self, u: Array, v: Array) -> str:
        """u · v written out.

        >>> Pen().dot(np.array([0.3, -0.5]), np.array([1.2, 0.4]))
        '0.3·1.2 + (-0.5)·0.4'
        """
        return self._sum([f"{self.factor(u[i])}·{self.factor(v[i])}" for i in shown(len(u))], len(u))

    def weighted(self, u: Array, rows: Array) -> str:
        """Rows, each times its number, added: u_1 [row 1] + u_2 [row 2].

        >>> Pen().weighted(np.array([0.5, -1]), np.array([[1, 2], [3, 4]]))
        '0.5 · [1, 2] + (-1) · [3, 4]'
        """
        return self._sum([f"{self.factor(u[i])} · {self.vector(rows[i])}" for i in shown(len(u))], len(u))

    def sum(self, values: Array) -> str:
        """v_1 + v_2 + … + v_n."""
        return self._sum([self.factor(values[i]) for i in shown(len(values))], len(values))

    def listed(self, values: Array) -> str:
        """v_1, v_2, …, v_n."""
        return ", ".join(folded([self.num(values[i]) for i in shown(len(values))], len(values)))

    def vector(self, values: Array) -> str:
        """[v_1, v_2, …, v_n]."""
        return f"[{self.listed(values)}]"

    @staticmethod
    def added(terms: list[str]) -> str:
        """The terms with + between them, the middle of many left out."""
        return Pen._sum([terms[i] for i in shown(len(terms))], len(terms))

    @staticmethod
    def _sum(terms: list[str], count: int) -> str:
        return " + ".join(folded(terms, count))

    def span(self, values: Array) -> str:
        """From the smallest to the largest value."""
        return f"{self.num(values.min())} … {self.num(values.max())}" if values.size else "–"

    def matrix(self, values: Array) -> tuple[tuple[str, ...], ...]:
        """Rows of cells, the middle of long rows and columns folded to ⋯."""
        rows = values if values.ndim == 2 else values[None, :]
        shown = [self._row(row) for row in rows[:UNITS]]
        if len(rows) > UNITS:
            shown.append(("⋮",) * len(shown[0]))
        return tuple(shown)

    def _row(self, row: Array) -> tuple[str, ...]:
        return (*map(self.num, row[:UNITS]), *(("⋯",) if len(row) > UNITS else ()))


def unit_rows(
    symbol: str, count: int, numbers: Callable[[int], str], value: Callable[[int], str]
) -> tuple[Row, ...]:
    """A row per unit, z[1]_1, z[1]_2, …, up to `MOST`."""
    return tuple(Row(f"{symbol}_{j + 1}", numbers(j), value(j)) for j in range(min(count, MOST)))


def dense_row(array: Any, i: int) -> Array:
    """Row i of an array or of a sparse matrix."""
    row = array[i]
    return np.asarray(row.todense()).ravel() if hasattr(row, "todense") else np.asarray(row)
