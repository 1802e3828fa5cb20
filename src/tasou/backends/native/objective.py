"""The objective of L-BFGS in native code: all rows in one call."""

from __future__ import annotations

import ctypes

import numpy as np

from tasou.backends.blas import LARGEST, Blas
from tasou.backends.job import Goal
from tasou.backends.native.description import Description
from tasou.backends.native.library import Library, NotNative
from tasou.backends.native.predict import TOO_WIDE
from tasou.messages import Message

NO_ROWS = Message("native.no_rows", en="no rows", ja="行がない")

ROWS = 4096
"""rows that are walked together: they bound the working memory"""


class NativeObjective:
    """(Σ w L + α/2 ‖W‖²) / Σ w at the network's present θ, and its gradient; without dropout."""

    def __init__(self, library: Library, goal: Goal, blas: Blas | None = None, threads: int = 1) -> None:
        self._blas, self._threads = blas, threads
        sizes = goal.layers.sizes
        if max(sizes) > LARGEST:
            raise NotNative(TOO_WIDE)
        self._described = described = Description(library, goal.layers)
        job, n_parameters = described.job, described.n_parameters
        described.set_data(goal.X, goal.Y, goal.sample_weight)
        if job.n < 1:
            raise NotNative(NO_ROWS)
        job.batch = min(job.n, ROWS)
        job.grad = described.array(goal.grad, n_parameters)
        job.state[0] = described.array(np.empty(n_parameters, described.dtype), n_parameters)
        job.gemm = blas.gemm[described.dtype] if blas else None
        described.allocate()
        self._call = library.function("objective", described.dtype, ctypes.c_double)

    def __call__(self) -> float:
        """The value; the gradient is left in the goal's ``grad``."""
        if self._blas is not None:
            self._blas.use_threads(self._threads)
        return float(self._call(ctypes.byref(self._described.job)))
