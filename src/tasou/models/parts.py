"""Small things that estimators of tables keep beside their ensemble, as JSON: a closed list of classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from tasou.ensembles.linear import Linear
from tasou.errors import ModelFileError
from tasou.formats.safetensors import Tensors
from tasou.formats.values import pack as pack_value
from tasou.formats.values import unpack as unpack_value
from tasou.messages import Message
from tasou.tables.kind import Kind
from tasou.tables.marginals import Marginals
from tasou.tables.preparation import Preparation
from tasou.tabular.calibration import Calibration
from tasou.tabular.importances import Importances
from tasou.tabular.intervals import Intervals, Side
from tasou.tabular.networks import Group
from tasou.tabular.spread import Spread
from tasou.tabular.thresholds import Tuned

OTHER_COLUMNS = Message(
    "model_file.other_marginals",
    en="the distributions in the file are not those of the columns that it reads",
    ja="ファイルにある分布が、モデルの使う列のものではありません",
)
CANNOT_READ = Message(
    "model_file.part",
    en="the {name} in the file cannot be read: {reason}",
    ja="ファイルにある {name} を読み取れません：{reason}",
)
P = TypeVar("P")
SEEN = "marginals"
PARTS: dict[str, Any] = {
    cls.__name__: cls
    for cls in (Calibration, Tuned, Intervals, Side, Spread, Group, Linear, Kind, Marginals, Importances)
}


def pack(value: Any, name: str, tensors: Tensors) -> Any:
    """``value`` as JSON, see `tasou.formats.values`; one of the classes above by its name and its fields.

    Raises
    ------
    ModelFileError
        the value, or one inside it, is of no type that a model file stores

    Examples
    --------
    >>> pack(Kind("code", 3), "kind", {})
    {'type': 'part', 'name': 'Kind', 'fields': {'name': 'code', 'levels': 3}}
    """
    if type(value) is PARTS.get(type(value).__name__):
        found = {key: pack(getattr(value, key), f"{name}.{key}", tensors) for key in _names(value)}
        return {"type": "part", "name": type(value).__name__, "fields": found}
    if type(value) is tuple and any(type(item).__name__ in PARTS for item in value):
        items = [pack(item, f"{name}.{i}", tensors) for i, item in enumerate(value)]
        return {"type": "tuple", "items": items}
    return pack_value(value, name, tensors)


def _names(value: Any) -> list[str]:
    return [f.name for f in fields(value)] if is_dataclass(value) else list(value._fields)


def unpack(value: Any, tensors: Tensors) -> Any:
    """What `pack` was given.

    Raises
    ------
    ModelFileError
        ``value`` is nothing that `pack` makes
    LookupError, TypeError, ValueError
        a class that is not in the list, or fields that it has not
    """
    if isinstance(value, dict) and value.get("type") == "part":
        found = {key: unpack(item, tensors) for key, item in value["fields"].items()}
        return PARTS[value["name"]](**found)
    if isinstance(value, dict) and value.get("type") == "tuple" and isinstance(value.get("items"), list):
        return tuple(unpack(item, tensors) for item in value["items"])
    return unpack_value(value, tensors)


def part(cls: type[P], value: Any, tensors: Tensors) -> P:
    """What `pack` was given, one of these classes.

    Raises
    ------
    ModelFileError
        it is none, or its fields do not fit together
    """
    try:
        found = unpack(value, tensors)
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        raise ModelFileError(CANNOT_READ, name=cls.__name__, reason=error) from error
    if not isinstance(found, cls):
        raise ModelFileError(CANNOT_READ, name=cls.__name__, reason=type(found).__name__)
    return found


def pack_seen(preparation: Preparation | None, tensors: Tensors) -> dict[str, Any]:
    """What training saw of the columns, under a key of its own: its arrays leave room in the header."""
    seen = None if preparation is None else preparation.seen
    return {} if seen is None else {SEEN: pack(seen, SEEN, tensors)}


def with_seen(preparation: Preparation, description: Mapping[str, Any], tensors: Tensors) -> Preparation:
    """The preparation with what training saw of its columns, where the file holds it.

    Raises
    ------
    ModelFileError
        it is of other columns, or cannot be read
    """
    if SEEN not in description:
        return preparation
    seen = part(Marginals, description[SEEN], tensors)
    if list(seen.columns) != preparation.columns:
        raise ModelFileError(OTHER_COLUMNS)
    return replace(preparation, seen=seen)
