"""XOR (exclusive or): 1 where the inputs differ; no straight line separates it (lecture 1.2)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tasou.datasets._truth_table import rows

title = {"en": "XOR", "ja": "XOR（排他的論理和）"}


def points(
    n: int, rng: np.random.Generator, *, noise: float | None = None
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The truth table of XOR where ``n`` is 4, noisy copies of its rows otherwise."""
    return rows((0, 1, 1, 0), n, rng, noise)
