"""A stack of layers, walked forward and back: what a network does, and a layer that is made of layers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tasou.backends.verbs import Verbs
from tasou.layers._card import Layer
from tasou.layers._record import Record
from tasou.layers._size import Size


def records(cards: Iterable[Layer], n: Size) -> list[Record]:
    """An empty record for each layer, which knows how a row of the layer's input is to be read."""
    found = []
    for card in cards:
        found.append(Record(shape=n))
        n = card.width(n)
    return found


def sizes(cards: Iterable[Layer], n: Size) -> list[Size]:
    """How a row is to be read before the first layer, and behind each."""
    found = [n]
    for card in cards:
        found.append(card.width(found[-1]))
    return found


def forward(do: Verbs, cards: Iterable[Layer], p: Iterable[Any], t: Iterable[Record], a: Any) -> Any:
    """a[l] of every layer, noted in its record; the last one's."""
    for card, parameters, record in zip(cards, p, t, strict=True):
        a = card.forward(do, parameters, record, a)
        record.hold(a=a)
    return a


def backward(
    do: Verbs,
    cards: Sequence[Layer],
    p: Sequence[Any],
    t: Sequence[Record],
    x: Any,
    g: Any,
    d: Sequence[Any],
    *,
    back: bool = False,
) -> Any:
    """The gradients of all layers by the chain rule, from the last to the first; ∂L/∂x, if ``back`` asks for it.

    The first layers have no parameters to learn and nobody asks for ∂L/∂x: they are left out.
    """
    first = 0 if back else next((l for l, part in enumerate(p) if part), len(cards))
    for l in range(len(cards) - 1, first - 1, -1):
        before = t[l - 1].a if l else x
        g = cards[l].backward(do, p[l], t[l], before, g, d[l], back or l > first)
    return g
