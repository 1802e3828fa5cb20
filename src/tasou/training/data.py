"""The training data and the order in which it is walked: full batch, mini-batches, single samples (lecture 3.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import ShapeError, TasouError
from tasou.messages import Message
from tasou.network import Network

ROWS = Message(
    "training.rows",
    en="X and Y must have the same number of rows, at least 1; got {n} and {targets}",
    ja="X と Y の行数は1以上で、同じにしてください（{n} 行と {targets} 行でした）",
)
WEIGHT_SHAPE = Message(
    "training.weight_shape",
    en="sample_weight must have shape {shape}, got {found}",
    ja="sample_weight の形は {shape} にしてください（{found} でした）",
)
WEIGHTS = Message(
    "training.weights",
    en="sample_weight must be finite, not negative, and not all zero",
    ja="sample_weight は有限で0以上にし、すべてを0にはしないでください",
)
INDEX = Message(
    "training.index",
    en="which rows are learnt from is said by their numbers, 0 … {last}, at least one",
    ja="学習に使う行は 0 から {last} までの番号で、1つ以上指定してください",
)

Array = NDArray[Any]


@dataclass(frozen=True)
class Batch:
    """Rows of the data: views where they lie together, else gathered into a buffer that is used again."""

    X: Any
    Y: Array
    sample_weight: Array | None
    index: slice | NDArray[np.intp]
    """which rows of the table these are"""

    @property
    def n(self) -> int:
        """The number of rows."""
        return len(self.Y)


class Data:
    """X (n, n_0), Y (n, K) and the weights (n,) of the samples, in the dtype of the network that learns them.

    Parameters
    ----------
    network
        that learns them
    X, Y, sample_weight
        rows as the network takes them
    index
        (n,) which of these rows are learnt from; all if not given. Nothing is copied: a batch is gathered from where
        its rows lie, so that many trainings can learn from different rows of one table

    Raises
    ------
    ShapeError
        lengths that differ, or no rows at all
    TasouError
        weights that are negative, not finite, or all zero; numbers of rows that there are not

    Examples
    --------
    >>> data = Data(Network((1, 2)), [[0.0], [1.0], [2.0]], [0, 1, 1], index=np.array([0, 2]))
    >>> data.n, data.X.ravel().tolist()
    (2, [0.0, 2.0])
    """

    def __init__(
        self, network: Network, X: Any, Y: Any, sample_weight: Any = None, *, index: Any = None
    ) -> None:
        X, Y = network.as_input(X), network.as_target(Y)
        rows = int(X.shape[0])
        if rows == 0 or len(Y) != rows:
            raise ShapeError(ROWS, n=rows, targets=len(Y))
        self.index: NDArray[Any] | None = None if index is None else _checked_index(index, rows)
        self.n: int = rows if self.index is None else len(self.index)
        weight = None if sample_weight is None else self._checked(sample_weight, rows, network)
        self.table = (X, Y, weight)
        """X, Y and the weights of all rows, of which ``index`` says those that are learnt from"""
        self._buffers: tuple[Array, Array] | None = None

    def _checked(self, sample_weight: Any, rows: int, network: Network) -> Array:
        w: Array = np.asarray(sample_weight, network.dtype)
        if w.shape != (rows,):
            raise ShapeError(WEIGHT_SHAPE, shape=(rows,), found=w.shape)
        own = w if self.index is None else w[self.index]
        if not np.isfinite(own).all() or own.min() < 0 or own.max() == 0:
            raise TasouError(WEIGHTS)
        return w

    @property
    def X(self) -> Any:
        """(n, n_0) the rows that are learnt from: a copy where they are some of a table."""
        return self._own(self.table[0])

    @property
    def Y(self) -> Array:
        """(n, K) their targets, likewise."""
        return np.asarray(self._own(self.table[1]))

    @property
    def sample_weight(self) -> Array | None:
        """(n,) what they weigh; None: all alike."""
        weight = self.table[2]
        return None if weight is None else np.asarray(self._own(weight))

    def _own(self, rows: Any) -> Any:
        return rows if self.index is None else rows[self.index]

    def places(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Where rows 0 … n-1 of those that are learnt from stand in the table."""
        return rows if self.index is None else self.index[rows]

    def as_they_lie(self) -> NDArray[np.intp]:
        """(n,) the places of all rows, one after the other."""
        return np.arange(self.n) if self.index is None else self.index.astype(np.intp)

    def lies_like(self, other: Data | None) -> bool:
        """Whether these are the same places of a table as those of other data; of no data: all places."""
        before, now = None if other is None else other.index, self.index
        return before is now or (before is not None and now is not None and np.array_equal(before, now))

    @cached_property
    def fingerprint(self) -> str:
        """A digest of every number: two tables have the same one only if they are the same."""
        digest = blake2b(digest_size=16)
        for part in (*self.table, *(() if self.index is None else (self.index,))):
            _digest(part, digest.update)
        return digest.hexdigest()

    def batches(self, size: int, order: NDArray[np.intp] | None) -> Iterator[Batch]:
        """Batches of ``size`` rows (the last may be smaller), in the given order of places or (None) as they lie."""
        for start in range(0, self.n, size):
            yield self.batch(start, size, order)

    def batch(self, start: int, size: int, order: NDArray[np.intp] | None) -> Batch:
        """The batch that begins at a place in the order."""
        rows = slice(start, min(start + size, self.n))
        order = self.index if order is None else order
        return self._slice(rows) if order is None else self._gather(order[rows], size)

    def _slice(self, rows: slice) -> Batch:
        X, Y, w = self.table
        return Batch(X[rows], Y[rows], None if w is None else w[rows], rows)

    def _gather(self, index: NDArray[np.intp], size: int) -> Batch:
        all_X, all_Y, weight = self.table
        w = None if weight is None else weight[index]
        if not isinstance(all_X, np.ndarray):
            return Batch(all_X[index], all_Y[index], w, index)
        if self._buffers is None or len(self._buffers[0]) != size:
            self._buffers = (
                np.empty((size, all_X.shape[1]), all_X.dtype),
                np.empty((size, all_Y.shape[1]), all_Y.dtype),
            )
        X, Y = (buffer[: len(index)] for buffer in self._buffers)
        np.take(all_X, index, axis=0, out=X, mode="clip")  # "clip" writes straight into the buffer
        np.take(all_Y, index, axis=0, out=Y, mode="clip")
        return Batch(X, Y, w, index)


def _checked_index(index: Any, rows: int) -> NDArray[Any]:
    """Numbers of rows: none may lie beyond the table."""
    found = np.asarray(index)
    whole = found.ndim == 1 and len(found) > 0 and np.issubdtype(found.dtype, np.integer)
    if not whole or found.min() < 0 or found.max() >= rows:
        raise TasouError(INDEX, last=rows - 1)
    return found


def _digest(part: Any, update: Any) -> None:
    """Kind, shape and numbers of an array, a sparse matrix or None, a few rows at a time."""
    if part is None:
        update(b"none")
        return
    update(f"{type(part).__name__} {part.dtype.str} {part.shape}".encode())
    if not isinstance(part, np.ndarray):
        rows = part.tocsr()
        for array in (rows.data, rows.indices.astype(np.int64), rows.indptr.astype(np.int64)):
            update(np.ascontiguousarray(array).tobytes())
        return
    size = max(1, (1 << 20) // max(1, part[:1].nbytes))
    for start in range(0, len(part), size):
        update(np.ascontiguousarray(part[start : start + size]).tobytes())
