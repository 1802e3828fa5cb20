"""What importing costs, and how much memory ``fit`` takes: each in fresh processes."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

IMPORT = "import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
MEMORY = """
import warnings
from pathlib import Path
import numpy as np
from benchmarks.workloads import TRAININGS
from tasou import MLPClassifier
warnings.simplefilter("ignore")
w = next(w for w in TRAININGS if w.name == {name!r})
X, y = w.data()
MLPClassifier(w.hidden, batch_size=w.batch, max_iter=1, random_state=0).fit(X[:w.batch * 2], y[:w.batch * 2])
def status(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))
Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew from what is there now
before = status("VmRSS")
MLPClassifier(w.hidden, batch_size=w.batch, max_iter=1, random_state=0).fit(X, y)
print(status("VmHWM") - before, X.nbytes / 2**20, sum((a + 1) * b for a, b in zip(w.sizes, w.sizes[1:])) * 4 / 2**20)
"""


PEAK = Path("/proc/self/clear_refs")
"""where Linux lets a process measure its peak anew; memory is measured there only"""


def fresh(code: str) -> list[float]:
    """The numbers that a fresh Python prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return [float(word) for word in done.stdout.split()]


def all_of_them() -> dict[str, Any]:
    """Seconds of ``import tasou`` and ``import numpy``, in turns; MB that ``fit`` adds at its peak."""
    modules: dict[str, list[float]] = {"tasou": [], "numpy": []}
    for _ in range(11):
        for module, times in modules.items():
            times += fresh(IMPORT.format(module=module))
    memory = {}
    for name in ("784-512-512-10", "54-256-256-256-7") if PEAK.exists() else ():
        added, data, parameters = fresh(MEMORY.format(name=name))
        memory[name] = {
            "added": added,
            "input": data,
            "parameters": parameters,
            "allowed": 50 + 6 * parameters,
        }
    return {"import": {m: statistics.median(t) for m, t in modules.items()}, "memory": memory}
