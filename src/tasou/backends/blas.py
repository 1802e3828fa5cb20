"""A private BLAS for the matrix products: OpenBLAS in a copy of our own, told which processor it runs on.

OpenBLAS chooses its kernels when it is loaded, by a list of processors that it knows; an AMD processor with AVX-512 it
takes for an older one and runs at half its speed. A copy that is loaded here, with the core type that the processor's
own feature flags ask for, is fast whatever was imported before.
"""

from __future__ import annotations

import ctypes
import importlib.util
import math
import os
import platform
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
        self._get, self._set = (
            self._function("openblas_get_num_threads"),
            self._function("openblas_set_num_threads"),
        )
        self._left_at = self._limit = self._get()
        self._lock, self._inside = threading.Lock(), 0

    @property
    def core(self) -> str:
        """The kind of processor whose kernels run."""
        name = self._function("openblas_get_corename")
        name.restype = ctypes.c_char_p
        return str(name().decode())

    def use_threads(self, wanted: int) -> None:
        """Let the products that follow use up to this many threads, and no more than somebody else has allowed.

        Whoever limits BLAS from outside (threadpoolctl, joblib) changes the number that was left here: that is noticed.
        """
        with self._lock:
            if self._inside:
                return
            found = self._noticed()
            number = max(1, min(wanted, self._limit))
            if number != found:
                self._set(number)
            self._left_at = number

    @contextmanager
    def one_thread_each(self) -> Iterator[int]:
        """Each product by the thread that asks for it; gives how many threads may run, as others have allowed.

        Afterwards the number is what it was allowed to be, so that the next limit from outside is seen.
        """
        with self._lock:
            if self._inside == 0:
                self._noticed()
                self._set(1)
            self._inside += 1
            limit = self._limit
        try:
            yield limit
        finally:
            with self._lock:
                self._inside -= 1
                if self._inside == 0:
                    self._set(limit)
                    self._left_at = limit

    def _noticed(self) -> int:
        """The number of threads that is found; a limit, if it is not what was left."""
        found = int(self._get())
        if found != self._left_at:
            self._limit = found
        return found

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
        self.use_threads(min(cores(), m * n * k // WORK_PER_THREAD))
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


@cache
def load() -> Blas | None:
    """The first library that can be loaded; None if there is none (then NumPy's own does the products)."""
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


def cores() -> int:
    """How many threads may run at once: what the environment allows, else the processors this process may use.

    A container's share of processors (the quota of its control group) counts in whole ones.
    """
    for variable in ("TASOU_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        if (value := os.environ.get(variable, "")).isdigit() and int(value) > 0:
            return int(value)
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    limit = quota()
    return usable if limit >= usable else max(1, math.ceil(limit))


@cache
def quota(root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> float:
    """Processors that Linux gives to this process's control group at most; infinity if there is no limit."""
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except OSError:
        return math.inf
    paths = {controllers: path for _, controllers, path in (line.split(":", 2) for line in lines)}
    second = [root / part for part in _upwards(paths.get("", "/"))]
    first = [root / "cpu" / part for part in _upwards(paths.get("cpu,cpuacct", paths.get("cpu", "/")))]
    limits = [_share(folder / "cpu.max") for folder in second]
    limits += [_share(folder / "cpu.cfs_quota_us", folder / "cpu.cfs_period_us") for folder in first]
    return min(limits)


def _upwards(path: str) -> list[str]:
    """A group's folder and those above it: each may set a limit."""
    parts = path.strip("/").split("/")
    return ["/".join(parts[:n]) for n in range(len(parts), -1, -1)]


def _share(*files: Path) -> float:
    """Quota over period, as two numbers in one file or in two; "max" and -1 mean no limit."""
    try:
        allowed, period = " ".join(file.read_text(encoding="utf-8") for file in files).split()
        return float(allowed) / float(period) if float(allowed) > 0 else math.inf
    except (OSError, ValueError, ZeroDivisionError):
        return math.inf
