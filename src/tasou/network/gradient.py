"""A gradient as a sum with its weight: batches, shards and machines add up, and the mean is taken once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Gradient:
    """Σ w ∂L/∂θ over some rows, with Σ w L and Σ w of the same rows; gradients of different rows are added.

    Examples
    --------
    >>> import numpy as np
    >>> from tasou.network import Network
    >>> network = Network((2, 3, 2), rng=0)
    >>> X, y = np.array([[0.0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1])
    >>> parts = network.gradient(X[:1], y[:1]) + network.gradient(X[1:], y[1:])
    >>> parts.weight, np.allclose(parts.sum, network.gradient(X, y).sum)
    (3.0, True)
    """

    sum: Array
    """Σ w ∂L/∂θ, flat as θ"""
    loss: float
    """Σ w L"""
    weight: float
    """Σ w: the number of rows, where they weigh 1 each"""

    def __add__(self, other: Gradient) -> Gradient:
        return Gradient(self.sum + other.sum, self.loss + other.loss, self.weight + other.weight)
