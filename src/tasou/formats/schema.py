"""Say what a JSON value may look like, and check it: the part of JSON Schema that a model file needs.

A schema is a JSON Schema written as a Python dict, so what is checked can be published as it stands. Known
keywords: ``type, const, enum, properties, required, additionalProperties, items, minimum, maxItems, anyOf``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasou.errors import ModelFileError

Schema = Mapping[str, Any]

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def check(value: Any, schema: Schema, where: str = "model") -> None:
    """Raise ModelFileError, naming the place, unless ``value`` is as ``schema`` says.

    >>> check({"layers": [2, 10, 3]}, {"properties": {"layers": {"items": {"type": "integer"}}}})
    >>> check({"layers": [2, "ten"]}, {"properties": {"layers": {"items": {"type": "integer"}}}})
    Traceback (most recent call last):
    ...
    tasou.errors.ModelFileError: model.layers[1] is 'ten', not of type integer
    """
    if "anyOf" in schema:
        _check_any(value, schema["anyOf"], where)
    _check_value(value, schema, where)
    if isinstance(value, dict):
        _check_object(value, schema, where)
    if isinstance(value, list):
        if len(value) > schema.get("maxItems", len(value)):
            raise ModelFileError(f"{where} has {len(value)} items, more than {schema['maxItems']}")
        for index, item in enumerate(value):
            check(item, schema.get("items", {}), f"{where}[{index}]")


def _check_value(value: Any, schema: Schema, where: str) -> None:
    names = schema.get("type", list(TYPES))
    names = [names] if isinstance(names, str) else names
    if not any(_is(value, name) for name in names):
        raise ModelFileError(f"{where} is {_short(value)}, not of type {' or '.join(names)}")
    allowed = [schema["const"]] if "const" in schema else schema.get("enum")
    if allowed is not None and value not in allowed:
        raise ModelFileError(f"{where} is {_short(value)}; known: {', '.join(map(str, allowed))}")
    if "minimum" in schema and value < schema["minimum"]:
        raise ModelFileError(f"{where} is {_short(value)}, less than {schema['minimum']}")


def _check_object(value: dict[str, Any], schema: Schema, where: str) -> None:
    properties, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key in schema.get("required", ()):
        if key not in value:
            raise ModelFileError(f"{where} lacks {key!r}")
    for key, item in value.items():
        if key not in properties and rest is False:
            raise ModelFileError(f"{where} has an unknown key {_short(key)}")
        check(item, properties.get(key, rest if isinstance(rest, Mapping) else {}), f"{where}.{key}")


def _check_any(value: Any, schemas: list[Schema], where: str) -> None:
    errors = []
    for schema in schemas:
        try:
            return check(value, schema, where)
        except ModelFileError as error:
            errors.append(str(error))
    raise ModelFileError(f"{errors[0]} (nor one of {len(errors) - 1} other forms)")


def _is(value: Any, name: str) -> bool:
    """JSON's types, where true is no number and 1.0 is an integer only if written 1."""
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def _short(value: Any) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
