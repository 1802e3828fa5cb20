"""Predictions in native code: chunks of rows that stay in the cache; many rows by several threads."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tasou.backends.blas import LARGEST, SMALL_PRODUCT, Blas
from tasou.backends.job import Array, Layers
from tasou.backends.native.description import SECONDS, Description, address, threads_of
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
    ja="2^31個を超える数からなる層やバッチ",
)

CHUNK = 1 << 18
"""numbers that the layers of a chunk hold: they fit into a core's second cache"""
WORK_PER_THREAD = 1 << 23
"""multiplications that are worth a thread"""
WORK_PER_CALL = 1 << 27
"""multiplications of the first call; the next ones are as long as Python can wait for a Ctrl-C"""


class NativePredictor:
    """ŷ for rows of X. Every thread that calls it has working memory of its own."""

    def __init__(
        self, library: Library, layers: Layers, blas: Blas | None, n_threads: Callable[[], int]
    ) -> None:
        if blas is None and layers.tape is None:
            raise NotNative(NO_BLAS)
        if max(layers.sizes) > LARGEST:
            raise NotNative(TOO_WIDE)
        self.library, self.layers, self.blas, self.n_threads = library, layers, blas, n_threads
        self.dtype, self.K = layers.theta.dtype, layers.sizes[-1]
        self._own = threading.local()
        self._most = max(64, min(4096, CHUNK // sum(layers.sizes) // 64 * 64))
        self.chunk = self._most
        """rows that are computed together: the same for every thread, and for any number of them"""
        products = self._described(1).products  # says now if the network cannot be computed here
        self._call = library.function("predict", self.dtype)
        self._call.argtypes = [ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p]
        self._work_per_row, self._alone = sum(products), SMALL_PRODUCT // max(products)

    def __call__(self, X: Any, output: bool) -> Array | None:
        """ŷ (n, K), or without ``output`` the values before the output function; None for an X it cannot read."""
        if type(X) is not np.ndarray or X.dtype != self.dtype or not X.flags.aligned:
            return None
        out = np.empty((len(X), self.K), self.dtype)
        if len(X) <= min(
            self._alone, self.chunk
        ):  # BLAS does not share such products among threads of its own
            self._rows(self._described(1), X, output, out)
            return out
        threads = max(1, min(self.n_threads(), len(X) * self._work_per_row // WORK_PER_THREAD))
        described, begin = self._described(threads), 0
        rows = max(1, WORK_PER_CALL // self._work_per_row // self.chunk) * self.chunk
        while begin < len(X):  # between two calls Python hears a Ctrl-C
            end, started = min(begin + rows, len(X)), time.perf_counter()
            with threads_of(described, self.blas, threads):
                self._rows(described, X[begin:end], output, out[begin:end])
            speed = (end - begin) / max(time.perf_counter() - started, 1e-6)
            rows = max(1, int(SECONDS * speed) // self.chunk) * self.chunk
            begin = end
        return out

    def _rows(self, described: Description, X: Array, output: bool, out: Array) -> None:
        described.set_place(X)
        self._call(described.at, output, address(out))

    def _described(self, threads: int) -> Description:
        """The calling thread's description, with working memory for so many threads of ours."""
        found: Description | None = getattr(self._own, "described", None)
        if found is None or self._own.threads < threads:
            found = self._own.described = Description(self.library, self.layers)
            self._own.threads = found.job.threads = threads
            found.job.gemm = self.blas.gemm[self.dtype] if self.blas else None
            found.set_tape(self._most, learning=False)
            if found.program is not None:
                self.chunk = found.program.shard
            found.job.batch = self.chunk
            found.allocate()
        return found
