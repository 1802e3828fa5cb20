"""Read what is to be diagnosed: an estimator, a training, a model, a network or a bare history, by what it offers.

Nothing here asks of which class a thing is: a ``network_`` makes a fitted estimator, a ``network`` a training or a
model, a ``loss`` a history.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tasou.diagnostics.foreign import foreign_network
from tasou.diagnostics.record import NAN, Model, Run
from tasou.errors import TasouError
from tasou.formulas.schedules import Clock
from tasou.messages import Message
from tasou.network import Network
from tasou.training import Training

CANNOT_DIAGNOSE = Message(
    "diagnosis.no_subject",
    en="cannot diagnose a {thing}: give a fitted estimator, a Training or its history",
    ja="{thing} は診断できません。学習済みの推定器、Training、その history のどれかを渡してください",
)

END, LANDED = Clock(updates=10_000, total_updates=10_000), 0.01
"""the end of a plan, and the share of the rate at which it has come down to zero by then"""

NO_LOSSES = Message(
    "diagnosis.no_losses",
    en="a list of losses must be numbers, one per epoch; of a history give {{'loss': [...], 'validation_loss': [...]}}",
    ja="損失のリストには、1エポックに1つの数値を並べてください。履歴なら "
    "{{'loss': [...], 'validation_loss': [...]}} の形で渡してください",
)


@dataclass(frozen=True)
class Subject:
    """What could be read without any data."""

    network: Network | None = None
    run: Run = field(default_factory=Run)
    losses: Sequence[float] = ()
    validation_losses: Sequence[float] = ()
    labels: Sequence[object] = ()
    names: Sequence[str] = ()
    sources: Sequence[str] = ()
    scaling: Any = None
    """how an estimator standardises X and y by itself: ``inputs(X)``, ``targets(Y)``"""

    @property
    def model(self) -> Model | None:
        """The facts of the network."""
        if self.network is None:
            return None
        network = self.network
        return Model(network.sizes, network.loss, network.activations[-1], network.l2, tuple(network.dropout))


def read_subject(thing: Any, n: int = 0) -> Subject:
    """Whatever ``thing`` offers; ``n`` is the number of rows of X, if X is at hand.

    Raises
    ------
    TasouError
        it offers nothing that could be diagnosed
    """
    if isinstance(thing, Network):
        return Subject(thing)
    if isinstance(thing, Training):
        return read_training(thing)
    if hasattr(thing, "network_"):
        return _read_estimator(thing, n, thing.network_)
    if hasattr(thing, "get_params"):
        if not hasattr(thing, "loss_curve_"):
            raise TasouError(CANNOT_DIAGNOSE, thing=type(thing).__name__)
        return _read_estimator(thing, n, foreign_network(thing))
    if hasattr(thing, "network") and hasattr(thing, "history"):
        run = Run(finished=str(getattr(thing, "finished", "")), n=int(getattr(thing, "rows", 0)))
        told = {part: list(getattr(thing, part, ())) for part in ("labels", "names", "sources")}
        return Subject(thing.network, getattr(thing, "run", run), *_curves(thing.history), **told)
    bare = isinstance(thing, Mapping | Sequence | np.ndarray) and not isinstance(thing, str | bytes)
    if bare or (hasattr(thing, "loss") and hasattr(thing, "validation_loss")):
        return Subject(None, Run(), *_curves(thing))
    raise TasouError(CANNOT_DIAGNOSE, thing=type(thing).__name__)


def _curves(history: Any) -> tuple[list[float], list[float]]:
    """Training and validation loss of a `History`, of a mapping like it, or of a plain list of losses."""
    if isinstance(history, Mapping):
        return _numbers(history.get("loss", ())), _numbers(history.get("validation_loss", ()))
    if isinstance(history, Sequence | np.ndarray):
        return _numbers(history), []
    return list(history.loss), list(history.validation_loss)


def _numbers(losses: Any) -> list[float]:
    try:
        return [float(loss) for loss in losses]
    except (TypeError, ValueError):
        raise TasouError(NO_LOSSES) from None


def read_training(training: Training, *, running: bool = False) -> Subject:
    """A `Training`, finished or (``running``) between two steps."""
    stopping, found = training.stopping, training.divergence
    epochs, samples = training.clock.epochs, training.clock.samples
    n = samples // epochs if epochs else 0
    if training.optimizer.name == "lbfgs":
        finished, tol = training.finished, float(training.optimizer.parameters["gtol"])
        run = Run("lbfgs", n=n, finished=finished, running=running, tol=tol, **_divergence(found))
        return Subject(training.network, run, *_curves(training.history))
    run = Run(
        optimizer=training.optimizer.name,
        lr=training.lr,
        batch_size=min(training.batch_size or n, n),
        n=n,
        updates=training.clock.updates,
        finished=training.finished,
        running=running,
        weight_decay=float(training.weight_decay),
        lands=training.schedule.rate(1.0, END) <= LANDED,
        chosen=training.callbacks.to_choose_from,
        **_divergence(found),
    )
    if stopping is not None:
        run = _with_stopping(run, stopping)
    return Subject(training.network, run, *_curves(training.history))


def _divergence(found: Any) -> dict[str, Any]:
    return {"diverged": found.where, "diverged_at": (found.update, found.epoch)} if found else {}


def _with_stopping(run: Run, stopping: Any) -> Run:
    return replace(
        run,
        monitor=stopping.monitor,
        tol=stopping.tol,
        patience=stopping.patience,
        relative=stopping.relative,
        restores_best=stopping.restore_best,
    )


def _read_estimator(estimator: Any, n: int, network: Network | None) -> Subject:
    """A fitted estimator with scikit-learn's attributes."""
    params = estimator.get_params(deep=False)
    epochs = int(np.max(getattr(estimator, "n_iter_", 0)))
    solver = str(params.get("solver", ""))
    lr = NAN if solver == "lbfgs" else float(params.get("learning_rate_init", NAN))
    n = estimator.t_ // epochs if epochs and getattr(estimator, "t_", 0) else n
    batch = params.get("batch_size", 0)
    batch = min(200, n) if batch == "auto" else min(batch or n, n)
    early = bool(params.get("early_stopping", False))
    run = Run(
        optimizer=solver,
        lr=lr,
        batch_size=batch if np.isfinite(lr) else 0,
        n=n,
        updates=epochs * -(-n // batch) if batch else 0,
        finished=_ending(estimator, params, epochs),
        monitor="validation_score" if early else "loss",
        tol=float(params.get("tol") or 0.0),
        patience=float(params.get("n_iter_no_change", 10)),
        relative=bool(params.get("relative_tol", False)),
        restores_best=early,
        weight_decay=float(params.get("weight_decay") or 0.0),
        **_divergence(getattr(estimator, "_divergence", None)),
    )
    scaling = getattr(estimator, "_scaling", None) if params.get("scale") else None
    if scaling is not None and network is not None:  # look at what was trained
        network = copy.deepcopy(network)
        scaling.unfold(network)
    return Subject(
        network,
        run,
        list(getattr(estimator, "loss_curve_", ())),
        list(getattr(estimator, "validation_loss_curve_", None) or ()),
        scaling=scaling,
        labels=list(getattr(estimator, "classes_", ())),
        names=list(getattr(estimator, "feature_names_in_", ())),
    )


def _ending(estimator: Any, params: Mapping[str, Any], epochs: int) -> str:
    """Why ``fit`` ended, as far as the fitted attributes tell."""
    if epochs >= params.get("max_iter", np.inf):
        return "epochs"
    stochastic = params.get("solver") not in ("lbfgs", None)
    stalled = getattr(estimator, "_no_improvement_count", None)
    if stochastic and stalled is not None and stalled <= params.get("n_iter_no_change", 10):
        return ""  # partial_fit, a callback or Ctrl-C
    return "converged"
