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
class Standardisation:
    """Mean and standard deviation of each column of X, and of each column of y where y is scaled."""

    x_mean: Array
    x_std: Array
    y_mean: Array | None = None
    y_std: Array | None = None

    @classmethod
    def of(cls, X: Any, Y: Array, sample_weight: Array | None, *, scale_y: bool) -> Standardisation:
        """Measured on the training rows, each as often as it weighs.

        Columns that never change keep their size, sparse ones their zeros.
        """
        if sample_weight is not None:
            heard = sample_weight > 0  # a row of weight 0 is no row, whatever it holds
            X, Y, sample_weight = X[heard], Y[heard], sample_weight[heard]
        if hasattr(X, "tocsr"):
            x_mean = np.zeros(X.shape[1], X.dtype)
            squares = X.multiply(X)
            weights = np.ones(X.shape[0]) if sample_weight is None else sample_weight
            mean_square = np.asarray(squares.mean(axis=0) if sample_weight is None else squares.T @ weights)
            x_std = np.sqrt(mean_square.ravel() / (1 if sample_weight is None else weights.sum()))
        else:
            x_mean, x_std = _mean_and_std(X, sample_weight)
        if not scale_y:
            return cls(x_mean, _positive(x_std))
        y_mean, y_std = _mean_and_std(Y, sample_weight)
        return cls(x_mean, _positive(x_std), y_mean, _positive(y_std))

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


def _mean_and_std(values: Array, sample_weight: Array | None) -> tuple[Array, Array]:
    """Of each column, in the dtype of the values."""
    if sample_weight is None:
        return values.mean(axis=0), values.std(axis=0)
    mean = np.average(values, axis=0, weights=sample_weight)
    std = np.sqrt(np.average((values - mean) ** 2, axis=0, weights=sample_weight))
    return mean.astype(values.dtype), std.astype(values.dtype)


def _positive(std: Array) -> Array:
    """1 where a column does not vary."""
    return np.where(std > 0, std, np.ones_like(std))
