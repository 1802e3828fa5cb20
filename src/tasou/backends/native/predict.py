"""Predictions in native code: chunks of rows that stay in the cache; many rows by several threads."""

from __future__ import annotations

import ctypes
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np

from tasou.backends.blas import LARGEST, Blas
from tasou.backends.job import Array, Layers
from tasou.backends.native.library import Library, NotNative
from tasou.backends.native.plan import Memory, address

CHUNK = 1 << 18
"""numbers that the layers of a chunk hold: they fit into a core's second cache"""
WORK_PER_THREAD = 1 << 27
"""multiplications that are worth a thread"""


class NativePredictor:
    """ŷ for rows of X. Every thread that calls it has working memory of its own."""

    def __init__(self, library: Library, layers: Layers, blas: Blas | None, n_threads: int) -> None:
        if blas is None:
            raise NotNative("no OpenBLAS was found")
        if max(layers.sizes) > LARGEST:
            raise NotNative("layers of more than 2^31 units")
        self.library, self.layers, self.blas, self.n_threads = library, layers, blas, n_threads
        self.dtype, self.K = layers.theta.dtype, layers.sizes[-1]
        self._own = threading.local()
        self._memory()  # says now if the network cannot be computed here
        self._call = library.function("predict", self.dtype)
        self._call.argtypes = [ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p]
        self._work_per_row = sum(a * b for a, b in pairwise(layers.sizes))

    def __call__(self, X: Any, output: bool) -> Array | None:
        """ŷ (n, K), or without ``output`` the values before the output function; None for an X it cannot read."""
        if type(X) is not np.ndarray or X.dtype != self.dtype or not X.flags.aligned:
            return None
        out = np.empty((len(X), self.K), self.dtype)
        threads = min(self.n_threads, len(X) * self._work_per_row // WORK_PER_THREAD)
        self.blas.use_threads(1)
        if threads < 2:
            self._rows(X, output, out)
            return out
        parts = np.linspace(0, len(X), threads + 1).astype(int)
        with ThreadPoolExecutor(threads) as pool:
            jobs = [pool.submit(self._rows, X[a:b], output, out[a:b]) for a, b in pairwise(parts)]
        for job in jobs:
            job.result()
        return out

    def _rows(self, X: Array, output: bool, out: Array) -> None:
        memory = self._memory()
        plan, itemsize = memory.plan, X.itemsize
        plan.X, plan.n = address(X), len(X)
        plan.X_row, plan.X_column = X.strides[0] // itemsize, X.strides[1] // itemsize
        self._call(memory.at, output, address(out))

    def _memory(self) -> Memory:
        """The calling thread's plan and working memory."""
        memory: Memory | None = getattr(self._own, "memory", None)
        if memory is None:
            memory = self._own.memory = Memory(self.library, self.layers)
            memory.plan.gemm = self.blas.gemm[self.dtype]
            memory.plan.batch = max(64, min(4096, CHUNK // sum(self.layers.sizes) // 64 * 64))
            memory.allocate()
        return memory
