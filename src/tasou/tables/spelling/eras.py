"""Years of the Japanese eras: 令和6年 and R6 are 2024, 令和元年 is 2019; ㋿ and the like are one character."""

from __future__ import annotations

_BEFORE_FIRST = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_SQUARE = {"㋿": "令和", "㍻": "平成", "㍼": "昭和", "㍽": "大正", "㍾": "明治"}
_LETTERS = dict(zip("RHSTM", _BEFORE_FIRST, strict=True))
_SHORT = {era[0]: era for era in _BEFORE_FIRST}

WRITTEN = "|".join([*_BEFORE_FIRST, *_SQUARE])
"""a regular expression for an era that is written out"""
SHORT = "[" + "".join([*_LETTERS, *_SHORT]) + "]"
"""one for its letter"""


def year(era: str, number: str) -> int:
    """The year of our reckoning.

    >>> year("令和", "元"), year("S", "49"), year("㍻", "12")
    (2019, 1974, 2000)
    """
    name = _SQUARE.get(era) or _LETTERS.get(era) or _SHORT.get(era) or era
    return _BEFORE_FIRST[name] + (1 if number == "元" else int(number))
