"""The model file: a safetensors file whose metadata say what model the arrays are, sealed by a checksum.

```
__metadata__ = {"format": "tasou", "schema": "1", "kind": what sort of model,
                "model": JSON (its own schema by kind), "sha256": of every other byte of the file}
```

Arrays called ``history.…`` record a training and may hold NaN and inf; all others must be finite.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tasou import writing
from tasou.errors import ModelFileError
from tasou.formats.safetensors import Array, Tensors, decode, encode, read_bytes
from tasou.formats.strict_json import dump, parse
from tasou.messages import Message

CANNOT_STORE = Message(
    "model_file.cannot_store",
    en="the model's description cannot be stored: {reason}",
    ja="モデルの記述を保存できません：{reason}",
)
DESCRIPTION = Message(
    "model_file.description",
    en="the model's description in the header",
    ja="ヘッダにあるモデルの記述",
)
NO_OBJECT = Message(
    "model_file.description_object",
    en="the model's description in the header at byte 8 is not a JSON object",
    ja="バイト 8 のヘッダにあるモデルの記述が JSON のオブジェクトではありません",
)
IN_FILE = Message("model_file.in_file", en="{path}: {reason}", ja="{path}：{reason}")
FOREIGN = Message(
    "model_file.foreign",
    en="a safetensors file, but not a tasou model (no format 'tasou' in the header at byte 8)",
    ja="safetensors ファイルですが、tasou のモデルではありません（バイト 8 のヘッダに format 'tasou' がありません）",
)
NO_SCHEMA = Message(
    "model_file.schema",
    en="unreadable schema number {schema!a} in the header at byte 8",
    ja="バイト 8 のヘッダにある schema の番号 {schema!a} を読み取れません",
)
NEWER = Message(
    "model_file.newer",
    en="made by a newer tasou (schema {schema}; this one reads up to {most}): upgrade tasou",
    ja=(
        "より新しい tasou で作られたファイルです（schema {schema}、この版が読めるのは {most} まで）。tasou を"
        "更新してください"
    ),
)
HEADER_LACKS = Message(
    "model_file.header_lacks",
    en="the header at byte 8 lacks {key!r}",
    ja="バイト 8 のヘッダに {key!r} がありません",
)
CHANGED = Message(
    "model_file.changed",
    en="the checksum does not fit the {n} bytes: the file was changed or damaged",
    ja="チェックサムが {n} バイトの中身と合いません。ファイルが書き換えられたか、壊れています",
)

FORMAT = "tasou"
SCHEMA = 1
NONFINITE = ("history.",)
_UNSEALED = b'"sha256":"' + b"0" * 64 + b'"'


@dataclass(frozen=True)
class Contents:
    """What a model file holds.

    Attributes
    ----------
    kind
        what sort of model, e.g. ``"estimator"``
    model
        its description, JSON values only; keys that this version does not know are kept
    tensors
        its arrays by name
    """

    kind: str
    model: dict[str, Any]
    tensors: Tensors


def write_model(
    path: str | os.PathLike[str], kind: str, model: Mapping[str, Any], tensors: Mapping[str, Array]
) -> None:
    """Write a model file to ``path``, wholly or not at all.

    Raises
    ------
    ModelFileError
        something that cannot be stored (NaN in the weights, …), or a file that cannot be written
    """
    try:
        text = dump(model)
    except (TypeError, ValueError) as error:
        raise ModelFileError(CANNOT_STORE, reason=error) from error
    metadata = {"format": FORMAT, "schema": str(SCHEMA), "kind": kind, "model": text, "sha256": "0" * 64}
    head, *arrays = encode(tensors, metadata, nonfinite=NONFINITE)
    seal = f'"sha256":"{_digest([head, *arrays])}"'.encode()
    writing.write(path, [head.replace(_UNSEALED, seal, 1), *arrays], error=ModelFileError)


def read_model(path: str | os.PathLike[str]) -> Contents:
    """Read a model file; its description still has to be checked against the schema of its kind.

    Raises
    ------
    ModelFileError
        the file cannot be read, is damaged (with the byte offset), is no model of tasou's, or was made by a
        newer tasou
    """
    data = read_bytes(path)
    try:
        tensors, metadata = decode(data, nonfinite=NONFINITE)
        _check_origin(metadata)
        _check_seal(data, metadata["sha256"])
        model = parse(metadata["model"].encode(), DESCRIPTION)
        if not isinstance(model, dict):
            raise ModelFileError(NO_OBJECT)
    except ModelFileError as error:
        raise ModelFileError(IN_FILE, path=path, reason=error) from None
    return Contents(metadata["kind"], model, tensors)


def _check_origin(metadata: Mapping[str, str]) -> None:
    if metadata.get("format") != FORMAT:
        raise ModelFileError(FOREIGN)
    schema = metadata.get("schema", "")
    if not (schema.isascii() and schema.isdigit() and len(schema) < 10):
        raise ModelFileError(NO_SCHEMA, schema=schema[:20])
    if int(schema) > SCHEMA:
        raise ModelFileError(NEWER, schema=int(schema), most=SCHEMA)
    lacking = [key for key in ("kind", "model", "sha256") if key not in metadata]
    if lacking:
        raise ModelFileError(HEADER_LACKS, key=lacking[0])


def _check_seal(data: bytes, digest: str) -> None:
    start = 8 + int.from_bytes(data[:8], "little")
    seal = f'"sha256":"{digest}"'.encode()
    if _digest([data[:start].replace(seal, _UNSEALED, 1), memoryview(data)[start:]]) != digest:
        raise ModelFileError(CHANGED, n=len(data))


def _digest(chunks: Iterable[bytes | memoryview]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
