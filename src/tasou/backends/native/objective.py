"""The objective of L-BFGS in native code: all rows in one call."""

from __future__ import annotations

import ctypes

import numpy as np

from tasou.backends.blas import LARGEST, Blas
from tasou.backends.job import Goal
from tasou.backends.native.library import Library, NotNative
from tasou.backends.native.plan import Memory

ROWS = 4096
"""rows that are walked together: they bound the working memory"""


class NativeObjective:
    """(Σ w L + α/2 ‖W‖²) / Σ w at the network's present θ, and its gradient; without dropout."""

    def __init__(self, library: Library, goal: Goal, blas: Blas | None = None, threads: int = 1) -> None:
        self._blas, self._threads = blas, threads
        sizes = goal.layers.sizes
        if max(sizes) > LARGEST:
            raise NotNative("layers of more than 2^31 units")
        self._memory = memory = Memory(library, goal.layers)
        plan, n_parameters = memory.plan, len(goal.layers.theta)
        memory.set_data(goal.X, goal.Y, goal.sample_weight)
        if plan.n < 1:
            raise NotNative("no rows")
        plan.batch = min(plan.n, ROWS)
        plan.grad = memory.array(goal.grad, n_parameters)
        plan.state[0] = memory.array(np.empty(n_parameters, memory.dtype), n_parameters)
        plan.gemm = blas.gemm[memory.dtype] if blas else None
        memory.allocate()
        self._call = library.function("objective", memory.dtype, ctypes.c_double)

    def __call__(self) -> float:
        """The value; the gradient is left in the goal's ``grad``."""
        if self._blas is not None:
            self._blas.use_threads(self._threads)
        return float(self._call(ctypes.byref(self._memory.plan)))
