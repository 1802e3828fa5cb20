"""Say what a JSON value may look like, and check it: the part of JSON Schema that a model file needs.

A schema is a JSON Schema written as a Python dict, so what is checked can be published as it stands. Known
keywords: ``type, const, enum, properties, required, additionalProperties, items, minimum, maxItems, anyOf``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasou.errors import ModelFileError
from tasou.messages import Message

TOO_MANY = Message(
    "model_file.too_many_items",
    en="{where} has {n} items, more than {most}",
    ja="{where} に要素が {n} 個あり、上限の {most} 個を超えています",
)
OTHER_TYPE = Message(
    "model_file.type",
    en="{where} is {value}, not of type {types}",
    ja="{where} は {value} で、型 {types} ではありません",
)
OTHER_VALUE = Message(
    "model_file.value",
    en="{where} is {value}; known: {known:list}",
    ja="{where} は {value} です。使えるもの：{known:list}",
)
TOO_LITTLE = Message(
    "model_file.minimum",
    en="{where} is {value}, less than {least}",
    ja="{where} は {value} で、下限の {least} より小さい値です",
)
LACKS = Message("model_file.lacks", en="{where} lacks {key!r}", ja="{where} に {key!r} がありません")
UNKNOWN_KEY = Message(
    "model_file.unknown_key",
    en="{where} has an unknown key {key}",
    ja="{where} に未知のキー {key} があります",
)
NO_FORM = Message(
    "model_file.no_form",
    en="{reason} (nor one of {n} other forms)",
    ja="{reason}（ほかの {n} 通りの形にも当てはまりません）",
)

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
            raise ModelFileError(TOO_MANY, where=where, n=len(value), most=schema["maxItems"])
        for index, item in enumerate(value):
            check(item, schema.get("items", {}), f"{where}[{index}]")


def _check_value(value: Any, schema: Schema, where: str) -> None:
    names = schema.get("type", list(TYPES))
    names = [names] if isinstance(names, str) else names
    if not any(_is(value, name) for name in names):
        raise ModelFileError(OTHER_TYPE, where=where, value=_short(value), types=" or ".join(names))
    allowed = [schema["const"]] if "const" in schema else schema.get("enum")
    if allowed is not None and value not in allowed:
        raise ModelFileError(OTHER_VALUE, where=where, value=_short(value), known=allowed)
    if "minimum" in schema and value < schema["minimum"]:
        raise ModelFileError(TOO_LITTLE, where=where, value=_short(value), least=schema["minimum"])


def _check_object(value: dict[str, Any], schema: Schema, where: str) -> None:
    properties, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key in schema.get("required", ()):
        if key not in value:
            raise ModelFileError(LACKS, where=where, key=key)
    for key, item in value.items():
        if key not in properties and rest is False:
            raise ModelFileError(UNKNOWN_KEY, where=where, key=_short(key))
        check(item, properties.get(key, rest if isinstance(rest, Mapping) else {}), f"{where}.{key}")


def _check_any(value: Any, schemas: list[Schema], where: str) -> None:
    errors = []
    for schema in schemas:
        try:
            return check(value, schema, where)
        except ModelFileError as error:
            errors.append(error)
    raise ModelFileError(NO_FORM, reason=errors[0], n=len(errors) - 1)


def _is(value: Any, name: str) -> bool:
    """JSON's types, where true is no number and 1.0 is an integer only if written 1."""
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def _short(value: Any) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
