"""What is measured: nine trainings and two predictions, the same for every library, all in float32."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits


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
    kind: str = "dense"
    """what the network is made of: dense layers, or the layers of benchmarks/workers/stacks.py and torch_.py"""

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units per layer, inputs first."""
        return (self.features, *self.hidden, self.classes)

    @property
    def steps(self) -> int:
        """Updates in all; iterations of L-BFGS."""
        return self.epochs * -(-self.rows // self.batch)

    def data(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Random clouds around a centre for each class: learnable, and the same everywhere; of layers their own."""
        rng = np.random.default_rng(0)
        if self.kind in ("convolution", "gru"):
            digits = load_digits()
            return np.ascontiguousarray(digits.data / 16, np.float32), digits.target.astype(np.int64)
        if self.kind == "embedding":
            return coded(self.rows, rng)
        y = rng.integers(self.classes, size=self.rows)
        centres = rng.normal(size=(self.classes, self.features))
        X = centres[y] + rng.normal(0, 2, (self.rows, self.features))
        return np.ascontiguousarray(X, np.float32), y

    def quick(self) -> Workload:
        """Some thirty of the same steps, where there are many and long ones."""
        return self if self.rows < 10_000 else replace(self, epochs=1, rows=30 * self.batch)


CODES, NUMBERS, LEVELS, WIDTH = 8, 6, 50, 4
"""a table: columns of codes and of numbers, how many codes there are, how many numbers each becomes"""


def coded(rows: int, rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """A table of categories, whose codes have effects of their own, and of numbers."""
    codes, numbers = rng.integers(0, LEVELS, (rows, CODES)), rng.normal(size=(rows, NUMBERS))
    effects = rng.normal(size=(CODES, LEVELS))[np.arange(CODES), codes].sum(axis=1)
    y = (effects + numbers.sum(axis=1) + rng.normal(size=rows) > 0).astype(np.int64)
    return np.hstack([codes, numbers]).astype(np.float32), y


TRAININGS = [
    Workload("lecture", 300, 2, (10,), 3, 300, "sgd", 500, lr=0.1),
    Workload("digits", 1797, 64, (100,), 10, 200, "adam", 20),
    Workload("digits, L-BFGS", 1797, 64, (100,), 10, 1797, "lbfgs", 100),
    Workload("784-128-10", 20_000, 784, (128,), 10, 128, "adam", 3),
    Workload("784-512-512-10", 20_000, 784, (512, 512), 10, 256, "adam", 2),
    Workload("54-256-256-256-7", 100_000, 54, (256, 256, 256), 7, 1024, "adam", 2),
    Workload("digits by convolution", 1797, 64, (), 10, 50, "adam", 5, kind="convolution"),
    Workload("digits row by row, GRU", 1797, 64, (), 10, 50, "adam", 5, kind="gru"),
    Workload("table with embeddings", 9_000, 14, (64,), 2, 100, "adam", 5, kind="embedding"),
]
PREDICTIONS = {"predict one row": (1, 20, (100,), 3), "predict a million rows": (1_000_000, 20, (100,), 3)}
"""rows, features, hidden layers, classes"""
