"""What is drawn of a run's data: which points, on which axes; it changes with the data and the plane, not with a step.

Two features are the plane themselves; of more, a plane is chosen: two features with the others at their medians, or
the two directions in which the rows spread widest. One feature is an axis, with the prediction above it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.play.rows import Rows

Array = NDArray[Any]
MOST_SHOWN = 2_000
MARGIN = 0.12
ROOM = 2.0
"""as far as this the plane of points that are clicked always reaches"""

NO_PLANE = Message(
    "play.no_plane",
    en="a plane is two different features of {n}, counted from 0, or 'pca'; got {plane}",
    ja="平面は、0から数えて {n} 個ある特徴量のうち異なる2つか、'pca' で指定してください（{plane} は使えません）",
)


@dataclass(frozen=True, eq=False)
class Scene:
    """The points that are shown and the plane they are seen on."""

    index: Array
    """which rows are shown, among those to learn from and then those held back"""
    X: Array
    y: Array
    held: Array
    """(m,) whether the point is only validated on"""
    xy: Array
    """(m, 2) where it stands"""
    low: Array
    high: Array
    centre: Array
    """the row through which the plane goes"""
    directions: Array
    """(2, d): the plane's two directions in the space of the features"""
    names: tuple[str, str]
    kind: str
    """which plane it is: features, or pca"""
    curve: bool
    """whether there is one feature only, and the second axis is the target"""

    def at(self, xy: Array) -> Array:
        """The rows (m, d) that lie at points of the plane."""
        found: Array = self.centre + xy[:, : len(self.directions)] @ self.directions
        return found

    def grid(self, n: int) -> Array:
        """The plane as n x n points, from top to bottom; of a curve n * n // 10 points along the axis."""
        if self.curve:
            return np.linspace(self.low[0], self.high[0], 400)[:, None]
        x = np.linspace(self.low[0], self.high[0], n)
        y = np.linspace(self.high[1], self.low[1], n)
        return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def scene(rows: Rows, plane: Mapping[str, Any] | None = None) -> Scene:
    """The points and the plane; of many rows a sample is shown, always the same."""
    X, y = np.concatenate([rows.X, rows.held_X]), np.concatenate([rows.y, rows.held_y])
    index = np.arange(len(X))
    if len(X) > MOST_SHOWN:
        index = np.sort(np.random.default_rng(0).choice(len(X), MOST_SHOWN, replace=False))
    X, y, held = X[index], y[index], index >= rows.n
    plane = {"kind": usual_plane(rows), **(plane or {})}
    centre, directions, names = _plane(rows, X, plane)
    curve = rows.X.shape[1] == 1
    xy = np.column_stack([X[:, 0], y]) if curve else (X - centre) @ np.linalg.pinv(directions)
    low, high = xy.min(axis=0), xy.max(axis=0)
    if rows.name == "points":  # where the next one is clicked, the plane stays as it is
        low, high = np.minimum(low, -ROOM), np.maximum(high, ROOM)
    pad = MARGIN * np.where(high > low, high - low, 1.0)
    return Scene(
        index, X, y, held, xy, low - pad, high + pad, centre, directions, names, plane["kind"], curve
    )


def usual_plane(rows: Rows) -> str:
    """The main directions where no two features tell much alone: of pictures, of items."""
    apart = rows.image is not None or rows.steps is not None
    return "pca" if apart and rows.X.shape[1] > 2 else "features"


def _plane(rows: Rows, X: Array, plane: Mapping[str, Any]) -> tuple[Array, Array, tuple[str, str]]:
    """A row on the plane, its two directions, and their names."""
    d, kind = X.shape[1], plane["kind"]
    unit = np.eye(d)
    if d == 1:
        return np.zeros(1), unit, (rows.features[0], "y")
    if kind == "pca":
        mean = X.mean(axis=0)
        _, _, directions = np.linalg.svd(X - mean, full_matrices=False)
        return mean, directions[:2], ("PC 1", "PC 2")
    i, j = plane.get("i", 0), plane.get("j", 1)
    whole = all(isinstance(k, int) and not isinstance(k, bool) and 0 <= k < d for k in (i, j))
    if kind != "features" or not whole or i == j:
        raise TasouError(NO_PLANE, n=d, plane=dict(plane))
    centre = np.median(X, axis=0)
    centre[[i, j]] = 0.0
    return centre, unit[[i, j]], (rows.features[i], rows.features[j])
