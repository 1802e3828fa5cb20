"""The marks of a cell without a value: empty, ``NA``, ``-``, ``…``, ``#DIV/0!`` and so on; and those of a withheld one.

A cell of ``x`` or ``///`` in an official table is a number that is not told. In a column of texts it is a text, so
these count only where the rest of a column is numbers (see `numerals`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tasou.tables.spelling.letters import folded

_TOKENS = (
    "NA N/A n/a N.A. n.a. #N/A #NA #NV NaN nan -nan -NaN NULL Null null None <NA> NaT \\N "
    "1.#IND -1.#IND 1.#QNAN -1.#QNAN ? - -- . .. ... * ** *** … ‥ …… － ― — – ‐ −"
)
MISSING = frozenset({"", *_TOKENS.split()})
Marks = frozenset[str]
Mask = npt.NDArray[np.bool_]

_NEVER_FIRST = frozenset(map(chr, range(0x21, 0x7F))) - {mark[0] for mark in MISSING if mark}
_ERROR = re.compile(
    r"#[^\W\d_¡¿][^\s#]{0,12}[!?]|#¡[^\s#]{1,12}!|#(?:N/A N/A|GETTING_DATA)"
)  # of a spreadsheet
_WITHHELD = "x X χ Χ х × ✕ ✖ s S c C D (D) (S) (X) (x) (Z)"
_WITHHELD_LETTERS = frozenset(_WITHHELD.split(" "))
_LONGEST = 20
_WITHHELD_SIGNS = re.compile(r"/{2,}|\*+|[…‥.]{2,}|:|[×✕✖]{2,}|[xX]{2,3}")


def is_missing(text: str, marks: Marks | None = None) -> bool:
    """Whether a cell says "no value": empty, blank, or one of ``marks``; without them, of the usual ones.

    >>> [is_missing(t) for t in ("", " NA ", "…", "#DIV/0!", "none", "0")]
    [True, True, True, True, False, False]
    >>> is_missing("NA", frozenset()), is_missing("", frozenset())
    (False, True)
    """
    if text in (marks if marks is not None else MISSING):
        return True
    if marks is None and text[0] in _NEVER_FIRST:  # nearly all cells
        return False
    text = folded(text)
    if marks is not None:
        return text == "" or text in marks
    return text in MISSING or (text[0] == "#" and _ERROR.fullmatch(text) is not None)


def mask_of(texts: Sequence[str], marks: Marks | None = None) -> Mask:
    """(m,) which of the texts say "no value"."""
    return np.fromiter((is_missing(text, marks) for text in texts), bool, len(texts))


def is_withheld(text: str, *, letters: bool = True) -> bool:
    """Whether a cell of a column of numbers says that its number is not told; ``letters``: ``x`` as well as ``///``.

    >>> [is_withheld(t) for t in ("x", "χ", "///", "NA", "y", "12")]
    [True, True, True, True, False, False]
    """
    if len(text) > _LONGEST:
        return False
    text = folded(text)
    if _WITHHELD_SIGNS.fullmatch(text):
        return True
    return letters and (text in _WITHHELD_LETTERS or is_missing(text))
