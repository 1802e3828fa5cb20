"""The cells of a column as texts for a file, as they stood: nothing rounded, nothing renamed."""

from __future__ import annotations

from typing import Any

import numpy as np

from tasou.tables.cells import Cells
from tasou.tables.column import Array, Column
from tasou.tables.spelling.numbers import spelled

_WHOLE = 2.0**53


def written(column: Column) -> list[str]:
    """(n,) one text per row: a text as it stood, a number with all its digits, a date in ISO 8601, nothing as ``""``.

    >>> written(Column(np.array([1234567.891, 3.0, np.nan])))
    ['1234567.891', '3', '']
    >>> written(Column(np.array(["2024-03-01", "2024-03-01T12:30", "NaT"], dtype="datetime64[ns]")))
    ['2024-03-01T00:00:00', '2024-03-01T12:30:00', '']
    """
    stored = column.stored
    if isinstance(stored, Cells):
        return stored.written()
    if stored.dtype.kind == "M":
        return _dates(stored)
    spell = _float if stored.dtype.kind == "f" else str
    values = stored if stored.dtype.kind == "f" else stored.tolist()
    texts = [spell(value) for value in values]
    if column.absent is not None:
        texts = ["" if absent else text for text, absent in zip(texts, column.absent.tolist(), strict=True)]
    return texts


def _float(value: Any) -> str:
    """The shortest text that is the same number in the column's own precision; a whole number without its ``.0``."""
    if value != value:
        return ""
    if abs(value) < _WHOLE and value == int(value):
        return spelled(float(value))
    return str(value)


def _dates(moments: Array) -> list[str]:
    """Days alone where the column holds days, else to the second, or as finely as the column needs."""
    unit: Any = np.datetime_data(moments.dtype)[0]
    if unit not in ("Y", "M", "W", "D"):
        known = moments[~np.isnat(moments)]
        finer = ("s", "ms", "us", "ns")
        unit = next(u for u in finer if u == "ns" or (known == known.astype(f"datetime64[{u}]")).all())
    else:
        unit = "D"
    texts = np.datetime_as_string(moments, unit=unit).tolist()
    return ["" if text == "NaT" else text for text in texts]
