"""Fit an MLP estimator by the training flow: the estimator's parameters on one side, `Training` on the other."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split

from tasou.errors import DivergenceError
from tasou.estimators._network import Array
from tasou.formulas import optimizers, schedules
from tasou.formulas.optimizers import Optimizer
from tasou.formulas.schedules import Clock, Schedule
from tasou.network import Network
from tasou.training import Stopping, Training, Validation

if TYPE_CHECKING:
    from tasou.estimators._mlp import BaseMLP

NON_FINITE = "Solver produced non-finite parameter weights. The input data may contain large values and need to be preprocessed."


def fit(estimator: BaseMLP, X: Any, Y: Array, sample_weight: Array | None, incremental: bool) -> None:
    """Train for up to ``max_iter`` epochs, or for one if incremental, and leave the results on the estimator.

    Raises
    ------
    DivergenceError
        the parameters are no longer finite (a ValueError, as in scikit-learn)
    """
    if estimator.early_stopping and incremental:
        raise ValueError("partial_fit does not support early_stopping=True")
    validation = None
    if estimator.early_stopping:
        X, Y, sample_weight, validation = split(estimator, X, Y, sample_weight)
    training = make_training(estimator, X.shape[0], validation, incremental)
    try:
        training.run(X, Y, sample_weight, epochs=1 if incremental else estimator.max_iter)
    except DivergenceError as error:
        raise DivergenceError(f"{NON_FINITE} ({error})") from None
    finally:
        keep_results(estimator, training, X.shape[0])
    tell_end(estimator, training, incremental)


def make_training(estimator: BaseMLP, n: int, validation: Validation | None, incremental: bool) -> Training:
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
        callbacks=[*([Verbose(estimator)] if estimator.verbose else []), *(estimator.callbacks or ())],
        on_divergence="stop" if estimator.early_stopping else "raise",
        rng=estimator._random_state,
    )
    training.clock = Clock(samples=estimator.t_)
    if incremental and estimator._optimizer_state:
        training.clock = Clock(**estimator._optimizer_state["clock"])
        for name, vector in training.state.items():
            vector.theta[...] = estimator._optimizer_state[name]
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
    """The learning-rate schedule; scikit-learn's three are for sgd, and adam ignores them there and here."""
    from tasou.estimators._mlp import SCHEDULES

    name = SCHEDULES[estimator.learning_rate]
    if name in ("inverse_scaling", "adaptive") and estimator.solver != "sgd":
        name = "constant"
    return schedules.get(name, **({"power": estimator.power_t} if name == "inverse_scaling" else {}))


def batch_size_of(estimator: BaseMLP, n: int) -> int:
    """min(200, n) for "auto"; a size larger than the data is clipped, with a warning."""
    if estimator.batch_size == "auto":
        return min(200, n)
    if estimator.batch_size > n:
        warnings.warn(
            "Got `batch_size` less than 1 or larger than sample size. It is going to be clipped", stacklevel=5
        )
    return int(np.clip(estimator.batch_size, 1, n))


def stopping_of(estimator: BaseMLP) -> Stopping:
    """The stopping rule, taking up the counts of an earlier fit that this one continues."""
    if estimator.early_stopping:
        rule = Stopping("validation_score", estimator.tol, estimator.n_iter_no_change, restore_best=True)
        rule.best = estimator.best_validation_score_
        rule.best_theta = estimator._network.theta.copy()
    else:
        rule = Stopping("loss", estimator.tol, estimator.n_iter_no_change)
        rule.best = -estimator.best_loss_
    rule.stalled = estimator._no_improvement_count
    return rule


def split(
    estimator: BaseMLP, X: Any, Y: Array, sample_weight: Array | None
) -> tuple[Any, Array, Array | None, Validation]:
    """Keep ``validation_fraction`` of the rows out, drawn as scikit-learn draws them."""
    stratify = Y if is_classifier(estimator) and estimator.n_outputs_ == 1 else None
    arrays = [X, Y] if sample_weight is None else [X, Y, sample_weight]
    parts = train_test_split(
        *arrays,
        random_state=estimator._random_state,
        test_size=estimator.validation_fraction,
        stratify=stratify,
    )
    X, X_val, Y, Y_val = parts[:4]
    w, w_val = parts[4:] if sample_weight is not None else (None, None)
    if X_val.shape[0] < 2:
        raise ValueError(
            "The validation set is too small. Increase 'validation_fraction' or the size of your dataset."
        )

    def score(network: Network) -> float:
        return float(estimator._score_rows(network.predict(X_val), Y_val, w_val))

    return X, Y, w, Validation(score=score)


def keep_results(estimator: BaseMLP, training: Training, n: int) -> None:
    """Leave on the estimator what scikit-learn's users look for after ``fit``."""
    history, rule = training.history, training.stopping
    estimator.n_iter_ = len(history)
    estimator.t_ += n * len(history)
    estimator.loss_curve_ += history.loss
    if history.loss:
        estimator.loss_ = history.loss[-1]
    if rule is not None:
        estimator._no_improvement_count = rule.stalled
        if estimator.early_stopping:
            estimator.validation_scores_ += history.validation_score
            estimator.best_validation_score_ = rule.best
        else:
            estimator.best_loss_ = -rule.best
    estimator._optimizer_state = {
        "clock": training.clock._asdict(),
        **{name: vector.theta for name, vector in training.state.items()},
    }


def tell_end(estimator: BaseMLP, training: Training, incremental: bool) -> None:
    """The warnings scikit-learn gives: interrupted, or out of iterations."""
    if training.finished == "interrupted":
        warnings.warn("Training interrupted by user.", stacklevel=5)
    elif training.finished == "epochs" and not incremental:
        warnings.warn(
            f"Stochastic Optimizer: Maximum iterations ({estimator.max_iter}) reached and the optimization "
            "hasn't converged yet.",
            ConvergenceWarning,
            stacklevel=5,
        )


class Verbose:
    """The lines of ``verbose=True``, as scikit-learn writes them."""

    def __init__(self, estimator: BaseMLP) -> None:
        self.tol, self.patience, self.plateaus = estimator.tol, estimator.n_iter_no_change, 0

    def on_epoch(self, training: Training) -> None:
        """After each epoch: its number, loss and validation score; why training ends or the rate falls."""
        history = training.history
        print(f"Iteration {len(history)}, loss = {history.loss[-1]:.8f}")
        if history.validation_score:
            print(f"Validation score: {history.validation_score[-1]:f}")
        if training.finished == "converged" or training.clock.plateaus > self.plateaus:
            what = "Validation score" if history.validation_score else "Training loss"
            msg = f"{what} did not improve more than tol={self.tol:f} for {self.patience} consecutive epochs."
            print(f"{msg} {self._consequence(training)}")
        self.plateaus = training.clock.plateaus

    def _consequence(self, training: Training) -> str:
        if training.finished != "converged":
            return f"Setting learning rate to {training._rate():f}"
        return "Learning rate too small. Stopping." if training.schedule.answers_plateaus else "Stopping."
