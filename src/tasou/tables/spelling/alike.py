"""Many numbers that are written alike, read at once: signs, thousands marks, one decimal mark, one unit.

What is read here is what `numerals` would find cell by cell; where the cells are not alike, nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tasou.tables.spelling.around import SIGNS
from tasou.tables.spelling.letters import WIDTH, folded
from tasou.tables.spelling.numbers import Decimal, numeral

_BODY = r"(?:[+-]?[ ]?(?:\d+|[1-9]\d{{0,2}}(?:{group}\d{{3}})+)(?:{mark}\d+)?\n)+"
_BODIES: dict[Decimal, re.Pattern[str]] = {
    ".": re.compile(_BODY.format(group=",", mark=r"\."), re.ASCII),
    ",": re.compile(_BODY.format(group=r"\.", mark=","), re.ASCII),
}


class Alike(NamedTuple):
    """The numbers of texts that are written alike."""

    texts: Sequence[str]
    bodies: str
    """the digits with their marks, each ended by a line end"""
    unit: str
    point: bool
    """whether all can be read with a decimal point"""
    comma: bool

    def first(self, decimal: Decimal | None) -> str | None:
        """The first text that cannot be read with this decimal mark; without one, whose number depends on it."""
        for text in self.texts:
            found = numeral(text)
            if found is not None and (
                found.point != found.comma if decimal is None else found.digits(decimal) is None
            ):
                return text
        return None

    def values(self, decimal: Decimal) -> npt.NDArray[np.float64]:
        """The numbers."""
        plain = self.bodies.replace(" ", "")
        plain = plain.replace(",", "") if decimal == "." else plain.replace(".", "").replace(",", ".")
        return np.fromiter(map(float, plain.split("\n")[:-1]), np.float64, len(self.texts))


def alike(texts: Sequence[str]) -> Alike | None:
    """The texts as numbers if all are written alike.

    >>> found = alike(["1,234円", "5円"])
    >>> found.unit, found.values("."), found.point, found.comma
    ('円', array([1234.,    5.]), True, True)
    """
    first = numeral(texts[0]) if texts else None
    if first is None or first.note:
        return None
    joined = "\n".join(texts)
    if not joined.isascii():
        joined = joined.translate(WIDTH).translate(SIGNS)
    bodies = _bodies(joined + "\n", folded(texts[0]).translate(SIGNS), len(texts))
    if bodies is None or bodies.count("\n") != len(texts):
        return None
    point, comma = (bool(_BODIES[mark].fullmatch(bodies)) for mark in (".", ","))
    return Alike(texts, bodies, first.unit, point, comma) if point or comma else None


def _bodies(joined: str, first: str, n: int) -> str | None:
    """The texts without what the first has before and behind its digits, if all have it."""
    match = re.fullmatch(r"([^\d+-]*)([+-]?\s*[\d.,]*\d)(\D*|\s*[kc]?m\^?[23])", first)
    if match is None:
        return None
    ahead, _, behind = match.groups()
    if "(" in ahead:  # which is a sign
        return None
    if behind:
        if joined.count(behind + "\n") != n:
            return None
        joined = joined.replace(behind + "\n", "\n")
    if ahead:
        joined = "\n" + joined[:-1]
        if joined.count("\n" + ahead) != n:
            return None
        joined = joined.replace("\n" + ahead, "\n")[1:] + "\n"
    return joined
