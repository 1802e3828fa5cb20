"""Which rows each member learns from, and which are kept out of it: classes in their shares, groups never cut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.messages import Message

FEW_GROUPS = Message(
    "ensembles.few_groups",
    en="{folds} folds need at least as many groups, but there {n:is|are} {n}",
    ja="{folds} 分割には、少なくとも同じ数のグループが必要です（グループは {n} 個）",
)

Codes = NDArray[np.integer[Any]]
Random = np.random.Generator


class Holdout(NamedTuple):
    """The rows that a member learns from and those kept out of it, both ascending.

    >>> Holdout.of(np.array([True, False, True]))
    Holdout(kept=array([1], dtype=int32), held=array([0, 2], dtype=int32))
    """

    kept: Codes
    held: Codes

    @classmethod
    def of(cls, held: NDArray[np.bool_]) -> Holdout:
        """Of n rows, by whether each is kept out; in numbers half as long as NumPy's own, for every member has some."""
        return cls(*(np.flatnonzero(rows).astype(np.int32) for rows in (~held, held)))


def partition(
    n: int, folds: int, rng: Random, *, strata: Codes | None = None, groups: Codes | None = None
) -> Codes:
    """(n,) the fold of each row, 0 … folds − 1, of sizes as equal as can be.

    Parameters
    ----------
    strata
        (n,) classes; every fold gets its share of each
    groups
        (n,) rows of the same group come into the same fold; the largest groups are dealt first, each to the fold that
        has fewest rows so far (``strata`` are not looked at then)

    Raises
    ------
    TasouError
        fewer groups than folds

    Examples
    --------
    >>> fold = partition(12, 3, np.random.default_rng(0), strata=np.repeat([0, 1], 6))
    >>> np.bincount(fold).tolist(), np.bincount(fold[:6]).tolist()
    ([4, 4, 4], [2, 2, 2])
    """
    if groups is not None:
        return _dealt(groups, folds, rng)
    order = rng.permutation(n)
    if strata is not None:
        order = order[np.argsort(strata[order], kind="stable")]
    fold = np.empty(n, np.int64)
    fold[order] = np.arange(n) % folds
    return fold


def _dealt(groups: Codes, folds: int, rng: Random) -> Codes:
    _, group, counts = np.unique(groups, return_inverse=True, return_counts=True)
    if len(counts) < folds:
        raise TasouError(FEW_GROUPS, folds=folds, n=len(counts))
    order = rng.permutation(len(counts))
    order = order[np.argsort(-counts[order], kind="stable")]
    fold_of, sizes = np.empty(len(counts), np.int64), np.zeros(folds, np.int64)
    for g in order.tolist():
        fold_of[g] = smallest = int(sizes.argmin())
        sizes[smallest] += counts[g]
    return fold_of[group]


def periods(time: NDArray[Any], n: int) -> Codes:
    """(rows,) the number of the period that each moment belongs to: at most n of about equal size, moments never cut.

    >>> periods(np.array([3, 1, 1, 1, 2, 4]), 2).tolist()
    [1, 0, 0, 0, 1, 1]
    """
    moments, place, counts = np.unique(time, return_inverse=True, return_counts=True)
    before = np.cumsum(counts) - counts
    period = np.unique(before * n // max(1, len(time)), return_inverse=True)[1]
    return np.asarray(period[place] if len(moments) else np.zeros(0), np.int64)


def holdouts(
    n: int,
    members: int,
    rng: Random,
    *,
    folds: int = 4,
    each: int = 1,
    strata: Codes | None = None,
    groups: Codes | None = None,
) -> list[Holdout]:
    """Who keeps out what: ``each`` members the same fold, as many the next; a new partition when all were kept out.

    With ``folds=4, each=1`` and 8 members every row is kept out of two of them; with ``folds=8, each=2`` and 4 members
    a quarter of the rows is kept out of two, and nobody learns from less than seven eighths.

    >>> who = holdouts(8, 4, np.random.default_rng(0))
    >>> sorted(np.concatenate([out.held for out in who]).tolist())
    [0, 1, 2, 3, 4, 5, 6, 7]
    """

    def dealt() -> Iterator[Holdout]:
        while True:
            fold = partition(n, folds, rng, strata=strata, groups=groups)
            for j in range(folds):
                yield from [Holdout.of(fold == j)] * each

    return [out for out, _ in zip(dealt(), range(members), strict=False)]
