"""``python -m benchmarks.workers NAME THREADS``: answer requests until stdin ends.

A request is a line of JSON: {"train": name, "quick": bool}, {"predict": name} or {"products": name}; the answer is a
line of JSON with "seconds" (and "cpu", the processor time of the process), or "absent" with the reason.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

from benchmarks.workloads import PREDICTIONS, TRAININGS

NUMBER = 1000
"""calls of a prediction of one row that are timed together"""


def timed(work: Callable[[], Any]) -> dict[str, float]:
    """Wall and processor seconds of a call."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def answer(library: Any, request: dict[str, Any], ready: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    """Run what was asked for; whatever can be made ready beforehand is not timed."""
    key = json.dumps(request)
    workload = next((w for w in TRAININGS if w.name == request.get("train")), None)
    if workload and workload.solver not in getattr(library, "SOLVERS", {workload.solver}):
        return {"absent": f"no {workload.solver} of its own in its usual fast form"}
    if workload and workload.kind not in getattr(library, "KINDS", {"dense"}):
        return {"absent": f"no layers of its own for {workload.name}"}
    if key not in ready:
        ready[key] = prepared(library, request)
    if PREDICTIONS.get(request.get("predict", ""), (0,))[0] == 1:
        return {name: t / NUMBER for name, t in timed(lambda: [ready[key]() for _ in range(NUMBER)]).items()}
    return timed(ready[key])


def prepared(library: Any, request: dict[str, Any]) -> Callable[[], Any]:
    """What a request runs."""
    if "predict" in request:
        return library.prediction(*PREDICTIONS[request["predict"]])  # type: ignore[no-any-return]
    what = "train" if "train" in request else "products"
    workload = next(w for w in TRAININGS if w.name == request[what])
    workload = workload.quick() if request["quick"] else workload
    make = library.training if what == "train" else library.products
    return make(workload, *workload.data())  # type: ignore[no-any-return]


def main() -> None:
    """Serve one library."""
    name, threads = sys.argv[1], int(sys.argv[2])
    if hasattr(
        os, "sched_setaffinity"
    ):  # the same processors for everyone: JAX has no other switch that always holds
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    warnings.simplefilter("ignore")
    try:
        library = importlib.import_module(f"benchmarks.workers.{name}")
    except ImportError as reason:
        print(json.dumps({"absent": str(reason)}), flush=True)
        return
    library.set_threads(threads)
    print(json.dumps({"version": library.VERSION}), flush=True)
    ready: dict[str, Callable[[], Any]] = {}
    for line in sys.stdin:
        print(json.dumps(answer(library, json.loads(line), ready)), flush=True)


if __name__ == "__main__":
    main()
