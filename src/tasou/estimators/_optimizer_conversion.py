"""What adam and sgd remember between steps, in scikit-learn's form and in ours."""

from __future__ import annotations

import math
from typing import Any

from tasou.formulas.schedules import Clock
from tasou.network import Network, Parameters

MEMORY = {"AdamOptimizer": {"m": "ms", "v": "vs"}, "SGDOptimizer": {"v": "velocities"}}
"""our names of what an optimizer remembers, and scikit-learn's"""


def read(fitted: Any, network: Network) -> dict[str, Any]:
    """The state of a fitted MLP of scikit-learn as our estimators keep it; empty without a stochastic solver."""
    optimizer: Any = getattr(fitted, "_optimizer", None)
    memory = MEMORY.get(type(optimizer).__name__)
    if memory is None:
        return {}
    adam = "m" in memory
    rule = "adam" if adam else "nesterov" if fitted.nesterovs_momentum else "sgd"
    plateaus = 0
    if not adam and fitted.learning_rate == "adaptive":
        plateaus = round(math.log(fitted.learning_rate_init / optimizer.learning_rate, 5))
    clock = Clock(
        updates=optimizer.t if adam else 0, epochs=fitted.n_iter_, samples=fitted.t_, plateaus=plateaus
    )
    state: dict[str, Any] = {"rule": rule, "clock": clock._asdict()}
    for ours, theirs in memory.items():
        vector = Parameters(network.sizes, network.dtype)
        for part, values in zip(_parts(vector), getattr(optimizer, theirs), strict=True):
            part[...] = values
        state[ours] = vector.theta
    return state


def write(estimator: Any, fitted: Any) -> None:
    """Give an MLP of scikit-learn the optimizer that our estimator stopped with, where scikit-learn has that rule."""
    state = estimator._optimizer_state
    optimizer = _their_optimizer(fitted, state.get("rule"))
    if optimizer is None:
        return
    for ours, theirs in MEMORY[type(optimizer).__name__].items():
        vector = Parameters(estimator._network.sizes, estimator._network.dtype, state[ours].copy())
        setattr(optimizer, theirs, _parts(vector))
    clock = Clock(**state["clock"])
    optimizer.t = clock.updates
    if fitted.solver == "sgd":
        optimizer.learning_rate /= 5.0**clock.plateaus
        optimizer.iteration_ends(clock.samples)
    fitted._optimizer = optimizer


def _their_optimizer(fitted: Any, rule: str | None) -> Any:
    from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

    parameters = fitted.coefs_ + fitted.intercepts_
    if rule == "adam" == fitted.solver:
        return AdamOptimizer(
            parameters, fitted.learning_rate_init, fitted.beta_1, fitted.beta_2, fitted.epsilon
        )
    if rule in ("sgd", "nesterov") and fitted.solver == "sgd":
        return SGDOptimizer(
            parameters,
            fitted.learning_rate_init,
            fitted.learning_rate,
            fitted.momentum,
            fitted.nesterovs_momentum,
            fitted.power_t,
        )
    return None


def _parts(vector: Parameters) -> list[Any]:
    """The vector's views in scikit-learn's order: all weights (in × out), then all biases."""
    return [*(W.T for W, _ in vector), *(b for _, b in vector)]
