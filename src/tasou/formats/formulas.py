"""Formulas in a file: by their registered name and their parameters, never their code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasou.errors import ModelFileError, TasouError
from tasou.formats.schema import check
from tasou.formulas import activations, initializers, losses, optimizers, schedules
from tasou.formulas.initializers import Initializer
from tasou.formulas.registry import Formula, Registry
from tasou.messages import Message

OWN_CODE = Message(
    "model_file.own_formula",
    en="{kind} {name!r} is code of your own, which a model file cannot hold; a registered one can be saved",
    ja="{kind} {name!r} は自作のコードなので、モデルファイルには保存できません。登録されているものなら保存できます",
)
NOT_KNOWN_HERE = Message(
    "model_file.unknown_formula",
    en="the file needs a formula that is not known here: {reason}",
    ja="このファイルに必要な式がここにはありません：{reason}",
)

REGISTRIES: Mapping[str, Registry[Any]] = {
    module.registry.family.kind: module.registry
    for module in (activations, initializers, losses, optimizers, schedules)
}
FORMULA = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "parameters": {"type": "object", "additionalProperties": {"type": "number"}},
        "biases": {"type": "boolean"},
    },
}


def describe(formula: Formula) -> dict[str, Any]:
    """Name and parameters of a formula.

    Raises
    ------
    ModelFileError
        a formula of the user's own: its code cannot be stored

    Examples
    --------
    >>> describe(activations.get("leaky_relu", alpha=0.2))
    {'name': 'leaky_relu', 'parameters': {'alpha': 0.2}}
    """
    registry = REGISTRIES[formula.kind]
    if formula.name not in registry or not _same_code(formula, registry.get(formula.name)):
        raise ModelFileError(OWN_CODE, kind=formula.called(), name=formula.name)
    found: dict[str, Any] = {"name": formula.name, "parameters": dict(formula.parameters)}
    return found | {"biases": True} if isinstance(formula, Initializer) and formula.biases else found


def rebuild(kind: str, description: Mapping[str, Any]) -> Any:
    """The formula of this kind ("activation", "loss", "initializer") that `describe` was given.

    Raises
    ------
    ModelFileError
        nothing is registered under that name, or it has no such parameter
    """
    check(description, FORMULA, kind)
    try:
        found = REGISTRIES[kind].get(description["name"], **description.get("parameters", {}))
    except (TasouError, TypeError) as error:
        raise ModelFileError(NOT_KNOWN_HERE, reason=error) from error
    return found.drawing_biases() if description.get("biases") and kind == "initializer" else found


def _same_code(a: Formula, b: Formula) -> bool:
    """Whether both compute by the same functions, apart from parameters bound to them."""
    pairs = [(getattr(a, name), getattr(b, name)) for name in a.functions]
    return all(getattr(f, "func", f) is getattr(g, "func", g) for f, g in pairs)
