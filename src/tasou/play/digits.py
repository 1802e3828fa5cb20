"""Handwritten digits: rows that are pictures, eight by eight pixels as they come with scikit-learn, or a user's own."""

from __future__ import annotations

from functools import cache
from math import isqrt
from typing import Any

import numpy as np

from tasou.play.rows import Rows, split


@cache
def _digits() -> tuple[Any, Any]:
    from sklearn.datasets import load_digits

    found = load_digits()
    return found.data / 16.0, found.target.astype(np.int64)


def digits(*, n: int = 1797, held: float = 0.25, seed: int = 0) -> Rows:
    """The 8 x 8 digits: 64 features from 0 to 1, ten classes."""
    X, y = _digits()
    kept = split(X[:n], y[:n], held, seed)
    title = {"en": "Handwritten digits, 8 × 8", "ja": "手書き数字 8×8"}
    features = tuple(f"{i // 8 + 1},{i % 8 + 1}" for i in range(64))
    return Rows("digits", title, *kept, classes=tuple(map(str, range(10))), features=features, image=(8, 8))


def picture_of(features: int) -> tuple[int, int] | None:
    """The height and width of a picture with so many pixels, if it is a square of at least eight by eight."""
    side = isqrt(features)
    return (side, side) if side >= 8 and side * side == features else None
