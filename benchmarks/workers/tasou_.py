"""tasou's MLPClassifier, native backend; and the matrix products of a step by themselves, by the same BLAS."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

import tasou
from benchmarks.workers import estimators, stacks
from benchmarks.workloads import Workload
from tasou import MLPClassifier, backends
from tasou.backends import blas
from tasou.backends.processors import cores

VERSION = tasou.__version__
KINDS = stacks.KINDS
prediction = partial(estimators.prediction, MLPClassifier)


def training(workload: Workload, X: Any, y: Any) -> Callable[[], Any]:
    """``fit`` of the estimator, or the training of a network of layers."""
    if workload.kind != "dense":
        return stacks.training(workload, X, y)
    return estimators.training(MLPClassifier, workload, X, y)


def set_threads(threads: int) -> None:
    """The environment has told the backend already; it must be the native one."""
    about = backends.describe()
    if about["backend"] != "native":
        raise SystemExit(f"the native backend is not used: {about['why']}")


def products(workload: Workload, X: Any, y: Any) -> Callable[[], Any]:
    """The products of all steps and nothing else: a W^T, delta^T a, delta W."""
    library, sizes, n = blas.load(), workload.sizes, workload.batch
    if library is None:
        raise SystemExit("there is no OpenBLAS to measure")
    gemm = library._product[np.dtype(np.float32)]
    rng = np.random.default_rng(0)
    a = [rng.normal(size=(n, k)).astype(np.float32) for k in sizes]
    W = [rng.normal(size=(k, j)).astype(np.float32) for j, k in pairwise(sizes)]
    work = n * sum(j * k for j, k in pairwise(sizes))
    threads = max(1, min(cores(), work >> 22))

    def call(how_a: int, how_b: int, A: Any, B: Any, out: Any, k: int) -> None:
        at = ctypes.c_void_p
        gemm(101, how_a, how_b, *out.shape, k, 1.0, at(A.ctypes.data), A.shape[1], at(B.ctypes.data), B.shape[1], 0.0,
             at(out.ctypes.data), out.shape[1])  # fmt: skip

    outs = [np.empty_like(x) for x in a], [np.empty_like(x) for x in W]

    def run() -> None:
        library.pool.use(threads)
        for _ in range(workload.steps):
            for l in range(len(W)):
                call(111, 112, a[l], W[l], outs[0][l + 1], sizes[l])
            for l in reversed(range(len(W))):
                call(112, 111, a[l + 1], a[l], outs[1][l], n)
                if l:
                    call(111, 111, a[l + 1], W[l], outs[0][l], sizes[l + 1])

    return run
