"""One number as people write it: signs, thousands marks, decimal commas, units, footnote marks.

``12``, ``1.5e-3``, ``１２．５``, ``1,234``, ``1 234``, ``1'234``, ``−3``, accountants' ``△ 3`` and ``(3)``, ``12%``,
``1,234円``, ``$1,234.50``, and with a comma for the decimal mark ``0,125`` and ``1.234,56``. Which of two readings is
meant where both are possible (``1,234``) is decided for a column as a whole, see `numerals`. Superscripts and circled
digits are never digits.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

from tasou.tables.spelling.around import Around, before, behind
from tasou.tables.spelling.letters import folded
from tasou.tables.spelling.missing import is_missing

LARGEST = 1e100  # nothing measured is larger, and its square must not overflow

Decimal = Literal[".", ","]


class Numeral(NamedTuple):
    """A cell taken apart: its digits as plain text for either decimal mark, None where it cannot be read so."""

    point: str | None
    comma: str | None
    unit: str = ""
    """the unit, by its first name in `units`"""
    note: str = ""
    """a footnote mark beside the number, or r (revised), p (provisional), e (estimated)"""

    def digits(self, decimal: Decimal) -> str | None:
        """The number as plain text, e.g. ``"-1234.5"``."""
        return self.point if decimal == "." else self.comma

    def value(self, decimal: Decimal) -> float | None:
        """The number itself."""
        digits = self.digits(decimal)
        return None if digits is None else float(digits)


_GROUPS = " \u2009'’"  # what stands between thousands, besides the mark that is not the decimal one
_SPLIT = re.compile(
    rf"(\D*?)((?:\d|[.,](?=\d))[\d.,{_GROUPS}]*)((?<=\d)[eE][+-]?\d+)?(\D*|[kc]?m\^?[23]\s*[)]?)"
)
_LONGEST = 400
_DIGITS = {
    ".": re.compile(rf"(?:\d+|[1-9]\d{{0,2}}(?:([,{_GROUPS}])\d{{3}}(?:\1\d{{3}})*))?(?:\.\d*)?"),
    ",": re.compile(rf"(?:\d+|[1-9]\d{{0,2}}(?:([.{_GROUPS}])\d{{3}}(?:\1\d{{3}})*))?(?:,\d*)?"),
}
_NO_GROUPS = str.maketrans(dict.fromkeys(map(ord, _GROUPS)))
_NOTHING = Around()


def numeral(text: str) -> Numeral | None:
    """The cell taken apart if it is a number in some reading.

    >>> numeral("△ 1,234円")
    Numeral(point='-1234', comma='-1.234', unit='円', note='')
    >>> numeral("0,125"), numeral("12.3¹").note, numeral("1,23,4")
    (Numeral(point=None, comma='0.125', unit='', note=''), '¹', None)
    """
    text = folded(text)
    match = _SPLIT.fullmatch(text) if len(text) < _LONGEST else None
    if match is None:
        return None
    ahead, body, power, rest = match.groups()
    left = before(ahead) if ahead else _NOTHING
    right = behind(rest) if rest else _NOTHING
    if left is None or right is None or not _agree(left, right):
        return None
    body = body.rstrip()
    point, comma = _both(body)
    if (point is None and comma is None) or _may_be_a_power(body, right.note):
        return None
    sign = "-" if left.sign == "-" or left.parenthesis else ""
    power = power or ""
    if sign or power:
        point = None if point is None else sign + point + power
        comma = None if comma is None else sign + comma + power
    return Numeral(point, comma, left.unit or right.unit, left.note + right.note)


def _agree(left: Around, right: Around) -> bool:
    """Whether both sides are of one number: ``(5``, ``$5€``, ``-(5)`` and ``5-`` are none."""
    if left is right:
        return True
    units = {left.unit, right.unit} - {""}
    return (
        left.parenthesis == right.parenthesis
        and len(units) < 2
        and not (left.parenthesis and left.sign)
        and (left.unit != "" or not right.dash)
    )


def _both(body: str) -> tuple[str | None, str | None]:
    """The digits as plain text if the point is the decimal mark, and if the comma is."""
    if body.isdecimal() and body.isascii():
        return body, body
    return _digits(body, "."), _digits(body, ",")


def _digits(body: str, decimal: str) -> str | None:
    """The body without thousands marks and with a point, if it is a number with this decimal mark."""
    if not _DIGITS[decimal].fullmatch(body):
        return None
    plain = body.translate(_NO_GROUPS)
    if not plain.isascii():  # digits of other scripts
        plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    return plain.replace(",", "") if decimal == "." else plain.replace(".", "").replace(",", ".")


def _may_be_a_power(body: str, note: str) -> bool:
    """``10³`` is 1000 to one reader and 10 with a footnote to another: it is no number."""
    return body in ("10", "2") and note != "" and note[0] in "¹²³⁰⁴⁵⁶⁷⁸⁹"


def number(text: str, decimal: Decimal = ".") -> float | None:
    """The number a cell spells; NaN where it is missing, infinite or beyond 1e100, ``None`` where it is no number.

    >>> [number(t) for t in ("1,234.5", "１２", "△ 3", "45%", "1,23", "x")]
    [1234.5, 12.0, -3.0, 45.0, None, None]
    """
    if is_missing(text):
        return float("nan")
    plain = plain_float(text)
    if plain is None:
        found = numeral(text)
        plain = None if found is None or found.note else found.value(decimal)
    return plain if plain is None or abs(plain) < LARGEST else float("nan")


def plain_float(text: str) -> float | None:
    """What Python itself reads, but for its underscores: no data file means 1000 by ``1_000``."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def spelled(value: float) -> str:
    """A number as text, integers without a point, so that 3, 3.0 and "3" are one category; "" where there is none.

    >>> spelled(3.0), spelled(0.5), spelled(2**53 + 1), spelled(float("nan")), spelled(float("inf"))
    ('3', '0.5', '9007199254740993', '', '')
    """
    if isinstance(value, int):
        return str(value)
    if value != value or abs(value) == float("inf"):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
