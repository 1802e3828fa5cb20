"""The NumPy backend: products by BLAS into given buffers, formulas in blocks of rows that stay in the cache.

There is no mathematics here beside the matrix product and the sum: every formula is handed in. Large products go to our
own copy of OpenBLAS (blas.py) where it is installed, all others to NumPy's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends import blas
from tasou.backends.job import Goal, Job, Layers, Objective, Predictor, Run, Walk, Walker

Array = NDArray[Any]

BLOCK = 32_768
"""elements per block: a few temporaries of this size fit into a core's cache"""


class NumpyBackend:
    """Products and formulas over NumPy arrays (and products with SciPy's sparse matrices)."""

    name = "numpy"
    unprintable: Sequence[str] = ()
    """formulas that it cannot compute, and why: none"""

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

    def product(self, A: Any, B: Any, out: Array) -> None:
        """Out = A B; either factor may be a sparse matrix."""
        if not (isinstance(A, np.ndarray) and isinstance(B, np.ndarray)):
            out[...] = A @ B
        elif self.blas is None or not self.blas.product(A, B, out):
            np.matmul(A, B, out=out)

    def product_into_rows(self, A: Array, B: Any, out: Array) -> None:
        """Out = Aᵀ B; B may be a sparse matrix."""
        if isinstance(B, np.ndarray):
            self.product(A.T, B, out)
        else:
            out[...] = (B.T @ A).T

    def apply(self, formula: Callable[..., Any], *arrays: Array, out: Array) -> None:
        """Out = formula(arrays…), block by block; all have the same number of rows."""
        rows = max(1, BLOCK // max(1, out[:1].size))
        if len(out) <= rows:
            out[...] = formula(*arrays, np)
            return
        for start in range(0, len(out), rows):
            block = slice(start, start + rows)
            out[block] = formula(*(array[block] for array in arrays), np)

    def multiply(self, formula: Callable[..., Any], *arrays: Array, out: Array) -> None:
        """Out = out ⊙ formula(arrays…), block by block."""
        rows = max(1, BLOCK // max(1, out[:1].size))
        for start in range(0, len(out), rows):
            block = slice(start, start + rows)
            out[block] *= formula(*(array[block] for array in arrays), np)

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
