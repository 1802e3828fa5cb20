"""What stands around the digits of a number: sign, unit, parentheses, the mark of a footnote.

There are few different ones in a column, so each is looked at once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tasou.tables.spelling.units import BEFORE, BEHIND, pattern


class Around(NamedTuple):
    """What was found on one side of the digits."""

    sign: str = ""
    unit: str = ""
    note: str = ""
    parenthesis: bool = False
    dash: bool = False
    """``-`` behind an amount: no pence"""


SIGNS = str.maketrans({c: "-" for c in "−‐‑–﹣△▲"})
_NOTE = r"[*†‡§※¶]{1,3}|[¹²³⁰⁴-⁹]{1,2}[⁾)]?|[①-⑳]"
_BEFORE = re.compile(
    rf"(\()?\s*(?:([rpe]|[*†‡※])\s*)??([+-])?\s*({pattern(BEFORE)})?\s*([+-])?\s*",
)
_BEHIND = re.compile(
    rf"(-)?\s*({pattern(BEHIND)})?({_NOTE}|\s*[rpe])?\s*(\))?\s*({pattern(BEHIND)})?\s*",
)


@lru_cache(maxsize=1 << 12)
def before(text: str) -> Around | None:
    """What a text in front of the digits says; None if it is more than that.

    >>> before("($ "), before("No. ")
    (Around(sign='', unit='$', note='', parenthesis=True, dash=False), None)
    """
    match = _BEFORE.fullmatch(text.translate(SIGNS))
    if match is None or (match[3] and match[5]):
        return None
    unit = BEFORE[match[4]] if match[4] else ""
    return Around(match[3] or match[5] or "", unit, match[2] or "", bool(match[1]))


@lru_cache(maxsize=1 << 12)
def behind(text: str) -> Around | None:
    """What a text behind the digits says; None if it is more than that.

    >>> behind("千円").unit, behind("¹").note, behind("th")
    ('千円', '¹', None)
    """
    match = _BEHIND.fullmatch(text)
    if match is None or (match[2] and match[5]):
        return None
    unit = match[2] or match[5]
    return Around("", BEHIND[unit] if unit else "", (match[3] or "").strip(), bool(match[4]), bool(match[1]))
