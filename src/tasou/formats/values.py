"""Python values as JSON and named arrays, and back: a closed list of types, nothing that could be executed.

```
None, True, 3, 0.5, "text", [..]   as they are
(2, 3)                             {"type": "tuple", "items": [2, 3]}
{"a": 1}                           {"type": "dict", "items": [["a", 1]]}
inf, nan                           {"type": "float", "value": "inf"}
np.float32(0.5)                    {"type": "scalar", "dtype": "float32", "value": 0.5}
an array of numbers                {"type": "array", "dtype": "float32", "tensor": the name of a tensor}
an array of texts or mixed objects {"type": "array", "dtype": "<U3", "shape": [2], "items": ["yes", "no"]}
a long list of floats              {"type": "floats", "tensor": "history.…"}, which may hold NaN
a long tuple of numbers            {"type": "numbers", "tensor": the name of a tensor}
tuples of many floats in a tuple   {"type": "rows", "tensor": …, "lengths": the name of another}
RandomState, Generator(PCG64)      {"type": "RandomState", "state": …}, {"type": "Generator", "state": …}
a registered formula               {"type": "activation", "name": "leaky_relu", "parameters": {"alpha": 0.2}}
```
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from tasou.errors import ModelFileError
from tasou.formats import formulas
from tasou.formats.safetensors import Array, Tensors
from tasou.formulas.registry import Formula
from tasou.messages import Message

CANNOT_HOLD = Message(
    "model_file.cannot_hold",
    en="{name} is a {kind}, which a model file cannot hold",
    ja="{name} は {kind} で、モデルファイルには保存できません",
)
NO_SUCH_ARRAY = Message(
    "model_file.array_type",
    en="{name} is an array of {dtype}, which a model file cannot hold",
    ja="{name} は {dtype} の配列で、モデルファイルには保存できません",
)
UNREADABLE_VALUE = Message(
    "model_file.unreadable_value",
    en="the model's description holds an unreadable value: {value}",
    ja="モデルの記述に読み取れない値があります：{value}",
)
GENERATOR = Message(
    "model_file.generator",
    en="{name} is a {generator} generator; a model file can hold PCG64",
    ja="{name} は {generator} の乱数生成器です。モデルファイルに保存できるのは PCG64 です",
)

LONG = 64
STORAGE = {"float64": "f8", "float32": "f4", "float16": "f4", "bool": "u1", "uint8": "u1"} | {
    name: "i8" for name in ("int8", "int16", "int32", "int64", "uint16", "uint32", "uint64")
}
NONFINITE = {text: float(text) for text in ("nan", "inf", "-inf")}
TEXTS = re.compile(r"<U\d{1,5}|object")


def pack(value: Any, name: str, tensors: Tensors) -> Any:
    """``value`` as JSON; its arrays of numbers are put into ``tensors`` under names that begin with ``name``.

    Raises
    ------
    ModelFileError
        the value, or one inside it, is of no type that a model file stores

    Examples
    --------
    >>> tensors = {}
    >>> pack((2, np.ones(3)), "x", tensors)
    {'type': 'tuple', 'items': [2, {'type': 'array', 'dtype': 'float64', 'tensor': 'x.1'}]}
    >>> tensors
    {'x.1': array([1., 1., 1.])}
    """
    kind = type(value)
    if value is None or kind in (bool, int, str) or (kind is float and math.isfinite(value)):
        return value
    if kind is list:
        return _pack_list(value, name, tensors)
    if isinstance(value, np.generic) and (value.dtype.name in STORAGE or kind is np.str_):
        dtype = "str" if kind is np.str_ else value.dtype.name
        return {"type": "scalar", "dtype": dtype, "value": pack(value.item(), name, tensors)}
    if kind in FORMS:
        tag, write, _ = FORMS[kind]
        return {"type": tag, **write(value, name, tensors)}  # a form of its own says another type
    if isinstance(value, Formula) and value.kind in formulas.REGISTRIES:
        return {"type": value.kind, **formulas.describe(value)}
    raise ModelFileError(CANNOT_HOLD, name=name, kind=f"{kind.__module__}.{kind.__qualname__}")


def unpack(value: Any, tensors: Tensors) -> Any:
    """What `pack` was given.

    Raises
    ------
    ModelFileError
        ``value`` is nothing that `pack` makes, or names a tensor that is not there

    Examples
    --------
    >>> unpack({"type": "tuple", "items": [2, {"type": "float", "value": "inf"}]}, {})
    (2, inf)
    """
    if isinstance(value, list):
        return [unpack(item, tensors) for item in value]
    if not isinstance(value, dict):
        return value
    try:
        return READERS[value["type"]](value, tensors)
    except ModelFileError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ModelFileError(UNREADABLE_VALUE, value=ascii(str(value)[:60])) from error


def _pack_list(items: list[Any], name: str, tensors: Tensors) -> Any:
    if len(items) > LONG and all(type(item) is float for item in items):
        tensors[f"history.{name}"] = np.array(items)
        return {"type": "floats", "tensor": f"history.{name}"}
    return [pack(item, f"{name}.{i}", tensors) for i, item in enumerate(items)]


def _pack_tuple(items: tuple[Any, ...], name: str, tensors: Tensors) -> dict[str, Any]:
    """Edges of bins, places of columns and the like lie in tensors: the header has no room for millions of them."""
    for kind in (float, int):
        if len(items) > LONG and all(type(item) is kind for item in items) and _fit(items):
            tensors[name] = np.array(items, np.float64 if kind is float else np.int64)
            return {"type": "numbers", "tensor": name}
    if all(type(row) is tuple and all(type(item) is float for item in row) for row in items):
        flat = [item for row in items for item in row]
        if len(flat) > LONG and _fit(flat):
            tensors[name] = np.array(flat)
            tensors[f"{name}.lengths"] = np.array([len(row) for row in items], np.int64)
            return {"type": "rows", "tensor": name, "lengths": f"{name}.lengths"}
    return {"items": [pack(item, f"{name}.{i}", tensors) for i, item in enumerate(items)]}


def _fit(items: Sequence[float]) -> bool:
    """Whether a tensor holds them: finite, and no whole number too long for it."""
    return all(-(2**63) <= item < 2**63 if type(item) is int else math.isfinite(item) for item in items)


def _unpack_rows(value: dict[str, Any], tensors: Tensors) -> tuple[tuple[float, ...], ...]:
    flat, lengths = tensors[value["tensor"]].tolist(), tensors[value["lengths"]].tolist()
    if sum(lengths) != len(flat) or min(lengths, default=0) < 0:
        raise ValueError(lengths[:8])
    ends = accumulate(lengths)
    return tuple(tuple(flat[end - n : end]) for n, end in zip(lengths, ends, strict=True))


def _pack_dict(mapping: dict[Any, Any], name: str, tensors: Tensors) -> dict[str, Any]:
    items = []
    for i, (key, value) in enumerate(mapping.items()):
        inner = key if type(key) is str and key.isascii() and key.isidentifier() else i
        items.append([pack(key, name, tensors), pack(value, f"{name}.{inner}", tensors)])
    return {"items": items}


def _unpack_dict(value: dict[str, Any], tensors: Tensors) -> dict[Any, Any]:
    return {unpack(k, tensors): unpack(v, tensors) for k, v in value["items"]}


def _pack_array(array: Array, name: str, tensors: Tensors) -> dict[str, Any]:
    if array.dtype.kind in "UO":
        items = [pack(item, name, tensors) for item in array.ravel().tolist()]
        dtype = "object" if array.dtype.kind == "O" else array.dtype.newbyteorder("<").str
        return {"dtype": dtype, "shape": list(array.shape), "items": items}
    if array.dtype.name not in STORAGE:
        raise ModelFileError(NO_SUCH_ARRAY, name=name, dtype=str(array.dtype))
    tensors[name] = array.astype(STORAGE[array.dtype.name])
    return {"dtype": array.dtype.name, "tensor": name}


def _unpack_array(value: dict[str, Any], tensors: Tensors) -> Array:
    dtype = value["dtype"]
    if "tensor" in value and dtype in STORAGE:
        return tensors[value["tensor"]].astype(dtype)
    if not TEXTS.fullmatch(dtype):
        raise ValueError(dtype)
    array = np.empty(len(value["items"]), dtype)
    array[:] = [unpack(item, tensors) for item in value["items"]]
    return array.reshape(value["shape"])


def _unpack_scalar(value: dict[str, Any], tensors: Tensors) -> np.generic:
    kinds: dict[str, type[np.generic]] = {name: np.dtype(name).type for name in STORAGE}
    return (kinds | {"str": np.str_})[value["dtype"]](unpack(value["value"], tensors))


def _pack_random_state(random: np.random.RandomState, name: str, tensors: Tensors) -> dict[str, Any]:
    return {"state": pack(random.get_state(legacy=True), name, tensors)}


def _unpack_random_state(value: dict[str, Any], tensors: Tensors) -> np.random.RandomState:
    random = np.random.RandomState(0)
    random.set_state(unpack(value["state"], tensors))
    return random


def _pack_generator(random: np.random.Generator, name: str, tensors: Tensors) -> dict[str, Any]:
    state: Any = random.bit_generator.state
    if state["bit_generator"] != "PCG64":
        raise ModelFileError(GENERATOR, name=name, generator=state["bit_generator"])
    numbers = {key: hex(number) for key, number in state["state"].items()}  # 128 bits: too long for JSON
    return {"state": numbers, "has_uint32": state["has_uint32"], "uinteger": state["uinteger"]}


def _unpack_generator(value: dict[str, Any], tensors: Tensors) -> np.random.Generator:
    bits = np.random.PCG64(0)
    numbers = {key: int(value["state"][key], 16) for key in ("state", "inc")}
    rest = {key: value[key] for key in ("has_uint32", "uinteger")}
    state: Any = {"bit_generator": "PCG64", "state": numbers, **rest}
    bits.state = state
    return np.random.Generator(bits)


Write = Callable[[Any, str, Tensors], dict[str, Any]]
Read = Callable[[dict[str, Any], Tensors], Any]

FORMS: dict[type, tuple[str, Write, Read]] = {
    float: ("float", lambda value, *_: {"value": str(value)}, lambda value, _: NONFINITE[value["value"]]),
    tuple: ("tuple", _pack_tuple, lambda v, t: tuple(unpack(item, t) for item in v["items"])),
    dict: ("dict", _pack_dict, _unpack_dict),
    np.ndarray: ("array", _pack_array, _unpack_array),
    np.random.RandomState: ("RandomState", _pack_random_state, _unpack_random_state),
    np.random.Generator: ("Generator", _pack_generator, _unpack_generator),
}
READERS: dict[str, Read] = {tag: read for tag, _, read in FORMS.values()} | {
    "scalar": _unpack_scalar,
    "floats": lambda value, tensors: tensors[value["tensor"]].tolist(),
    "numbers": lambda value, tensors: tuple(tensors[value["tensor"]].tolist()),
    "rows": _unpack_rows,
    **dict.fromkeys(formulas.REGISTRIES, lambda value, _: formulas.rebuild(value["type"], value)),
}
