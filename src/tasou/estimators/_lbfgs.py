"""Fit an estimator by L-BFGS: the whole data at once, no learning rate."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from tasou.errors import DivergenceError
from tasou.estimators._network import Array
from tasou.estimators._stochastic import NON_FINITE
from tasou.training.lbfgs import LBFGSResult, minimize

if TYPE_CHECKING:
    from tasou.estimators._mlp import BaseMLP


def fit(estimator: BaseMLP, X: Any, Y: Array, sample_weight: Array | None) -> None:
    """Minimise the penalised mean loss, and leave the results on the estimator.

    Raises
    ------
    DivergenceError
        the parameters are no longer finite (a ValueError, as in scikit-learn)
    """
    result = minimize(
        estimator._network,
        X,
        Y,
        sample_weight,
        max_iter=estimator.max_iter,
        max_fun=estimator.max_fun,
        gtol=estimator.tol,
        on_iteration=_print if estimator.verbose else None,
    )
    estimator.n_iter_, estimator.loss_ = result.n_iter, result.loss
    estimator.loss_curve_ = [*estimator.loss_curve_, *result.history.loss]
    estimator.best_loss_ = result.loss
    if not np.isfinite(estimator._network.theta).all():
        raise DivergenceError(NON_FINITE)
    warn_unless_converged(result, estimator.max_iter)


def warn_unless_converged(result: LBFGSResult, max_iter: int) -> None:
    """scikit-learn's warning for a run that was cut short, with SciPy's reason."""
    if not result.converged:
        warnings.warn(
            f"lbfgs failed to converge after {result.n_iter} iteration(s): {result.message}. Increase the number of "
            f"iterations (max_iter={max_iter}) to improve the convergence, or scale the data.",
            ConvergenceWarning,
            stacklevel=6,
        )


def _print(result: LBFGSResult) -> None:
    print(f"Iteration {result.n_iter}, loss = {result.history.loss[-1]:.8f}")
