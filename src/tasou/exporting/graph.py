"""An ONNX graph that is put together node by node, and the bytes of its file.

Field numbers are those of onnx.proto3; the versions are old enough for run times of two years ago.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.exporting.protobuf import message
from tasou.version import __version__

IR_VERSION, OPSET, ML_OPSET = 9, 18, 3
ML = "ai.onnx.ml"
TYPES = {"float32": 1, "int32": 6, "int64": 7, "str": 8, "bool": 9, "float64": 11}
"""TensorProto.DataType"""
FLOAT, INT, STRING, INTS, STRINGS = 1, 2, 3, 7, 8
"""AttributeProto.AttributeType"""


class OnnxGraph:
    """Nodes, constants, inputs and outputs; a value is known by its name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._nodes: list[bytes] = []
        self._constants: dict[Any, tuple[str, bytes]] = {}
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []
        self._taken: set[str] = set()
        self._used: set[str] = set()

    def free(self, name: str) -> str:
        """The name, or where it is taken one like it."""
        new, number = name, 2
        while new in self._taken:
            new, number = f"{name}_{number}", number + 1
        self._taken.add(new)
        return new

    def input(self, name: str, dtype: str, width: int, doc: str = "") -> str:
        """A tensor (rows, width) that is handed in."""
        name = self.free(name)
        self._inputs.append(_value_info(name, dtype, ("rows", width), doc))
        return name

    def output(self, value: str, name: str, dtype: str, *width: int) -> str:
        """A tensor (rows, …) that comes out, by a name of its own."""
        name = self.free(name)
        self._used.add(value)
        self._nodes.append(_node("Identity", [value], [name], name))
        self._outputs.append(_value_info(name, dtype, ("rows", *width)))
        return name

    def node(self, op: str, *inputs: str, name: str = "", domain: str = "", **attributes: Any) -> str:
        """The output of an operation."""
        out = self.free(name or f"{op.lower()}/1")
        self._used.update(inputs)
        self._nodes.append(_node(op, inputs, [out], out, domain, attributes))
        return out

    def constant(self, values: Any, name: str = "constant/1") -> str:
        """Numbers or texts that are known; equal ones are one."""
        array = np.asarray(values)
        key = (
            array.tobytes() if array.dtype != object else tuple(array.tolist()),
            array.dtype.str,
            array.shape,
        )
        if key not in self._constants:
            free = self.free(name)
            self._constants[key] = (free, _tensor(free, array))
        return self._constants[key][0]

    def to_bytes(self, doc: str, metadata: Mapping[str, str]) -> bytes:
        """The file."""
        graph = message(
            (1, self._nodes),
            (2, self.name),
            (5, [tensor for name, tensor in self._constants.values() if name in self._used]),
            (11, self._inputs),
            (12, self._outputs),
        )
        opsets = [message((1, ""), (2, OPSET)), message((1, ML), (2, ML_OPSET))]
        entries = [message((1, key), (2, value)) for key, value in metadata.items()]
        return message(
            (1, IR_VERSION),
            (2, "tasou"),
            (3, __version__),
            (6, doc),
            (7, graph),
            (8, opsets),
            (14, entries),
        )


def _value_info(name: str, dtype: str, shape: Sequence[str | int], doc: str = "") -> bytes:
    axes = [message((2, axis) if isinstance(axis, str) else (1, axis)) for axis in shape]
    tensor = message((1, TYPES[dtype]), (2, message((1, axes))))
    return message((1, name), (2, message((1, tensor))), (3, doc or None))


def _tensor(name: str, array: NDArray[Any]) -> bytes:
    if array.dtype.kind in "OU":
        texts = [str(text).encode() for text in array.ravel().tolist()]
        return message((1, array.shape), (2, TYPES["str"]), (6, texts), (8, name))
    little = array.astype(array.dtype.newbyteorder("<"), order="C")
    return message((1, array.shape), (2, TYPES[array.dtype.name]), (8, name), (9, little.tobytes()))


def _node(
    op: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    name: str,
    domain: str = "",
    attributes: Mapping[str, Any] | None = None,
) -> bytes:
    found = [_attribute(key, value) for key, value in (attributes or {}).items()]
    return message((1, inputs), (2, outputs), (3, name), (4, op), (5, found), (7, domain or None))


def _attribute(name: str, value: Any) -> bytes:
    match value:
        case int():
            return message((1, name), (3, value), (20, INT))
        case float():
            return message((1, name), (2, value), (20, FLOAT))
        case str():
            return message((1, name), (4, value), (20, STRING))
        case [str(), *_]:
            return message((1, name), (9, value), (20, STRINGS))
    return message((1, name), (8, [int(one) for one in value]), (20, INTS))
