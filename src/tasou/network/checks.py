"""What is said of a network when it is made, checked: sizes, and one value per hidden layer."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from tasou.errors import TasouError
from tasou.formulas.activations import Activation
from tasou.layers import Layer, Size
from tasou.messages import Message

WHOLE_SIZES = Message(
    "network.whole_sizes",
    en="sizes must be whole numbers, inputs first, e.g. (2, 10, 3); got {sizes!r}",
    ja="sizes には、(2, 10, 3) のように、入力の数から順に整数を指定してください（{sizes!r} は使えません）",
)
TWO_SIZES = Message(
    "network.two_sizes",
    en="sizes must be at least two whole numbers >= 1, inputs first, e.g. (2, 10, 3); got {sizes!r}",
    ja=(
        "sizes には、(2, 10, 3) のように、入力の数から順に1以上の整数を2つ以上指定してください（{sizes!r} は"
        "使えません）"
    ),
)
LAYERS = Message(
    "network.layers",
    en="layers must be one or more layers, e.g. [Dense(10, 'relu'), Dense(3)]; got {layers!r}",
    ja="layers には、[Dense(10, 'relu'), Dense(3)] のように1つ以上の層を指定してください（{layers!r} は使えません）",
)
INPUTS = Message(
    "network.inputs",
    en="a network of layers needs the number of its inputs, e.g. Network(layers=[…], inputs=2), or the shape of one "
    "input, e.g. inputs=(8, 8, 1); got {inputs!r}",
    ja=(
        "層からネットワークを作るには、Network(layers=[…], inputs=2) のように入力の数か、inputs=(8, 8, 1) の"
        "ように1サンプルの形が必要です（{inputs!r} は使えません）"
    ),
)
CODES_FIRST = Message(
    "network.codes_first",
    en="layer {l}, {layer}, looks codes up, so it must be the first layer, where they come in",
    ja="第 {l} 層 {layer} は整数の符号を読む層なので、入力を直接受け取る最初の層にしてください",
)
DTYPE = Message(
    "network.dtype",
    en="dtype must be float32 or float64, got {dtype}",
    ja="dtype は float32 か float64 にしてください（{dtype} は使えません）",
)
ONE_PER_LAYER = Message(
    "network.one_per_layer",
    en="{what}: {given} given for {n} hidden layer(s)",
    ja="{what}：隠れ層は {n} 個ですが、{given} 個指定されています",
)
DROPOUT = Message(
    "network.dropout",
    en="dropout of layer {l} must be a share in [0, 1), got {share!r}",
    ja="層 {l} の dropout は0以上1未満にしてください（{share!r} は使えません）",
)


def checked_sizes(sizes: Sequence[int] | None) -> tuple[int, ...]:
    """Units per layer, inputs first."""
    try:
        checked = tuple(int(n) for n in sizes)  # type: ignore[union-attr]
    except (TypeError, ValueError):
        raise TasouError(WHOLE_SIZES, sizes=sizes) from None
    if len(checked) < 2 or min(checked) < 1 or any(a != b for a, b in zip(checked, sizes or (), strict=True)):
        raise TasouError(TWO_SIZES, sizes=sizes)
    return checked


def checked_stack(layers: Sequence[Layer], inputs: Any) -> tuple[tuple[Layer, ...], Size]:
    """Layers that make a network, and how a row of what enters the first of them is to be read."""
    if not layers or not all(isinstance(layer, Layer) for layer in layers):
        raise TasouError(LAYERS, layers=layers)
    for l, layer in enumerate(layers[1:], start=2):
        if layer.takes_codes:
            raise TasouError(CODES_FIRST, l=l, layer=layer)
    if isinstance(inputs, list | tuple) and inputs and all(map(_is_number, inputs)):
        return tuple(layers), tuple(map(int, inputs))
    if not _is_number(inputs):
        raise TasouError(INPUTS, inputs=inputs)
    return tuple(layers), int(inputs)


def _is_number(n: Any) -> bool:
    return not isinstance(n, bool) and hasattr(n, "__index__") and n >= 1


def checked_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """One of the two types that networks compute in."""
    checked: np.dtype[Any] = np.dtype(dtype)
    if checked not in (np.float32, np.float64):
        raise TasouError(DTYPE, dtype=str(checked))
    return checked


def one_per_layer(value: Any, n: int, what: str) -> list[Any]:
    """The value for each of the n hidden layers: itself n times, or a sequence of just n."""
    if isinstance(value, str | Activation | Real):
        return [value] * n
    values = list(value)
    if len(values) != n:
        raise TasouError(ONE_PER_LAYER, what=what, given=len(values), n=n)
    return values


def checked_dropout(shares: list[float]) -> list[float]:
    """The share of each layer's units that are silenced."""
    for l, share in enumerate(shares, start=1):
        if not 0 <= share < 1:
            raise TasouError(DROPOUT, l=l, share=share)
    return [float(share) for share in shares]
