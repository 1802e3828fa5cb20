"""A network as a backend sees it that takes over a whole computation: sizes, formulas, the flat vector θ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from tasou.backends.job import Layers
from tasou.formulas.losses import Loss
from tasou.layers import Dense, Dropout, Layer

Array = NDArray[Any]


def layers_for_backend(cards: Sequence[Layer], n_inputs: int, loss: Loss, theta: Array, l2: float) -> Layers:
    """The dense layers of a stack, each with the dropout that follows it; ``foreign`` names what is none of these."""
    sizes, activations, shares, foreign = [n_inputs], [], list[float](), ""
    bias = next((card.bias for card in cards if isinstance(card, Dense)), True)
    for l, card in enumerate(cards, start=1):
        if type(card) is Dense:  # a descendant may do anything
            sizes.append(card.units)
            activations.append(None if card.linear else (card.f.f, card.f.slope))
            shares.append(card.dropout)
        elif isinstance(card, Dropout) and shares and not shares[-1] and l < len(cards):
            shares[-1] = card.share
        else:
            foreign = foreign or f"{card!r}, l = {l}"
        if isinstance(card, Dense) and card.bias != bias:
            foreign = foreign or f"{card!r}, l = {l}"
    formulas = (loss.predict, loss.value, loss.delta)
    return Layers(tuple(sizes), activations, formulas, theta, shares, bias, l2, foreign)
