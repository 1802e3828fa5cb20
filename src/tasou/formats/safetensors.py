r"""Arrays and texts in one safetensors file, read more strictly than the format asks for.

```
byte 0   8 bytes          n, length of the header (unsigned, little-endian)
byte 8   n bytes          JSON {"__metadata__": {text: text}, name: {"dtype", "shape", "data_offsets"}},
                          spaces at its end make 8 + n a multiple of 8
byte 8+n                  the arrays one after another, C order, little-endian, no gap, nothing after the last
```

Larger element types come first, so that every array lies on a multiple of its element size. Beyond the
format we refuse duplicate keys, element types other than F64, I64, F32, F16 and U8, unaligned arrays, NaN and inf,
and sizes that only a hostile file has (`header`).
"""

from __future__ import annotations

import math
import os
import stat
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou import writing
from tasou.errors import ModelFileError
from tasou.formats.header import CODES, MAX_FILE, MAX_HEADER, MAX_TENSORS, NAME, parse_header
from tasou.formats.strict_json import dump
from tasou.messages import Message

A_FOLDER = Message(
    "model_file.a_folder",
    en="{path} is a folder, not a model file",
    ja="{path} はフォルダで、モデルファイルではありません",
)
NO_FILE = Message(
    "model_file.no_regular_file",
    en="{path} is not a file of at most {most} bytes",
    ja="{path} は {most} バイト以下のファイルではありません",
)
CANNOT_READ = Message(
    "model_file.cannot_read",
    en="cannot read {path}: {reason}",
    ja="{path} を読めません：{reason}",
)
TOO_LARGE = Message(
    "model_file.too_large",
    en=(
        "the model is too large for a file: {arrays} arrays, {header} bytes of header, {size} bytes of "
        "arrays (at most {most_arrays}, {most_header} and {most})"
    ),
    ja=(
        "モデルがファイルに収まりません：配列 {arrays} 個、ヘッダ {header} バイト、配列の合計 {size} バイト（"
        "上限は順に {most_arrays}、{most_header}、{most}）"
    ),
)
BAD_NAME = Message(
    "model_file.array_name",
    en="an array cannot be called {name!a}: letters, digits, '_' and '.' only",
    ja="配列の名前 {name!a} は使えません。使えるのは英数字と '_' と '.' だけです",
)
BAD_DTYPE = Message(
    "model_file.array_dtype",
    en="array {name!r} has dtype {dtype}; float64, int64, float32, float16, uint8 can be stored",
    ja="配列 {name!r} の dtype は {dtype} です。保存できるのは float64、int64、float32、float16、uint8 です",
)
NOT_FINITE = Message(
    "model_file.not_finite",
    en="array {name!r} holds {value} at flat index {index}; nothing was written",
    ja="配列 {name!r} の {index} 番目（0から）の値が {value} です。ファイルは書きませんでした",
)
HOLE = Message(
    "model_file.hole",
    en="a hole before array {name!r} at byte {at}",
    ja="配列 {name!r} の前（バイト {at}）に隙間があります",
)
OVERLAP = Message(
    "model_file.overlap",
    en="an overlap at array {name!r} at byte {at}",
    ja="配列 {name!r} がバイト {at} で前の配列と重なっています",
)
CUT_OFF = Message(
    "model_file.cut_off",
    en="the file ends at byte {size}, array {name!r} at byte {end}: cut off?",
    ja="ファイルはバイト {size} で終わるのに、配列 {name!r} はバイト {end} まであるはずです。途中で切れていませんか",
)
NOT_FINITE_THERE = Message(
    "model_file.not_finite_there",
    en="array {name!r} holds {value} at byte {at}",
    ja="配列 {name!r} のバイト {at} の値が {value} です",
)
TOO_LONG = Message(
    "model_file.too_long",
    en="{n} bytes too many from byte {at} on",
    ja="バイト {at} から {n} バイト余分にあります",
)

Array = NDArray[Any]
Tensors = dict[str, Array]


def write(
    path: str | os.PathLike[str],
    tensors: Mapping[str, Array],
    metadata: Mapping[str, str],
    *,
    nonfinite: tuple[str, ...] = (),
) -> None:
    """Write arrays and texts to ``path``, wholly or not at all.

    Parameters
    ----------
    path
        the file; what was there is replaced in one step
    tensors
        arrays of float64, int64, float32, float16 or uint8 by name (letters, digits, ``_`` and ``.``)
    metadata
        texts by name
    nonfinite
        arrays whose name begins with one of these may hold NaN and inf

    Raises
    ------
    ModelFileError
        an array or a name that the format does not take, or a file that cannot be written
    """
    writing.write(path, encode(tensors, metadata, nonfinite=nonfinite), error=ModelFileError)


def read(path: str | os.PathLike[str], *, nonfinite: tuple[str, ...] = ()) -> tuple[Tensors, dict[str, str]]:
    """The arrays and texts of the file at ``path``; arrays are copies of their own.

    Raises
    ------
    ModelFileError
        the file cannot be read, or breaks a rule of the format (with the byte offset)
    """
    return decode(read_bytes(path), nonfinite=nonfinite)


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a regular file of at most `MAX_FILE` bytes; ModelFileError otherwise."""
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise ModelFileError(A_FOLDER, path=path)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_FILE:
            raise ModelFileError(NO_FILE, path=path, most=MAX_FILE)
        with open(path, "rb") as file:
            return file.read(MAX_FILE + 1)
    except OSError as error:
        raise ModelFileError(CANNOT_READ, path=path, reason=error) from error


def encode(
    tensors: Mapping[str, Array], metadata: Mapping[str, str], *, nonfinite: tuple[str, ...] = ()
) -> list[bytes]:
    """The file as chunks of bytes: length and header first, then one chunk an array."""
    arrays = {name: _storable(name, array, nonfinite) for name, array in tensors.items()}
    order = sorted(arrays, key=lambda name: (-arrays[name].itemsize, name))
    header: dict[str, Any] = {"__metadata__": dict(sorted(metadata.items()))}
    end = 0
    for name in order:
        begin, end = end, end + arrays[name].nbytes
        code, shape = CODES[arrays[name].dtype], list(arrays[name].shape)
        header[name] = {"dtype": code, "shape": shape, "data_offsets": [begin, end]}
    text = dump(header).encode("utf-8")
    text += b" " * (-len(text) % 8)
    if len(order) > MAX_TENSORS or len(text) > MAX_HEADER or 8 + len(text) + end > MAX_FILE:
        sizes = {"arrays": len(order), "header": len(text), "size": end}
        limits = {"most_arrays": MAX_TENSORS, "most_header": MAX_HEADER, "most": MAX_FILE}
        raise ModelFileError(TOO_LARGE, **sizes, **limits)
    return [len(text).to_bytes(8, "little") + text, *(arrays[name].tobytes() for name in order)]


def _storable(name: str, array: Array, nonfinite: tuple[str, ...]) -> Array:
    """``array`` little-endian, or ModelFileError when the format does not take it."""
    if not NAME.fullmatch(name):
        raise ModelFileError(BAD_NAME, name=name)
    dtype = array.dtype.newbyteorder("<")
    if dtype not in CODES:
        raise ModelFileError(BAD_DTYPE, name=name, dtype=str(array.dtype))
    bad = _first_nonfinite(array)
    if bad is not None and not name.startswith(nonfinite):
        raise ModelFileError(NOT_FINITE, name=name, value=array.flat[bad], index=bad)
    return np.asarray(array, dtype)


def _first_nonfinite(array: Array) -> int | None:
    """Flat index (C order) of the first NaN or inf, if there is one."""
    if array.dtype.kind != "f" or np.isfinite(array).all():
        return None
    return int(np.argmin(np.isfinite(array)))


def decode(data: bytes, *, nonfinite: tuple[str, ...] = ()) -> tuple[Tensors, dict[str, str]]:
    """The arrays and texts in the bytes of a whole file; see `read`."""
    start, entries, metadata = parse_header(data)
    tensors: Tensors = {}
    expected = 0
    for name, begin, end, dtype, shape in entries:
        if begin != expected:
            raise ModelFileError(HOLE if begin > expected else OVERLAP, name=name, at=start + expected)
        if start + end > len(data):
            raise ModelFileError(CUT_OFF, size=len(data), name=name, end=start + end)
        array = np.frombuffer(data, dtype, math.prod(shape), start + begin).reshape(shape).copy()
        bad = _first_nonfinite(array)
        if bad is not None and not name.startswith(nonfinite):
            at = start + begin + bad * dtype.itemsize
            raise ModelFileError(NOT_FINITE_THERE, name=name, value=array.flat[bad], at=at)
        tensors[name], expected = array, end
    if start + expected != len(data):
        raise ModelFileError(TOO_LONG, n=len(data) - start - expected, at=start + expected)
    return tensors, metadata
