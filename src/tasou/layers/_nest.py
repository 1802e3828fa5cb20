"""Layers that are made of layers: chains of them, whose parameters lie in the outer layer's by place and name."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tasou.backends.verbs import Random, Verbs
from tasou.errors import TasouError
from tasou.formulas.initializers import Initializer
from tasou.layers._card import Layer, Shape
from tasou.layers._record import Record
from tasou.layers._size import Size
from tasou.layers._stack import backward, forward, sizes
from tasou.messages import Message

INNER = Message(
    "layer.inner",
    en="a layer is made of one or more layers, e.g. [Dense(10, 'relu')]; got {layers!r}",
    ja="中の層は [Dense(10, 'relu')] のように1つ以上指定してください（指定：{layers!r}）",
)
CODES_WITHIN = Message(
    "layer.codes_within",
    en="{layer} looks codes up, so nothing can stand before it",
    ja="{layer} は整数の符号を読む層なので、その前に別の層は置けません",
)


def checked(layers: Any) -> tuple[Layer, ...]:
    """A chain of layers, of which only the first may take codes."""
    found = (layers,) if isinstance(layers, Layer) else tuple(layers)
    if not found or not all(isinstance(layer, Layer) for layer in found):
        raise TasouError(INNER, layers=layers)
    for layer in found[1:]:
        if layer.takes_codes:
            raise TasouError(CODES_WITHIN, layer=layer)
    return found


class Chain:
    """Layers in a row as a part of another layer: their parameters and records are the outer layer's parts."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = layers

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    @property
    def label(self) -> str:
        """``dense → relu``: the layers one after the other."""
        return " → ".join(layer.label for layer in self.layers)

    def shapes(self, n: Size) -> dict[str, Shape]:
        """The parameters of all layers, each by the number of its layer and its name: ``1.W``."""
        found = {}
        for i, (layer, size) in enumerate(zip(self.layers, sizes(self.layers, n), strict=False), start=1):
            found.update({f"{i}.{name}": shape for name, shape in layer.shapes(size).items()})
        return found

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:
        """Each layer writes its own initial parameters."""
        for i, (layer, size) in enumerate(zip(self.layers, sizes(self.layers, n), strict=False), start=1):
            layer.start(p.part(i), size, init, rng)

    def forward(self, do: Verbs, p: Any, t: Record, a: Any, n: Size) -> Any:
        """Through all layers."""
        for part, size in zip(self.parts(t), sizes(self.layers, n), strict=False):
            part.hold(shape=size)
        return forward(do, self.layers, self.parts(p), self.parts(t), a)

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """Back through all layers."""
        return backward(do, self.layers, self.parts(p), self.parts(t), a, g, self.parts(d), back=back)

    def parts(self, whole: Any) -> list[Any]:
        """What belongs to each layer."""
        return [whole.part(i) for i in range(1, len(self.layers) + 1)]


class Nest(Layer):
    """A layer made of layers."""

    @abstractmethod
    def chains(self) -> Mapping[str, Sequence[Layer]]:
        """The chains within, by the places at which they lie: "" for the layer itself, "2." for its second part."""

    def within(self, name: str) -> tuple[Layer, str]:
        """The layer within to which a parameter belongs, and the parameter's name there: of ``1.W`` that is ``W``."""
        for place, layers in self.chains().items():
            number, dot, rest = name.removeprefix(place).partition(".")
            if name.startswith(place) and dot and number.isdigit() and int(number) <= len(layers):
                inner = layers[int(number) - 1]
                return inner.within(rest) if isinstance(inner, Nest) else (inner, rest)
        raise KeyError(name)

    @property
    def draws(self) -> bool:
        """Whether any layer within draws random numbers."""
        return any(layer.draws for layers in self.chains().values() for layer in layers)
