"""What training saw of each column by itself, and rows made up of it: no row of the training table is kept.

It is read where new rows are compared with those that were learnt from, and where rows are made up: such a row takes
each cell from its own column's distribution, whatever stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import ModelFileError
from tasou.messages import Message
from tasou.tables.counts import Counts
from tasou.tables.schema import Fields, is_number
from tasou.tables.spelling.habits import PLAIN
from tasou.tables.steps import Step
from tasou.tables.table import Table

Array = NDArray[Any]

DIFFER = Message(
    "model_file.marginals_differ",
    en="the distributions of the columns in the file differ in number from their values",
    ja="ファイルにある各列の分布と値の数が合いません",
)
OF_COLUMN = Message("preparation.shares", en="counts of the training", ja="学習データの件数")
COUNT = Message("preparation.count", en="a whole number from 0", ja="0以上の整数")
NUMBER_OR_NULL = Message("preparation.number_or_null", en="a finite number or null", ja="有限の数か null")
MOST_ROWS = 200_000
"""whose cells are sorted to find a distribution; counts, ends and deviation are of all"""
MOST = 64
"""numbers and dates that are kept of a column, and the most frequent levels"""
NONE = (1.0, 0.0)
"""ends where there are none"""
DAY = 86_400e6
"""microseconds"""


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
    rest
        the share of rows with a text that has no level of its own
    deviation
        the standard deviation of numbers and dates
    """

    column: str
    kind: str
    values: Array
    shares: Array
    low: Any
    high: Any
    missing: float
    rest: float = 0.0
    deviation: float = 0.0

    @classmethod
    def of(cls, step: Step, seen: Counts) -> Marginal:
        """Of the cells that the step of a preparation read.

        >>> from tasou.tables import Preparation, infer
        >>> table = Table({"x": [1.0, 2.0, 2.0, float("nan")]})
        >>> found = Preparation.fit(table, infer(table)).seen[0]
        >>> found.values, found.shares, found.high, found.missing
        (array([1., 2.]), array([0.25, 0.5 ]), 2.0, 0.25)
        >>> [round(end, 3) for end in found.ends]
        [0.529, 2.471]
        """
        return _of_levels(step, seen) if step.cell.kind == "level" else _of_numbers(step, seen)

    @classmethod
    def counted(cls, column: str, kind: str, counts: object) -> Marginal:
        """From what files held of a column before they held its distribution: counts, and the ends of its range."""
        with Fields(counts, OF_COLUMN) as own:
            rows, missing, rest = (own.optional(n, 0, COUNT, _is_count) for n in ("rows", "missing", "rest"))
            low, high = (own.optional(n, None, NUMBER_OR_NULL, is_number) for n in ("low", "high"))
        if kind == "date" and low is not None and high is not None:
            low, high = low * DAY, high * DAY
        nothing, rows = np.zeros(0), max(1, rows)
        return cls(column, kind, nothing, nothing, low, high, missing / rows, rest / rows)

    @property
    def ends(self) -> tuple[float, float] | None:
        """The range of training, widened by one standard deviation: numbers, or days since 1970."""
        if self.low is None or self.high is None:
            return None
        low, high = self.low - self.deviation, self.high + self.deviation
        return (low / DAY, high / DAY) if self.kind == "date" else (low, high)

    def beyond(self, x: NDArray[np.float64]) -> NDArray[np.bool_]:
        """(n,) which numbers, or days, lie beyond the ends."""
        low, high = self.ends or (-np.inf, np.inf)
        found: NDArray[np.bool_] = (x < low) | (x > high)
        return found

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


def read(step: Step, table: Table) -> Counts:
    """The cells of a column as the step of a preparation reads them: numbers, moments, or texts."""
    column, kind = table.column(step.column), step.cell.kind
    if kind == "level":
        present = column.present
        return Counts(np.array(present.texts, dtype=object), np.asarray(present.counts))
    if kind == "date":
        return Counts(column.as_dates(getattr(step, "order", None)).values)
    return Counts(column.as_numbers(getattr(step, "notation", PLAIN)).values)


def _of_levels(step: Step, seen: Counts) -> Marginal:
    """Levels by how often they occur; texts that have none count as one that nobody wrote."""
    cell, total = step.cell, max(1, seen.n)
    own = np.array([not text or text in cell.levels for text in seen.values], bool)
    strange = next((text for text in cell.made_up if text and text not in cell.levels), "")
    named = np.where(own, seen.values, strange).astype(str)  # a rare name is nobody else's business
    values, place = np.unique(named, return_inverse=True)
    counts = np.bincount(place, seen.each, len(values))
    order = np.argsort(-counts, kind="stable")
    values, counts = values[order].astype(object), counts[order]
    absent = values == ""
    missing = float(counts[absent].sum() / total)
    used = (counts > 0) & ~absent
    few, shares = _few(values[used], counts[used], "level")
    rest = float(seen.each[~own].sum() / total) if len(own) else 0.0
    return Marginal(step.column, "level", few, shares * (1 - missing), None, None, missing, rest)


def _of_numbers(step: Step, seen: Counts) -> Marginal:
    """Numbers, or moments as microseconds."""
    kind, x = step.cell.kind, seen.values
    if kind == "date":
        moments_ = x.astype("datetime64[us]")
        x = np.where(np.isnat(moments_), np.nan, moments_.astype(np.int64).astype(np.float64))
    known = seen.of(x).only(~np.isnan(x))
    missing = 1 - known.n / max(1, seen.n)
    if not known.n:
        nothing = np.zeros(0)
        return Marginal(step.column, kind, nothing, nothing, None, None, missing)
    middle = known.mean()
    deviation = float(np.sqrt(known.mean((known.values - middle) ** 2)))
    values, counts = _tallied(known)
    few, shares = _few(values, counts, kind)
    low, high = known.values.min().item(), known.values.max().item()
    return Marginal(step.column, kind, few, shares * (1 - missing), low, high, missing, 0.0, deviation)


def _tallied(known: Counts) -> tuple[Array, Array]:
    """The different values, ascending, and how often each occurs; of very many rows, in some that are drawn."""
    x = known.values
    if known.times is not None:
        order = np.argsort(x)
        return x[order], known.times[order]
    if len(x) > MOST_ROWS:
        x = x[np.random.default_rng(0).choice(len(x), MOST_ROWS, replace=False)]
    values, counts = np.unique(x, return_counts=True)
    return values, counts


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


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
        (D,) how many values each has, (D, 2) the least and the largest (1 and 0 where there are none), (D,) the share
        without a value
    numbers, texts, shares
        the values of all columns, one after the other, and their shares
    rest, deviations
        (D,) of each column, see `Marginal`; 0 where a file does not hold them
    """

    columns: Array
    kinds: Array
    lengths: Array
    ends: Array
    missing: Array
    numbers: Array
    texts: Array
    shares: Array
    rest: Array = field(default_factory=lambda: np.zeros(0))
    deviations: Array = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        n, level = len(self.columns), self.kinds == "level"
        for name in ("rest", "deviations"):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.zeros(n))
        sides = [self.kinds.shape, self.lengths.shape, self.missing.shape, (len(self.ends),)]
        sides += [self.rest.shape, self.deviations.shape]
        held = [len(self.numbers), len(self.texts), len(self.shares)]
        if (
            sides != [(n,)] * 6
            or self.ends.shape != (n, 2)
            or (self.lengths < 0).any()
            or held != [self.lengths[~level].sum(), self.lengths[level].sum(), self.lengths.sum()]
        ):
            raise ModelFileError(DIFFER)

    @classmethod
    def of(cls, found: Sequence[Marginal]) -> Marginals:
        """Of those of all columns."""
        levels = [one.kind == "level" for one in found]
        ends = [NONE if one.low is None else (one.low, one.high) for one in found]

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
            np.array([one.rest for one in found], dtype=np.float64),
            np.array([one.deviation for one in found], dtype=np.float64),
        )

    @property
    def whole(self) -> bool:
        """Whether there are values of every column that had some: files of older versions held counts alone."""
        return bool(((self.lengths > 0) | (self.missing >= 1)).all())

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
        low, high = self.ends[j].tolist() if kind != "level" else NONE
        if low > high:
            low = high = None
        shares = self.shares[share : share + n]
        more = (float(part[j]) for part in (self.missing, self.rest, self.deviations))
        return Marginal(self.columns[j], kind, values, shares, low, high, *more)


def _before(lengths: Array) -> Array:
    return np.asarray(np.cumsum(lengths) - lengths)


def made_up(marginals: Iterable[Marginal], n: int, rng: np.random.Generator) -> Table:
    """n rows that nobody has measured."""
    return Table({one.column: one.drawn(n, rng) for one in marginals}, source="made-up rows")


def blocks(steps: Iterable[Step]) -> list[slice]:
    """The columns of prepared rows that come from each step."""
    ends = np.cumsum([0, *(len(step.feature_names) for step in steps)]).tolist()
    return [slice(a, b) for a, b in pairwise(ends)]
