"""Features turned to the axes of their spread: no more columns than rows, and orthogonal to one another."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LEAST = 1e-10
"""spread, as a share of the largest, below which an axis says nothing"""


class Axes(NamedTuple):
    """Directions V (d, r), along which AᵀA of the centred rows is diagonal; ‖w‖ is the same in them.

    Attributes
    ----------
    mean
        (d,) of the features
    V
        (d, r) the directions, one a column
    spread
        (r + 1,) the sum of squares of each coordinate, that of the constant last

    Examples
    --------
    >>> A = np.array([[0.0, 1], [2, 1], [1, 4]])
    >>> axes, F = Axes.of(A)
    >>> F.shape, axes.spread.round(6).tolist()
    ((3, 3), [2.0, 6.0, 3.0])
    >>> bool(np.allclose(axes.back(np.array([1.0, 2, 3])) @ [*A[0], 1], F[0] @ [1, 2, 3]))
    True
    """

    mean: Array
    V: Array
    spread: Array

    @classmethod
    def of(cls, A: Array, weight: Array | None = None) -> tuple[Axes, Array]:
        """The axes of A (n, d), whose rows weigh ``weight``; and its coordinates (n, r + 1), of which the last is 1."""
        v = np.ones(len(A)) if weight is None else weight
        mean = np.average(A, axis=0, weights=v)
        centred = A - mean
        B = centred * np.sqrt(v)[:, None]
        wide = A.shape[1] > len(A)
        spread, U = np.linalg.eigh(B @ B.T if wide else B.T @ B)
        kept = spread > LEAST * max(spread[-1], np.finfo(float).tiny)
        spread, U = spread[kept], U[:, kept]
        V = B.T @ (U / np.sqrt(spread)) if wide else U
        F = np.concatenate([centred @ V, np.ones((len(A), 1))], axis=1).astype(A.dtype)
        return cls(mean, V, np.append(spread, v.sum())), F

    def back(self, w: Array) -> Array:
        """Weights (…, r + 1) of the coordinates as weights (…, d + 1) of the features, the constant last."""
        of_features = w[..., :-1] @ self.V.T
        return np.concatenate([of_features, w[..., -1:] - of_features @ self.mean[:, None]], axis=-1)
