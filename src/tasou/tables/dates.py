"""Dates in the spellings that leave no doubt, and the numbers a network can learn from.

Read are ISO 8601 (``2024-03-01``, also with a time), ``2024/3/1`` and ``2024年3月1日``. Spellings in which day and
month could be confused (``1/3/2024``) stay text. A time zone mark is ignored: the wall clock is what people mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.tables.numbers import is_missing

Dates = npt.NDArray[np.datetime64]

_DATE = r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年\s*(\d{1,2})月(?:\s*(\d{1,2})日)?)"
_CLOCK = r"(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.\d+)?)?|時(?:(\d{1,2})分(?:(\d{1,2})秒)?)?)"
_MOMENT = re.compile(rf"{_DATE}(?:[T\s]?\s*{_CLOCK}\s*(?:Z|[+-]\d{{2}}:?\d{{2}})?)?")

PARTS = ("year", "month", "day", "weekday", "days", "hour")


def moment(text: str) -> np.datetime64 | None:
    """The moment a cell spells, to the second; NaT where it is missing, ``None`` where it is no date.

    >>> moment("2024年3月1日"), moment("2024-03-01T12:30Z"), moment("1/3/2024")
    (np.datetime64('2024-03-01T00:00:00'), np.datetime64('2024-03-01T12:30:00'), None)
    """
    if is_missing(text):
        return np.datetime64("NaT", "s")
    match = _MOMENT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not match:
        return None
    year, *rest = match.groups()
    month, day = (next((g for g in pair if g), "1") for pair in (rest[0:6:2], rest[1:6:2]))
    hour, minute, second = rest[6] or "0", rest[7] or rest[9] or "0", rest[8] or rest[10] or "0"
    try:
        return np.datetime64(f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute:0>2}:{second:0>2}", "s")
    except ValueError:  # 2024-02-30
        return None


def parse(texts: Iterable[str]) -> tuple[Dates, npt.NDArray[np.bool_]]:
    """All dates at once: the moments (NaT where there is none) and a mask of the cells that hold something else.

    >>> parse(["2024/3/1", "", "soon"])[1]
    array([False, False,  True])
    """
    found = [moment(text) for text in texts]
    other = np.array([value is None for value in found], dtype=bool)
    nat = np.datetime64("NaT", "s")
    return np.array([nat if value is None else value for value in found], dtype="datetime64[s]"), other


def part(dates: Dates, name: str) -> npt.NDArray[np.float64]:
    """One number of every date: year, month, day (of the month), weekday (Monday = 0), days since 1970, hour.

    >>> d = np.array(["2024-03-01T12:00", "NaT"], dtype="datetime64[s]")
    >>> [part(d, name)[0].item() for name in PARTS]
    [2024.0, 3.0, 1.0, 4.0, 19783.0, 12.0]
    """
    numbers: npt.NDArray[Any] = _PART[name](dates)
    return np.where(np.isnat(dates), np.nan, numbers)


def _days(dates: Dates) -> Dates:
    return dates.astype("datetime64[D]")


_PART: dict[str, Callable[[Dates], npt.NDArray[Any]]] = {
    "year": lambda d: d.astype("datetime64[Y]").astype(np.int64) + 1970,
    "month": lambda d: d.astype("datetime64[M]").astype(np.int64) % 12 + 1,
    "day": lambda d: (_days(d) - d.astype("datetime64[M]")).astype(np.int64) + 1,
    "weekday": lambda d: (_days(d).astype(np.int64) + 3) % 7,
    "days": lambda d: _days(d).astype(np.int64),
    "hour": lambda d: (d - _days(d)).astype("timedelta64[s]").astype(np.int64) / 3600,
}
