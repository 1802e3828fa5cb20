"""The objective of L-BFGS in native code: all rows as one batch."""

from __future__ import annotations

import ctypes

from tasou.backends.blas import LARGEST, Blas
from tasou.backends.job import Goal
from tasou.backends.native.description import PAUSED, Description, settle, threads_of
from tasou.backends.native.library import Library, NotNative
from tasou.backends.native.predict import TOO_WIDE
from tasou.messages import Message

NO_ROWS = Message("native.no_rows", en="no rows", ja="行がない")


class NativeObjective:
    """(Σ w L + α/2 ‖W‖²) / Σ w at the network's present θ, and its gradient; without dropout."""

    def __init__(self, library: Library, goal: Goal, blas: Blas | None = None, threads: int = 1) -> None:
        self._blas, self._threads = blas, threads
        if max(goal.layers.sizes) > LARGEST:
            raise NotNative(TOO_WIDE)
        self._described = described = Description(library, goal.layers)
        job = described.job
        described.set_data(goal.X, goal.Y, goal.sample_weight)
        if job.n < 1:
            raise NotNative(NO_ROWS)
        job.batch, job.threads = job.n, threads
        described.set_tape(job.batch)
        job.grad = described.array(goal.grad, described.n_parameters)
        job.gemm = blas.gemm[described.dtype] if blas else None
        with threads_of(described, blas, 1):
            settle(described)
        self._call = library.function("objective", described.dtype, ctypes.c_int64)

    def __call__(self) -> float:
        """The value; the gradient is left in the goal's ``grad``."""
        job, value, stopped = self._described.job, ctypes.c_double(), PAUSED
        job.round = job.stage = 0
        while stopped == PAUSED:  # between two calls Python hears a Ctrl-C
            with threads_of(self._described, self._blas, self._threads):
                stopped = self._call(ctypes.byref(job), ctypes.byref(value))
        return value.value
