"""A column of numbers, read as a whole: which decimal mark it has, which unit, and which of its cells are no numbers.

One cell that has only one reading decides for all: ``0,125`` or ``20,33`` make the comma a decimal mark,
``1,234,567`` or ``1,234.5`` the point. Where no cell decides, what the table or the training says does, and else the
point.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from tasou.tables.spelling.alike import Alike, alike
from tasou.tables.spelling.habits import PLAIN, USUAL, Habits, Notation
from tasou.tables.spelling.missing import Mask, is_withheld, mask_of
from tasou.tables.spelling.numbers import LARGEST, Decimal, Numeral, numeral
from tasou.tables.spelling.units import BEFORE, PERCENT

FEWEST_NUMBERS = 4
"""different numbers beside which a lone letter is a withheld number: 1, X and 2 are results of matches"""


class Is(IntEnum):
    """What a cell of a column of numbers is."""

    NUMBER = 0
    NOTED = 1
    """a number with a footnote mark, or marked as revised, provisional, estimated"""
    BEYOND = 2
    """infinite, or larger than anything measured"""
    MISSING = 3
    WITHHELD = 4
    OTHER = 5
    """no number"""


@dataclass(frozen=True)
class Numerals:
    """The different texts of a column as numbers.

    Attributes
    ----------
    values
        (m,) the numbers, NaN where there is none
    kinds
        (m,) what each text is, see `Is`
    notation
        how they are written
    shown
        a cell that decided for a decimal comma; None where nothing did
    doubt
        a cell that the other decimal mark would make another number of, where nothing decided
    """

    values: npt.NDArray[np.float64]
    kinds: npt.NDArray[np.int8]
    notation: Notation = PLAIN
    shown: str | None = None
    doubt: str | None = None


@dataclass(frozen=True)
class Beside:
    """What stands in the column beside its texts: plain numbers, see `tasou.tables.figures`."""

    rows: int = 0
    """how many there are"""
    zeros: int = 0
    """how many of them are 0, which needs no unit"""
    points: int = 0
    """how many have a point that is a decimal mark for certain"""
    open: str | None = None
    """one whose point may stand between thousands"""
    different: int = 0
    """how many different ones there are, at least"""


ALONE = Beside()


def of_array(values: npt.NDArray[np.float64]) -> Numerals:
    """Numbers that are numbers already."""
    kinds = np.full(len(values), Is.NUMBER, np.int8)
    beyond = np.abs(values) >= LARGEST
    kinds[np.isnan(values)] = Is.MISSING
    kinds[beyond] = Is.BEYOND
    return Numerals(np.where(beyond, np.nan, values), kinds)


def read(
    texts: Sequence[str],
    counts: npt.NDArray[np.int64],
    habits: Habits = USUAL,
    known: Notation | None = None,
    beside: Beside = ALONE,
    missing: Mask | None = None,
) -> Numerals:
    """The texts as numbers; ``known`` is the notation of a column that is known to be one of numbers.

    >>> found = read(["0,125", "2", "1,865", "", "x"], np.ones(5, int))
    >>> found.values, found.notation.decimal, [Is(kind).name for kind in found.kinds[3:]]
    (array([0.125, 2.   , 1.865,   nan,   nan]), ',', ['MISSING', 'OTHER'])
    """
    missing = mask_of(texts, habits.missing) if missing is None else missing
    rest = [text for text, gone in zip(texts, missing, strict=True) if not gone] if missing.any() else texts
    found = _quickly(rest, habits, known, beside)
    if found is None:
        return _Column(texts, counts, missing, habits, known, beside).numerals()
    kinds = np.full(len(texts), Is.MISSING, np.int8)
    values = np.full(len(texts), np.nan)
    kinds[~missing], values[~missing] = found.kinds, found.values
    return replace(found, values=values, kinds=kinds)


def _asked(habits: Habits, known: Notation | None) -> Decimal | None:
    """The decimal mark where no cell shows it; that training had the usual one leaves a doubt that is told."""
    return habits.decimal or ("," if known and known.decimal == "," else None)


def _quickly(texts: Sequence[str], habits: Habits, known: Notation | None, beside: Beside) -> Numerals | None:
    """All texts at once where they are written alike and nothing needs care, else None."""
    asked = _asked(habits, known)
    if habits.separator == ";" and beside.open is not None and not beside.points:
        return None
    if asked != "," and (values := _floats(texts)) is not None:
        return None if known and known.unit else of_array(values)
    found = alike(texts)
    if found is None or (beside.rows and found.unit):
        return None
    if known and known.unit not in ("", found.unit):
        return None
    if found.point and (beside.points or not found.comma):
        return _numerals(found, ".")
    if found.comma and not found.point:
        shown = habits.separator != "," or habits.decimal == "," or known
        return _numerals(found, ",", shown=found.first(".")) if shown and not beside.points else None
    if asked is not None or habits.separator == ",":
        return _numerals(found, asked or ".")
    return _numerals(found, ".", doubt=found.first(None) or beside.open)


def _numerals(
    found: Alike, decimal: Decimal, *, shown: str | None = None, doubt: str | None = None
) -> Numerals:
    read = of_array(found.values(decimal))
    return Numerals(read.values, read.kinds, Notation(decimal, found.unit), shown, doubt)


def _floats(texts: Sequence[str]) -> npt.NDArray[np.float64] | None:
    """All texts as Python reads them, but for its underscores; None if it does not."""
    try:
        values = np.fromiter(map(float, texts), np.float64, len(texts))
    except ValueError:
        return None
    return None if any("_" in text for text in texts) else values


_WORDS = frozenset({"inf", "infinity", "nan"})
Fits = Callable[[Numeral], bool]


class _Column:
    """The careful way: every text taken apart, then the marks, the unit and the rest decided for all of them."""

    def __init__(
        self,
        texts: Sequence[str],
        counts: npt.NDArray[np.int64],
        missing: Mask,
        habits: Habits,
        known: Notation | None,
        beside: Beside,
    ) -> None:
        self.texts, self.counts, self.missing = texts, counts.tolist(), missing
        self.habits, self.known, self.beside = habits, known, beside
        self.found = [None if gone else numeral(text) for text, gone in zip(texts, missing, strict=True)]

    def numerals(self) -> Numerals:
        decimal, shown, doubt = self.decimal()
        unit, fits = self.unit(decimal)
        values = np.full(len(self.texts), np.nan)
        kinds = np.full(len(self.texts), Is.OTHER, np.int8)
        kinds[self.missing] = Is.MISSING
        for j, found in self.all():
            value = found.value(decimal)
            if value is not None and fits(found):
                kinds[j] = Is.NOTED if found.note else Is.NUMBER
                values[j] = value
        self.notes(kinds, values)
        self.strange(kinds, values)
        beyond = np.abs(values) >= LARGEST
        kinds[beyond], values[beyond] = Is.BEYOND, np.nan
        return Numerals(values, kinds, Notation(decimal, unit), shown, doubt)

    def all(self) -> list[tuple[int, Numeral]]:
        return [(j, found) for j, found in enumerate(self.found) if found is not None]

    def decimal(self) -> tuple[Decimal, str | None, str | None]:
        """The decimal mark, a cell that shows it if it is a comma, and one that leaves it open if none shows it."""
        point = [j for j, found in self.all() if found.comma is None]
        comma = [j for j, found in self.all() if found.point is None]
        if not self.shows(comma):
            comma = []
        points = sum(self.counts[j] for j in point) + self.beside.points
        commas = sum(self.counts[j] for j in comma)
        if commas > points:
            return ",", self.texts[comma[0]], None
        if commas < points:
            return ".", None, None
        asked = _asked(self.habits, self.known)
        if asked:
            return asked, None, None
        open_ = (self.texts[j] for j, found in self.all() if found.point != found.comma)
        return ".", None, None if self.habits.separator == "," else next(open_, self.beside.open)

    def shows(self, comma: list[int]) -> bool:
        """Whether texts that are numbers with a decimal comma alone show that it is one.

        In a file whose cells are separated by commas ``"1,2"`` may be two answers to one question.
        """
        if self.habits.separator != "," or self.habits.decimal == "," or self.known:
            return bool(comma)
        digits = [str(found.comma).lstrip("+-") for j in comma if (found := self.found[j])]
        places = {len(text.partition(".")[2]) for text in digits}
        return any(text.startswith("0.") for text in digits) or (len(places) == 1 and places != {1})

    def unit(self, decimal: Decimal) -> tuple[str, Fits]:
        """The unit of the column, and which cells fit it."""
        weights: Counter[str] = Counter()
        for j, found in self.all():
            if found.digits(decimal) is not None:
                weights[found.unit] += self.counts[j] if found.unit or found.value(decimal) else 0
        bare = weights.pop("", 0) + self.beside.rows - self.beside.zeros
        unit = max(weights, key=lambda u: weights[u], default="")
        foreign = self.known and self.known.unit and self.known.unit not in weights  # $5 is not 5円
        if not unit or foreign or (weights[unit] < bare and unit not in BEFORE.values()):
            return "", lambda found: found.unit == ""
        mixed = unit not in PERCENT  # 0.12 beside 12% is not 12
        return (
            unit,
            lambda found: found.unit == unit or (found.unit == "" and (mixed or not found.value(decimal))),
        )

    def notes(self, kinds: npt.NDArray[np.int8], values: npt.NDArray[np.float64]) -> None:
        """A mark beside a number is a mark only where most numbers have none: R1, P2 are codes."""
        noted = kinds == Is.NOTED
        counts = np.array(self.counts)
        if not self.known and counts[noted].sum() > counts[kinds == Is.NUMBER].sum() + self.beside.rows:
            kinds[noted], values[noted] = Is.OTHER, np.nan

    def strange(self, kinds: npt.NDArray[np.int8], values: npt.NDArray[np.float64]) -> None:
        """What is no numeral: infinity, which Python alone reads, and withheld numbers."""
        different = len(np.unique(values[~np.isnan(values)])) + self.beside.different
        letters = bool(self.known) or different >= FEWEST_NUMBERS
        for j in np.flatnonzero(kinds == Is.OTHER).tolist():
            text = self.texts[j]
            if self.found[j] is not None:
                continue
            if text.strip().lower().lstrip("+-") in _WORDS:
                kinds[j] = Is.MISSING if "nan" in text.lower() else Is.BEYOND
            elif is_withheld(text, letters=letters):
                kinds[j] = Is.WITHHELD
