"""Fit an MLP estimator by the training flow: the estimator's parameters on one side, `Training` on the other."""

from __future__ import annotations

import time
import warnings
from typing import TYPE_CHECKING, Any

from sklearn.exceptions import ConvergenceWarning

from tasou.errors import DivergenceError
from tasou.estimators import _advice, _verbose
from tasou.estimators._validation import Rows
from tasou.formulas import optimizers, schedules
from tasou.formulas.optimizers import Optimizer
from tasou.formulas.schedules import Clock, Schedule
from tasou.training import Stopping, Training, Validation

if TYPE_CHECKING:
    from tasou.estimators._mlp import BaseMLP
    from tasou.estimators._sklearn_callbacks import Tasks

NON_FINITE = (
    "Solver produced non-finite parameter weights. "
    "The input data may contain large values and need to be preprocessed."
)
SCHEDULES = {
    "constant": "constant",
    "invscaling": "inverse_scaling",
    "adaptive": "adaptive",
    "cosine": "cosine",
    "step": "step",
}
"""scikit-learn's names, and more, to ours"""


def fit(
    estimator: BaseMLP,
    rows: Rows,
    validation: Validation | None,
    incremental: bool,
    tasks: Tasks | None = None,
) -> None:
    """Train for up to ``max_iter`` epochs, or for one if incremental, and leave the results on the estimator.

    Raises
    ------
    DivergenceError
        the parameters are no longer finite (a ValueError, as in scikit-learn)
    """
    training = make_training(estimator, rows.X.shape[0], validation, incremental, tasks)
    try:
        training.run(*rows, epochs=1 if incremental else estimator.max_iter, planned=estimator.max_iter)
    except DivergenceError as error:
        raise DivergenceError(f"{NON_FINITE} ({error}){_advice.unscaled_inputs(rows)}") from None
    finally:
        keep_results(estimator, training, rows.X.shape[0])
    if not incremental:
        tell_end(estimator, training, rows)


def make_training(
    estimator: BaseMLP,
    n: int,
    validation: Validation | None,
    incremental: bool,
    tasks: Tasks | None = None,
) -> Training:
    """The training that the estimator's parameters describe, continued where it is incremental."""
    training = Training(
        estimator._network,
        optimizer=optimizer_of(estimator),
        lr=estimator.learning_rate_init,
        schedule=schedule_of(estimator),
        warmup=estimator.warmup,
        batch_size=batch_size_of(estimator, n),
        shuffle=estimator.shuffle,
        weight_decay=estimator.weight_decay,
        clip_norm=estimator.clip_norm,
        stopping=stopping_of(estimator),
        validation=validation,
        callbacks=[*callbacks_of(estimator), *([] if tasks is None else [tasks])],
        on_divergence="stop" if estimator.early_stopping else "raise",
        rng=estimator._random_state,
    )
    training.clock = Clock(samples=estimator.t_)
    kept = estimator._optimizer_state
    # what one rule remembers says nothing to another
    if incremental and kept.get("rule") == training.optimizer.name:
        training.clock = Clock(**kept["clock"])
        for name, vector in training.state.items():
            vector.theta[...] = kept[name]
    return training


def optimizer_of(estimator: BaseMLP) -> Optimizer:
    """The update rule with the estimator's constants."""
    if estimator.solver in ("adam", "adamw"):
        constants = {"beta_1": estimator.beta_1, "beta_2": estimator.beta_2, "epsilon": estimator.epsilon}
        return optimizers.get(estimator.solver, **constants)
    if estimator.solver == "sgd":
        rule = "nesterov" if estimator.nesterovs_momentum else "sgd"
        return optimizers.get(rule, momentum=estimator.momentum)
    return optimizers.get(estimator.solver)


def schedule_of(estimator: BaseMLP) -> Schedule:
    """The learning-rate schedule; scikit-learn's three names act with sgd only, as there."""
    chosen = estimator.learning_rate
    if isinstance(chosen, Schedule):
        return chosen
    if chosen in ("invscaling", "adaptive") and estimator.solver != "sgd":
        chosen = "constant"
    return schedules.get(
        SCHEDULES[chosen], **({"power": estimator.power_t} if chosen == "invscaling" else {})
    )


def batch_size_of(estimator: BaseMLP, n: int) -> int:
    """min(200, n) for "auto"; a size larger than the data is clipped, with a warning."""
    if estimator.batch_size == "auto":
        return min(200, n)
    if estimator.batch_size > n:
        warnings.warn(
            "Got `batch_size` less than 1 or larger than sample size. It is going to be clipped", stacklevel=6
        )
    return int(min(max(estimator.batch_size, 1), n))


def stopping_of(estimator: BaseMLP) -> Stopping:
    """The stopping rule, taking up the counts of an earlier fit that this one continues."""
    rule = Stopping(
        "validation_score" if estimator.early_stopping else "loss",
        tol=estimator.tol,
        patience=estimator.n_iter_no_change,
        restore_best=estimator.early_stopping,
        relative=estimator.relative_tol,
    )
    if estimator.early_stopping:
        rule.best, rule.best_theta = estimator.best_validation_score_, estimator._network.theta.copy()
    else:
        rule.best = -estimator.best_loss_
    rule.stalled = estimator._no_improvement_count
    return rule


def callbacks_of(estimator: BaseMLP) -> list[Any]:
    """What is called after each epoch: the lines of ``verbose``, the user's own, the time limit."""
    limit = [] if estimator.max_time is None else [TimeLimit(estimator.max_time)]
    return [*_verbose.watchers(estimator), *(estimator.callbacks or ()), *limit]


class TimeLimit:
    """Ends a training after so many seconds, at the end of the epoch that is running."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def __call__(self, _: Any) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.end


def keep_results(estimator: BaseMLP, training: Training, n: int) -> None:
    """Leave on the estimator what scikit-learn's users look for after ``fit``."""
    history, rule = training.history, training.stopping
    estimator._divergence = training.divergence
    estimator.n_iter_ = len(history)
    estimator.t_ += n * len(history)
    estimator.loss_curve_ += history.loss
    if history.loss:
        estimator.loss_ = history.loss[-1]
    if history.validation_loss:
        estimator.validation_scores_ = [*(estimator.validation_scores_ or []), *history.validation_score]
        estimator.validation_loss_curve_ = [
            *(estimator.validation_loss_curve_ or []),
            *history.validation_loss,
        ]
    if rule is not None:
        estimator._no_improvement_count = rule.stalled
        if estimator.early_stopping:
            estimator.best_validation_score_ = rule.best
        else:
            estimator.best_loss_ = -rule.best
    estimator._optimizer_state = {
        "rule": training.optimizer.name,
        "clock": training.clock._asdict(),
        **{name: vector.theta for name, vector in training.state.items()},
    }


def tell_end(estimator: BaseMLP, training: Training, rows: Rows) -> None:
    """The warnings scikit-learn gives (interrupted, out of iterations), and words for unscaled data."""
    target = ""
    if training.network.loss.name == "squared_error" and training.history.loss:
        target = _advice.unscaled_target(rows, training.history.loss[-1])
    if training.finished == "interrupted":
        warnings.warn("Training interrupted by user.", stacklevel=6)
    elif training.finished == "epochs":
        warnings.warn(
            f"Stochastic Optimizer: Maximum iterations ({estimator.max_iter}) reached and the optimization "
            f"hasn't converged yet.{_advice.unscaled_inputs(rows)}{target}",
            ConvergenceWarning,
            stacklevel=6,
        )
    elif training.finished == "converged" and target:
        warnings.warn(target.strip(), ConvergenceWarning, stacklevel=6)
