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
from tasou.backends.native.description import Description, address
from tasou.backends.native.library import Library, NotNative
from tasou.messages import Message

NO_BLAS = Message(
    "native.no_blas",
    en="no OpenBLAS was found for the products of a network of this size",
    ja="この大きさのネットワークの行列積に使う OpenBLAS が見つかりません",
)
TOO_WIDE = Message(
    "native.too_wide",
    en="layers or batches of more than 2^31 numbers",
    ja="2^31 個を超える数からなる層やバッチ",
)

CHUNK = 1 << 18
"""numbers that the layers of a chunk hold: they fit into a core's second cache"""
WORK_PER_THREAD = 1 << 27
"""multiplications that are worth a thread"""


class NativePredictor:
    """ŷ for rows of X. Every thread that calls it has working memory of its own."""

    def __init__(self, library: Library, layers: Layers, blas: Blas | None, n_threads: int) -> None:
        if blas is None:
            raise NotNative(NO_BLAS)
        if max(layers.sizes) > LARGEST:
            raise NotNative(TOO_WIDE)
        self.library, self.layers, self.blas, self.n_threads = library, layers, blas, n_threads
        self.dtype, self.K = layers.theta.dtype, layers.sizes[-1]
        self._own = threading.local()
        self._described()  # says now if the network cannot be computed here
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
        described = self._described()
        job, itemsize = described.job, X.itemsize
        job.X, job.n = address(X), len(X)
        job.X_row, job.X_column = X.strides[0] // itemsize, X.strides[1] // itemsize
        self._call(described.at, output, address(out))

    def _described(self) -> Description:
        """The calling thread's description and working memory."""
        found: Description | None = getattr(self._own, "described", None)
        if found is None:
            found = self._own.described = Description(self.library, self.layers)
            found.job.gemm = self.blas.gemm[self.dtype]
            found.job.batch = max(64, min(4096, CHUNK // sum(self.layers.sizes) // 64 * 64))
            found.allocate()
        return found
