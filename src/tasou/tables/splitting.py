"""Set a test part aside, each class in its share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tasou.errors import TableError
from tasou.messages import Message
from tasou.tables.column import Array

TEST_SIZE = Message(
    "table.test_size",
    en="test_size must be at least 0 and below 1, not {test_size}",
    ja="test_size は0以上1未満にしてください（{test_size} は使えません）",
)

Rows = npt.NDArray[np.int64]


def split(
    n: int,
    test_size: float = 0.2,
    *,
    rng: np.random.Generator | int | None = None,
    stratify: Array | None = None,
) -> tuple[Rows, Rows]:
    """(rows to train on, rows to test on), both in ascending order.

    Parameters
    ----------
    n
        number of rows
    test_size
        share of rows in the test part, at least 0 and below 1
    rng
        random generator or seed
    stratify
        (n,) classes; each gives its share, rounded by largest remainder, and keeps at least one row to train on

    Examples
    --------
    >>> train, test = split(10, 0.2, rng=0, stratify=np.array([0] * 5 + [1] * 5))
    >>> len(train), len(test), sorted((test >= 5).tolist())
    (8, 2, [False, True])
    """
    if not 0 <= test_size < 1:
        raise TableError(TEST_SIZE, test_size=test_size)
    rng = np.random.default_rng(rng)
    codes = np.zeros(n, np.int64) if stratify is None else np.unique(stratify, return_inverse=True)[1]
    counts = np.bincount(codes)
    order = rng.permutation(n)
    order = order[np.argsort(codes[order], kind="stable")]
    place = np.arange(n) - np.repeat(np.cumsum(counts) - counts, counts)
    test = order[place < _shares(counts, test_size)[codes[order]]]
    return np.setdiff1d(np.arange(n), test), np.sort(test)


def _shares(counts: Rows, test_size: float) -> Rows:
    """How many rows each class gives to the test part."""
    exact: npt.NDArray[np.floating] = counts * test_size
    most = np.maximum(counts - 1, 0)
    shares: Rows = np.minimum(np.floor(exact).astype(np.int64), most)
    missing = round(int(counts.sum()) * test_size) - int(shares.sum())
    for k in np.argsort(-(exact - shares), kind="stable")[: max(missing, 0)]:
        shares[k] = min(shares[k] + 1, most[k])
    return shares
