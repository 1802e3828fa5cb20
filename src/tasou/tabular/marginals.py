"""What training saw of each column by itself, and rows made up of it: no row of the training table is kept.

A made-up row takes each cell from its own column's distribution, whatever stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import ModelFileError
from tasou.messages import Message
from tasou.tables import Table
from tasou.tables.cell import Cell
from tasou.tables.spelling.habits import PLAIN
from tasou.tables.steps import Step

Array = NDArray[Any]

DIFFER = Message(
    "model_file.marginals_differ",
    en="the distributions of the columns in the file differ in number from their values",
    ja="ファイルにある各列の分布と値の数が合いません",
)
MOST_ROWS = 200_000
MOST = 64
"""numbers and dates that are kept of a column, and the most frequent levels"""


@dataclass(frozen=True, eq=False)
class Marginal:
    """The distribution of one column.

    Attributes
    ----------
    column, kind
        its name; ``"number"``, ``"date"`` or ``"level"``
    values
        (m,) cells that stand for all: numbers and dates ascending, levels by frequency. Dates are microseconds since
        1970, as numbers
    shares
        (m,) the share of rows that each stands for; ``missing`` is the rest
    low, high
        the least and the largest number or date; None of levels
    missing
        the share of rows without a value
    """

    column: str
    kind: str
    values: Array
    shares: Array
    low: Any
    high: Any
    missing: float

    @classmethod
    def of(cls, step: Step, table: Table) -> Marginal:
        """As the step of a preparation reads the column.

        >>> from tasou.tables import Preparation, infer
        >>> table = Table({"x": [1.0, 2.0, 2.0, float("nan")]})
        >>> found = Marginal.of(Preparation.fit(table, infer(table)).steps[0], table)
        >>> found.values, found.shares, found.high, found.missing
        (array([1., 2.]), array([0.25, 0.5 ]), 2.0, 0.25)
        """
        column, kind = table.column(step.column), step.cell.kind
        if kind == "level":
            present = column.present
            values, counts = _known(step.cell, present.texts, np.asarray(present.counts))
            order = np.argsort(-counts, kind="stable")
            values, counts = values[order], counts[order]
            absent = values == ""
        elif kind == "date":
            read = column.as_dates(getattr(step, "order", None)).values.astype("datetime64[us]")
            values, counts = np.unique(read, return_counts=True)
            values = np.where(np.isnat(values), np.nan, values.astype(np.int64).astype(np.float64))
            absent = np.isnan(values)
        else:
            read = column.as_numbers(getattr(step, "notation", PLAIN)).values
            values, counts = np.unique(read, return_counts=True)
            absent = np.isnan(values)
        missing = counts[absent].sum() / max(1, counts.sum())
        used = (counts > 0) & ~absent
        values, counts = values[used], counts[used]
        low, high = (
            (None, None) if kind == "level" or not len(values) else (values[0].item(), values[-1].item())
        )
        few, shares = _few(values, counts, kind)
        return cls(step.column, kind, few, shares * (1 - missing), low, high, float(missing))

    def drawn(self, n: int, rng: np.random.Generator) -> Array:
        """(n,) cells, each value as often as its share, in a random order."""
        nothing: Any = "" if self.kind == "level" else np.nan
        at = np.searchsorted(np.cumsum(self.shares), (rng.permutation(n) + rng.random()) / n)
        last = len(self.values) if self.missing else len(self.values) - 1
        return self.cells(np.append(self.values, nothing)[np.minimum(at, last)])

    def cells(self, values: Array) -> Array:
        """Values as a column has them: moments of dates."""
        return moments(values) if self.kind == "date" else values

    def grid(self, most: int) -> Array:
        """At most so many values, evenly of all that were seen; the most frequent levels."""
        known = self.values
        if self.kind == "level" or len(known) <= most:
            return self.cells(known[:most])
        return self.cells(known[np.linspace(0, len(known) - 1, most).round().astype(int)])


def _known(cell: Cell, texts: Sequence[str], counts: Array) -> tuple[Array, Array]:
    """The texts that are levels, and one that nobody wrote for all others: a rare name is nobody else's business."""
    strange = next((text for text in cell.made_up if text and text not in cell.levels), "")
    named = np.array([text if not text or text in cell.levels else strange for text in texts], dtype=object)
    values, place = np.unique(named.astype(str), return_inverse=True)
    return values.astype(object), np.bincount(place, counts, len(values))


def _few(values: Array, counts: Array, kind: str) -> tuple[Array, Array]:
    """At most 64 values that stand for all, and their shares."""
    total = max(1, counts.sum())
    if len(values) <= MOST:
        return values, counts / total
    if kind == "level":
        return values[:MOST], counts[:MOST] / counts[:MOST].sum()
    middles = (np.arange(MOST) + 0.5) / MOST
    places = np.searchsorted(np.cumsum(counts) / total, middles)
    return values[places], np.full(MOST, 1 / MOST)


def moments(microseconds: Array) -> Array:
    """Numbers of microseconds since 1970 as moments, NaN as none.

    >>> moments(np.array([86_400e6, np.nan]))
    array(['1970-01-02T00:00:00.000000',                        'NaT'],
          dtype='datetime64[us]')
    """
    known = np.nan_to_num(microseconds).astype(np.int64).astype("datetime64[us]")
    return np.where(np.isnan(microseconds), np.datetime64("NaT", "us"), known)


@dataclass(frozen=True, eq=False)
class Marginals(Sequence[Marginal]):
    """Those of all columns that are learnt from, side by side in a few arrays, as a file with thousands wants them.

    Attributes
    ----------
    columns, kinds
        (D,) names and kinds
    lengths, ends, missing
        (D,) how many values each has, (D, 2) the least and the largest (0 of levels), (D,) the share without a value
    numbers, texts, shares
        the values of all columns, one after the other, and their shares
    """

    columns: Array
    kinds: Array
    lengths: Array
    ends: Array
    missing: Array
    numbers: Array
    texts: Array
    shares: Array

    def __post_init__(self) -> None:
        n, level = len(self.columns), self.kinds == "level"
        sides = [self.kinds.shape, self.lengths.shape, self.missing.shape, (len(self.ends),)]
        held = [len(self.numbers), len(self.texts), len(self.shares)]
        if (
            sides != [(n,)] * 4
            or self.ends.shape != (n, 2)
            or (self.lengths < 0).any()
            or held != [self.lengths[~level].sum(), self.lengths[level].sum(), self.lengths.sum()]
        ):
            raise ModelFileError(DIFFER)

    @classmethod
    def of(cls, steps: Iterable[Step], table: Table) -> Marginals:
        """Of the columns of a training table; of more than 200,000 rows some are drawn."""
        if len(table) > MOST_ROWS:
            drawn = np.random.default_rng(0).choice(len(table), MOST_ROWS, replace=False)
            table = table.take(np.sort(drawn))
        found = []
        for step in steps:
            found.append(Marginal.of(step, table))
            table.column(step.column).forget()
        levels = [one.kind == "level" for one in found]
        ends = [(0.0, 0.0) if one.low is None else (one.low, one.high) for one in found]

        def joined(dtype: Any, parts: list[Array]) -> Array:
            return np.concatenate([np.zeros(0, dtype), *(part.astype(dtype) for part in parts)])

        return cls(
            np.array([one.column for one in found], dtype=object),
            np.array([one.kind for one in found], dtype=object),
            np.array([len(one.values) for one in found], dtype=np.int64),
            np.array(ends, dtype=np.float64).reshape(-1, 2),
            np.array([one.missing for one in found], dtype=np.float64),
            joined(np.float64, [one.values for one, level in zip(found, levels, strict=True) if not level]),
            joined(object, [one.values for one, level in zip(found, levels, strict=True) if level]),
            joined(np.float64, [one.shares for one in found]),
        )

    @cached_property
    def _starts(self) -> tuple[Array, Array]:
        """Where the values of each column begin among those of its kind, and where its shares do."""
        level = self.kinds == "level"
        own = np.where(level, _before(self.lengths * level), _before(self.lengths * ~level))
        return own, _before(self.lengths)

    def __len__(self) -> int:
        return len(self.columns)

    def __getitem__(self, j: Any) -> Any:
        kind, n = self.kinds[j], self.lengths[j]
        at, share = (starts[j] for starts in self._starts)
        values = (self.texts if kind == "level" else self.numbers)[at : at + n]
        low, high = self.ends[j].tolist() if kind != "level" and n else (None, None)
        shares = self.shares[share : share + n]
        return Marginal(self.columns[j], kind, values, shares, low, high, float(self.missing[j]))


def _before(lengths: Array) -> Array:
    return np.asarray(np.cumsum(lengths) - lengths)


def made_up(marginals: Iterable[Marginal], n: int, rng: np.random.Generator) -> Table:
    """n rows that nobody has measured."""
    return Table({one.column: one.drawn(n, rng) for one in marginals}, source="made-up rows")


def blocks(steps: Iterable[Step]) -> list[slice]:
    """The columns of prepared rows that come from each step."""
    ends = np.cumsum([0, *(len(step.feature_names) for step in steps)]).tolist()
    return [slice(a, b) for a, b in pairwise(ends)]
