"""``python -m benchmarks.against CHECKOUT``: this checkout beside another one of tasou, pair by pair, on every row.

Both have an environment in ``.venv``. The two take turns, A B B A …, and the ratio of a row is the median of the
pairs': what else the machine does meets both alike. Below 1 this checkout is the faster one.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path
from typing import Any

from benchmarks.process import ROOT, Worker, told
from benchmarks.workloads import PREDICTIONS, TRAININGS

BACKENDS = {"native": "tasou_", "numpy": "tasou_numpy"}


def requests(only: str, quick: bool) -> dict[str, dict[str, Any]]:
    """What is asked of both, by the name of the row."""
    trainings = {w.name: {"train": w.name, "quick": quick} for w in TRAININGS}
    found = {**trainings, **{name: {"predict": name} for name in PREDICTIONS}}
    return {name: request for name, request in found.items() if only in name}


def ratios(here: Worker, there: Worker, request: dict[str, Any], pairs: int) -> list[float]:
    """Seconds here by seconds there, of each pair; the first one is for warming up."""
    found = []
    for lap in range(pairs + 1):
        turns = (here, there) if lap % 2 else (there, here)
        took = {worker: worker.ask(**request)["seconds"] for worker in turns}
        if lap:
            found.append(took[here] / took[there])
    return found


def main() -> None:
    """Measure, and print a row for each workload and backend."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.against", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("checkout", type=Path, help="the other checkout, with its .venv made (scripts/setup)")
    parser.add_argument("--pairs", type=int, default=15, help="pairs that count (default 15)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="shorter runs of the long rows")
    parser.add_argument("--only", default="", help="rows whose name contains this")
    parser.add_argument("--backend", choices=BACKENDS, action="append", help="native, numpy (default both)")
    given = parser.parse_args()
    print(f"{'row':28}{'backend':9}{'median':>8}{'from':>8}{'to':>8}   of {given.pairs} ratios here / there")
    for backend in given.backend or BACKENDS:
        here, there = (
            Worker(BACKENDS[backend], given.threads, root) for root in (ROOT, given.checkout.resolve())
        )
        for name, request in requests(given.only, given.quick).items():
            told(f"{name}, {backend}")
            found = sorted(ratios(here, there, request, given.pairs))
            spread = f"{found[0]:8.3f}{found[-1]:8.3f}"
            print(f"{name:28}{backend:9}{statistics.median(found):8.3f}{spread}", flush=True)
        for worker in (here, there):
            worker.close()


if __name__ == "__main__":
    main()
