"""Draw the initial parameters of a network, layer by layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tasou.backends.verbs import Random
from tasou.formulas import activations, initializers
from tasou.formulas.initializers import Initializer
from tasou.network.placed import PlacedLayer


def suitable(activation: str) -> str:
    """The name of the initial weights that suit an activation.

    >>> suitable("relu"), suitable("tanh")
    ('he_uniform', 'glorot_uniform')
    """
    known = activations.registry
    return known.get(activation).suitable if activation in known else activations.Activation.suitable


def draw_parameters(layers: Iterable[PlacedLayer], init: str | Initializer | None, rng: Random) -> None:
    """Write fresh weights and biases into the layers that are drawn, W before b, first layer first.

    W[l] is drawn as (n_{l-1}, n_l) and transposed: the order in which scikit-learn draws, so that the same seed
    gives the same weights.
    """
    for layer in layers:
        if not layer.card.drawn:
            continue
        chosen = initializers.get(init or layer.activation.suitable)
        n_out, n_in = layer.W.shape
        size = chosen.size(n_in, n_out)
        layer.W[...] = _draw(chosen, size, (n_in, n_out), rng).T
        layer.b[...] = _draw(chosen, size, (n_out,), rng) if chosen.biases and layer.bias else 0


def _draw(init: Initializer, size: float, shape: tuple[int, ...], rng: Random) -> np.ndarray[Any, Any]:
    match init.distribution:
        case "uniform":
            return rng.uniform(-size, size, shape)
        case "normal":
            return rng.normal(0.0, size, shape)
        case "zeros":
            return np.zeros(shape)
