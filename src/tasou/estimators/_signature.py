"""The parameters of the estimators for multilayer perceptrons: scikit-learn's first, then what a recipe has more.

What a `Recipe` declares comes from there: name, default, check, the line of the docstring. Only what belongs to
scikit-learn's side alone is listed here. ``scripts/stub`` writes the stub
``_parameters.pyi`` for type checkers and editors.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import inf
from numbers import Integral, Real
from typing import Any, ClassVar, Literal

from sklearn.metrics import get_scorer_names
from sklearn.utils._param_validation import Interval, Options, StrOptions

from tasou.training.checks import Automatic, Flag, Named, Number, PerLayer, Sizes, Weights
from tasou.training.faces import shown_by
from tasou.training.knobs import Knob

Kind = Literal["classifier", "regressor"]

SHARE = [Interval(Real, 0, 1, closed="left")]


@dataclass(frozen=True)
class Own:
    """A parameter that no recipe knows: default, scikit-learn's constraint, type, and the line of the docstring."""

    default: Any
    constraint: list[Any]
    type: str
    help: str = ""


OWN = {
    "random_state": Own(None, ["random_state"], "int | np.random.RandomState | None"),
    "verbose": Own(False, ["verbose", StrOptions({"bar", "log", "diagnose"})], "bool | int | str"),
    "warm_start": Own(False, ["boolean"], "bool"),
    "power_t": Own(0.5, [Interval(Real, 0, None, closed="left")], "float"),
    "momentum": Own(0.9, [Interval(Real, 0, 1, closed="both")], "float"),
    "nesterovs_momentum": Own(True, ["boolean"], "bool"),
    "beta_1": Own(0.9, SHARE, "float"),
    "beta_2": Own(0.999, SHARE, "float"),
    "epsilon": Own(1e-8, [Interval(Real, 0, None, closed="neither")], "float"),
    "scoring": Own(
        None,
        [StrOptions({"loss", *get_scorer_names()}), callable, None],
        "Any",
        'what early stopping watches: a scorer, "loss" for the validation loss, or (None) the estimator\'s own score',
    ),
    "callbacks": Own(
        None,
        [list, tuple, None],
        "Sequence[Any] | None",
        "called after each epoch (with lbfgs: each iteration) with the running `Training`; returning True ends it",
    ),
}
SKLEARN = [
    "hidden_layer_sizes",
    "activation",
    "solver",
    "alpha",
    "batch_size",
    "learning_rate",
    "learning_rate_init",
    "power_t",
    "max_iter",
    "shuffle",
    "random_state",
    "tol",
    "verbose",
    "warm_start",
    "momentum",
    "nesterovs_momentum",
    "early_stopping",
    "validation_fraction",
    "beta_1",
    "beta_2",
    "epsilon",
    "n_iter_no_change",
    "max_fun",
]
"""scikit-learn's parameters, in its order; the regressor's begin with ``loss``"""
POSITIONAL = {"classifier": 2, "regressor": 3}
"""how many of them may be given without their name"""
ALIASES: dict[str, dict[str, str]] = {
    "activation": {"logistic": "sigmoid"},
    "learning_rate": {"invscaling": "inverse_scaling"},
}
"""scikit-learn's names of formulas, and ours"""


def first_of(kind: Kind) -> list[str]:
    """The parameters that scikit-learn has, too."""
    return [*(["loss"] if kind == "regressor" else []), *SKLEARN]


@cache
def parameters_of(kind: Kind) -> dict[str, Own | Knob]:
    """Every parameter of an estimator, in order."""
    shown = shown_by("estimator", kind)
    first = first_of(kind)
    more = [name for name in (*shown, *OWN) if name not in first]
    found: dict[str, Own | Knob] = {}
    for name in (*first, *more):
        found[name] = OWN[name] if name in OWN else shown[name]
    return found


def default_of(parameter: Own | Knob) -> Any:
    """Its default in scikit-learn's words."""
    if isinstance(parameter, Own):
        return parameter.default
    default = parameter.default_for("estimator")
    return (None if default is False else "auto") if isinstance(parameter.check, Automatic) else default


def constraint_of(name: str, parameter: Own | Knob) -> list[Any]:
    """What scikit-learn's examination of parameters compares it with."""
    if isinstance(parameter, Own):
        return parameter.constraint
    none = [None] if parameter.optional and default_of(parameter) is None else []
    auto = [StrOptions({"auto"})] if default_of(parameter) == "auto" else []
    match parameter.check:
        case Number() as number:
            return [*auto, *_interval(number), *none]
        case PerLayer(each):
            return [*_interval(each), list, tuple]
        case Sizes():
            return ["array-like", Interval(Integral, 1, None, closed="left")]
        case Named() as named:
            known = {*named.names(), *ALIASES.get(name, ())}
            starting = [tuple] if name == "init" else [list, tuple] if named.per_layer else []
            return [StrOptions(known), named.registry.family, *starting, *none]
        case Weights():
            return [dict, list, StrOptions({"balanced"}), None]
        case Automatic():
            return [StrOptions({"auto"}), None]
        case Flag():
            return ["boolean"]
        case choice:
            return [StrOptions(set(choice.names)), *none]


def _interval(number: Number) -> list[Any]:
    low = number.least if number.above is None else number.above
    high = number.most if number.below is None else number.below
    open_low, open_high = number.above is not None, number.below is not None
    closed = {(False, False): "both", (True, False): "right", (False, True): "left", (True, True): "neither"}
    sides = (None if low == -inf else low, None if high == inf else high)
    kind = closed[open_low or sides[0] is None, open_high or sides[1] is None]
    endless = [Options(Real, {inf})] if number.endless else []
    return [Interval(Integral if number.whole else Real, *sides, closed=kind), *endless]


def class_of(kind: Kind) -> type:
    """A class with the parameters as ``__init__`` takes and keeps them, as scikit-learn expects it."""
    parameters = parameters_of(kind)
    names = list(parameters)
    defaults = {f"_{name}": default_of(parameter) for name, parameter in parameters.items()}
    given = [f"{name}=_{name}" for name in names]
    given.insert(POSITIONAL[kind], "*")
    body = "".join(f"\n    self.{name} = {name}" for name in names)
    made: dict[str, Any] = {}
    exec(f"def __init__(self, {', '.join(given)}):{body}", defaults, made)
    constraints = {name: constraint_of(name, parameter) for name, parameter in parameters.items()}
    name = f"{kind.capitalize()}Parameters"
    made["__init__"].__qualname__ = f"{name}.__init__"
    members = {
        "__doc__": f"The parameters of a {kind}.",
        "__module__": "tasou.estimators._parameters",
        "__init__": made["__init__"],
        "_parameter_constraints": constraints,
    }
    return type(name, (_Documented,), members)


class _Documented:
    """Writes the lines of the parameters that scikit-learn does not have into the docstring."""

    _kind: ClassVar[Kind]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if MARK in (cls.__doc__ or ""):
            cls.__doc__ = str(cls.__doc__).replace(MARK, more_lines(cls._kind))


MARK = "    {more}\n"


def more_lines(kind: Kind) -> str:
    """The lines of a docstring for what scikit-learn does not have."""
    lines = ""
    for name, parameter in parameters_of(kind).items():
        if name in first_of(kind):
            continue
        text = parameter.help if isinstance(parameter, Own) else parameter.help["en"]
        default = default_of(parameter)
        lines += (
            f"    {name} : {type_of(parameter)}, default={default!r}\n        {text[0].upper()}{text[1:]}.\n"
        )
    return lines


def type_of(parameter: Own | Knob) -> str:
    """Its type, for the docstring and the stub."""
    if isinstance(parameter, Own):
        return parameter.type
    none = " | None" if default_of(parameter) is None else ""
    auto = 'Literal["auto"] | ' if default_of(parameter) == "auto" else ""
    match parameter.check:
        case Number() as number:
            kind = "float" if number.endless or not number.whole else "int"
            return f"{auto}{kind}{none}"
        case PerLayer():
            return "float | Sequence[float]"
        case Named() as named:
            one = f"str | {named.registry.family.__name__}"
            starting = " | tuple[Any, Any]" if parameter.name == "init" else ""
            return one + (f" | Sequence[{one}]" if named.per_layer else "") + starting + none
        case Automatic():
            return 'Literal["auto"] | None'
        case Flag():
            return "bool"
        case _:
            return "Any"


def stub() -> str:
    """The file ``_parameters.pyi``."""
    lines = [
        '"""Made by ``scripts/stub``: the parameters as type checkers see them."""',
        "",
    ]
    lines += [
        "from collections.abc import Sequence",
        "from typing import Any, Literal",
        "",
        "import numpy as np",
        "",
    ]
    families = sorted(
        {
            p.check.registry.family
            for k in POSITIONAL
            for p in parameters_of(k).values()
            if isinstance(p, Knob) and isinstance(p.check, Named)
        },
        key=lambda family: family.__module__,
    )
    lines += [f"from {family.__module__} import {family.__name__}" for family in families]
    for kind in ("classifier", "regressor"):
        parameters = parameters_of(kind)
        lines += [
            "",
            f"class {kind.capitalize()}Parameters:",
            "    _parameter_constraints: dict[str, list[Any]]",
        ]
        lines += [f"    {name}: {type_of(parameter)}" for name, parameter in parameters.items()]
        given = [f"        {name}: {type_of(p)} = ...," for name, p in parameters.items()]
        given.insert(POSITIONAL[kind], "        *,")
        lines += ["    def __init__(", "        self,", *given, "    ) -> None: ..."]
    return "\n".join(lines) + "\n"
