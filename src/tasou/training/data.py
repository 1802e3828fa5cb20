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

Array = NDArray[Any]


@dataclass(frozen=True)
class Batch:
    """Rows of the data: views where they lie together, else gathered into a buffer that is used again."""

    X: Any
    Y: Array
    sample_weight: Array | None
    index: slice | NDArray[np.intp]
    """which rows of the data these are"""

    @property
    def n(self) -> int:
        """The number of rows."""
        return len(self.Y)


class Data:
    """X (n, n_0), Y (n, K) and the weights (n,) of the samples, in the dtype of the network that learns them.

    Raises
    ------
    ShapeError
        lengths that differ, or no rows at all
    TasouError
        weights that are negative, not finite, or all zero
    """

    def __init__(self, network: Network, X: Any, Y: Any, sample_weight: Any = None) -> None:
        self.X, self.Y = network.as_input(X), network.as_target(Y)
        self.n: int = self.X.shape[0]
        if self.n == 0 or len(self.Y) != self.n:
            raise ShapeError(ROWS, n=self.n, targets=len(self.Y))
        self.sample_weight = None if sample_weight is None else self._checked(sample_weight, network)
        self._buffers: tuple[Array, Array] | None = None

    def _checked(self, sample_weight: Any, network: Network) -> Array:
        w: Array = np.asarray(sample_weight, network.dtype)
        if w.shape != (self.n,):
            raise ShapeError(WEIGHT_SHAPE, shape=(self.n,), found=w.shape)
        if not np.isfinite(w).all() or w.min() < 0 or w.max() == 0:
            raise TasouError(WEIGHTS)
        return w

    @cached_property
    def fingerprint(self) -> str:
        """A digest of every number: two tables have the same one only if they are the same."""
        digest = blake2b(digest_size=16)
        for part in (self.X, self.Y, self.sample_weight):
            _digest(part, digest.update)
        return digest.hexdigest()

    def batches(self, size: int, order: NDArray[np.intp] | None) -> Iterator[Batch]:
        """Batches of ``size`` rows (the last may be smaller), in the given order or (None) as they lie."""
        for start in range(0, self.n, size):
            yield self.batch(start, size, order)

    def batch(self, start: int, size: int, order: NDArray[np.intp] | None) -> Batch:
        """The batch that begins at a place in the order."""
        rows = slice(start, min(start + size, self.n))
        return self._slice(rows) if order is None else self._gather(order[rows], size)

    def _slice(self, rows: slice) -> Batch:
        w = self.sample_weight
        return Batch(self.X[rows], self.Y[rows], None if w is None else w[rows], rows)

    def _gather(self, index: NDArray[np.intp], size: int) -> Batch:
        w = None if self.sample_weight is None else self.sample_weight[index]
        if not isinstance(self.X, np.ndarray):
            return Batch(self.X[index], self.Y[index], w, index)
        if self._buffers is None or len(self._buffers[0]) != size:
            self._buffers = (
                np.empty((size, self.X.shape[1]), self.X.dtype),
                np.empty((size, self.Y.shape[1]), self.Y.dtype),
            )
        X, Y = (buffer[: len(index)] for buffer in self._buffers)
        np.take(self.X, index, axis=0, out=X, mode="clip")  # "clip" writes straight into the buffer
        np.take(self.Y, index, axis=0, out=Y, mode="clip")
        return Batch(X, Y, w, index)


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
