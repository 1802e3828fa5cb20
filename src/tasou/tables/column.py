"""One column of a table, read as text, as numbers or as dates: every distinct cell is parsed only once."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tasou.tables import dates, numbers

Array = npt.NDArray[Any]


class Distinct(NamedTuple):
    """The different texts of a column in order of appearance, and for every row which of them it holds."""

    texts: list[str]
    codes: npt.NDArray[np.int64]

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """How many rows hold each text."""
        return np.bincount(self.codes, minlength=len(self.texts))


class Column:
    """The cells of one column and the ways to read them.

    Parameters
    ----------
    array
        (n,) numbers, booleans, datetime64, or texts (dtype object)

    >>> Column(np.array(["1", "?", "２"], dtype=object)).numbers
    array([ 1., nan,  2.])
    """

    def __init__(self, array: Array) -> None:
        self.array = array

    @property
    def kind(self) -> str:
        """``"text"``, ``"number"``, ``"bool"`` or ``"date"``: what the cells are stored as."""
        return {"O": "text", "b": "bool", "M": "date"}.get(self.array.dtype.kind, "number")

    def take(self, rows: Array) -> Column:
        """The same column with only ``rows`` (indices or mask)."""
        taken = Column(self.array[rows])
        if "distinct" in self.__dict__:
            codes, inverse = np.unique(self.distinct.codes[rows], return_inverse=True)
            taken.__dict__["distinct"] = Distinct([self.distinct.texts[c] for c in codes], inverse)
        return taken

    @cached_property
    def distinct(self) -> Distinct:
        """The different cells as stripped texts, missing ones as ``""``."""
        if self.kind == "text":
            return _distinct(self.array)
        if self.kind == "date":
            return _distinct(np.datetime_as_string(self.array, unit="s").astype(object))
        values, codes = np.unique(self.array, return_inverse=True)
        spell = str if self.kind == "bool" else numbers.spelled
        return Distinct([spell(value) for value in values.tolist()], codes)

    @cached_property
    def missing(self) -> npt.NDArray[np.bool_]:
        """(n,) True where the cell holds no value."""
        if self.kind == "text":
            return np.array([t == "" for t in self.distinct.texts], dtype=bool)[self.distinct.codes]
        if self.kind == "date":
            return np.isnat(self.array)
        return np.isnan(self.numbers)

    @cached_property
    def _parsed_numbers(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        values, text = numbers.parse(self.distinct.texts)
        return values[self.distinct.codes], text[self.distinct.codes]

    @cached_property
    def _parsed_dates(self) -> tuple[dates.Dates, npt.NDArray[np.bool_]]:
        values, other = dates.parse(self.distinct.texts)
        return values[self.distinct.codes], other[self.distinct.codes]

    @property
    def numbers(self) -> npt.NDArray[np.float64]:
        """(n,) the cells as numbers, NaN where they are missing, infinite or text."""
        if self.kind in ("text", "date"):
            return self._parsed_numbers[0]
        values = self.array.astype(np.float64)
        return np.where(np.abs(values) < numbers.LARGEST, values, np.nan)

    @property
    def not_numbers(self) -> npt.NDArray[np.bool_]:
        """(n,) True where a cell holds something that is no number."""
        if self.kind in ("text", "date"):
            return self._parsed_numbers[1]
        return np.zeros(len(self.array), dtype=bool)

    @property
    def dates(self) -> dates.Dates:
        """(n,) the cells as moments, NaT where there is none."""
        return self.array.astype("datetime64[s]") if self.kind == "date" else self._parsed_dates[0]

    @property
    def not_dates(self) -> npt.NDArray[np.bool_]:
        """(n,) True where a cell holds something that is no date."""
        return np.zeros(len(self.array), dtype=bool) if self.kind == "date" else self._parsed_dates[1]


def _distinct(array: Array) -> Distinct:
    first: dict[str, int] = {}
    raw = np.array([first.setdefault(cell, len(first)) for cell in array.tolist()], dtype=np.int64)
    tidy: dict[str, int] = {}
    merged = [tidy.setdefault("" if numbers.is_missing(t) else t.strip(), len(tidy)) for t in first]
    codes = np.array(merged, dtype=np.int64)[raw] if merged else raw
    return Distinct(list(tidy), codes)
