"""A frame as bytes: the length of a JSON head, the head, then arrays one after the other, each 8 bytes aligned."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = {"f4": np.float32, "u1": np.uint8, "i4": np.int32}


def pack(head: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Head and arrays; the head says of each array its kind, shape and where it begins.

    >>> data = pack({"run": "A"}, {"x": np.zeros((2, 3), np.float32)})
    >>> unpack(data)[0]["run"], unpack(data)[1]["x"].shape
    ('A', (2, 3))
    """
    places, chunks, at = {}, [], 0
    for name, array in arrays.items():
        kind = array.dtype.str[1:]
        assert kind in KINDS, kind
        data = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        places[name] = [kind, list(array.shape), at]
        padded = data + b"\0" * (-len(data) % 8)
        chunks.append(padded)
        at += len(padded)
    text = json.dumps({**head, "arrays": places}, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * (-(len(text) + 4) % 8)
    return struct.pack("<I", len(text)) + text + b"".join(chunks)


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The reverse, for tests and for those who read frames in Python."""
    (length,) = struct.unpack_from("<I", data)
    head = json.loads(data[4 : 4 + length])
    arrays = {
        name: np.frombuffer(data, KINDS[kind], int(np.prod(shape)), 4 + length + at).reshape(shape)
        for name, (kind, shape, at) in head.pop("arrays").items()
    }
    return head, arrays
