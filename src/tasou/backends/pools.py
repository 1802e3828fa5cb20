"""The threads that an OpenBLAS keeps for its products: how many it may use, and who has a say in it.

Products of our own threads want one thread each. So does L-BFGS, whose many small products in SciPy would wake threads
that then spin beside ours; and sums of theirs would depend on how many they are.
"""

from __future__ import annotations

import ctypes
import importlib.util
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path


class Pool:
    """The threads of one library, by the functions that get and set their number."""

    def __init__(self, get: Callable[[], int], set_: Callable[[int], object]) -> None:
        self.get, self.set = get, set_
        self._left_at, self.limit = get(), math.inf
        self._lock, self._inside = threading.Lock(), 0

    def use(self, wanted: int) -> None:
        """Let the products that follow use up to this many threads, and no more than somebody else has allowed.

        Whoever limits BLAS from outside (threadpoolctl, joblib) changes the number that was left here: that is noticed.
        """
        with self._lock:
            if self._inside:
                return
            found = self._noticed()
            number = max(1, int(min(wanted, self.limit)))
            if number != found:
                self.set(number)
            self._left_at = number

    @contextmanager
    def one_each(self) -> Iterator[float]:
        """Each product by the thread that asks for it; gives how many threads may run, as others have allowed.

        Afterwards the number is what it was, so that the next limit from outside is seen.
        """
        with self._lock:
            if self._inside == 0:
                self._before = self._noticed()
                self.set(1)
            self._inside += 1
            limit = self.limit
        try:
            yield limit
        finally:
            with self._lock:
                self._inside -= 1
                if self._inside == 0:
                    self.set(self._before)
                    self._left_at = self._before

    def _noticed(self) -> int:
        """The number of threads that is found; a limit, if it is not what was left."""
        found = self.get()
        if found != self._left_at:
            self.limit = found
        return found


@contextmanager
def one_thread_elsewhere() -> Iterator[None]:
    """One thread for the products that NumPy and SciPy make by libraries of their own."""
    with ExitStack() as stack:
        for pool in elsewhere():
            stack.enter_context(pool.one_each())
        yield


@cache
def elsewhere() -> list[Pool]:
    """The pools of the OpenBLAS that NumPy's and SciPy's wheels bring along, as far as they are loaded here."""
    found = []
    for package, suffix in (("numpy", "64_"), ("scipy", "")):
        spec = importlib.util.find_spec(package)
        folder = Path(spec.origin).parent if spec and spec.origin else Path()
        for place in (folder.parent / f"{package}.libs", folder / ".dylibs"):
            found += [
                pool for path in place.glob(f"libscipy_openblas{suffix}-*") for pool in _pool_of(path, suffix)
            ]
    return found


def _pool_of(path: Path, suffix: str) -> Iterator[Pool]:
    """A library's pool; loading it again gives the one that is there."""
    try:
        library = ctypes.CDLL(str(path))
        get = getattr(library, f"scipy_openblas_get_num_threads{suffix}")
        yield Pool(get, getattr(library, f"scipy_openblas_set_num_threads{suffix}"))
    except (OSError, AttributeError):
        return
