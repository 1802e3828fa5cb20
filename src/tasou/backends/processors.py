"""How many threads may run at once: by the environment, the processors of this process, a container's quota."""

from __future__ import annotations

import math
import os
from functools import cache
from pathlib import Path

VARIABLES = ("TASOU_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
"""of the environment, the first that is set counts"""


def cores() -> int:
    """How many threads may run at once: what the environment allows, else the processors this process may use.

    A container's share of processors (the quota of its control group) counts, rounded up to whole ones.
    """
    for variable in VARIABLES:
        if (value := os.environ.get(variable, "").strip()).isdigit() and int(value) > 0:
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
