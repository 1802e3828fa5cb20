"""tasou's networks of layers: convolution, GRU, embeddings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.workloads import CODES, LEVELS, NUMBERS, WIDTH, Workload
from tasou import Network, Training
from tasou.layers import GRU, Columns, Conv2d, Dense, Embedding, MaxPool, Scale

KINDS = {"dense", "convolution", "gru", "embedding"}


def network(kind: str) -> Network:
    """A fresh network of the kind, in float32."""
    inputs: int | tuple[int, ...]
    match kind:
        case "convolution":
            inputs = (8, 8, 1)
            layers = [Conv2d(16, 3, "relu"), MaxPool(2), Conv2d(32, 2, "relu"), Dense(10)]
        case "gru":
            inputs, layers = (8, 8), [GRU(32), Dense(10)]
        case _:
            codes, numbers = tuple(range(CODES)), tuple(range(CODES, CODES + NUMBERS))
            columns = Columns([(codes, [Embedding((LEVELS,) * CODES, WIDTH)]), (numbers, [Scale()])])
            inputs, layers = CODES + NUMBERS, [columns, Dense(64, "relu"), Dense(2)]
    return Network(layers=layers, inputs=inputs, dtype=np.float32, rng=0)


def training(workload: Workload, X: Any, y: Any) -> Callable[[], Any]:
    """A fresh network, trained for all epochs."""

    def run() -> None:
        training = Training(
            network(workload.kind), optimizer="adam", lr=workload.lr, batch_size=workload.batch, rng=0
        )
        training.run(X, y, epochs=workload.epochs)

    return run
