"""One number as people write it: signs, thousands marks, decimal commas, units, footnote marks.

``12``, ``1.5e-3``, ``１２．５``, ``1,234``, ``1 234``, ``1'234``, ``−3``, accountants' ``△ 3`` and ``(3)``, ``12%``,
``1,234円``, ``$1,234.50``, and with a comma for the decimal mark ``0,125`` and ``1.234,56``. Which of two readings is
meant where both are possible (``1,234``) is decided for a column as a whole, see `numerals`. Superscripts and circled
digits are never digits.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from tasou.tables.spelling.letters import folded
from tasou.tables.spelling.missing import is_missing
from tasou.tables.spelling.units import BEFORE, BEHIND, pattern

LARGEST = 1e100  # nothing measured is larger, and its square must not overflow

Decimal = Literal[".", ","]


@dataclass(frozen=True)
class Numeral:
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


_SIGNS = str.maketrans({c: "-" for c in "−‐‑–﹣△▲"})
_GROUPS = " \u2009'’"  # what stands between thousands, besides the mark that is not the decimal one
_NOTE = r"[*†‡§※¶]{1,3}|[¹²³⁰⁴-⁹]{1,2}[⁾)]?|[①-⑳]"
_NUMERAL = re.compile(
    rf"""(?P<open>\()? \s*
    (?P<before>(?:[rpe]|[*†‡※])\s*)??
    (?P<sign>[+-])? \s* (?P<unit0>{pattern(BEFORE)})? \s* (?P<sign1>[+-])? \s*
    (?P<body>[\d.,][\d.,{_GROUPS}]*? (?:[eE][+-]?\d+)?)
    (?(unit0)(?:\.?-)?) \s* (?P<unit1>{pattern(BEHIND)})?
    (?P<note>{_NOTE}|\s*[rpe])? \s*
    (?P<close>\))? \s* (?P<unit2>{pattern(BEHIND)})?""",
    re.VERBOSE,
)
_DIGIT = re.compile(r"\d")
_DIGITS = {chr(code) for code in range(0x600, 0x1E000) if chr(code).isdecimal()}
_FIRST = {how[0] for how in BEFORE} | set("rpe†‡※△▲−‐‑–﹣") | _DIGITS
_LONGEST = 400
_PLAIN = {
    ".": re.compile(
        rf"(?:\d+|[1-9]\d{{0,2}}(?:([,{_GROUPS}])\d{{3}}(?:\1\d{{3}})*))?(?:\.\d*)?(?:[eE][+-]?\d+)?"
    ),
    ",": re.compile(
        rf"(?:\d+|[1-9]\d{{0,2}}(?:([.{_GROUPS}])\d{{3}}(?:\1\d{{3}})*))?(?:,\d*)?(?:[eE][+-]?\d+)?"
    ),
}
_NO_GROUPS = str.maketrans(dict.fromkeys(map(ord, _GROUPS)))


def numeral(text: str) -> Numeral | None:
    """The cell taken apart if it is a number in some reading.

    >>> numeral("△ 1,234円")
    Numeral(point='-1234', comma='-1.234', unit='円', note='')
    >>> numeral("0,125"), numeral("12.3¹").note, numeral("1,23,4")
    (Numeral(point=None, comma='0.125', unit='', note=''), '¹', None)
    """
    text = folded(text)
    if not _DIGIT.search(text) or (text[0] > "@" and text[0] not in _FIRST) or len(text) > _LONGEST:
        return None
    match = _NUMERAL.fullmatch(text.translate(_SIGNS))
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    signs = [s for s in (match["sign"], match["sign1"]) if s] + (["-"] if match["open"] else [])
    units = {BEFORE[match["unit0"]]} if match["unit0"] else set()
    units |= {BEHIND[match[name]] for name in ("unit1", "unit2") if match[name]}
    if len(signs) > 1 or len(units) > 1:
        return None
    point, comma = (_digits(match["body"], decimal, "-" if "-" in signs else "") for decimal in (".", ","))
    note = ((match["before"] or "") + (match["note"] or "")).strip()
    if (point is None and comma is None) or _may_be_a_power(match["body"], note):
        return None
    return Numeral(point, comma, units.pop() if units else "", note)


def _digits(body: str, decimal: str, sign: str) -> str | None:
    """The body without thousands marks and with a point, if it is a number with this decimal mark."""
    if not _PLAIN[decimal].fullmatch(body) or not any(c.isdecimal() for c in body):
        return None
    plain = body.translate(_NO_GROUPS)
    if not plain.isascii():  # digits of other scripts
        plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    plain = plain.replace(",", "") if decimal == "." else plain.replace(".", "").replace(",", ".")
    return sign + plain


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
