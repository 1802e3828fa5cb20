"""The header of a safetensors file, every entry checked before a byte of an array is touched."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

import numpy as np

from tasou.errors import ModelFileError
from tasou.formats.strict_json import parse

DTYPES: dict[str, np.dtype[Any]] = {
    "F64": np.dtype("<f8"),
    "I64": np.dtype("<i8"),
    "F32": np.dtype("<f4"),
    "U8": np.dtype("u1"),
}
CODES = {dtype: code for code, dtype in DTYPES.items()}
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,199}")
MAX_FILE = 2 << 30
MAX_HEADER = 1 << 20
MAX_TENSORS = 4096


class Entry(NamedTuple):
    """One array as the header lists it; ``begin`` and ``end`` count bytes from the end of the header."""

    name: str
    begin: int
    end: int
    dtype: np.dtype[Any]
    shape: list[int]


def parse_header(data: bytes) -> tuple[int, list[Entry], dict[str, str]]:
    """Where the arrays begin, their entries in the order of the bytes, and the texts beside them.

    Raises
    ------
    ModelFileError
        the header breaks a rule of the format
    """
    start, header = _header(data)
    metadata = _metadata(header.pop("__metadata__", {}))
    if len(header) > MAX_TENSORS:
        raise ModelFileError(f"the header at byte 8 lists {len(header)} arrays, more than {MAX_TENSORS}")
    entries = [_entry(name, entry) for name, entry in header.items()]
    return start, sorted(entries, key=lambda entry: (entry.begin, entry.end)), metadata


def _header(data: bytes) -> tuple[int, dict[str, Any]]:
    """Where the arrays begin, and the JSON object before them."""
    if len(data) < 8:
        raise ModelFileError(f"not a model file: {len(data)} bytes, too few for a header")
    length = int.from_bytes(data[:8], "little")
    if length > min(MAX_HEADER, len(data) - 8) or data[8:9] != b"{":
        raise ModelFileError("not a model file (or cut off): no header of a fitting length at byte 0")
    if length % 8:
        raise ModelFileError(f"the header length at byte 0 is {length}, not a multiple of 8")
    header = parse(data[8 : 8 + length], "the header", 8)
    if not isinstance(header, dict):
        raise ModelFileError("the header at byte 8 is not a JSON object")
    return 8 + length, header


def _metadata(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise ModelFileError("__metadata__ in the header at byte 8 is not a set of named texts")
    return value


def _entry(name: str, entry: Any) -> Entry:

    def refuse(why: str) -> ModelFileError:
        return ModelFileError(f"array {name!a} in the header at byte 8 {why}")

    if not NAME.fullmatch(name):
        raise refuse("has a name of other characters than letters, digits, '_' and '.'")
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        raise refuse("needs dtype, shape and data_offsets, and nothing else")
    code, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(code, str) or code not in DTYPES:
        raise refuse(f"has dtype {code!a}; known are {', '.join(DTYPES)}")
    if not _naturals(shape) or len(shape) > 8 or math.prod(n for n in shape if n) * 8 > MAX_FILE:
        raise refuse("has a shape that is no list of at most 8 fitting numbers")
    if not _naturals(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        raise refuse("has data_offsets that are not [begin, end]")
    dtype, (begin, end) = DTYPES[code], offsets
    size = math.prod(shape) * dtype.itemsize
    if end - begin != size:
        raise refuse(f"has {end - begin} bytes where shape {shape} and {code} need {size}")
    if begin % dtype.itemsize:
        raise refuse(f"begins at offset {begin}, not a multiple of {dtype.itemsize}")
    return Entry(name, begin, end, dtype, shape)


def _naturals(value: Any) -> bool:
    """Whether ``value`` is a list of whole numbers from 0 on (JSON's true and false are not)."""
    return isinstance(value, list) and all(type(n) is int and n >= 0 for n in value)
