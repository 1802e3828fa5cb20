"""One date as people write it, and the numbers a network can learn from.

Read are ISO 8601 (``2024-03-01``, also with a time), ``2024/3/1``, ``2024.3.1``, ``2024年3月1日（金）``, ``2024-03``
(its first day), Japanese eras (``令和6年3月1日``, ``R6.3.1``), names of months (``1 Mar 2024``), and times up to
``24:00``, which is the next day's 0:00. Which number is the day in ``1/3/2024`` is for the whole column to show, see
`days`. A time zone mark is ignored: the wall clock is what people mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from tasou.tables.spelling import eras
from tasou.tables.spelling.letters import folded
from tasou.tables.spelling.missing import is_missing

Dates = npt.NDArray[np.datetime64]
Order = Literal["day first", "month first"]

PARTS = ("year", "month", "day", "weekday", "days", "hour")
NAT = np.datetime64("NaT", "s")

_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: j for j, name in enumerate(_NAMES.split(" "), start=1)}
_MONTH = r"(?P<{}>[A-Z][a-z]{{2,8}}|[A-Z]{{3,9}})\.?"
_DATES = (
    r"(?P<y0>\d{4})(?P<s0>[-/.])(?P<m0>\d{1,2})(?P=s0)(?P<d0>\d{1,2})",
    r"(?P<y1>\d{4})[-/](?P<m1>\d{1,2})",
    rf"(?:(?P<e2>{eras.WRITTEN})\s*(?P<n2>\d{{1,3}}|元)|(?P<y2>\d{{4}}))\s*年(?:\s*(?P<m2>\d{{1,2}})\s*月(?:\s*(?P<d2>\d{{1,2}})\s*日)?)?",
    rf"(?P<e3>{eras.WRITTEN}|{eras.SHORT})\s*(?P<n3>\d{{1,3}}|元)(?P<s3>[-/.年])\s*(?P<m3>\d{{1,2}})[-/.月]\s*(?P<d3>\d{{1,2}})日?",
    rf"(?P<d4>\d{{1,2}})[-\s]{_MONTH.format('b4')}[-,\s]\s*(?P<y4>\d{{4}})",
    rf"{_MONTH.format('b5')}\s+(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y5>\d{{4}})",
)
_CLOCK = (
    r"(?P<half>午前|午後)?\s*(?P<hour>\d{1,2})"
    r"(?::(?P<min>\d{2})(?::(?P<sec>\d{2})(?:[.,]\d+)?)?|時(?:\s*(?P<min1>\d{1,2})分(?:\s*(?P<sec1>\d{1,2})秒)?)?)"
    r"\s*(?P<half1>[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|GMT|JST|[+-]\d{2}:?\d{2})?"
)
_WEEKDAY = r"(?:\s*\(?(?:[月火水木金土日](?:曜日?)?|Mon|Tue|Wed|Thu|Fri|Sat|Sun)[.,]?(?:・祝|祝)?\)?)?"
_REST = rf"{_WEEKDAY}(?:\s*[T\s,]?\s*{_CLOCK})?"
_MOMENT = re.compile(rf"(?:{'|'.join(_DATES)}){_REST}")
_ORDERED = re.compile(rf"(?P<a>\d{{1,2}})(?P<s>[-/.])(?P<b>\d{{1,2}})(?P=s)(?P<y>\d{{4}}){_REST}")


def moment(text: str) -> np.datetime64 | None:
    """The moment a cell spells, to the second; NaT where it is missing, ``None`` where it is no date.

    >>> moment("2024年3月1日"), moment("2024-03-01T12:30Z"), moment("1/3/2024")
    (np.datetime64('2024-03-01T00:00:00'), np.datetime64('2024-03-01T12:30:00'), None)
    >>> str(moment("令和6年3月1日")), str(moment("R6.3.1")), str(moment("2024/2/29 24:00"))
    ('2024-03-01T00:00:00', '2024-03-01T00:00:00', '2024-03-01T00:00:00')
    """
    if is_missing(text):
        return NAT
    match = _MOMENT.fullmatch(folded(text))
    if not match:
        return None
    groups = match.groupdict().items()
    got = {name[0]: text for name, text in groups if text and len(name) == 2 and name[1].isdigit()}
    year = int(got["y"]) if "y" in got else eras.year(got["e"], got["n"])
    month = _MONTHS.get(got["b"][:3].lower()) if "b" in got else int(got.get("m", 1))
    return None if month is None else _moment(match, year, month, int(got.get("d", 1)))


def ordered(text: str) -> tuple[int, int, Callable[[Order], np.datetime64 | None]] | None:
    """The first two numbers of a date that ends with its year, and the moment once it is known which is the day.

    >>> first, second, moment_of = ordered("31/12/2024 8:00")
    >>> first, second, moment_of("day first")
    (31, 12, np.datetime64('2024-12-31T08:00:00'))
    """
    match = _ORDERED.fullmatch(folded(text))
    if not match:
        return None
    a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
    return a, b, lambda order: _moment(match, year, *((b, a) if order == "day first" else (a, b)))


def _moment(match: re.Match[str], year: int, month: int, day: int) -> np.datetime64 | None:
    hour = int(match["hour"] or 0)
    minute, second = int(match["min"] or match["min1"] or 0), int(match["sec"] or match["sec1"] or 0)
    half = (match["half"] or match["half1"] or "").lower()
    if half:
        if hour > 12:
            return None
        hour = hour % 12 + (12 if half[0] in "午p" and half != "午前" else 0)
    midnight = (hour, minute, second) == (24, 0, 0)
    try:
        clock = f"{0 if midnight else hour:02}:{minute:02}:{second:02}"
        found = np.datetime64(f"{year:04}-{month:02}-{day:02}T{clock}", "s")
    except ValueError:  # 2024-02-30, 25:00
        return None
    return found + np.timedelta64(1, "D") if midnight else found


def iso(moment: np.datetime64) -> str:
    """A moment as text, without a time at midnight.

    >>> iso(np.datetime64("2024-03-01T00:00:00")), iso(np.datetime64("2024-03-01T12:30:00"))
    ('2024-03-01', '2024-03-01T12:30:00')
    """
    return str(moment.astype("datetime64[s]")).removesuffix("T00:00:00")


def part(dates: Dates, name: str) -> npt.NDArray[np.float64]:
    """One number of every date: year, month, day (of the month), weekday (Monday = 0), days since 1970, hour.

    >>> d = np.array(["2024-03-01T12:00", "NaT"], dtype="datetime64[s]")
    >>> [part(d, name)[0].item() for name in PARTS]
    [2024.0, 3.0, 1.0, 4.0, 19783.0, 12.0]
    """
    numbers: npt.NDArray[Any] = _PART[name](dates)
    return np.where(np.isnat(dates), np.nan, numbers)


def days(dates: Dates) -> npt.NDArray[np.float64]:
    """Days since 1970-01-01, with the time of day as a fraction; NaN where there is none.

    >>> days(np.array(["1970-01-02T12:00", "NaT"], dtype="datetime64[s]"))
    array([1.5, nan])
    """
    seconds = dates.astype("datetime64[s]").astype(np.int64)
    return np.where(np.isnat(dates), np.nan, seconds / DAY)


def part_of_days(days: Any, name: str, xp: Any) -> Any:
    """The same as `part`, of days since 1970-01-01: a formula over an array namespace.

    Year, month and day by counting from a 1 March, behind which a leap day comes last (Hinnant 2013).

    >>> d = np.array([19783.5, np.nan])
    >>> [part_of_days(d, name, np)[0].item() for name in PARTS]
    [2024.0, 3.0, 1.0, 4.0, 19783.0, 12.0]
    """
    whole = xp.floor(days + 0.5 / DAY)  # half a second: a moment is told to the second
    if name == "days":
        return whole
    if name == "hour":
        return xp.floor((days - whole) * DAY + 0.5) / 3600
    if name == "weekday":
        return whole + 3 - 7 * xp.floor((whole + 3) / 7)
    since = whole + 719468  # days since 0000-03-01
    century = xp.floor(since / 146097)  # 400 years of them
    day = since - century * 146097
    year = xp.floor((day - xp.floor(day / 1460) + xp.floor(day / 36524) - xp.floor(day / 146096)) / 365)
    day = day - (365 * year + xp.floor(year / 4) - xp.floor(year / 100))
    month = xp.floor((5 * day + 2) / 153)  # from March, counted from 0
    if name == "day":
        return day - xp.floor((153 * month + 2) / 5) + 1
    if name == "month":
        return xp.where(month < 10, month + 3, month - 9)
    return year + century * 400 + xp.where(month < 10, 0.0, 1.0)


def _days(dates: Dates) -> Dates:
    return dates.astype("datetime64[D]")


DAY = 86_400.0

_PART: dict[str, Callable[[Dates], npt.NDArray[Any]]] = {
    "year": lambda d: d.astype("datetime64[Y]").astype(np.int64) + 1970,
    "month": lambda d: d.astype("datetime64[M]").astype(np.int64) % 12 + 1,
    "day": lambda d: (_days(d) - d.astype("datetime64[M]")).astype(np.int64) + 1,
    "weekday": lambda d: (_days(d).astype(np.int64) + 3) % 7,
    "days": lambda d: _days(d).astype(np.int64),
    "hour": lambda d: (d - _days(d)).astype("timedelta64[s]").astype(np.int64) / 3600,
}
