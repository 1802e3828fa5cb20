"""The tape of a network: its layers walked forward and back once, on symbols."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tasou.backends.recording import GRADIENT, PARAMETER, ROWS, N, NotRecorded, Operand, Recording, Tape
from tasou.layers import Layer, Record, Size, backward, forward, numbers, records
from tasou.network.layout import Layout, Place


def record(
    cards: Sequence[Layer], layout: Layout, inputs: Size, *, learning: bool = True, drawing: bool = True
) -> Tape:
    """What these layers ask of a backend: in a step of learning, with or without dropout, or else in a prediction.

    Raises
    ------
    NotRecorded
        a layer asks for something that is none of the verbs, or computes something itself
    """
    do = Recording(drawing=learning and drawing)
    tape = Tape(Operand(ROWS, (N, numbers(inputs)), "x"), do.ops)
    p = layout.hand_out(lambda place: _symbol(PARAMETER, place))
    t = records(cards, inputs)
    tape.output = tape.x
    for l, card in enumerate(cards):
        with _named(card, l + 1):
            tape.output = forward(do, [card], [p[l]], [t[l]], tape.output)
    if learning:
        do.ops = tape.backward
        tape.error = g = Operand(ROWS, tape.output.shape, "g")
        d = [
            Record.nested(part.names, part)
            for part in layout.hand_out(lambda place: _symbol(GRADIENT, place))
        ]
        first = next((l for l, part in enumerate(p) if part), len(cards))
        for l in range(len(cards) - 1, first - 1, -1):
            with _named(cards[l], l + 1):
                before = t[l - 1].a if l else tape.x
                g = backward(do, [cards[l]], [p[l]], [t[l]], before, g, [d[l]], back=l > first)
    for l, record in enumerate(t, start=1):
        _name(record, f"[{l}]")
    return tape


@contextmanager
def _named(card: Layer, l: int) -> Iterator[None]:
    """Whatever fails in here is this layer's doing."""
    try:
        yield
    except Exception as error:  # a layer of the user's own may do anything
        raise NotRecorded(f"{card!r}, l = {l}", f"{type(error).__name__}: {error}") from error


def _symbol(kind: str, place: Place) -> Operand:
    name = place.symbol if kind == PARAMETER else f"∂{place.symbol}"
    return Operand(kind, place.shape.of, name, place.start)


def _name(record: Record, behind: str) -> None:
    """Values are called as the layer's record calls them, the first name that it gives."""
    for name, value in vars(record).items():
        for part in value if isinstance(value, list | tuple) else [value]:
            if (
                isinstance(part, Operand)
                and part.kind not in (PARAMETER, GRADIENT)
                and part.name.startswith("v")
            ):
                part.name = f"{name}{behind}"
    for i, part in record.parts().items():
        _name(part, f"{behind[:-1]}.{i}]")
