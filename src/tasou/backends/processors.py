"""How many threads may run at once: by the environment, the processors of this process, a container's quota."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from threading import Event

VARIABLES = ("TASOU_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
"""of the environment, the first that is set counts"""

_limit: ContextVar[int | None] = ContextVar("tasou_threads", default=None)


def limited(n_threads: int | None) -> AbstractContextManager[None]:
    """At most so many threads for what is computed within, in this Python thread or task; None: nothing changes.

    >>> with limited(1):
    ...     cores()
    1
    """
    return nullcontext() if n_threads is None else _limited(n_threads)


@contextmanager
def _limited(n_threads: int) -> Iterator[None]:
    token = _limit.set(n_threads)
    try:
        yield
    finally:
        _limit.reset(token)


def limit() -> int | None:
    """What `limited` says here."""
    return _limit.get()


_ended: ContextVar[Event | None] = ContextVar("tasou_ended", default=None)


@contextmanager
def ended_by(event: Event) -> Iterator[None]:
    """What is begun here, in other threads too, breaks off once the event is set: Python tells but its main thread."""
    token = _ended.set(event)
    try:
        yield
    finally:
        _ended.reset(token)


def check_goes_on() -> None:
    """Between two calls of native code.

    Raises
    ------
    KeyboardInterrupt
        somebody waits for this computation no longer
    """
    event = _ended.get()
    if event is not None and event.is_set():
        raise KeyboardInterrupt


def cores() -> int:
    """How many threads may run at once: what was asked for, else the environment, else the processors one may use.

    A container's share of processors (the quota of its control group) counts, rounded up to whole ones.
    """
    if asked := _limit.get():
        return asked
    for variable in VARIABLES:
        if (value := os.environ.get(variable, "").strip()).isdigit() and int(value) > 0:
            return int(value)
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    share = quota()
    return usable if share >= usable else max(1, math.ceil(share))


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
