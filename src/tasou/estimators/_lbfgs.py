"""Fit an estimator by L-BFGS: the whole data at once, no learning rate."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from tasou.errors import DivergenceError
from tasou.estimators._stochastic import NON_FINITE, callbacks_of, stopping_of
from tasou.estimators._validation import Rows
from tasou.training import Training, Validation
from tasou.training.lbfgs import LBFGSResult, minimize

if TYPE_CHECKING:
    from tasou.estimators._mlp import BaseMLP
    from tasou.estimators._sklearn_callbacks import Tasks


def fit(estimator: BaseMLP, rows: Rows, validation: Validation | None, tasks: Tasks | None = None) -> None:
    """Minimise the penalised mean loss, and leave the results on the estimator.

    Raises
    ------
    DivergenceError
        the parameters are no longer finite (a ValueError, as in scikit-learn)
    """
    watch = _Iterations(estimator, validation, tasks)
    result = minimize(
        estimator._network,
        *rows,
        max_iter=estimator.max_iter,
        max_fun=estimator.max_fun,
        gtol=estimator.tol,
        callbacks=[watch, *callbacks_of(estimator)],
    )
    watch.keep_results(result)
    if not np.isfinite(estimator._network.theta).all():
        raise DivergenceError(NON_FINITE)
    if result.finished != "callback":
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


class _Iterations:
    """What happens after each iteration: validation, the decision to end the run."""

    def __init__(self, estimator: BaseMLP, validation: Validation | None, tasks: Tasks | None) -> None:
        self.estimator, self.validation, self.tasks = estimator, validation, tasks
        self.stopping = stopping_of(estimator) if estimator.early_stopping else None

    def on_epoch(self, run: Training) -> bool:
        history, network = run.history, run.network
        if self.validation is not None:
            for name, value in self.validation.measure(network).items():
                getattr(history, name).append(value)
        stalled = self.stopping is not None and self.stopping.plateau(
            history.validation_score[-1], network.theta
        )
        asked = self.tasks is not None and self.tasks(run)
        return stalled or asked

    def on_end(self, run: Training) -> None:
        if self.stopping is not None:
            self.stopping.restore(run.network)

    def keep_results(self, result: LBFGSResult) -> None:
        estimator, history = self.estimator, result.history
        if self.validation is not None:  # an iteration interrupted before it was measured does not count
            history.cut(len(history.validation_score))
            result.n_iter = len(history)
        estimator.n_iter_, estimator.loss_ = result.n_iter, result.loss
        estimator.loss_curve_ = [*estimator.loss_curve_, *history.loss]
        if history.validation_loss:
            estimator.validation_scores_ = [*(estimator.validation_scores_ or []), *history.validation_score]
            estimator.validation_loss_curve_ = [
                *(estimator.validation_loss_curve_ or []),
                *history.validation_loss,
            ]
        if self.stopping is None:
            estimator.best_loss_ = result.loss
        else:
            estimator.best_validation_score_ = self.stopping.best
