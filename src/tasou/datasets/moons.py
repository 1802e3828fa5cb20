"""Two half moons that reach into one another: a boundary with one bend each way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

title = {"en": "Moons", "ja": "三日月"}

RADIUS = 1.4
CENTRE = np.array([RADIUS / 2, RADIUS / 4])


def points(
    n: int, rng: np.random.Generator, *, noise: float = 0.18
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Class 0 is the upper moon; class 1 is the same one, turned by half a turn about the origin."""
    y = np.arange(n) % 2
    angle = rng.uniform(0, np.pi, n)
    upper = RADIUS * np.column_stack([np.cos(angle), np.sin(angle)]) - CENTRE
    return np.where(y[:, None] == 0, upper, -upper) + noise * rng.standard_normal((n, 2)), y
