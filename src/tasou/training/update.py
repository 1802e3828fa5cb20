"""θ := θ − step: clip the mean gradient, shrink the weights, and let the optimizer's rule move every segment of θ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends import NumpyBackend
from tasou.formulas import penalties
from tasou.formulas.optimizers import Optimizer
from tasou.network import Layout
from tasou.training.step import length

Array = NDArray[Any]


@dataclass(frozen=True)
class Update:
    """How a mean gradient moves θ: the one place where an update is made outside a backend's whole epochs."""

    optimizer: Optimizer
    layout: Layout
    weight_decay: float
    clip_norm: float | None

    def make(
        self, backend: NumpyBackend, theta: Array, grad: Array, memory: Sequence[Array], t: int, lr: float
    ) -> None:
        """Move θ and the optimizer's memory in place; the gradient is shortened in place. t counts from 1."""
        if self.clip_norm is not None:
            grad *= penalties.clip_scale(length(grad), self.clip_norm)
        if self.weight_decay:
            for segment in self.layout.segments:
                if segment.decays:
                    W = theta[segment.slice]
                    W[...] = penalties.decay(W, lr * segment.rate, self.weight_decay)
        for part, rate in self._runs:
            own = [vector[part] for vector in memory]
            backend.update(self.optimizer.update, theta[part], grad[part], own, t, lr * rate)

    @cached_property
    def _runs(self) -> list[tuple[slice, float]]:
        """The runs of θ that share a learning rate; what learns at none stays as it is."""
        runs: list[tuple[slice, float]] = []
        for segment in self.layout.segments:
            if runs and runs[-1][1] == segment.rate:
                runs[-1] = (slice(runs[-1][0].start, segment.stop), segment.rate)
            else:
                runs.append((segment.slice, segment.rate))
        return [(part, rate) for part, rate in runs if rate]

    def preview(self, theta: Array, grad: Array, memory: Sequence[Array], t: int, lr: float) -> Array:
        """Where this gradient would move θ; nothing is changed."""
        moved = theta.copy()
        self.make(NumpyBackend(), moved, np.array(grad), [np.array(vector) for vector in memory], t, lr)
        return moved
