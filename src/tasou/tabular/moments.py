"""When rows were seen: a column of dates or numbers, by whose periods they are kept out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.tables.column import Column

PERIODS = 16
"""periods into which the rows are cut where times are given: each is kept out as a whole"""


def moments_of(column: Column) -> tuple[NDArray[Any], int | None]:
    """(n,) numbers or dates, and the first row that has none, if there is one.

    >>> from tasou.tables import Table
    >>> moments_of(Table({"seen": ["2024-2-1", "2024-10-1", "soon"]}).column("seen"))[1]
    2
    """
    values: NDArray[Any] = column.numbers if column.is_numeric else column.dates
    unknown = np.isnan(values) if column.is_numeric else np.isnat(values)
    return values, int(np.argmax(unknown)) if unknown.any() else None
