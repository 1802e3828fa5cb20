"""Where the bins of a column end: quantiles, of which no value may fill more than one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

ROUNDS = 6
"""how often what is heavier than a bin is cut down to one: what is left over spreads, so the bins shrink"""


def edges(x: Array, n: int) -> Array | None:
    """The ends of at most n bins of the values x, ascending: min, …, max; None where two bins would be one too many.

    A column of few values has an edge at each of them. Else a value counts at most as much as a bin, so that a column
    that is mostly 0 still has bins where it is not.

    >>> edges(np.array([0.0, 1, 2, 3, 4, 5, 6, 7]), 4).tolist()
    [0.0, 2.0, 4.0, 6.0, 7.0]
    >>> edges(np.array([0.0] * 90 + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), 5).tolist()
    [0.0, 1.0, 3.0, 6.0, 8.0, 10.0]
    >>> edges(np.array([0.0, 1, 0, 1]), 4) is None
    True
    """
    values, counts = np.unique(x, return_counts=True)
    if len(values) <= 2 or n < 2:
        return None
    if len(values) <= n + 1:
        return values
    weight = counts.astype(np.float64)
    for _ in range(ROUNDS):
        weight = np.minimum(counts, weight.sum() / n)
    share = (np.cumsum(weight) - weight / 2) / weight.sum()
    inner = values[np.minimum(np.searchsorted(share, np.arange(1, n) / n), len(values) - 1)]
    found = np.unique(np.concatenate([values[:1], inner, values[-1:]]))
    return found if len(found) > 2 else None


def how_many(columns: int, *, most: int = 16, in_all: int = 320) -> int:
    """Bins for each of so many columns: at most 16, and about 320 in all.

    >>> how_many(8), how_many(40), how_many(500)
    (16, 8, 0)
    """
    return min(most, in_all // max(1, columns))
