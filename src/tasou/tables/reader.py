"""The stored cells of a column as texts, numbers or dates: what `Column` knows of them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tasou.tables.cells import Cells
from tasou.tables.spelling import days, numerals
from tasou.tables.spelling.dates import Dates, Order, iso
from tasou.tables.spelling.habits import PLAIN, Habits, Notation
from tasou.tables.spelling.numbers import LARGEST, spelled
from tasou.tables.spelling.numerals import Beside, Is
from tasou.tables.spelling.units import PERCENT

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


class Distinct(NamedTuple):
    """The different texts of a column, and for every row which of them it holds."""

    texts: list[str]
    codes: npt.NDArray[np.int64]

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """How many rows hold each text."""
        return np.bincount(self.codes, minlength=len(self.texts))


class Numbers(NamedTuple):
    """A column as numbers: per row the number (NaN where there is none) and what the cell is; and how it is written."""

    values: npt.NDArray[np.float64]
    kinds: npt.NDArray[np.int8]
    notation: Notation = PLAIN
    shown: str | None = None
    """a cell that shows the decimal comma"""
    doubt: str | None = None
    """a cell that is another number with another decimal mark, where none shows which is meant"""

    def take(self, rows: Array) -> Numbers:
        """Some rows only."""
        return self._replace(values=self.values[rows], kinds=self.kinds[rows])

    def rows(self, *kinds: Is) -> npt.NDArray[np.int64]:
        """The rows whose cells are of these kinds."""
        return np.flatnonzero(np.isin(self.kinds, kinds))

    @property
    def other(self) -> Mask:
        """(n,) True where a cell holds something that is no number."""
        found: Mask = self.kinds == Is.OTHER
        return found


class Moments(NamedTuple):
    """A column as dates: per row the moment (NaT where there is none), and whether the cell is something else."""

    values: Dates
    other: Mask
    order: Order | None = None
    """which of two numbers is the day, where dates end with their year"""
    doubt: str | None = None
    """a cell whose day and month cannot be told apart, where none shows which is meant"""

    def take(self, rows: Array) -> Moments:
        """Some rows only."""
        return self._replace(values=self.values[rows], other=self.other[rows])


def written(stored: Array | Cells, absent: Mask | None) -> Distinct:
    """The different cells as they stand; of what is no text, as it would be written, and missing ones as ``""``."""
    if isinstance(stored, Cells):
        return Distinct(*stored.distinct())
    if stored.dtype.kind == "M":
        values, codes = np.unique(stored.astype("datetime64[s]"), return_inverse=True)
        return Distinct(["" if np.isnat(value) else iso(value) for value in values], codes)
    values, codes = np.unique(stored, return_inverse=True)
    texts = [_written(value) for value in values]
    if absent is None:
        return Distinct(texts, codes)
    return Distinct([*texts, ""], np.where(absent, len(texts), codes))


def _written(value: Any) -> str:
    """A number or truth value as text; a float of 32 bits as short as its bits allow, so that 0.1 is 0.1."""
    if isinstance(value, np.bool_):
        return str(bool(value))
    if isinstance(value, np.integer):
        return str(int(value))
    if not abs(float(value)) < LARGEST:
        return ""
    return spelled(float(str(value)) if value.itemsize < 8 else float(value))


def numbers(
    stored: Array | Cells,
    absent: Mask | None,
    habits: Habits,
    known: Notation | None = None,
) -> Numbers:
    """The cells as numbers; ``known`` is the notation of a column that is one of numbers for certain.

    ``absent`` are the rows, or of texts the different texts, that hold no value.
    """
    if isinstance(stored, Cells):
        return _typed(stored, habits, known, absent)
    if stored.dtype.kind == "M":
        return Numbers(
            np.full(len(stored), np.nan), np.where(np.isnat(stored), Is.MISSING, Is.OTHER).astype(np.int8)
        )
    values = stored.astype(np.float64)
    if absent is not None:
        values[absent] = np.nan
    found = numerals.of_array(values)
    return Numbers(found.values, found.kinds)


def _typed(cells: Cells, habits: Habits, known: Notation | None, gone: Mask | None) -> Numbers:
    """Plain numbers are what they are, unless the comma is the decimal mark."""
    counts = np.bincount(cells.codes, minlength=len(cells.texts))
    read = numerals.read(cells.texts, counts, habits, known, _beside(cells), gone)
    kinds = cells.spread(read.kinds, Is.NUMBER)
    values = cells.numbers
    if not cells.all_plain:  # what is plain is never beyond, and need not be held twice
        values = np.where(cells.plain, values, cells.spread(read.values, np.nan))
        beyond = np.abs(values) >= LARGEST
        kinds[beyond], values[beyond] = Is.BEYOND, np.nan
    if read.notation.decimal == ",":
        pointed = cells.plain & (cells.decimals > 0)
        thousands = _may_be_thousands(cells)
        values = np.where(thousands, np.round(values * 1000), values)
        kinds[pointed & ~thousands], values[pointed & ~thousands] = Is.OTHER, np.nan
    if read.notation.unit in PERCENT:  # 0.12 beside 12% is not 12
        bare = cells.plain & (values != 0)
        kinds, values = np.where(bare, np.int8(Is.OTHER), kinds), np.where(bare, np.nan, values)
    return Numbers(values, kinds, read.notation, read.shown, read.doubt)


def _may_be_thousands(cells: Cells) -> Mask:
    size = np.abs(cells.numbers)
    found: Mask = (cells.decimals == 3) & (size >= 1) & (size < 1000)
    return found


def _beside(cells: Cells) -> Beside:
    """What the plain numbers of a column show."""
    if not len(cells) or len(cells.rows) == len(cells):
        return Beside()
    pointed = cells.plain & (cells.decimals > 0)
    open_ = _may_be_thousands(cells)
    example = cells[int(np.argmax(open_))] if open_.any() else None
    some = cells.numbers[: 1 << 14]
    different = len(np.unique(some[~np.isnan(some)]))
    rows, zeros = len(cells) - len(cells.rows), int((cells.numbers == 0).sum())
    return Beside(rows, zeros, int((pointed & ~open_).sum()), example, different)


def dates(
    stored: Array | Cells, habits: Habits, known: Order | None = None, gone: Mask | None = None
) -> Moments:
    """The cells as dates; ``known`` is the order of day and month where the cells do not show it."""
    if not isinstance(stored, Cells):
        if stored.dtype.kind == "M":
            return Moments(stored.astype("datetime64[s]"), np.zeros(len(stored), bool))
        return Moments(np.full(len(stored), np.datetime64("NaT", "s")), np.ones(len(stored), bool))
    found = days.read(stored.texts, habits, known, gone)
    doubt = None if found.doubt is None else stored.texts[found.doubt]
    values = stored.spread(found.values, np.datetime64("NaT", "s"))
    return Moments(values, stored.spread(found.other, True), found.order, doubt)
