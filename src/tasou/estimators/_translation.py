"""The parameters of an estimator, in scikit-learn's words, as a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from tasou.errors import TasouError
from tasou.estimators._signature import ALIASES, OWN, Kind
from tasou.formulas import initializers, schedules
from tasou.formulas.initializers import Initializer
from tasou.formulas.optimizers import Optimizer
from tasou.formulas.schedules import Schedule
from tasou.messages import Message
from tasou.training import Recipe
from tasou.training.faces import shown_by
from tasou.training.iterations import is_lbfgs, optimizer_of

POSITIVE_SIZES = Message(
    "mlp.sizes",
    en="hidden_layer_sizes must be > 0, got {sizes}.",
    ja="hidden_layer_sizes は1以上にしてください（指定：{sizes}）",
)
SGD_ONLY = ("invscaling", "adaptive")
"""scikit-learn's schedules, which act with solver="sgd" alone"""
ALWAYS = ("sgd", "nesterov", "adam")
"""optimizers that scikit-learn has: they take its constants whatever they are, others only those that were changed"""
CONSTANTS = ("momentum", "beta_1", "beta_2", "epsilon")
LARGE_BATCH = 200


def recipe_of(parameters: Mapping[str, Any], kind: Kind) -> Recipe:
    """The recipe; ``batch_size`` waits for the number of rows, see `batch_size_of`."""
    values = {knob.name: parameters[name] for name, knob in shown_by("estimator", kind).items()}
    early = values["early_stopping"]
    values |= {
        "hidden": _hidden(values["hidden"]),
        "activation": _activations(values["activation"]),
        "scale": values["scale"] is not None,
        "optimizer": _optimizer(parameters),
        "schedule": _schedule(parameters),
        "batch_size": None,
        "monitor": "validation_score" if early else "loss",
        "on_divergence": "stop" if early else "raise",
    }
    values["init"] = _init(values["init"], values["activation"])
    return Recipe(**values)


def batch_size_of(batch_size: Any, n: int) -> int:
    """Rows per update for n rows: min(200, n) for "auto", and never more than there are."""
    return min(LARGE_BATCH if batch_size == "auto" else int(batch_size), n)


def _hidden(sizes: Any) -> tuple[int, ...]:
    hidden = tuple(sizes) if hasattr(sizes, "__iter__") else (sizes,)
    if any(size <= 0 for size in hidden):
        raise TasouError(POSITIVE_SIZES, sizes=list(hidden))
    return hidden


def _activations(chosen: Any) -> Any:
    names = ALIASES["activation"]
    if isinstance(chosen, list | tuple):
        return [_alias(f, names) for f in chosen]
    return _alias(chosen, names)


def _alias(name: Any, aliases: Mapping[str, str]) -> Any:
    return aliases.get(name, name) if isinstance(name, str) else name


def _init(init: Any, activation: Any) -> Any:
    """scikit-learn's initial weights unless others are asked for: Glorot uniform, biases drawn too."""
    if isinstance(init, tuple):
        return "zeros"  # starting weights follow
    if init is not None:
        return init
    first = (activation or ["identity"])[0] if isinstance(activation, list) else activation
    gain = 2.0 if getattr(first, "name", first) == "sigmoid" else 6.0
    return _glorot(gain)


@cache
def _glorot(gain: float) -> Initializer:
    return initializers.get("glorot_uniform", gain=gain).drawing_biases()


def _optimizer(parameters: Mapping[str, Any]) -> Optimizer:
    """The update rule with those of the estimator's constants that it has."""
    solver = parameters["solver"]
    if isinstance(solver, Optimizer):
        return solver
    if solver == "sgd" and parameters["nesterovs_momentum"]:
        solver = "nesterov"
    return _rule(solver, *(parameters[name] for name in CONSTANTS))


@lru_cache(maxsize=64)
def _rule(solver: str, *constants: float) -> Optimizer:
    rule = optimizer_of(solver)
    always = rule.name in ALWAYS
    given = zip(CONSTANTS, constants, strict=True)
    changed = {name: value for name, value in given if always or value != OWN[name].default}
    return rule.with_parameters(**{name: value for name, value in changed.items() if name in rule.parameters})


def _schedule(parameters: Mapping[str, Any]) -> Schedule:
    chosen, solver = parameters["learning_rate"], parameters["solver"]
    if isinstance(chosen, Schedule):
        return chosen
    if is_lbfgs(solver) or (chosen in SGD_ONLY and solver != "sgd"):
        chosen = "constant"
    rule = schedules.get(_alias(chosen, ALIASES["learning_rate"]))
    constants = {"power": parameters["power_t"]} if "power" in rule.parameters else {}
    return rule.with_parameters(**constants)


def sizes_of(parameters: Mapping[str, Any], n_features: int, n_outputs: int) -> tuple[int, ...]:
    """Units per layer, inputs first."""
    return (n_features, *_hidden(parameters["hidden_layer_sizes"]), n_outputs)


def architecture_of(parameters: Mapping[str, Any]) -> tuple[Any, ...]:
    """What of the parameters shapes a network that has its weights already: when it changes, so does the network."""
    return _plain(parameters["activation"]), _plain(parameters["dropout"]), parameters["alpha"]


def _plain(value: Any) -> Any:
    return value if type(value) in (str, float, int) or not hasattr(value, "__len__") else tuple(value)
