"""One update of the parameters, as it was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.network import Parameters, Trace
from tasou.training.data import Batch

Array = NDArray[Any]


def length(v: Array) -> float:
    """‖v‖, without overflow where ‖v‖ itself is finite."""
    top = float(np.abs(v).max())
    return top * float(np.linalg.norm(v / top)) if 0 < top < np.inf else top


@dataclass(frozen=True, repr=False)
class Step:
    """One update, as it was made: its arrays are the step's own working memory, valid until the next.

    >>> from tasou.network import Network
    >>> from tasou.training import Training
    >>> training = Training(Network((2, 3, 2), rng=0), lr=0.1)
    >>> [step.update for step in training.steps([[0.0, 1], [1, 0]], [0, 1], epochs=3)]
    [1, 2, 3]
    """

    update: int
    """which update this is, from 1"""
    epoch: int
    """the epoch it belongs to, from 1"""
    batch: Batch
    loss: float
    """mean loss of the batch with penalty, before the update"""
    lr: float
    trace: Trace
    """every z, a, δ before the update; ``trace.grad`` holds the gradient summed over the batch"""
    gradient: Parameters
    """the mean gradient that the update used: with penalty, and shortened where a longest gradient is set"""

    def __repr__(self) -> str:
        return f"Step(update {self.update}, epoch {self.epoch}: loss {self.loss:.4g}, lr {self.lr:g}, {self.trace!r})"

    @property
    def gradient_norm(self) -> float:
        """The length ‖∇‖ of the mean gradient."""
        return length(self.gradient.theta)
