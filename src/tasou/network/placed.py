"""A layer in its place: the card with its number and its parameters, as ``network[l]`` hands it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from tasou.layers import Layer, Size, numbers

Array = NDArray[Any]


@dataclass(frozen=True, repr=False)
class PlacedLayer:
    """Layer l of a network: its ``.W`` and ``.b`` are views of θ; ``.activation``, ``.units``, … are its card's.

    >>> from tasou.network import Network
    >>> layer = Network((2, 10, 3), rng=0)[1]
    >>> layer.l, layer.W.shape, layer.activation.name, layer.width
    (1, (10, 2), 'relu', 10)
    """

    l: int
    card: Layer
    parameters: Any
    """the layer's parameters by name"""
    takes: Size
    """how a row of its input is to be read"""
    gives: Size
    """how a row of its output is to be read"""

    def __repr__(self) -> str:
        shapes = "".join(f", {name} {array.shape}" for name, array in self.parameters._asdict().items())
        return f"PlacedLayer({self.l}: {self.card!r}{shapes})"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "parameters":
            raise AttributeError(name)
        if hasattr(self.parameters, name):
            return getattr(self.parameters, name)
        if hasattr(self.card, name):
            return getattr(self.card, name)
        raise AttributeError(f"layer {self.l} ({self.card!r}) has no {name!r}")

    @property
    def width(self) -> int:
        """How many numbers it gives: n_l."""
        return numbers(self.gives)

    @property
    def activation(self) -> Any:
        """f, of a layer that has one."""
        return self.card.f  # type: ignore[attr-defined]

    @property
    def size(self) -> int:
        """How many numbers its parameters are."""
        return sum(values.size for values in self.parameters)
