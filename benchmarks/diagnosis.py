"""What watching a training costs: paired runs with and without `Watch`, and the time inside the watch.

Run it as ``OMP_NUM_THREADS=1 python benchmarks/diagnosis.py``. Trainings are measured in CPU time. On a machine that
does other things as well the pairs vary by several per cent from run to run; the time inside the watch, the least of
several runs (by the wall clock, which is read in less time), varies much less.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np

from tasou import Network, Training
from tasou.diagnostics import Watch

PAIRS = 15
Case = tuple[int, tuple[int, ...], int, int]
CASES: dict[str, Case] = {
    "like digits: 1797 x 64, 64-100-10, batches of 200, 200 epochs": (1797, (64, 100, 10), 200, 200),
    "like digits, a short fit of 50 epochs": (1797, (64, 100, 10), 200, 50),
    "like digits, batches of 32, 40 epochs": (1797, (64, 100, 10), 32, 40),
    "wider: 10000 x 50, 50-128-64-2, batches of 100, 10 epochs": (10_000, (50, 128, 64, 2), 100, 10),
    "the lecture's: 300 x 2, 2-10-3, full batch, 2000 epochs": (300, (2, 10, 3), 300, 2000),
}


class Timed(Watch):
    """A watch that notes the time it takes itself."""

    inside = 0.0

    def on_start(self, *arguments: Any) -> None:
        """Timed."""
        start = time.perf_counter()
        super().on_start(*arguments)
        self.inside += time.perf_counter() - start

    def on_epoch(self, *arguments: Any) -> None:
        """Timed."""
        start = time.perf_counter()
        super().on_epoch(*arguments)
        self.inside += time.perf_counter() - start

    def diagnosis(self) -> Any:
        """Timed."""
        start = time.perf_counter()
        found = super().diagnosis()
        self.inside += time.perf_counter() - start
        return found


def data(n: int, sizes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Standard normal columns; the class is the largest of K random linear functions, blurred."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, sizes[0]))
    scores = X @ rng.standard_normal((sizes[0], sizes[-1])) + rng.standard_normal((n, sizes[-1]))
    return X, scores.argmax(axis=1)


def seconds(case: Case, watch: Watch | None = None) -> float:
    """CPU time of one training by Adam, the diagnosis at its end included."""
    n, sizes, batch_size, epochs = case
    X, y = data(n, sizes)
    callbacks = [] if watch is None else [watch]
    settings = {"optimizer": "adam", "batch_size": batch_size, "rng": 0, "callbacks": callbacks}
    training = Training(Network(sizes, rng=0), **settings)
    start = time.process_time()
    training.run(X, y, epochs=epochs)
    if watch is not None:
        watch.diagnosis()
    return time.process_time() - start


def pair(case: Case, *, watched_first: bool) -> tuple[float, float]:
    """The times without and with a watch, in changing order: a machine that slows down favours neither."""
    if watched_first:
        on = seconds(case, Watch(quiet=True))
        return seconds(case), on
    off = seconds(case)
    return off, seconds(case, Watch(quiet=True))


def seconds_inside(case: Case) -> float:
    """The time that a watched training spends in the watch."""
    watch = Timed(quiet=True)
    seconds(case, watch)
    return watch.inside


def main() -> None:
    """Print a line per case."""
    for name, case in CASES.items():
        pairs = [pair(case, watched_first=bool(i % 2)) for i in range(PAIRS)]
        ratio = statistics.median(on / off for off, on in pairs)
        off = statistics.median(off for off, _ in pairs)
        inside = min(seconds_inside(case) for _ in range(PAIRS))
        share = inside / (inside + min(off for off, _ in pairs))
        print(f"{name}: {off:.3f} s of CPU, with a watch {ratio - 1:+.1%}, ", end="")
        print(f"inside the watch {1000 * inside:.1f} ms ({share:.1%})")


if __name__ == "__main__":
    main()
