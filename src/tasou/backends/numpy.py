"""The NumPy backend: products by BLAS into given buffers, formulas in blocks of rows that stay in the cache.

There is no mathematics here beside the matrix product and the sum: every formula is handed in. Large products go to our
own copy of OpenBLAS (blas.py) where it is installed, all others to NumPy's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tasou.backends import blas
from tasou.backends.job import Goal, Job, Layers, Objective, Predictor, Run, Walk, Walker
from tasou.backends.verbs import Formula, Random

Array = NDArray[Any]

BLOCK = 32_768
"""elements per block: a few temporaries of this size fit into a core's cache"""


class NumpyBackend:
    """Products and formulas over NumPy arrays (and products with SciPy's sparse matrices)."""

    name = "numpy"
    unprintable: Sequence[str] = ()
    """formulas that it cannot compute, and why: none"""
    rng: Random | None = None

    def __init__(self) -> None:
        self.blas = blas.load()
        """our own copy of OpenBLAS, where there is one: NumPy's may not know the processor"""

    def take_over(self, job: Job) -> Run | None:
        """Whole epochs in one call: not here, where every step is Python's own."""
        return None

    def objective(self, goal: Goal) -> Objective | None:
        """The value and the gradient of a goal in one call: not here."""
        return None

    def walker(self, walk: Walk) -> Walker | None:
        """An epoch of single samples in one call: not here."""
        return None

    def predictor(self, layers: Layers) -> Predictor | None:
        """A whole prediction in one call: not here."""
        return None

    # --- the verbs that layers are written in ------------------------------------------------------------------------

    def product(self, A: Any, B: Any, into: Array | None = None) -> Array:
        """A B; either factor may be a sparse matrix."""
        if A.ndim > 2 or B.ndim > 2:
            return np.matmul(A, B, out=into)
        out = np.empty((A.shape[0], B.shape[1]), A.dtype) if into is None else into
        if not isinstance(B, np.ndarray):
            out[...] = (B.T @ A.T).T
        elif not isinstance(A, np.ndarray):
            out[...] = A @ B
        elif self.blas is None or not self.blas.product(A, B, out):
            np.matmul(A, B, out=out)
        return out

    def apply(self, formula: Formula, *arrays: Array, into: Array | None = None) -> Array:
        """formula(arrays…), block by block."""
        out = np.empty(_together(arrays), arrays[0].dtype) if into is None else into
        rows = max(1, BLOCK // max(1, out[:1].size))
        if len(out) <= rows:
            out[...] = formula(*arrays, np)
            return out
        for start in range(0, len(out), rows):
            block = slice(start, start + rows)
            out[block] = formula(*(_cut(array, block, out) for array in arrays), np)
        return out

    def scaled(self, A: Array, formula: Formula, *arrays: Array, into: Array | None = None) -> Array:
        """A ⊙ formula(arrays…), block by block."""
        out = np.empty_like(A) if into is None else into
        rows = max(1, BLOCK // max(1, out[:1].size))
        for start in range(0, len(out), rows):
            block = slice(start, start + rows)
            slope = formula(*(_cut(array, block, out) for array in arrays), np)
            np.multiply(A[block], slope, out=out[block])
        return out

    def add(self, A: Array, B: Array, into: Array | None = None) -> Array:
        """A + B."""
        return np.add(A, B, out=into)

    def times(self, A: Array, B: Array, into: Array | None = None) -> Array:
        """A ⊙ B."""
        return np.multiply(A, B, out=into)

    def total(self, A: Array, into: Array | None = None) -> Array:
        """The sum of the rows of A."""
        if A.ndim == 2 and (into is None or into.ndim == 1):
            return np.add.reduce(A, axis=0, out=into)
        rows = A.reshape(-1, A.shape[-1])
        summed: Array = np.add.reduce(rows, axis=0)
        if into is None:
            return summed
        into[...] = summed.reshape(into.shape)
        return into

    def zeros(self, like: Array, into: Array | None = None) -> Array:
        """Zeros of that shape."""
        out = np.empty_like(like) if into is None else into
        out[...] = 0
        return out

    def draw(self, formula: Formula, *constants: float, like: Array, into: Array | None = None) -> Array:
        """formula(draws, constants…), of draws from [0, 1); ones where there is no stream to draw from."""
        out = np.empty_like(like) if into is None else into
        out[...] = 1 if self.rng is None else formula(self.rng.random(like.shape), *constants)
        return out

    def constant(self, values: Any, like: Array) -> Array:
        """Numbers of a card, in the dtype of ``like``."""
        return np.asarray(values, like.dtype)

    # --- numbers moved about -----------------------------------------------------------------------------------------

    def joined(self, *arrays: Array, into: Array | None = None) -> Array:
        """The arrays side by side."""
        return np.concatenate(arrays, axis=-1, out=into)

    def take(self, A: Array, index: Any, into: Array | None = None) -> Array:
        """A[…, index]."""
        return np.take(A, index, axis=-1, out=into, mode="raise" if into is None else "clip")

    def put(self, G: Array, index: Any, width: int, into: Array | None = None) -> Array:
        """Each column of G added to its own of ``width``."""
        out = np.zeros((*G.shape[:-1], width), G.dtype) if into is None else into
        if into is not None:
            out[...] = 0
        order, starts, found = _groups(np.asarray(index))
        moved = G if order is None else G[..., order]
        out[..., found] = moved if starts is None else np.add.reduceat(moved, starts, axis=-1)
        return out

    def pick(self, E: Array, codes: Array, into: Array | None = None) -> Array:
        """E[codes]."""
        return np.take(E, codes.astype(np.intp), axis=0, out=into)

    def spread(self, G: Array, codes: Array, rows: int, into: Array | None = None) -> Array:
        """Each entry of G added to the row that its code names."""
        rest = G.shape[codes.ndim :]
        out = np.zeros((rows, *rest), G.dtype) if into is None else into
        if into is not None:
            out[...] = 0
        if not codes.size:
            return out
        entries = G.reshape(codes.size, -1)
        order, starts, found = _groups(codes.ravel().astype(np.intp))
        entries = entries if order is None else entries[order]
        sums = entries if starts is None else np.add.reduceat(entries, starts, axis=0)
        out[found] = sums.reshape(-1, *rest)
        return out

    # --- views -------------------------------------------------------------------------------------------------------

    def reshaped(self, A: Array, *shape: int) -> Array:
        """The same numbers in another shape."""
        return A.reshape(shape)

    def columns(self, A: Array, start: int, stop: int) -> Array:
        """A[…, start:stop]."""
        return A[..., start:stop]

    def drawing_from(self, rng: Random | None) -> Self:
        """The same verbs, with a random stream to draw from."""
        if rng is None:
            return self
        drawing = copy(self)
        drawing.rng = rng
        return drawing

    # --- the update of the parameters --------------------------------------------------------------------------------

    def update(
        self,
        rule: Callable[..., tuple[Array, ...]],
        theta: Array,
        grad: Array,
        state: Sequence[Array],
        t: int,
        lr: float,
    ) -> None:
        """Theta and the optimizer's state in place, block by block."""
        for start in range(0, len(theta), BLOCK):
            block = slice(start, start + BLOCK)
            old = [theta[block], *(s[block] for s in state)]
            new = rule(old[0], grad[block], *old[1:], t, lr, np)
            for target, value in zip(old, new, strict=True):
                target[...] = value


def _together(arrays: Sequence[Array]) -> tuple[int, ...]:
    """The shape of arrays that are broadcast against one another."""
    first = arrays[0].shape
    return first if len(arrays) == 1 else np.broadcast_shapes(*(array.shape for array in arrays))


def _cut(array: Array, block: slice, out: Array) -> Array:
    """The rows of an array that belong to a block of ``out``; what is the same for all rows stays whole."""
    return array[block] if array.ndim == out.ndim and len(array) == len(out) else array


def _groups(index: NDArray[np.intp]) -> tuple[Array | None, Array | None, Array]:
    """What brings equal entries together, where each group begins then, and the entry of each group.

    The first is None where they stand together already, the second where no two are equal.
    """
    order = None
    if (index[1:] < index[:-1]).any():
        order = np.argsort(index, kind="stable")
        index = index[order]
    starts = np.flatnonzero(np.concatenate(([True], index[1:] != index[:-1]))[: len(index)])
    return order, None if len(starts) == len(index) else starts, index[starts]
