"""What a cell says by itself, whatever else its column holds: most cells do, and then no column needs to be read.

Where two readings are possible (``1,234``, ``1/3/2024``) a column decides as a whole (`numerals`, `days`). What is
returned here is what the column would say in every company of such cells, else None.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tasou.tables.jsonlines import Number
from tasou.tables.spelling import dates
from tasou.tables.spelling.categories import Levels
from tasou.tables.spelling.habits import PLAIN, Notation
from tasou.tables.spelling.missing import Marks, is_missing
from tasou.tables.spelling.numbers import LARGEST, plain_float

LONGEST = 100
NAN = float("nan")


class Alone(NamedTuple):
    """A cell as the number that a step's `features` take, and what is to be known of it."""

    value: float
    """the number; days since 1970-01-01; or the number of the level, -1 for a text that is none"""
    missing: bool = False
    beyond: bool = False
    """a number that is infinite or larger than anything measured, taken as missing"""


MISSING = Alone(NAN, True)


def of_number(text: str, notation: Notation = PLAIN, marks: Marks | None = None) -> Alone | None:
    """The cell of a column of numbers, written as ``notation`` says.

    >>> of_number("1.5"), of_number(""), of_number("1e999"), of_number("1,234")
    (Alone(value=1.5, missing=False, beyond=False), Alone(value=nan, missing=True, beyond=False),
     Alone(value=nan, missing=True, beyond=True), None)
    """
    if text == "" or (marks is not None and is_missing(text, marks)):
        return MISSING
    value = plain_float(text) if len(text) <= LONGEST else None
    if value is None:
        return MISSING if is_missing(text, marks) else None
    if notation is not PLAIN and notation != PLAIN and not isinstance(text, Number):
        return None
    if abs(value) < LARGEST:
        return Alone(value)
    return Alone(NAN, True, not is_missing(text, marks))


def of_date(text: str, marks: Marks | None = None) -> Alone | None:
    """The cell of a column of dates.

    >>> of_date("1970-01-02"), of_date("2/1/1970")
    (Alone(value=1.0, missing=False, beyond=False), None)
    """
    if is_missing(text, marks):
        return MISSING
    found = dates.moment(text) if len(text) < LONGEST else None
    if found is None or np.isnat(found):
        return None
    return Alone(float(dates.days(found.reshape(1))[0]))


def of_level(text: str, levels: Levels, marks: Marks | None = None) -> Alone | None:
    """The cell of a column of categories.

    >>> of_level("b", Levels(["a", "b"])).value, of_level("", Levels(["a", ""])).value
    (1.0, 1.0)
    """
    gone = is_missing(text, marks)
    place = levels.place("" if gone and text.strip() not in levels.names else text)
    return Alone(-1.0 if place is None else float(place), gone)


def reader(step: Any, marks: Marks | None = None) -> Any:
    """What reads a cell of the column of a step: ``read(text)``."""
    if step.cell.kind == "level":
        return lambda text: of_level(text, step.known, marks)
    if step.cell.kind == "date":
        return lambda text: of_date(text, marks)
    return lambda text: of_number(text, step.notation, marks)
