"""Round clouds, one a class, on a circle: the easy case that straight lines already solve (lecture 1.1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

title = {"en": "Blobs", "ja": "まとまり"}

RADIUS = 1.5


def points(
    n: int, rng: np.random.Generator, *, noise: float = 0.5, classes: int = 3
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Clouds of standard deviation ``noise``, their centres evenly spread on a circle."""
    y = np.arange(n) % classes
    angle = 2 * np.pi * (y / classes + 0.25)
    centres = RADIUS * np.column_stack([np.cos(angle), np.sin(angle)])
    return centres + noise * rng.standard_normal((n, 2)), y
