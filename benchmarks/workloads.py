"""What is measured: six trainings and two predictions, the same for every library, all in float32."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Workload:
    """A training: its data, its network, its optimizer."""

    name: str
    rows: int
    features: int
    hidden: tuple[int, ...]
    classes: int
    batch: int
    solver: str
    epochs: int
    lr: float = 1e-3

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units per layer, inputs first."""
        return (self.features, *self.hidden, self.classes)

    @property
    def steps(self) -> int:
        """Updates in all; iterations of L-BFGS."""
        return self.epochs * -(-self.rows // self.batch)

    def data(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Random clouds around a centre for each class: learnable, and the same everywhere."""
        rng = np.random.default_rng(0)
        y = rng.integers(self.classes, size=self.rows)
        centres = rng.normal(size=(self.classes, self.features))
        X = centres[y] + rng.normal(0, 2, (self.rows, self.features))
        return np.ascontiguousarray(X, np.float32), y

    def quick(self) -> Workload:
        """Some thirty of the same steps, where there are many and long ones."""
        return self if self.rows < 10_000 else replace(self, epochs=1, rows=30 * self.batch)


TRAININGS = [
    Workload("lecture", 300, 2, (10,), 3, 300, "sgd", 500, lr=0.1),
    Workload("digits", 1797, 64, (100,), 10, 200, "adam", 20),
    Workload("digits, L-BFGS", 1797, 64, (100,), 10, 1797, "lbfgs", 100),
    Workload("784-128-10", 20_000, 784, (128,), 10, 128, "adam", 3),
    Workload("784-512-512-10", 20_000, 784, (512, 512), 10, 256, "adam", 2),
    Workload("54-256-256-256-7", 100_000, 54, (256, 256, 256), 7, 1024, "adam", 2),
]
PREDICTIONS = {"predict one row": (1, 20, (100,), 3), "predict a million rows": (1_000_000, 20, (100,), 3)}
"""rows, features, hidden layers, classes"""
