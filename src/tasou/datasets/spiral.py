"""Arms that wind around one another: the data of the lecture's last section (lecture 6).

Class k is the curve (r cos φ, r sin φ), φ = 2π (k / classes + turns · r / 2), r from 0 to 2, plus noise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

title = {"en": "Spiral", "ja": "渦巻き"}

RADIUS = 2.0


def points(
    n: int, rng: np.random.Generator, *, noise: float = 0.2, classes: int = 3, turns: float = 0.6
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Points along ``classes`` arms of ``turns`` turns each, spread evenly over the disc."""
    y = np.arange(n) % classes
    step = np.arange(n) // classes
    # The root makes the arms as dense outside as inside; evenly spaced radii would crowd the centre,
    # where the arms cannot be told apart.
    along = np.sqrt((step + 0.5) / (step[-1] + 1))
    angle = 2 * np.pi * (y / classes + turns * along)
    arms = RADIUS * along[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return arms + noise * rng.standard_normal((n, 2)), y
