"""The settings of a table's training in a file: their JSON and its schema, read off the declaration of a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

from tasou.errors import ModelFileError, TasouError
from tasou.formats import formulas
from tasou.formulas.registry import Formula
from tasou.tabular.plain import Settings
from tasou.training.checks import Check, Flag, Named, Number, PerLayer, Sizes
from tasou.training.faces import shown_by
from tasou.training.knobs import Knob

REQUIRED = ("hidden", "activation", "lr", "seed")
"""what every file has; a setting that came later has its default where the file says nothing of it"""


def known() -> dict[str, Knob]:
    """The settings that a file holds, by their names."""
    return {declared.name: declared for declared in shown_by("table").values()}


def _schema_of(check: Check) -> dict[str, Any]:
    match check:
        case Number() as number:
            kind = {"type": "integer" if number.whole else "number"}
            return kind if number.least == -inf else {**kind, "minimum": int(number.least)}
        case PerLayer(each):
            several = {"type": "array", "items": _schema_of(each)}
            return {"anyOf": [_schema_of(each), several]}
        case Sizes():
            return {"type": "array", "items": {"type": "integer", "minimum": 1}}
        case Flag():
            return {"type": "boolean"}
        case Named():
            return {"anyOf": [{"type": "string"}, formulas.FORMULA]}
        case _:
            return {"type": "string"}


def _with_null(schema: dict[str, Any], declared: Knob) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]} if declared.optional else schema


SCHEMA = {
    "type": "object",
    "required": list(REQUIRED),
    "properties": {
        name: _with_null(_schema_of(declared.check), declared) for name, declared in known().items()
    },
}


def describe(settings: Settings) -> dict[str, Any]:
    """The settings as JSON."""
    return {name: _plain(getattr(settings, name)) for name in known()}


def _plain(value: Any) -> Any:
    if isinstance(value, Formula):
        return formulas.describe(value)
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def rebuild(values: Mapping[str, Any]) -> Settings:
    """The settings that `describe` was given; what a newer tasou has added beside them is passed over.

    Raises
    ------
    ModelFileError
        a setting has a value that it cannot have
    """
    own = known()
    try:
        return Settings(**{name: _value(value, own[name]) for name, value in values.items() if name in own})
    except TasouError as error:
        raise ModelFileError(error.sentence) from None


def _value(value: Any, declared: Knob) -> Any:
    if isinstance(value, dict) and isinstance(declared.check, Named):
        return formulas.rebuild(declared.check.registry.family.kind, value)
    return tuple(value) if isinstance(declared.check, Sizes) else value
