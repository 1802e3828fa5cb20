"""Where each parameter lies in the flat vector θ: laid out from the shapes that the layers ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from math import prod
from typing import Any, NamedTuple

from numpy.typing import NDArray

from tasou.errors import OutOfRange, TasouError
from tasou.layers import Dense, Layer, Shape, Size
from tasou.layers._record import OWN, is_own
from tasou.messages import Message
from tasou.network.named import named

NO_PARAMETER = Message(
    "network.no_parameter",
    en="there is no parameter {index}: the network has {n}, counted from 0",
    ja="パラメータ {index} はありません。このネットワークのパラメータは {n} 個で、0から数えます",
)
PARAMETER_NAME = Message(
    "layer.parameter_name",
    en="layer {l}, {layer!r}, has a parameter called {name!r}; the name must be a word that does not begin "
    "with _ and is none of {own:list}, part1, part2, …, which the engine needs itself",
    ja="第 {l} 層 {layer!r} に {name!r} という名前のパラメータがあります。名前は _ で始まらない語とし、エンジン自身が"
    "使う {own:list}、part1、part2、… は避けてください",
)
RESERVED = OWN | {"names"}

Array = NDArray[Any]


class Place(NamedTuple):
    """One parameter: its layer (from 1), its name there, its shape, and where it begins in θ.

    Within a layer that is made of layers the name begins with the place there: ``2.W`` is the W of its second.
    """

    l: int
    name: str
    shape: Shape
    start: int

    @property
    def size(self) -> int:
        """How many numbers it is."""
        return prod(self.shape.of)

    @property
    def symbol(self) -> str:
        """How the lecture writes it: ``W[2]``; ``W[3.1]`` is the W of the first layer within layer 3."""
        *path, leaf = self.name.split(".")
        return f"{leaf}[{'.'.join([str(self.l), *path])}]"

    def view(self, theta: Array) -> Array:
        """The parameter as a view of θ."""
        return theta[self.start : self.start + self.size].reshape(self.shape.of)


class Segment(NamedTuple):
    """A run of θ whose parameters are updated alike."""

    start: int
    stop: int
    decays: bool
    """whether penalties shrink it"""
    rate: float
    """factor of the learning rate"""

    @property
    def slice(self) -> slice:
        """The run as a slice of θ."""
        return slice(self.start, self.stop)


@dataclass(frozen=True)
class Layout:
    """The places of all parameters: what decays comes first, then the rest; within each, layer by layer.

    So the penalty is a slice of θ, and a network of the lecture has every W, then every b.

    >>> layout = Layout.of_sizes((2, 10, 3))
    >>> [(place.symbol, place.start) for place in layout.places], layout.size
    ([('W[1]', 0), ('W[2]', 20), ('b[1]', 50), ('b[2]', 60)], 63)
    >>> [(s.start, s.stop, s.decays) for s in layout.segments]
    [(0, 50, True), (50, 63, False)]
    """

    n_layers: int
    places: tuple[Place, ...]

    @classmethod
    def of(cls, cards: Sequence[Layer], n_inputs: Size) -> Layout:
        """The layout of a stack of layers."""
        return _of(tuple(cards), n_inputs)

    @classmethod
    def of_sizes(cls, sizes: Sequence[int]) -> Layout:
        """The layout of a plain network with so many units per layer, inputs first."""
        return _of_sizes(tuple(int(n) for n in sizes))

    def __reduce__(self) -> tuple[Any, ...]:
        return Layout, (self.n_layers, self.places)  # what follows from them is not part of a pickle

    @cached_property
    def size(self) -> int:
        """How long θ is."""
        return sum(place.size for place in self.places)

    @cached_property
    def n_decaying(self) -> int:
        """How much of θ, from its beginning, penalties shrink."""
        return sum(place.size for place in self.places if place.shape.decays)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The runs of θ that are updated alike."""
        found: list[Segment] = []
        for place in self.places:
            stop, decays, rate = place.start + place.size, place.shape.decays, place.shape.rate
            if found and found[-1][2:] == (decays, rate):
                found[-1] = found[-1]._replace(stop=stop)
            else:
                found.append(Segment(place.start, stop, decays, rate))
        return tuple(found)

    def hand_out(self, make: Callable[[Place], Any]) -> list[Any]:
        """Each layer's parameters by name, as they are made of their places."""
        own: list[list[Place]] = [[] for _ in range(self.n_layers)]
        for place in self.places:
            own[place.l - 1].append(place)
        return [named(tuple(p.name for p in places))(map(make, places)) for places in own]

    def views(self, theta: Array) -> Iterator[Any]:
        """Each layer's parameters by name (``.W``, ``.b``), as views of θ."""
        for kind, parts in self._by_layer:
            yield kind([theta[start:stop].reshape(shape) for start, stop, shape in parts])

    @cached_property
    def _by_layer(self) -> list[tuple[Any, list[tuple[int, int, tuple[int, ...]]]]]:
        """Of each layer, the tuple that its parameters are handed out as, and where they lie."""
        found = []
        for l in range(1, self.n_layers + 1):
            own = [place for place in self.places if place.l == l]
            parts = [(place.start, place.start + place.size, place.shape.of) for place in own]
            found.append((named(tuple(place.name for place in own)), parts))
        return found

    def place_of(self, i: int) -> Place:
        """The parameter to which the i-th number of θ belongs."""
        for place in self.places:
            if place.start <= i < place.start + place.size:
                return place
        raise OutOfRange(NO_PARAMETER, index=i, n=self.places[-1].start + self.places[-1].size)


@lru_cache(maxsize=256)
def _of(cards: tuple[Layer, ...], n_inputs: Size) -> Layout:
    asked: list[tuple[int, str, Shape]] = []
    n = n_inputs
    for l, card in enumerate(cards, start=1):
        for name, shape in card.shapes(n).items():
            _check_name(name, l, card)
            asked.append((l, name, shape))
        n = card.width(n)
    asked.sort(key=lambda part: not part[2].decays)  # stable: layer by layer within each half
    places, start = [], 0
    for l, name, shape in asked:
        places.append(Place(l, name, shape, start))
        start += places[-1].size
    return Layout(len(cards), tuple(places))


def _check_name(name: str, l: int, card: Layer) -> None:
    """A parameter is called by its name in the layer's parameters, in their gradients and in files."""
    *path, leaf = name.split(".")
    if not (leaf.isidentifier() and not leaf.startswith("_") and all(i.isdecimal() for i in path)) or (
        leaf in RESERVED or is_own(leaf)
    ):
        raise TasouError(PARAMETER_NAME, l=l, layer=card, name=name, own=sorted(RESERVED))


@lru_cache(maxsize=256)
def _of_sizes(sizes: tuple[int, ...]) -> Layout:
    return Layout.of([Dense(n_out) for _, n_out in pairwise(sizes)], sizes[0])
