"""A column of dates, read as a whole: which of two numbers is the day, and which of its cells are no dates.

One cell with a first number above 12 shows that the day comes first (``31/12/2024``), one with a second number above
12 that the month does. Where no cell shows it, what the training has seen decides, and else nothing: such a column
cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tasou.tables.spelling.dates import NAT, Dates, Order, moment, ordered
from tasou.tables.spelling.habits import USUAL, Habits
from tasou.tables.spelling.missing import Mask, mask_of

_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_MILLENNIUM = np.datetime64("2000-01-01", "s")
_DIGIT, _LONGEST = re.compile(r"\d|元"), 100


@dataclass(frozen=True)
class Days:
    """The different texts of a column as dates.

    Attributes
    ----------
    values
        (m,) the moments, NaT where there is none
    other
        (m,) True where a text is no date
    order
        of dates that end with their year
    shown
        the number of the text that decided for it
    doubt
        the number of a text whose day and month cannot be told apart, where nothing decided
    """

    values: Dates
    other: npt.NDArray[np.bool_]
    order: Order | None = None
    shown: int | None = None
    doubt: int | None = None


def of_array(values: Dates) -> Days:
    """Dates that are dates already."""
    return Days(values.astype("datetime64[s]"), np.zeros(len(values), bool))


def read(
    texts: Sequence[str],
    habits: Habits = USUAL,
    known: Order | None = None,
    missing: Mask | None = None,
) -> Days:
    """The texts as dates; ``known`` is the order of day and month that the training has seen.

    >>> read(["1/3/2024", "31/12/2024"]).values.astype("datetime64[D]")
    array(['2024-03-01', '2024-12-31'], dtype='datetime64[D]')
    """
    values = np.full(len(texts), NAT)
    other = np.zeros(len(texts), bool)
    open_: list[tuple[int, int, int, Callable[[Order], np.datetime64 | None]]] = []
    plain = _plain(texts) if habits.missing is None else None
    if plain is not None:
        return Days(plain, other)
    missing = mask_of(texts, habits.missing) if missing is None else missing
    for j in np.flatnonzero(~missing).tolist():
        text = texts[j]
        found = _moment(text) if len(text) < _LONGEST and _DIGIT.search(text) else None
        if found is not None:
            values[j] = found
        elif text[:1].isdecimal() and (two := ordered(text)) is not None:
            open_.append((j, *two))
        else:
            other[j] = True
    order, shown, doubt = _order([entry[:3] for entry in open_], known)
    for j, *_, moment_of in open_:
        found = moment_of(order) if order else None
        other[j] = found is None
        values[j] = NAT if found is None else found
    return Days(values, other, order, shown, doubt)


@lru_cache(maxsize=1 << 14)
def _part(text: str) -> np.datetime64 | None:
    return moment(text)


def _moment(text: str) -> np.datetime64 | None:
    """The same as `moment`; days and times of day, of which there are few, are looked at once each."""
    day, blank, time = text.partition(" ")
    if blank and _CLOCK.fullmatch(time) and (start := _part(day)) is not None:
        at = _part(f"2000-01-01 {time}")
        return None if at is None else start + (at - _MILLENNIUM)
    return moment(text)


def _order(
    numbers: list[tuple[int, int, int]], known: Order | None
) -> tuple[Order | None, int | None, int | None]:
    """The order, a text that shows it, and one that leaves it open."""
    day = [j for j, a, b in numbers if a > 12 >= b]
    month = [j for j, a, b in numbers if b > 12 >= a]
    if len(day) > len(month):
        return "day first", day[0], None
    if len(month) > len(day):
        return "month first", month[0], None
    if known or not numbers:
        return known, None, None
    return None, None, numbers[0][0]


_DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME = r"[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_ISO = re.compile(rf"(?:{_DAY}(?:{_TIME})?|)(?:\n|\Z)")


def _plain(texts: Sequence[str]) -> Dates | None:
    """All texts at once where every one is an ISO date or empty, else None."""
    if not texts or not all(_ISO.fullmatch(text) for text in texts[:8]):
        return None
    joined = "\n".join(texts)
    if not re.fullmatch(rf"(?:{_ISO.pattern})*", joined, re.ASCII):
        return None
    try:
        return np.array([text or "NaT" for text in texts], dtype="datetime64[s]")
    except ValueError:  # 2023-02-29
        return None
