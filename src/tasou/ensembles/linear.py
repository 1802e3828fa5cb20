"""A linear model beside the members: ridge for numbers, Newton's logistic regression for two classes, fold by fold.

On piecewise-linear features it is an additive model. What it says of a row comes from the fold model that has not seen
the row; new rows get the average of the fold models.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.folds import Codes
from tasou.formulas import blending
from tasou.formulas.activations.sigmoid import f as sigmoid

Array = NDArray[Any]

PENALTIES = (30.0, 10.0, 3.0)
"""λ that are tried, of ½ λ ‖w‖²; the constant is (nearly) free"""
FREE = 1e-6
NEWTON_STEPS, FURTHER_STEPS, CHORDS = 4, 1, 2
"""from zero; for each further λ, from where the last one ended; and steps after them by the last curvature"""
FARTHEST = 30.0
LEAST_CURVATURE = 1e-4


class Linear(NamedTuple):
    """Fold models and what they say of the rows kept out of them.

    Attributes
    ----------
    w
        (folds, d + 1) the weights of each fold model, its constant last
    penalty
        the λ that was best on rows kept out
    said
        (n,) the number that is expected, or the logit of the second class, by the model that has not seen the row;
        NaN where every model has
    fold
        (n,) the fold of each row, whose model has not seen it; −1 where every model has
    """

    w: Array
    penalty: float
    said: Array
    fold: Codes | None = None

    def predict(self, A: Array) -> Array:
        """(n,) the mean number expected by the fold models."""
        return np.asarray((_with_constant(A) @ self.w.T.astype(A.dtype)).mean(axis=1))

    def by_fold(self, A: Array, rows: Array) -> Array:
        """(m,) what is said of other versions of some of the rows, by the model that has not seen the row."""
        assert self.fold is not None
        fold = self.fold[rows]
        return np.asarray(np.einsum("ij,ij->i", _with_constant(A), self.w.astype(A.dtype)[fold]))

    def logarithms(self, A: Array) -> Array:
        """(n, 2) the logarithm of the mean probabilities of the fold models."""
        z = np.clip(_with_constant(A) @ self.w.T.astype(A.dtype), -FARTHEST, FARTHEST)
        return np.stack(
            [blending.logarithms(sigmoid(side * z, np).mean(axis=1), np) for side in (-1, 1)], axis=1
        )


def fit_linear(A: Array, y: Array, fold: Codes, *, classes: bool, weight: Array | None = None) -> Linear:
    """The fold models of the best λ.

    Parameters
    ----------
    A
        (n, d) features
    y
        (n,) numbers, or 0 and 1
    fold
        (n,) the fold of each row; −1 for rows that every fold model learns from
    classes
        whether y is one of two classes
    weight
        (n,) what each row weighs; all alike if not given

    Examples
    --------
    >>> x = np.linspace(-1, 1, 40)[:, None]
    >>> line = fit_linear(x, 2 * x[:, 0], np.arange(40) % 4, classes=False)
    >>> bool(line.predict(np.array([[0.5]]))[0] > 0.7), line.penalty
    (True, 3.0)
    """
    A = _with_constant(A)
    penalty = np.append(np.ones(A.shape[1] - 1), FREE)
    learn = _logistic if classes else _ridge
    paths = []
    for j in range(int(fold.max()) + 1):
        kept = fold != j
        paths.append(learn(A[kept], y[kept], penalty, None if weight is None else weight[kept]))
    said = np.full((len(PENALTIES), len(A)), np.nan)
    for j, path in enumerate(paths):
        out = fold == j
        said[:, out] = (A[out] @ path.T.astype(A.dtype)).T
    seen = fold >= 0
    if classes:
        losses = [blending.log_loss_of_two(z[seen], 2 * y[seen] - 1, np) for z in said]
    else:
        losses = [blending.squared_error(z[seen, None], y[seen, None], np) for z in said]
    weight = None if weight is None else weight[seen]
    best = int(np.argmin([np.average(loss, weights=weight) for loss in losses]))
    return Linear(np.stack([path[best] for path in paths]), PENALTIES[best], said[best], fold)


def _ridge(A: Array, y: Array, penalty: Array, weight: Array | None) -> Array:
    """(λ, d + 1): (AᵀA + λI)⁻¹ Aᵀy; a row that weighs v is multiplied by √v."""
    if weight is not None:
        root = np.sqrt(weight)
        A, y = A * root.astype(A.dtype)[:, None], y * root
    gram, moment = (A.T @ A).astype(np.float64), (A.T @ y.astype(A.dtype)).astype(np.float64)
    return np.stack([np.linalg.solve(gram + np.diag(lam * penalty), moment) for lam in PENALTIES])


def _logistic(A: Array, y: Array, penalty: Array, weight: Array | None) -> Array:
    """(λ, d + 1) by Newton's method: w − (Aᵀ diag(p(1 − p)) A + λI)⁻¹ (Aᵀ(p − y) + λw).

    The last steps for each λ take the curvature of the step before them, which has hardly changed: the product behind
    it is what a step costs.
    """
    w, path, v = np.zeros(A.shape[1]), list[Array](), 1.0 if weight is None else weight
    for lam in PENALTIES:
        steps = FURTHER_STEPS if path else NEWTON_STEPS
        for step in range(steps + CHORDS):
            p = sigmoid(np.clip(A @ w.astype(A.dtype), -FARTHEST, FARTHEST), np)
            gradient = (A.T @ (v * (p - y)).astype(A.dtype)).astype(np.float64) + lam * penalty * w
            if step < steps:
                B = A * np.sqrt(v * np.maximum(p * (1 - p), LEAST_CURVATURE)).astype(A.dtype)[:, None]
                hessian = (B.T @ B).astype(np.float64) + np.diag(lam * penalty)
            w = w - np.linalg.solve(hessian, gradient)
        path.append(w)
    return np.stack(path)


def _with_constant(A: Array) -> Array:
    return np.concatenate([A, np.ones((len(A), 1), A.dtype)], axis=1)
