"""AND: 1 only where both inputs are 1; a line separates it, so the perceptron converges (lecture 2.1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tasou.datasets._truth_table import rows

title = {"en": "AND gate", "ja": "ANDゲート"}


def points(
    n: int, rng: np.random.Generator, *, noise: float | None = None
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The truth table of AND where ``n`` is 4, noisy copies of its rows otherwise."""
    return rows((0, 0, 0, 1), n, rng, noise)
