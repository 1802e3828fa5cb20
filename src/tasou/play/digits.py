"""Handwritten digits: rows that are pictures, eight by eight pixels as they come with scikit-learn, or a user's own."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from math import isqrt
from typing import Any

import numpy as np

from tasou.play.rows import Rows, split
from tasou.tables import Table

LIGHTEST = 255.0


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


def pictures_in(
    table: Table, target: str, dropped: Collection[str] = ()
) -> tuple[Any, tuple[int, int]] | None:
    """The rows as square pictures, from 0 to 1, where every column but the target is a pixel; None where they are none.

    Pixels are called alike but for their numbers (``x0`` … ``x783``, ``pixel1`` …, ``1x1`` …), as many as a square of
    at least eight by eight has, and are numbers from 0 to 255 without gaps.
    """
    names = [name for name in table.names if name != target and name not in dropped]
    side = isqrt(len(names))
    if side < 8 or side * side != len(names) or len({re.sub(r"\d+", "#", name) for name in names}) != 1:
        return None
    columns = [np.asarray(table[name]) for name in names]
    if any(column.dtype.kind not in "iuf" for column in columns):
        return None
    X = np.column_stack(columns).astype(float)
    most = X.max(initial=0.0)
    if not np.isfinite(X).all() or X.min(initial=0.0) < 0 or not 0 < most <= LIGHTEST:
        return None
    return X / (1.0 if most <= 1 else 16.0 if most <= 16 else LIGHTEST), (side, side)
