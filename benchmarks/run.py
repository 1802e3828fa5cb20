"""``python -m benchmarks.run``: everything side by side, in one run. See --help.

Each library lives in a process of its own. For every workload the processes take turns, one run each, over and over:
so whatever else the machine does meets all of them alike, and ratios are medians over the rounds. The first round is
for warming up, and is thrown away.
"""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path
from typing import Any

from benchmarks import costs, readme, report, scaling
from benchmarks.process import ROOT, Worker, told
from benchmarks.workloads import PREDICTIONS, TRAININGS

LIBRARIES = {
    "tasou": "tasou_",
    "tasou (NumPy)": "tasou_numpy",
    "scikit-learn": "sklearn_",
    "PyTorch": "torch_",
    "JAX": "jax_",
}


def measure(workers: dict[str, Worker], rounds: int, **request: Any) -> dict[str, list[dict[str, float]]]:
    """All libraries in turn, ``rounds`` times after a warm-up."""
    times: dict[str, list[dict[str, float]]] = {name: [] for name in workers}
    for lap in range(rounds + 1):
        for name, worker in workers.items():
            found = worker.ask(**request)
            if lap and "seconds" in found:
                times[name].append(found)
    return {name: laps for name, laps in times.items() if laps}


def with_threads(threads: int, rounds: int, quick: bool, only: str) -> dict[str, Any]:
    """All workloads with so many threads."""
    workers = {name: Worker(module, threads) for name, module in LIBRARIES.items()}
    absent = {name: w.hello["absent"] for name, w in workers.items() if "absent" in w.hello}
    workers = {name: w for name, w in workers.items() if name not in absent}
    rows: dict[str, Any] = {}
    for workload in TRAININGS:
        if only in workload.name:
            told(f"{threads} thread(s): {workload.name}")
            shorter = workload.quick() if quick else workload
            times = measure(workers, rounds, train=workload.name, quick=quick)
            bare = {}
            if workload.kind == "dense" and "tasou" in workers:
                bare = measure({"products": workers["tasou"]}, rounds, products=workload.name, quick=quick)
            rows[workload.name] = {"steps": shorter.steps, "times": times | bare}
    for name in PREDICTIONS:
        if only in name:
            told(f"{threads} thread(s): {name}")
            rows[name] = {"steps": 1, "times": measure(workers, rounds, predict=name)}
    for worker in workers.values():
        worker.close()
    versions = {name: worker.hello["version"] for name, worker in workers.items()}
    return {"threads": threads, "rows": rows, "versions": versions, "absent": absent}


def machine() -> dict[str, Any]:
    """Where it was measured."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    named = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines[:30])}
    model = f"{named.get('model name', platform.processor())} (family {named.get('cpu family', '?')})"
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure tasou beside its peers.")
    parser.add_argument("--quick", action="store_true", help="shorter runs, fewer of them")
    parser.add_argument("--rounds", type=int, help="runs of each that count (default 5, quick 3)")
    parser.add_argument(
        "--threads", type=int, nargs="+", default=[1, 2], help="numbers of threads (default 1 2)"
    )
    parser.add_argument("--only", default="", help="workloads whose name contains this")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "benchmarks" / "results", help="folder of the results"
    )
    parser.add_argument("--weave", action="store_true", help="renew the figures in the READMEs too")
    given = parser.parse_args()
    if given.weave and (given.quick or given.only or 1 not in given.threads):
        parser.error("--weave is for full runs: without --quick and --only, with one thread among --threads")
    rounds = given.rounds or (3 if given.quick else 5)
    results = {
        "machine": machine(),
        "rounds": rounds,
        "quick": given.quick,
        "runs": [with_threads(n, rounds, given.quick, given.only) for n in given.threads],
    }
    results["scaling"] = [
        {"threads": n, "rows": scaling.measure(n, rounds, given.only, given.quick)}
        for n in given.threads
        if n > 1
    ]
    if not given.only:
        told("memory and import")
        results |= costs.all_of_them()
    report.write(results, given.out)
    if given.weave:
        readme.weave(results, ROOT)
    print(report.text(results))


if __name__ == "__main__":
    main()
