"""One column of a table, read as text, as numbers or as dates: every distinct cell is read only once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.tables import reader
from tasou.tables.cells import Cells
from tasou.tables.reader import Distinct, Moments, Numbers
from tasou.tables.spelling import categories
from tasou.tables.spelling.dates import Dates, Order
from tasou.tables.spelling.habits import PLAIN, USUAL, Habits, Notation
from tasou.tables.spelling.missing import mask_of
from tasou.tables.spelling.numerals import Is

Array = npt.NDArray[Any]

NUMERIC_SHARE = 0.95
"""so many of the cells with a value are numbers (or dates) where a column is one of numbers (or dates)"""


LARGE = 50_000
"""rows from which what was read of them is worth giving back"""


class Column:
    """The cells of one column and the ways to read them.

    Parameters
    ----------
    array
        (n,) numbers, booleans, datetime64, or texts (dtype object, or `Cells`)
    absent
        (n,) True where an integer is no value at all: integers have no NaN
    habits
        what is known about how the table writes its values

    Examples
    --------
    >>> Column(np.array(["1", "?", "２"], dtype=object)).numbers
    array([ 1., nan,  2.])
    """

    def __init__(
        self,
        array: Array | Cells,
        absent: npt.NDArray[np.bool_] | None = None,
        habits: Habits = USUAL,
    ) -> None:
        as_texts = not isinstance(array, Cells) and array.dtype.kind == "O"
        self.stored: Array | Cells = Cells.of(array.tolist()) if as_texts else array  # type: ignore[union-attr]
        self.absent = absent
        self.habits = habits

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
            taken = Column(self.stored.take(rows), habits=self.habits)
            for name in ("_numbers", "_dates"):  # what the whole column has shown holds for a part
                if not self.stored.all_plain and name in self.__dict__:
                    taken.__dict__[name] = self.__dict__[name].take(rows)
            return taken
        return Column(self.stored[rows], None if self.absent is None else self.absent[rows], self.habits)

    def forget(self) -> None:
        """Give back the memory of what was read from the cells; it is read again when it is asked for.

        >>> column = Column(np.array([1, 2]))
        >>> before = column.numbers
        >>> column.forget()
        >>> column.numbers is before, column.numbers
        (False, array([1., 2.]))
        """
        for name in self.__dict__.keys() - {"stored", "absent", "habits"}:
            del self.__dict__[name]

    def spare(self) -> None:
        """The same for a large column that is no text: its cells are read again in no time."""
        if len(self) >= LARGE and self.kind != "text":
            self.forget()

    def told(self, habits: Habits) -> Column:
        """The same cells, read with other habits."""
        stored = self.stored
        if habits.missing and isinstance(stored, Cells):
            stored = stored.set_apart(habits.missing)
        return Column(stored, self.absent, habits)

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
    def raw(self) -> Distinct:
        """The different cells as they stand; of what is no text, as it would be written, and missing ones as ``""``."""
        return reader.written(self.stored, self.absent)

    @cached_property
    def _absent(self) -> npt.NDArray[np.bool_] | None:
        """Which of the different texts stand for no value; of what is no text, which rows hold none."""
        if isinstance(self.stored, Cells):
            return mask_of(self.stored.texts, self.habits.missing)
        return self.absent

    @cached_property
    def _raw_missing(self) -> npt.NDArray[np.bool_]:
        if not isinstance(self.stored, Cells):
            return np.array([text == "" for text in self.raw.texts], dtype=bool)
        plain = np.zeros(len(self.raw.texts) - len(self.stored.texts), dtype=bool)
        return np.concatenate([plain, self._absent])

    @cached_property
    def missing(self) -> npt.NDArray[np.bool_]:
        """(n,) True where the cell holds no value."""
        if isinstance(self.stored, Cells):
            return self.stored.spread(self._absent, False)  # type: ignore[arg-type]
        if self.kind == "date":
            return np.isnat(self.stored)
        return np.isnan(self.numbers)

    @property
    def present(self) -> Distinct:
        """The same, and ``""`` for each text that stands for no value."""
        texts = ["" if gone else text for text, gone in zip(self.raw.texts, self._raw_missing, strict=True)]
        return Distinct(texts, self.raw.codes)

    @cached_property
    def distinct(self) -> Distinct:
        """The different categories, each by its one spelling, missing ones as ``""``."""
        texts = self.present.texts
        names = categories.named(texts, self.raw.counts, self.notation) if self.kind == "text" else texts
        first: dict[str, int] = {}
        merged = np.array([first.setdefault(name, len(first)) for name in names], dtype=np.int64)
        return Distinct(list(first), merged[self.raw.codes] if len(merged) else self.raw.codes)

    @cached_property
    def different(self) -> int:
        """How many different values there are, missing cells left out."""
        found = self._different_numbers
        return sum(text != "" for text in self.distinct.texts) if found is None else found

    def different_up_to(self, most: int) -> int:
        """The same, but ``most + 1`` if there are more: they need not all be looked at."""
        if self._different_numbers is not None or "distinct" in self.__dict__ or self.kind != "text":
            return min(self.different, most + 1)
        found: set[str] = set()
        for text, gone in zip(self.raw.texts, self._raw_missing.tolist(), strict=True):
            if not gone:
                found.add(categories.category(text))
            if len(found) > max(most, 2):  # two may be yes and no in several letter cases
                return most + 1
        return min(self.different, most + 1)

    @cached_property
    def _different_numbers(self) -> int | None:
        """How many different values a column of numbers has; None where their categories have to be counted."""
        values = self.numbers[~np.isnan(self.numbers)]
        if not self.is_numeric or not (np.abs(values) < 2**53).all():  # beyond, two integers are one float
            return None
        others = len(np.unique(self.raw.codes[self.not_numbers])) if self.not_numbers.any() else 0
        return self.different_numbers + others

    @cached_property
    def different_numbers(self) -> int:
        """How many different numbers there are."""
        return count_different(self.numbers[~np.isnan(self.numbers)])

    def as_numbers(self, known: Notation | None = None) -> Numbers:
        """The cells as numbers; ``known`` is the notation of a column that is one of numbers for certain."""
        own = self._numbers
        if known is None or (known == own.notation and not own.other.any()):
            return own
        return reader.numbers(self.stored, self._absent, self.habits, known)

    @cached_property
    def _numbers(self) -> Numbers:
        return reader.numbers(self.stored, self._absent, self.habits)

    def as_dates(self, known: Order | None = None) -> Moments:
        """The cells as dates; ``known`` is the order of day and month where the cells do not show it."""
        return (
            self._dates
            if known in (None, self._dates.order)
            else reader.dates(self.stored, self.habits, known, self._absent)
        )

    @cached_property
    def _dates(self) -> Moments:
        return reader.dates(self.stored, self.habits, None, self._absent)

    @cached_property
    def is_numeric(self) -> bool:
        """Whether this is a column of numbers: nearly all cells with a value are, and they are no codes."""
        if self.kind != "text":
            return self.kind == "number"
        kinds = self._numbers.kinds
        n = int(np.isin(kinds, (Is.NUMBER, Is.NOTED, Is.BEYOND)).sum())
        enough = n > 0 and n >= NUMERIC_SHARE * (n + int(self.not_numbers.sum()))
        return enough and not self.holds_codes

    @cached_property
    def holds_codes(self) -> bool:
        """Whether these are digits that no number begins with: ``007``, ``01234``."""
        if not any(text.lstrip()[:1] in ("0", "０") for text in self.others.texts):
            return False
        codes = np.unique(self.raw.codes[self._numbers.kinds == Is.NUMBER])
        return categories.are_codes([self.raw.texts[code] for code in codes.tolist()])

    @property
    def notation(self) -> Notation:
        """How the numbers of the column are written, if it is one of numbers."""
        return self._numbers.notation if self.is_numeric else PLAIN

    @property
    def numbers(self) -> npt.NDArray[np.float64]:
        """(n,) the cells as numbers, NaN where they are missing, infinite or text."""
        return self._numbers.values

    @property
    def not_numbers(self) -> npt.NDArray[np.bool_]:
        """(n,) True where a cell holds something that is no number."""
        return self._numbers.other

    @property
    def dates(self) -> Dates:
        """(n,) the cells as moments, NaT where there is none."""
        return self._dates.values

    @property
    def not_dates(self) -> npt.NDArray[np.bool_]:
        """(n,) True where a cell holds something that is no date."""
        return self._dates.other

    def places(self, levels: categories.Levels) -> npt.NDArray[np.int64]:
        """(n,) the number of the level that each cell is, -1 where it is none."""
        texts, codes = self.raw
        found = [
            levels.place("" if gone and text.strip() not in levels.names else text)
            for text, gone in zip(texts, self._raw_missing.tolist(), strict=True)
        ]
        return np.array([-1 if j is None else j for j in found], dtype=np.int64)[codes]

    def texts_of(self, rows: npt.NDArray[np.bool_]) -> list[str]:
        """The different texts in these rows, the most frequent first; an empty cell is ``""``."""
        texts, codes = self.raw
        counts = np.bincount(codes[rows], minlength=len(texts))
        order = np.argsort(-counts, kind="stable")[: int((counts > 0).sum())]
        return list(dict.fromkeys(texts[code].strip() for code in order.tolist()))


def count_different(values: npt.NDArray[np.float64]) -> int:
    """How many different values there are; small whole numbers are counted without sorting them."""
    if not len(values):
        return 0
    low, high = values.min(), values.max()
    if high - low < 4 * len(values) and abs(low) < 2**53 and (values == np.floor(values)).all():
        return int(np.count_nonzero(np.bincount((values - low).astype(np.int64))))
    ordered = np.sort(values)
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + 1
