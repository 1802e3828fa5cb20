"""A linear model beside the members, fold by fold: ridge for numbers, logistic regression for two or more classes.

On piecewise-linear features it is an additive model. What it says of a row comes from the fold model that has not seen
the row; new rows get the average of the fold models.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasou.backends.pools import one_thread_elsewhere
from tasou.ensembles.axes import Axes
from tasou.ensembles.folds import Codes
from tasou.formulas import blending, multinomial
from tasou.formulas.activations.sigmoid import f as sigmoid

Array = NDArray[Any]

PENALTIES = (30.0, 10.0, 3.0, 1.0)
"""λ that are tried, of ½ λ ‖w‖²; the constant is (nearly) free"""
OF_FEW = PENALTIES[1:]
"""those for few features"""
FREE = 1e-6
NEWTON_STEPS, FURTHER_STEPS, CHORDS = 4, 1, 2
"""from zero; for each further λ, from where the last one ended; and steps after them by the last curvature"""
FARTHEST = 30.0
LEAST_CURVATURE = 1e-4
MOST_STEPS, USUAL_STEPS, NEAR = 200, 25, 1e-5
"""of the descent for several classes, for each λ; and what a row could still gain where it ends, at most about"""


class Linear(NamedTuple):
    """Fold models and what they say of the rows kept out of them.

    Attributes
    ----------
    w
        (folds, d + 1) the weights of each fold model, its constant last; (folds, K, d + 1) of several classes
    penalty
        the λ that was best on rows kept out
    said
        (n,) the number that is expected, or the logit of the second class, by the model that has not seen the row,
        or (n, K) the logits of several; NaN where every model has
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
        """Like ``said``, of other versions of some of the rows, by the model that has not seen the row."""
        assert self.fold is not None
        fold, A = self.fold[rows], _with_constant(A)
        z = np.empty((len(A), *self.w.shape[1:-1]), A.dtype)
        for j in np.unique(fold):
            z[fold == j] = _logits(A[fold == j], self.w[j])
        return z

    def logarithms(self, A: Array) -> Array:
        """(n, K) the logarithm of the mean probabilities of the fold models."""
        A = _with_constant(A)
        if self.w.ndim > 2:
            p = sum(blending.probabilities(log_probabilities(_logits(A, w)), np) for w in self.w)
            return np.asarray(blending.logarithms(p / len(self.w), np))
        z = np.clip(_logits(A, self.w), -FARTHEST, FARTHEST)
        return np.stack(
            [blending.logarithms(sigmoid(side * z, np).mean(axis=1), np) for side in (-1, 1)], axis=1
        )


def log_probabilities(z: Array) -> Array:
    """(n, K) the logarithms of what logits promise: those (n, K) of each class, or (n,) of the second of two.

    >>> np.exp(log_probabilities(np.array([0.0]))).tolist()
    [[0.5, 0.5]]
    """
    return np.asarray(blending.softened(np.stack([np.zeros_like(z), z], axis=1) if z.ndim == 1 else z, np))


@one_thread_elsewhere()
def fit_linear(
    A: Array,
    y: Array,
    fold: Codes,
    *,
    classes: int = 0,
    weight: Array | None = None,
    penalties: Sequence[float] = PENALTIES,
) -> Linear:
    """The fold models of the best λ; by one thread, so that the sums do not depend on how many there are.

    Parameters
    ----------
    A
        (n, d) features
    y
        (n,) numbers, or those of classes, from 0
    fold
        (n,) the fold of each row; −1 for rows that every fold model learns from
    classes
        of how many y is one; 0 where it is a number
    weight
        (n,) what each row weighs; all alike if not given
    penalties
        λ that are tried, the largest first

    Examples
    --------
    >>> x = np.linspace(-1, 1, 40)[:, None]
    >>> line = fit_linear(x, 2 * x[:, 0], np.arange(40) % 4)
    >>> bool(line.predict(np.array([[0.5]]))[0] > 0.7), line.penalty
    (True, 1.0)
    """
    learn: Callable[..., Array] = _logistic if classes else _ridge
    axes = None
    if classes > 2:
        axes, A = Axes.of(A, weight)
        learn = partial(_softmax, classes=classes, squares=axes.spread)
    else:
        A = _with_constant(A)
    penalty = np.append(np.ones(A.shape[1] - 1), FREE)
    paths = []
    for j in range(int(fold.max()) + 1):
        kept = fold != j
        paths.append(learn(A[kept], y[kept], penalty, None if weight is None else weight[kept], penalties))
    said = np.full((len(penalties), len(A), *paths[0].shape[1:-1]), np.nan)
    for j, path in enumerate(paths):
        out = fold == j
        said[:, out] = np.stack([_logits(A[out], w) for w in path])
    seen = fold >= 0
    losses = [_losses(z[seen], y[seen], classes) for z in said]
    weight = None if weight is None else weight[seen]
    best = int(np.argmin([np.average(loss, weights=weight) for loss in losses]))
    w = np.stack([path[best] for path in paths])
    return Linear(w if axes is None else axes.back(w), penalties[best], said[best], fold)


def _losses(z: Array, y: Array, classes: int) -> Array:
    """(n,) what each row costs."""
    if classes > 2:
        return np.asarray(blending.log_loss(log_probabilities(z), y, np))
    if classes:
        return np.asarray(blending.log_loss_of_two(z, 2 * y - 1, np))
    return np.asarray(blending.squared_error(z[:, None], y[:, None], np))


def _ridge(A: Array, y: Array, penalty: Array, weight: Array | None, penalties: Sequence[float]) -> Array:
    """(λ, d + 1): (AᵀA + λI)⁻¹ Aᵀy; a row that weighs v is multiplied by √v."""
    if weight is not None:
        root = np.sqrt(weight)
        A, y = A * root.astype(A.dtype)[:, None], y * root
    gram, moment = (A.T @ A).astype(np.float64), (A.T @ y.astype(A.dtype)).astype(np.float64)
    return np.stack([np.linalg.solve(gram + np.diag(lam * penalty), moment) for lam in penalties])


def _logistic(A: Array, y: Array, penalty: Array, weight: Array | None, penalties: Sequence[float]) -> Array:
    """(λ, d + 1) by Newton's method: w − (Aᵀ diag(p(1 − p)) A + λI)⁻¹ (Aᵀ(p − y) + λw).

    The last steps for each λ take the curvature of the step before them, which has hardly changed: the product behind
    it is what a step costs.
    """
    w, path, v = np.zeros(A.shape[1]), list[Array](), 1.0 if weight is None else weight
    for lam in penalties:
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


def _softmax(
    A: Array,
    y: Array,
    penalty: Array,
    weight: Array | None,
    penalties: Sequence[float],
    *,
    classes: int,
    squares: Array,
) -> Array:
    """(λ, K, d + 1) by an accelerated descent, begun anew where it looked too far ahead (O'Donoghue & Candès 2015).

    The columns of A are orthogonal on all rows, ``squares`` their sums of squares: what they bound there, they bound
    for some of the rows as well.
    """
    v = np.ones(len(A), A.dtype) if weight is None else weight.astype(A.dtype)
    Y = (y[:, None] == np.arange(classes)).astype(A.dtype)
    W, path = np.zeros((classes, A.shape[1])), list[Array]()
    for lam in penalties:
        metric, ahead, t = multinomial.bound(squares, penalty=lam * penalty), W, 1.0
        for _ in range(MOST_STEPS):
            log_p = log_probabilities(_logits(A, ahead))
            g = multinomial.gradient(A, log_p, Y, ahead, np, v=v, penalty=lam * penalty)
            step = g / metric
            before, W = W, ahead - step
            if (g * step).sum() < NEAR * v.sum():
                break
            t, last = (1.0, 1.0) if (g * (W - before)).sum() > 0 else (multinomial.momentum(t), t)
            ahead = W + (last - 1) / t * (W - before)
        path.append(W)
    return np.stack(path)


def _logits(A: Array, w: Array) -> Array:
    return np.asarray(A @ w.T.astype(A.dtype))


def _with_constant(A: Array) -> Array:
    return np.concatenate([A, np.ones((len(A), 1), A.dtype)], axis=1)
