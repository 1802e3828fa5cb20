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
        raise ModelFileError(f"the model's description cannot be stored: {error}") from error
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
        model = parse(metadata["model"].encode(), "the model's description in the header")
        if not isinstance(model, dict):
            raise ModelFileError("the model's description in the header at byte 8 is not a JSON object")
    except ModelFileError as error:
        raise ModelFileError(f"{os.fspath(path)}: {error}") from None
    return Contents(metadata["kind"], model, tensors)


def _check_origin(metadata: Mapping[str, str]) -> None:
    if metadata.get("format") != FORMAT:
        raise ModelFileError(
            "a safetensors file, but not a tasou model (no format 'tasou' in the header at byte 8)"
        )
    schema = metadata.get("schema", "")
    if not (schema.isascii() and schema.isdigit() and len(schema) < 10):
        raise ModelFileError(f"unreadable schema number {schema[:20]!a} in the header at byte 8")
    if int(schema) > SCHEMA:
        raise ModelFileError(
            f"made by a newer tasou (schema {schema}; this one reads up to {SCHEMA}): upgrade tasou"
        )
    lacking = [key for key in ("kind", "model", "sha256") if key not in metadata]
    if lacking:
        raise ModelFileError(f"the header at byte 8 lacks {lacking[0]!r}")


def _check_seal(data: bytes, digest: str) -> None:
    start = 8 + int.from_bytes(data[:8], "little")
    seal = f'"sha256":"{digest}"'.encode()
    if _digest([data[:start].replace(seal, _UNSEALED, 1), memoryview(data)[start:]]) != digest:
        raise ModelFileError(
            f"the checksum does not fit the {len(data)} bytes: the file was changed or damaged"
        )


def _digest(chunks: Iterable[bytes | memoryview]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
