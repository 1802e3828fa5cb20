"""``python -m benchmarks.scaling``: several threads of tasou by one, on an idle machine and on a busy one.

Two processes of tasou, one of which trains with one thread, take turns, and the ratio of a row is the median of the
pairs'. On the busy machine a process for each core does nothing but count, so that every thread has to share its core.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.process import Worker, told
from benchmarks.workloads import TRAININGS

MACHINES = ("idle", "loaded")


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """So many processes that count for ever."""
    counting = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in counting:
            process.kill()
            process.wait()


def ratios(several: Worker, one: Worker, request: dict[str, Any], pairs: int) -> list[float]:
    """Seconds by several threads by those of one, pair by pair; the first is for warming up."""
    found = []
    for lap in range(pairs + 1):
        turns = (several, one) if lap % 2 else (one, several)
        took = {worker: worker.ask(**request)["seconds"] for worker in turns}
        if lap:
            found.append(took[several] / took[one])
    return found


def measure(
    threads: int, pairs: int, only: str = "", quick: bool = False
) -> dict[str, dict[str, list[float]]]:
    """The ratios of every training, by the state of the machine."""
    workers = Worker("tasou_", threads), Worker("tasou_", 1)
    found: dict[str, dict[str, list[float]]] = {}
    for machine in MACHINES:
        with busy((os.cpu_count() or 1) if machine == "loaded" else 0):
            for workload in TRAININGS:
                if only in workload.name:
                    told(f"{threads} threads by one, {machine}: {workload.name}")
                    request = {"train": workload.name, "quick": quick}
                    found.setdefault(workload.name, {})[machine] = ratios(*workers, request, pairs)
    for worker in workers:
        worker.close()
    return found


def main() -> None:
    """Measure, and print a row for each training."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scaling", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--pairs", type=int, default=5, help="pairs that count (default 5)")
    parser.add_argument("--quick", action="store_true", help="shorter runs of the long rows")
    parser.add_argument("--only", default="", help="rows whose name contains this")
    given = parser.parse_args()
    for name, machines in measure(given.threads, given.pairs, given.only, given.quick).items():
        cells = (
            f"{machine} {statistics.median(r):.3f} ({min(r):.2f}-{max(r):.2f})"
            for machine, r in machines.items()
        )
        print(f"{name:20}", *cells, flush=True)


if __name__ == "__main__":
    main()
