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
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

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
        self._get, self._set = (
            self._function("openblas_get_num_threads"),
            self._function("openblas_set_num_threads"),
        )
        self._left_at = self._limit = self._get()
        self._lock = threading.Lock()

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
            if (found := self._get()) != self._left_at:
                self._limit = found
            number = max(1, min(wanted, self._limit))
            if number != found:
                self._set(number)
            self._left_at = number

    def _function(self, name: str) -> Any:
        return getattr(self._dll, self._prefix + name)

    def _address(self, name: str) -> int:
        return ctypes.cast(self._function(name), ctypes.c_void_p).value or 0


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
    return "SkylakeX" if about.get("vendor_id") == "AuthenticAMD" and has_avx512 else None


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
    """How many threads may run at once: what the environment allows, else the processors this process may use."""
    for variable in ("TASOU_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        if (value := os.environ.get(variable, "")).isdigit() and int(value) > 0:
            return int(value)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
