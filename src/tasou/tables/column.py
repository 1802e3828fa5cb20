"""One column of a table, read as text, as numbers or as dates: every distinct cell is parsed only once."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tasou.tables import dates, numbers
from tasou.tables.cells import Cells

Array = npt.NDArray[Any]


class Distinct(NamedTuple):
    """The different texts of a column, and for every row which of them it holds."""

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
        (n,) numbers, booleans, datetime64, or texts (dtype object, or `Cells`)
    absent
        (n,) True where an integer is no value at all: integers have no NaN

    >>> Column(np.array(["1", "?", "２"], dtype=object)).numbers
    array([ 1., nan,  2.])
    """

    def __init__(self, array: Array | Cells, absent: npt.NDArray[np.bool_] | None = None) -> None:
        as_texts = not isinstance(array, Cells) and array.dtype.kind == "O"
        self.stored: Array | Cells = Cells.of(array.tolist()) if as_texts else array  # type: ignore[union-attr]
        self.absent = absent

    def __len__(self) -> int:
        return len(self.stored)

    @property
    def kind(self) -> str:
        """``"text"``, ``"number"``, ``"bool"`` or ``"date"``: what the cells are stored as."""
        if isinstance(self.stored, Cells):
            return "text"
        return {"b": "bool", "M": "date"}.get(self.stored.dtype.kind, "number")

    @property
    def array(self) -> Array:
        """(n,) the cells as they stand: numbers, booleans, dates, or texts (made anew each time)."""
        if not isinstance(self.stored, Cells):
            return self.stored
        texts = np.empty(len(self), dtype=object)
        texts[:] = self.stored.written()
        return texts

    def cell(self, row: int) -> Any:
        """One cell as it stands, for messages."""
        cell = self.stored[row]
        return cell if isinstance(cell, str) else cell.item()

    def take(self, rows: Array) -> Column:
        """The same column with only ``rows`` (indices or mask)."""
        if isinstance(self.stored, Cells):
            return Column(self.stored.take(rows))
        return Column(self.stored[rows], None if self.absent is None else self.absent[rows])

    @cached_property
    def others(self) -> Distinct:
        """The different texts of cells that are no plain numbers, and which each row holds, −1 where there is none.

        Only a column of texts has any. What its plain cells say is in ``stored.numbers``.
        """
        if not isinstance(self.stored, Cells):
            return Distinct([], np.full(len(self), -1))
        codes = np.arange(len(self.stored.texts), dtype=np.int64)
        return Distinct(self.stored.texts, self.stored.spread(codes, -1))

    @cached_property
    def distinct(self) -> Distinct:
        """The different cells as stripped texts, missing ones as ``""``."""
        if isinstance(self.stored, Cells):
            return _tidy(*self.stored.distinct())
        if self.kind == "date":
            return _tidy(*_coded(np.datetime_as_string(self.stored, unit="s").tolist()))
        values, codes = np.unique(self.stored, return_inverse=True)
        spell = str if self.kind == "bool" else numbers.spelled
        texts = [spell(value) for value in values.tolist()]
        if self.absent is None:
            return Distinct(texts, codes)
        return _tidy([*texts, ""], np.where(self.absent, len(texts), codes))

    @cached_property
    def missing(self) -> npt.NDArray[np.bool_]:
        """(n,) True where the cell holds no value."""
        if isinstance(self.stored, Cells):
            tokens = np.array([numbers.is_missing(text) for text in self.stored.texts], dtype=bool)
            return self.stored.spread(tokens, False)
        if self.kind == "date":
            return np.isnat(self.stored)
        return np.isnan(self.numbers)

    @cached_property
    def different(self) -> int:
        """How many different values there are, missing cells left out."""
        if not isinstance(self.stored, Cells):
            return sum(text != "" for text in self.distinct.texts)
        plain = np.sort(self.stored.numbers[self.stored.plain])
        texts = {text.strip() for text in self.stored.texts if not numbers.is_missing(text)}
        return int(np.count_nonzero(plain[1:] != plain[:-1])) + (len(plain) > 0) + len(texts)

    @cached_property
    def _parsed_numbers(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        if not isinstance(self.stored, Cells):
            values, text = numbers.parse(self.distinct.texts)
            return values[self.distinct.codes], text[self.distinct.codes]
        if self.stored.all_plain:
            return self.stored.numbers, np.zeros(len(self), dtype=bool)
        values, text = numbers.parse(self.stored.texts)
        found = np.where(self.stored.plain, self.stored.numbers, self.stored.spread(values, np.nan))
        return found, self.stored.spread(text, False)

    @cached_property
    def _parsed_dates(self) -> tuple[dates.Dates, npt.NDArray[np.bool_]]:
        values, other = dates.parse(self.distinct.texts)
        return values[self.distinct.codes], other[self.distinct.codes]

    @property
    def numbers(self) -> npt.NDArray[np.float64]:
        """(n,) the cells as numbers, NaN where they are missing, infinite or text."""
        if isinstance(self.stored, Cells) or self.kind == "date":
            return self._parsed_numbers[0]
        values = self.stored.astype(np.float64)
        if self.absent is not None:
            values[self.absent] = np.nan
        return np.where(np.abs(values) < numbers.LARGEST, values, np.nan)

    @property
    def not_numbers(self) -> npt.NDArray[np.bool_]:
        """(n,) True where a cell holds something that is no number."""
        if self.kind in ("text", "date"):
            return self._parsed_numbers[1]
        return np.zeros(len(self), dtype=bool)

    @property
    def dates(self) -> dates.Dates:
        """(n,) the cells as moments, NaT where there is none."""
        if isinstance(self.stored, Cells) or self.kind != "date":
            return self._parsed_dates[0]
        return self.stored.astype("datetime64[s]")

    @property
    def not_dates(self) -> npt.NDArray[np.bool_]:
        """(n,) True where a cell holds something that is no date."""
        return np.zeros(len(self), dtype=bool) if self.kind == "date" else self._parsed_dates[1]


def _coded(cells: list[str]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """The different ones of ``cells`` in order of appearance, and which of them each is."""
    first: dict[str, int] = {}
    codes = np.array([first.setdefault(cell, len(first)) for cell in cells], dtype=np.int64)
    return list(first), codes


def _tidy(texts: list[str], codes: npt.NDArray[np.int64]) -> Distinct:
    """The same cells stripped, missing ones as ``""``; in order of appearance where they are not numbers alone."""
    tidy, merged = _coded(["" if numbers.is_missing(text) else text.strip() for text in texts])
    return Distinct(tidy, merged[codes] if len(texts) else codes)
