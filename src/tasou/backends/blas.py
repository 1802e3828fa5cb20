"""A private BLAS for the matrix products: OpenBLAS in a copy of our own, told which processor it runs on.

OpenBLAS chooses its kernels when it is loaded, by a list of processors that it knows; an AMD processor with AVX-512 it
takes for an older one and runs at half its speed. A copy that is loaded here, with the core type that the processor's
own feature flags ask for, is fast whatever was imported before.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends.pools import Pool
from tasou.backends.processors import cores

Array = NDArray[Any]

ROW_MAJOR, PLAIN, TRANSPOSED = 101, 111, 112
LARGEST = 2**31 - 1
"""BLAS counts in 32 bits"""
SMALL_PRODUCT = 1 << 18
"""multiplications up to which NumPy's product uses one thread; larger ones come here, or two pools would wait"""
WORK_PER_THREAD = 1 << 23
"""multiplications in a product that are worth a thread"""
CORE_VARIABLE = "OPENBLAS_CORETYPE"


class Blas:
    """gemm of one library, as addresses for C; and its threads."""

    def __init__(self, path: Path, prefix: str) -> None:
        self.path, self._prefix = path, prefix
        with _core_type_set(wanted_core()):
            self._dll = ctypes.CDLL(str(path))
        self.gemm = {
            np.dtype(np.float32): self._address("cblas_sgemm"),
            np.dtype(np.float64): self._address("cblas_dgemm"),
        }
        self._product = {
            dtype: _gemm_type(number)(self.gemm[dtype])
            for dtype, number in (
                (np.dtype(np.float32), ctypes.c_float),
                (np.dtype(np.float64), ctypes.c_double),
            )
        }
        self.pool = Pool(
            self._function("openblas_get_num_threads"), self._function("openblas_set_num_threads")
        )

    @property
    def core(self) -> str:
        """The kind of processor whose kernels run."""
        name = self._function("openblas_get_corename")
        name.restype = ctypes.c_char_p
        return str(name().decode())

    def product(self, A: Any, B: Any, out: Array) -> bool:
        """Out = A B by this library; False (and nothing done) for a small product, or arrays it cannot walk."""
        m, n = out.shape
        k = A.shape[1]
        gemm = self._product.get(out.dtype)
        if gemm is None or m * n * k < SMALL_PRODUCT or max(m, n, k) > LARGEST or not out.flags.c_contiguous:
            return False
        (a, how_a, step_a), (b, how_b, step_b) = _walk(A, out.dtype), _walk(B, out.dtype)
        if not (step_a and step_b) or B.shape[0] != k:
            return False
        self.pool.use(min(cores(), m * n * k // WORK_PER_THREAD))
        gemm(ROW_MAJOR, how_a, how_b, m, n, k, 1.0, a, step_a, b, step_b, 0.0, out.ctypes.data, n)
        return True

    def _function(self, name: str) -> Any:
        return getattr(self._dll, self._prefix + name)

    def _address(self, name: str) -> int:
        return ctypes.cast(self._function(name), ctypes.c_void_p).value or 0


def _gemm_type(number: Any) -> Any:
    """The signature of cblas_sgemm or cblas_dgemm."""
    whole, at = ctypes.c_int, ctypes.c_void_p
    return ctypes.CFUNCTYPE(None, *[whole] * 6, number, at, whole, at, whole, number, at, whole)


def _walk(A: Any, dtype: np.dtype[Any]) -> tuple[int, int, int]:
    """Address, order and step between rows of a matrix; step 0 if its order is neither C's nor Fortran's."""
    if not isinstance(A, np.ndarray) or A.dtype != dtype or A.ndim != 2:
        return 0, 0, 0
    if A.flags.c_contiguous:
        return A.ctypes.data, PLAIN, A.shape[1]
    return (A.ctypes.data, TRANSPOSED, A.shape[0]) if A.flags.f_contiguous else (0, 0, 0)


_loading = Lock()


def load() -> Blas | None:
    """The first library that can be loaded; None if there is none (then NumPy's own does the products).

    There is one for all threads: two would set its number of threads behind each other's back.
    """
    with _loading:
        return _first()


@cache
def _first() -> Blas | None:
    for path, prefix in candidates():
        try:
            return Blas(path, prefix)
        except (OSError, AttributeError):
            continue
    return None


def candidates() -> Iterator[tuple[Path, str]]:
    """OpenBLAS with 32-bit indices: the package of its own, or the copy that SciPy brings along."""
    if folder := _package("scipy_openblas32"):
        yield from ((path, "scipy_") for path in sorted((folder / "lib").glob("libscipy_openblas*")))
    if folder := _package("scipy"):
        for place in (folder.parent / "scipy.libs", folder / ".dylibs"):
            yield from ((path, "scipy_") for path in sorted(place.glob("libscipy_openblas-*")))


def _package(name: str) -> Path | None:
    """Where a package lies, without importing it: importing would load the library before it is told anything."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def wanted_core() -> str | None:
    """The OpenBLAS core type that this processor should run, where OpenBLAS does not see it by itself."""
    if CORE_VARIABLE in os.environ or platform.machine() not in ("x86_64", "AMD64"):
        return None
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    about = dict(line.split(":", 1) for line in lines[:40] if ":" in line)
    about = {key.strip(): value.strip() for key, value in about.items()}
    has_avx512 = {"avx512f", "avx512bw", "avx512dq", "avx512vl"} <= set(about.get("flags", "").split())
    if about.get("vendor_id") != "AuthenticAMD" or not has_avx512:
        return None
    # family 25 (Zen 4) computes 512 bits in two halves: there the kernels for AVX2 are a little faster
    return "Zen" if about.get("cpu family") == "25" else "SkylakeX"


@contextmanager
def _core_type_set(core: str | None) -> Iterator[None]:
    if core is None:
        yield
        return
    os.environ[CORE_VARIABLE] = core
    try:
        yield
    finally:
        del os.environ[CORE_VARIABLE]
