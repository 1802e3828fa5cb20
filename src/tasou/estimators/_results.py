"""What a training leaves on an estimator: the attributes that scikit-learn's users look for after ``fit``."""

from __future__ import annotations

from typing import Any

import numpy as np

from tasou.estimators._network import Array
from tasou.formulas.schedules import Clock
from tasou.training import Training
from tasou.training.iterations import LBFGS
from tasou.training.learning import Earlier, memory_of


class Results:
    """A callback: when the training has ended, in whatever way, its results are left on the estimator."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def on_end(self, training: Training) -> None:
        """Leave curves, counters and the optimizer's memory."""
        keep(self.estimator, training)


def begin(estimator: Any) -> None:
    """The counters at zero, before the first fit."""
    early = estimator.early_stopping
    estimator.n_iter_ = estimator.t_ = 0
    estimator.loss_curve_ = []
    estimator._no_improvement_count = 0
    estimator._optimizer_state = {}
    estimator.validation_scores_ = [] if early else None
    estimator.validation_loss_curve_ = [] if early else None
    estimator.best_validation_score_ = -np.inf if early else None
    estimator.best_loss_ = None if early else np.inf


def keep(estimator: Any, training: Training) -> None:
    """Add what this training came to."""
    history, rule = training.history, training.stopping
    lbfgs = training.optimizer.name == LBFGS.name
    estimator._divergence = training.divergence
    estimator.n_iter_ = len(history)
    estimator.loss_curve_ = [*estimator.loss_curve_, *history.loss]
    if history.loss:
        estimator.loss_ = history.loss[-1]
    if history.validation_loss:
        for name, values in _curves(training).items():
            setattr(estimator, name, [*(getattr(estimator, name) or []), *values])
    if rule is not None and estimator.early_stopping:
        estimator.best_validation_score_ = rule.best
    elif rule is not None:
        estimator.best_loss_ = -rule.best
    if lbfgs:
        _keep_verdict(estimator, training)
        return
    estimator.t_ = training.clock.samples
    if rule is not None:
        estimator._no_improvement_count = rule.stalled
    estimator._optimizer_state = {
        "rule": training.optimizer.name,
        "clock": training.clock._asdict(),
        **memory_of(training),
    }


def _curves(training: Training) -> dict[str, list[float]]:
    history = training.history
    return {"validation_scores_": history.validation_score, "validation_loss_curve_": history.validation_loss}


def _keep_verdict(estimator: Any, training: Training) -> None:
    if training.verdict is not None:
        estimator.loss_ = training.verdict.loss
        if not estimator.early_stopping:
            estimator.best_loss_ = training.verdict.loss


def earlier(estimator: Any, rule: str, theta: Array, *, incremental: bool) -> Earlier:
    """What a training takes up: the counts of stopping, and where it is incremental the optimizer's memory."""
    state = estimator._optimizer_state if incremental else {}
    clock, memory = Clock(samples=estimator.t_), {}
    if state.get("rule") == rule:  # what one rule remembers says nothing to another
        clock = Clock(**state["clock"])
        memory = {name: value for name, value in state.items() if name not in ("rule", "clock")}
    if rule == LBFGS.name:
        clock = Clock()
    if estimator.early_stopping:
        best, kept = estimator.best_validation_score_, theta.copy()
    else:
        best, kept = None if estimator.best_loss_ is None else -estimator.best_loss_, None
    if best is None:  # the last fit stopped by the other way
        best = -np.inf
    return Earlier(clock, memory, best, estimator._no_improvement_count, kept)
