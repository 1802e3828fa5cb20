"""Layers beyond dense ones as plain values, ``{"layer": "conv2d", "filters": 4}``, and the cards that they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tasou import layers
from tasou.errors import TasouError, UnknownName
from tasou.layers import Layer, Size, numbers
from tasou.messages import Message

KIND = Message("kind.play_layer", en="layer of the playground", ja="プレイグラウンドの層")
CANNOT = Message(
    "play.layer",
    en="layer {l} cannot be made of {given}: {reason}",
    ja="第 {l} 層は {given} からは作れません：{reason}",
)
FITS_NOT = Message(
    "play.layers_fit",
    en="these layers cannot read the rows of the data: {reason}",
    ja="この層の並びではデータの行を読めません：{reason}",
)
TOO_MANY = Message(
    "play.layers_many",
    en="numbers of a layer are at most {most}, and at most {layers} layers stand in a row",
    ja="層の設定に使える数は {most} まで、並べられる層は {layers} 個までです",
)
MOST, MOST_LAYERS = 256, 20
MADE_WITH: Mapping[str, Mapping[str, Any]] = {
    "conv2d": {"filters": 4, "kernel": 3, "activation": "relu"},
    "conv1d": {"filters": 4, "kernel": 3, "activation": "relu"},
    "max_pool": {"size": None},
    "average_pool": {"size": None},
    "recurrent": {"units": 4, "activation": "tanh", "output": "last"},
    "gru": {"units": 4, "output": "last"},
    "attention": {"units": 8, "output": "last"},
    "dense": {"units": 16, "activation": "relu"},
}
"""the layers that can be put together on the page, and what each begins with"""
READS: Mapping[str, Sequence[int]] = {
    "conv2d": (3,), "conv1d": (2,), "max_pool": (2, 3), "average_pool": (2, 3), "recurrent": (2,), "gru": (2,),
    "attention": (2,), "dense": (1, 2, 3),
}  # fmt: skip
"""the axes of a row that it reads: 1 numbers, 2 a sequence, 3 a picture"""


def cards(described: Sequence[Any]) -> list[Layer]:
    """The layers that a description names.

    >>> cards([{"layer": "conv2d", "filters": 4, "kernel": 3, "activation": "relu"}, {"layer": "max_pool"}])
    [Conv2d(filters=4, kernel=3, activation='relu'), MaxPool(size=None, stride=None)]

    Raises
    ------
    UnknownName
        a layer that the playground does not have
    TasouError
        numbers that make no layer
    """
    if len(described) > MOST_LAYERS:
        raise TasouError(TOO_MANY, most=MOST, layers=MOST_LAYERS)
    return [_card(l, part) for l, part in enumerate(described, start=1)]


def _card(l: int, part: Any) -> Layer:
    name = part.get("layer") if isinstance(part, Mapping) else None
    if not isinstance(name, str) or name not in MADE_WITH:
        raise UnknownName(KIND, name, MADE_WITH)
    given = {key: value for key, value in part.items() if key != "layer"}
    how = {**MADE_WITH[name], **given}
    if any(isinstance(value, int | float) and not 0 < value <= MOST for value in how.values()):
        raise TasouError(TOO_MANY, most=MOST, layers=MOST_LAYERS)
    try:
        if unknown := sorted(set(how) - set(MADE_WITH[name])):
            raise TypeError(unknown[0])
        return layers.get(name, **how)
    except TypeError as error:
        raise TasouError(CANNOT, l=l, given=given, reason=error) from error


def width(stack: Sequence[Layer], n: Size) -> int:
    """How many numbers come out of the last of these layers, for rows of that shape.

    Raises
    ------
    TasouError
        one of them cannot read what the one before it gives
    """
    try:
        for card in stack:
            n = card.width(n)
    except TasouError as error:
        raise TasouError(FITS_NOT, reason=error) from error
    return numbers(n)
