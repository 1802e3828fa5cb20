"""The arrays that a network in a file needs: there, of the right shape and type."""

from __future__ import annotations

import numpy as np

from tasou.errors import ModelFileError
from tasou.formats.safetensors import Tensors
from tasou.messages import Message

NO_ARRAY = Message(
    "model_file.no_array",
    en="the file has no array {name!r}, which its network needs",
    ja="ネットワークに必要な配列 {name!r} がファイルにありません",
)
OTHER_ARRAY = Message(
    "model_file.other_array",
    en="array {name!r} is {dtype} of shape {shape}; the network needs {needed} of shape {needed_shape}",
    ja="配列 {name!r} は {dtype}、形 {shape} です。ネットワークには {needed}、形 {needed_shape} が必要です",
)


TOO_SMALL = Message(
    "model_file.beyond_half",
    en="{name!r} holds {value}, which float16 cannot hold: save it without float16",
    ja="{name!r} に float16 では表せない値 {value} があります。float16 なしで保存してください",
)
HALF = "float16"


def check_shape(
    tensors: Tensors, name: str, shape: tuple[int, ...], dtype: str, halves: tuple[str, ...] = ()
) -> None:
    """Pass if the file has the array that a network needs, or in one of the ``halves``, shorter types that it takes.

    Raises
    ------
    ModelFileError
        it has not, or has another one under that name
    """
    if name not in tensors:
        raise ModelFileError(NO_ARRAY, name=name)
    array = tensors[name]
    if array.shape != shape or array.dtype.name not in (dtype, *halves):
        found = {"dtype": array.dtype.name, "shape": array.shape}
        raise ModelFileError(OTHER_ARRAY, name=name, **found, needed=dtype, needed_shape=shape)


def halved(tensors: Tensors, prefix: str) -> Tensors:
    """The same arrays, but those whose names begin so in half precision.

    Raises
    ------
    ModelFileError
        a parameter beyond 65,504
    """
    found = dict(tensors)
    for name, array in tensors.items():
        if name.startswith(prefix):
            with np.errstate(over="ignore"):
                found[name] = array.astype(HALF)
            if not np.isfinite(found[name]).all():
                value = float(array.flat[np.argmax(np.abs(array))])
                raise ModelFileError(TOO_SMALL, name=name, value=value)
    return found
