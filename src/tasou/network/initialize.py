"""Draw the initial parameters of a network, layer by layer."""

from __future__ import annotations

from collections.abc import Iterable

from tasou.backends.verbs import Random
from tasou.formulas import activations
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
    """Let every layer write its initial parameters, first layer first: weights as ``init`` says, others by its rule."""
    for layer in layers:
        layer.card.start(layer.parameters, layer.takes, init, rng)
