"""Two rings, one around the other: no straight line separates them, one hidden layer does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

title = {"en": "Circles", "ja": "同心円"}

RADII = np.array([1.6, 0.7])


def points(
    n: int, rng: np.random.Generator, *, noise: float = 0.15
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The outer ring is class 0, the inner ring class 1."""
    y = np.arange(n) % 2
    angle = rng.uniform(0, 2 * np.pi, n)
    rings = RADII[y, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return rings + noise * rng.standard_normal((n, 2)), y
