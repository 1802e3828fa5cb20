"""The header of a safetensors file, every entry checked before a byte of an array is touched."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

import numpy as np

from tasou.errors import ModelFileError
from tasou.formats.strict_json import parse
from tasou.messages import Message

HEADER = Message("model_file.header", en="the header", ja="ヘッダ")
TOO_MANY = Message(
    "model_file.too_many_arrays",
    en="the header at byte 8 lists {n} arrays, more than {most}",
    ja="バイト 8 のヘッダに配列が {n} 個あり、上限の {most} 個を超えています",
)
TOO_SHORT = Message(
    "model_file.too_short",
    en="not a model file: {n} bytes, too few for a header",
    ja="モデルファイルではありません：{n} バイトでは、ヘッダにも足りません",
)
NO_HEADER = Message(
    "model_file.no_header",
    en="not a model file (or cut off): no header of a fitting length at byte 0",
    ja="モデルファイルではないか、途中で切れています：バイト 0 に正しい長さのヘッダがありません",
)
BAD_LENGTH = Message(
    "model_file.header_length",
    en="the header length at byte 0 is {length}, not a multiple of 8",
    ja="バイト 0 のヘッダの長さが {length} で、8の倍数ではありません",
)
NO_OBJECT = Message(
    "model_file.header_object",
    en="the header at byte 8 is not a JSON object",
    ja="バイト 8 のヘッダが JSON のオブジェクトではありません",
)
NO_TEXTS = Message(
    "model_file.metadata",
    en="__metadata__ in the header at byte 8 is not a set of named texts",
    ja="バイト 8 のヘッダの __metadata__ が、名前つきのテキストの集まりではありません",
)
BAD_ENTRY = Message(
    "model_file.entry",
    en="array {name!a} in the header at byte 8 {why}",
    ja="バイト 8 のヘッダにある配列 {name!a} {why}",
)
NAME_LETTERS = Message(
    "model_file.entry_name",
    en="has a name of other characters than letters, digits, '_' and '.'",
    ja="の名前に、英数字と '_' と '.' 以外の文字があります",
)
FIELDS = Message(
    "model_file.entry_fields",
    en="needs dtype, shape and data_offsets, and nothing else",
    ja="には dtype、shape、data_offsets だけが必要です",
)
DTYPE = Message(
    "model_file.entry_dtype",
    en="has dtype {dtype!a}; known are {known:list}",
    ja="の dtype は {dtype!a} です。使えるものは {known:list} です",
)
SHAPE = Message(
    "model_file.entry_shape",
    en="has a shape that is no list of at most 8 fitting numbers",
    ja="の shape が、8個以下の適切な数のリストではありません",
)
OFFSETS = Message(
    "model_file.entry_offsets",
    en="has data_offsets that are not [begin, end]",
    ja="の data_offsets が [開始, 終了] の形ではありません",
)
SIZE = Message(
    "model_file.entry_size",
    en="has {n} bytes where shape {shape} and {dtype} need {size}",
    ja="は {n} バイトですが、shape {shape} と {dtype} なら {size} バイト必要です",
)
ALIGNMENT = Message(
    "model_file.entry_alignment",
    en="begins at offset {begin}, not a multiple of {size}",
    ja="はオフセット {begin} から始まり、{size} の倍数ではありません",
)

DTYPES: dict[str, np.dtype[Any]] = {
    "F64": np.dtype("<f8"),
    "I64": np.dtype("<i8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "U8": np.dtype("u1"),
}
CODES = {dtype: code for code, dtype in DTYPES.items()}
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,199}")
MAX_FILE = 2 << 30
MAX_HEADER = 1 << 25  # room for some 100,000 columns; safetensors' own limit is three times as high
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
        raise ModelFileError(TOO_MANY, n=len(header), most=MAX_TENSORS)
    entries = [_entry(name, entry) for name, entry in header.items()]
    return start, sorted(entries, key=lambda entry: (entry.begin, entry.end)), metadata


def _header(data: bytes) -> tuple[int, dict[str, Any]]:
    """Where the arrays begin, and the JSON object before them."""
    if len(data) < 8:
        raise ModelFileError(TOO_SHORT, n=len(data))
    length = int.from_bytes(data[:8], "little")
    if length > min(MAX_HEADER, len(data) - 8) or data[8:9] != b"{":
        raise ModelFileError(NO_HEADER)
    if length % 8:
        raise ModelFileError(BAD_LENGTH, length=length)
    header = parse(data[8 : 8 + length], HEADER, 8)
    if not isinstance(header, dict):
        raise ModelFileError(NO_OBJECT)
    return 8 + length, header


def _metadata(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise ModelFileError(NO_TEXTS)
    return value


def _entry(name: str, entry: Any) -> Entry:

    def refuse(why: Message, **parts: object) -> ModelFileError:
        return ModelFileError(BAD_ENTRY, name=name, why=why(**parts))

    if not NAME.fullmatch(name):
        raise refuse(NAME_LETTERS)
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        raise refuse(FIELDS)
    code, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(code, str) or code not in DTYPES:
        raise refuse(DTYPE, dtype=code, known=list(DTYPES))
    if not _naturals(shape) or len(shape) > 8 or math.prod(n for n in shape if n) * 8 > MAX_FILE:
        raise refuse(SHAPE)
    if not _naturals(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        raise refuse(OFFSETS)
    dtype, (begin, end) = DTYPES[code], offsets
    size = math.prod(shape) * dtype.itemsize
    if end - begin != size:
        raise refuse(SIZE, n=end - begin, shape=shape, dtype=code, size=size)
    if begin % dtype.itemsize:
        raise refuse(ALIGNMENT, begin=begin, size=dtype.itemsize)
    return Entry(name, begin, end, dtype, shape)


def _naturals(value: Any) -> bool:
    """Whether ``value`` is a list of whole numbers from 0 on (JSON's true and false are not)."""
    return isinstance(value, list) and all(type(n) is int and n >= 0 for n in value)
