"""What several rooms of tests need: targets that fit a loss."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tasou.formulas.losses import Loss


def _one_hot(n: int, k: int, rng: np.random.Generator) -> np.ndarray:
    return np.eye(k)[rng.integers(0, k, n)]


DRAW = {
    "one_hot": _one_hot,
    "binary": lambda n, k, rng: rng.integers(0, 2, (n, k)).astype(float),
    "real": lambda n, k, rng: rng.normal(size=(n, k)),
    "count": lambda n, k, rng: rng.poisson(1.5, (n, k)).astype(float),
    "sign": lambda n, k, rng: rng.choice([-1.0, 1.0], (n, k)),
}


@pytest.fixture(scope="session")
def targets_for() -> Callable[[Loss, int, int, np.random.Generator], np.ndarray]:
    """Draw targets Y (n, k) of the kind that a loss expects."""
    return lambda loss, n, k, rng: DRAW[loss.targets](n, k, rng)
