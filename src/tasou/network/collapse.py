"""A network without activations is one linear map (lecture 3.3)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.layers import Dense
from tasou.messages import Message
from tasou.network.placed import PlacedLayer

NOT_LINEAR = Message(
    "network.not_linear",
    en="layer {l} has the activation {activation!r}: not one linear map, cannot collapse",
    ja="層 {l} に活性化関数 {activation!r} があり、1つの線形写像ではないので、まとめられません",
)

Array = NDArray[Any]


def one_linear_map(layers: list[PlacedLayer], n_inputs: int, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """W = W[L]…W[1] and the b that goes with it.

    Raises
    ------
    TasouError
        a hidden layer has an activation, so the network is not one linear map
    """
    for layer in layers:
        linear = isinstance(layer.card, Dense) and (layer is layers[-1] or layer.linear)
        if not linear:
            raise TasouError(NOT_LINEAR, l=layer.l, activation=layer.card.label)
    W, b = np.eye(n_inputs, dtype=dtype), np.zeros(n_inputs, dtype)
    for layer in layers:
        W, b = layer.W @ W, layer.W @ b + layer.b
    return W, b
