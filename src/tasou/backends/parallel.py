"""Members, folds, shuffles: equal pieces of work at once, on threads, each computed by one thread.

Native code and NumPy's larger operations leave Python's lock while they compute, so threads share the processors; what
each piece computes depends on nothing but itself, so results are those of one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Event
from typing import TypeVar

from tasou.backends.processors import cores, ended_by, limited

T = TypeVar("T")
R = TypeVar("R")


def each(
    work: Callable[[T], R], items: Iterable[T], *, n_jobs: int | None = None, n_threads: int | None = 1
) -> list[R]:
    """``work(item)`` for each item, several at once; the results in the order of the items.

    Parameters
    ----------
    work
        a function that changes nothing the others see
    items
        what it is given
    n_jobs
        how many at once; by default as many as with their threads fill the processors (`cores`)
    n_threads
        threads of each; None: as many as are allowed here

    Raises
    ------
    Exception
        whatever the first item that fails raises; then, and after a Ctrl-C, items that have not begun are left out, and
        native code breaks off the others

    Examples
    --------
    >>> each(lambda x: x * x, range(5), n_jobs=2)
    [0, 1, 4, 9, 16]
    """
    given = list(items)
    jobs = min(len(given), n_jobs or max(1, cores() // (n_threads or 1)))

    def one(item: T) -> R:
        with limited(n_threads):
            return work(item)

    if jobs <= 1:
        return [one(item) for item in given]
    ended = Event()
    with ended_by(ended), ThreadPoolExecutor(jobs, thread_name_prefix="tasou") as pool:
        futures = [pool.submit(copy_context().run, one, item) for item in given]
        try:
            return [future.result() for future in futures]
        except BaseException:
            ended.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
