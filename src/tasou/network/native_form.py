"""A network as a backend sees it that takes over a whole computation: sizes, formulas, θ; or its layers' tape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from numpy.typing import NDArray

from tasou.backends.job import Layers
from tasou.formulas.losses import Loss
from tasou.layers import Dense, Dropout, Layer, Nest, Size, numbers
from tasou.network.layout import Layout
from tasou.network.tape import record

Array = NDArray[Any]


def layers_for_backend(
    cards: Sequence[Layer], layout: Layout, shapes: Sequence[Size], loss: Loss, theta: Array, l2: float
) -> Layers:
    """Dense layers, each with the dropout that follows it, as what they are; any others by their tape."""
    formulas, segments = (loss.predict, loss.value, loss.delta), layout.segments
    shares = _shares(cards)
    if shares is None:
        return replace(first_layers(cards, layout, shapes, loss, theta), l2=l2)
    dense = [card for card in cards if isinstance(card, Dense)]
    sizes = (numbers(shapes[0]), *(card.units for card in dense))
    activations = [None if card.linear else (card.f.f, card.f.slope) for card in dense]
    return Layers(sizes, activations, formulas, theta, shares, dense[0].bias, l2, segments)


def first_layers(
    cards: Sequence[Layer], layout: Layout, shapes: Sequence[Size], loss: Loss, theta: Array
) -> Layers:
    """Layers from the first on, by their tape: θ is that of all layers, and what comes out is the last one's a."""

    def tape(learning: bool, drawing: bool) -> Any:
        return record(cards, layout, shapes[0], learning=learning, drawing=drawing)

    ends = (numbers(shapes[0]), numbers(shapes[len(cards)]))
    formulas = (loss.predict, loss.value, loss.delta)
    likeness = (tuple(cards), shapes[0], tuple(layout.segments)) if all(map(_is_ours, cards)) else None
    return Layers(
        ends, [None], formulas, theta, (0.0,), segments=layout.segments, tape=tape, likeness=likeness
    )


def _is_ours(card: Layer) -> bool:
    """Whether a card, and all within it, is of our own folder: then equal ones are written down alike."""
    inner = (each for chain in card.chains().values() for each in chain) if isinstance(card, Nest) else ()
    return type(card).__module__.startswith("tasou.layers.") and all(map(_is_ours, inner))


def _shares(cards: Sequence[Layer]) -> list[float] | None:
    """The share that is dropped behind each dense layer; None, if there is anything else."""
    shares: list[float] = []
    if type(cards[0]) is not Dense or type(cards[-1]) is not Dense:
        return None
    for before, card in pairwise((cards[0], *cards)):
        if type(card) is Dense and card.bias == cards[0].bias:  # a descendant may do anything
            shares.append(card.dropout)
        elif isinstance(card, Dropout) and type(before) is Dense and not shares[-1]:
            shares[-1] = card.share
        else:
            return None
    return shares
