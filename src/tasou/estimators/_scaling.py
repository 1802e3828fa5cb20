"""Internal scaling: train on standardised X and y, keep weights that speak the units of the data.

Scaling is affine, so it can be folded into the first and the last layer: W[1](x − μ)/σ + b[1] is
(W[1]/σ) x + (b[1] − W[1] μ/σ). After training the estimator's weights are the folded ones, and whatever reads them
(prediction, files, conversion) needs to know nothing of it; a training that goes on unfolds them first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.network import Network

Array = NDArray[Any]


@dataclass(frozen=True)
class Scaling:
    """Mean and standard deviation of each column of X, and of each column of y where y is scaled."""

    x_mean: Array
    x_std: Array
    y_mean: Array | None = None
    y_std: Array | None = None

    @classmethod
    def of(cls, X: Any, Y: Array, *, scale_y: bool) -> Scaling:
        """Measured on the training rows; columns that never change keep their size, sparse ones their zeros."""
        if hasattr(X, "tocsr"):
            mean = np.zeros(X.shape[1], X.dtype)
            std = np.sqrt(np.asarray(X.multiply(X).mean(axis=0)).ravel())
        else:
            mean, std = X.mean(axis=0), X.std(axis=0)
        y = (Y.mean(axis=0), _positive(Y.std(axis=0))) if scale_y else (None, None)
        return cls(mean, _positive(std), *y)

    def inputs(self, X: Any) -> Any:
        """(X − μ) / σ."""
        if hasattr(X, "tocsr"):
            return X.multiply(1 / self.x_std).tocsr()
        return (X - self.x_mean) / self.x_std

    def targets(self, Y: Array) -> Array:
        """(Y − μ) / σ."""
        return Y if self.y_mean is None else (Y - self.y_mean) / self.y_std

    def outputs(self, y_hat: Array) -> Array:
        """Predictions in the units of y."""
        return y_hat if self.y_mean is None else y_hat * self.y_std + self.y_mean

    def fold(self, network: Network) -> None:
        """Make a network that was trained on scaled data speak the units of the data."""
        first, last = network[1], network[network.L]
        first.W[...] /= self.x_std
        first.b[...] -= first.W @ self.x_mean
        if self.y_mean is not None and self.y_std is not None:
            last.W[...] *= self.y_std[:, None]
            last.b[...] = last.b * self.y_std + self.y_mean

    def unfold(self, network: Network) -> None:
        """The way back, before training goes on."""
        first, last = network[1], network[network.L]
        if self.y_mean is not None and self.y_std is not None:
            last.W[...] /= self.y_std[:, None]
            last.b[...] = (last.b - self.y_mean) / self.y_std
        first.b[...] += first.W @ self.x_mean
        first.W[...] *= self.x_std


def _positive(std: Array) -> Array:
    """1 where a column does not vary."""
    return np.where(std > 0, std, np.ones_like(std))
