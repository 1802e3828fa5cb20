"""Numbers as people type them: blanks, full-width digits, thousands marks, and the many spellings of "missing".

``12``, ``1.5e-3``, `` 7 ``, ``１２．５``, ``1,234``, ``−3`` and the accountant's ``△3`` are numbers; ``45%`` is text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

_TOKENS = (
    "NA N/A n/a #N/A #NA NaN nan -nan -NaN NULL Null null None <NA> NaT ? - -- . .. ... * ** *** "
    "… ‥ …… － ― — – ‐ −"
)
MISSING = frozenset({"", *_TOKENS.split()})

LARGEST = 1e100  # nothing measured is larger, and its square must not overflow

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_MINUS = str.maketrans({"−": "-", "△": "-", "▲": "-"})


def is_missing(text: str) -> bool:
    """Whether a cell says "no value": empty, blank, or one of the tokens in ``MISSING``.

    >>> [is_missing(t) for t in ("", " NA ", "…", "none", "0")]
    [True, True, True, False, False]
    """
    return text in MISSING or text.strip() in MISSING


def number(text: str) -> float | None:
    """The number a cell spells; NaN where it is missing, infinite or beyond 1e100, ``None`` where it is no number.

    >>> [number(t) for t in ("1,234.5", "１２", "△3", "45%", "1,23")]
    [1234.5, 12.0, -3.0, None, None]
    """
    if is_missing(text):
        return np.nan
    if "_" in text:  # Python's float reads 1_000; no data file means that
        return None
    try:
        value = float(text)
    except ValueError:
        return _typed_number(text)
    return value if abs(value) < LARGEST else np.nan


def _typed_number(text: str) -> float | None:
    plain = unicodedata.normalize("NFKC", text.translate(_MINUS)).strip()
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        return float(plain)
    except ValueError:
        return None


def parse(texts: Iterable[str]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """All numbers at once: the values (NaN where there is none) and a mask of the cells that hold text instead.

    >>> parse(["1", "?", "x"])
    (array([ 1., nan, nan]), array([False, False,  True]))
    """
    found = [number(text) for text in texts]
    text = np.array([value is None for value in found], dtype=bool)
    return np.array([np.nan if value is None else value for value in found], dtype=np.float64), text


def spelled(value: float) -> str:
    """A number as text, integers without a point, so that 3, 3.0 and "3" are one category.

    >>> spelled(3.0), spelled(0.5), spelled(float("nan"))
    ('3', '0.5', '')
    """
    if value != value:
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
