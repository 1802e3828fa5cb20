"""The one place that makes a training of a recipe: for estimators, tables and the command line."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from numpy.typing import DTypeLike, NDArray

from tasou.backends.verbs import Random
from tasou.formulas.losses import Loss
from tasou.formulas.optimizers import Optimizer
from tasou.formulas.schedules import Clock
from tasou.network import Network
from tasou.training.iterations import LBFGS, is_lbfgs, optimizer_of
from tasou.training.recipe import Recipe
from tasou.training.state import State
from tasou.training.stopping import Stopping
from tasou.training.training import Training
from tasou.training.validation import Validation

Array = NDArray[Any]


class Rows(NamedTuple):
    """Checked rows: inputs X (n, d), targets Y (n, K) as the network wants them, and weights (n,)."""

    X: Any
    Y: Array
    sample_weight: Array | None = None

    @property
    def n(self) -> int:
        """How many there are."""
        return int(self.X.shape[0])


class Earlier(NamedTuple):
    """What a training takes up from an earlier one: clock, the optimizer's memory, the counts of stopping."""

    clock: Clock = Clock()
    memory: Mapping[str, Array] = {}
    best: float = float("-inf")
    stalled: int = 0
    best_theta: Array | None = None


def network_of(
    recipe: Recipe,
    n_features: int,
    n_outputs: int,
    *,
    loss: str | Loss | None = None,
    dtype: DTypeLike = float,
    rng: int | Random | None = None,
) -> Network:
    """The network that a recipe describes, for so many features and outputs.

    >>> network_of(Recipe(hidden=(10,)), 2, 3, loss="cross_entropy", rng=0)
    Network(2 → 10 relu → 3 softmax, 63 parameters, float64)
    """
    return Network(
        (n_features, *recipe.hidden, n_outputs),
        recipe.activation,
        loss=loss or recipe.loss or "cross_entropy",
        output_activation=recipe.output_activation,
        dropout=recipe.dropout,
        l2=recipe.l2,
        init=recipe.init,
        dtype=dtype,
        rng=rng,
    )


def learn(
    network: Network,
    rows: Rows | Sequence[Any],
    recipe: Recipe,
    *,
    validation: Validation | None = None,
    callbacks: Iterable[Any] = (),
    rng: int | Random | None = None,
    state: State | Earlier | None = None,
    epochs: int | None = None,
) -> Training:
    """Train the network on the rows as the recipe says; Ctrl-C ends it and keeps what was learnt.

    Parameters
    ----------
    network
        what learns, in place
    rows
        X, Y and weights
    validation
        rows kept out, and what is measured on them
    callbacks
        see `Training`
    rng
        where orders and dropout come from; the recipe's seed if not given
    state
        where an earlier training stood (``training.state()``), or what of it is taken up
    epochs
        how many of the recipe's epochs to make now, over all of which its schedule is laid; all if not given

    Raises
    ------
    DivergenceError
        a value is no longer finite (unless ``recipe.on_divergence`` says otherwise)
    ShapeError, TasouError
        rows that do not fit the network

    Examples
    --------
    >>> from tasou import datasets
    >>> X, y = datasets.make("moons", 100, rng=0)
    >>> training = learn(Network((2, 8, 2), rng=0), (X, y), Recipe(optimizer="lbfgs", epochs=50))
    >>> training.finished, training.history.loss[-1] < 0.1
    ('converged', True)
    """
    training = make(network, recipe, validation=validation, callbacks=callbacks, rng=rng, state=state)
    most = recipe.epochs or 1
    training.run(*rows, epochs=epochs or most, planned=most)
    return training


def make(
    network: Network,
    recipe: Recipe,
    *,
    validation: Validation | None = None,
    callbacks: Iterable[Any] = (),
    rng: int | Random | None = None,
    state: State | Earlier | None = None,
) -> Training:
    """The training that a recipe describes, not begun yet."""
    limit = [] if recipe.max_time is None else [TimeLimit(recipe.max_time)]
    training = Training(
        network,
        **settings_of(recipe),
        stopping=_stopping(recipe, validation is not None),
        validation=validation,
        callbacks=[*callbacks, *limit],
        on_divergence=recipe.on_divergence,
        n_threads=recipe.n_threads,
        rng=recipe.seed if rng is None else rng,
    )
    if isinstance(state, State):
        training.restore(state)
    elif state is not None:
        _take_up(training, state)
    return training


def settings_of(recipe: Recipe) -> dict[str, Any]:
    """The settings that mean something to the optimizer; L-BFGS knows few of them."""
    name = recipe.optimizer.name if isinstance(recipe.optimizer, Optimizer) else recipe.optimizer
    if name == LBFGS.name:
        return {"optimizer": optimizer_of(recipe.optimizer, gtol=recipe.tol, max_fun=recipe.max_fun)}
    return {
        "optimizer": recipe.optimizer,
        "lr": recipe.lr,
        "schedule": recipe.schedule,
        "warmup": recipe.warmup,
        "batch_size": recipe.batch_size,
        "shuffle": recipe.shuffle,
        "weight_decay": recipe.weight_decay,
        "clip_norm": recipe.clip_norm,
    }


def _stopping(recipe: Recipe, validated: bool) -> Stopping | None:
    """The rule by which training ends early; without rows to validate on it can watch the training loss alone."""
    monitor = recipe.monitor or ("validation_loss" if recipe.early_stopping else None)
    if monitor is None or (monitor != "loss" and not validated):
        return None
    if monitor == "loss" and is_lbfgs(recipe.optimizer):
        return None  # a flat gradient ends it
    return Stopping(
        monitor,
        tol=recipe.tol,
        patience=recipe.patience,
        restore_best=recipe.early_stopping,
        relative=recipe.relative_tol,
    )


def _take_up(training: Training, state: Earlier) -> None:
    training.clock = state.clock
    for name, vector in training.memory.items():
        if name in state.memory:
            vector.theta[...] = state.memory[name]
    if training.stopping is not None:
        training.stopping.best, training.stopping.stalled = state.best, state.stalled
        training.stopping.best_theta = state.best_theta


class TimeLimit:
    """Ends a training after so many seconds, at the end of the epoch that is running."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def __call__(self, _: Any) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.end


def memory_of(training: Training) -> dict[str, Array]:
    """What the optimizer remembers, by name: what `Earlier` takes up."""
    return {name: vector.theta for name, vector in training.memory.items()}
