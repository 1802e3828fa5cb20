"""A network without activations is one linear map (lecture 3.3)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.network.placed import PlacedLayer

Array = NDArray[Any]


def one_linear_map(layers: list[PlacedLayer], n_inputs: int, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """W = W[L]…W[1] and the b that goes with it.

    Raises
    ------
    TasouError
        a hidden layer has an activation, so the network is not one linear map
    """
    for layer in layers[:-1]:
        if not getattr(layer.card, "linear", False):
            raise TasouError(
                f"layer {layer.l} has the activation {layer.card.label!r}: not one linear map, cannot collapse"
            )
    W, b = np.eye(n_inputs, dtype=dtype), np.zeros(n_inputs, dtype)
    for layer in layers:
        W, b = layer.W @ W, layer.W @ b + layer.b
    return W, b
