"""Where the bins of a column end: quantiles, of which no value may fill more than one."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MOST_ROWS = 100_000
ROUNDS = 6
"""how often what is heavier than a bin is cut down to one: what is left over spreads, so the bins shrink"""


class Counted(NamedTuple):
    """The values of a column, ascending, and how often each was seen; of many rows of a sample, but from min to max."""

    values: Array
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, x: Array, rows: NDArray[np.int64] | None = None) -> Counted:
        """Count the values of x, in some rows if there are too many.

        >>> Counted.of(np.array([3.0, 1, 3, 9]), rows=np.array([0, 2]))
        Counted(values=array([1., 3., 9.]), counts=array([1, 2, 1]))
        """
        if rows is not None:
            x = np.concatenate([x[rows], [x.min()], [x.max()]])
        values, counts = np.unique(x, return_counts=True)
        return cls(values.astype(np.float64), counts)


def varied(x: Array, rows: NDArray[np.int64] | None = None) -> bool:
    """Whether there are more than two values, looking at some rows if there are too many.

    >>> varied(np.array([1.0, 0, 1])), varied(np.array([1.0, 0, 2]))
    (False, True)
    """
    seen = x if rows is None else x[rows]
    return bool(((x.min() < seen) & (seen < x.max())).any())


def edges(x: Array | Counted, n: int) -> Array | None:
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
    values, counts = x if isinstance(x, Counted) else Counted.of(x)
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


def sample(n: int) -> NDArray[np.int64] | None:
    """The rows that are counted, of n: at most 100,000; None for all.

    >>> sample(1_000) is None, len(sample(1_000_000))
    (True, 100000)
    """
    return None if n <= MOST_ROWS else np.random.default_rng(0).integers(0, n, MOST_ROWS)


def how_many(columns: int, *, most: int = 16, in_all: int = 320) -> int:
    """Bins for each of so many columns: at most 16, and about 320 in all.

    >>> how_many(8), how_many(40), how_many(500)
    (16, 8, 0)
    """
    return min(most, in_all // max(1, columns))
