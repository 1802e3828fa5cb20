"""What every layer has: the shapes of its parameters, its forward and its backward pass."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tasou.backends.verbs import Verbs
from tasou.layers._record import Record


@dataclass(frozen=True)
class Shape:
    """The shape of a parameter, whether penalties shrink it, and a factor of its learning rate.

    A ``rate`` of 0 is for what a layer keeps, but does not learn by its gradient.

    >>> Shape((3, 2), decays=True)
    Shape(of=(3, 2), decays=True, rate=1.0)
    """

    of: tuple[int, ...]
    decays: bool = False
    rate: float = 1.0


class Layer(ABC):
    """A layer of a network; `Dense` is the lecture's.

    In the signatures n is the number of inputs, ``do`` a backend's verbs, ``p`` the layer's parameters by name, ``t``
    the record of the batch, ``a`` the input with a row per sample, ``g`` = ∂L/∂output, which the layer may overwrite,
    and ``d`` where the gradients of the parameters go, by the parameters' names. A card never branches on values and
    never writes into an array itself: that is left to the verbs, so that the same lines run on every backend.
    """

    drawn: ClassVar[bool] = False
    """whether the initial parameters are drawn by an initializer: those of a layer with weights W"""

    def shapes(self, n: int) -> Mapping[str, Shape]:
        """The parameters by name; none, unless a layer says otherwise."""
        return {}

    def width(self, n: int) -> int:
        """The number of outputs; as many as inputs, unless a layer says otherwise."""
        return n

    @abstractmethod
    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """The output for the rows of a; what the way back needs is noted in the record."""

    @abstractmethod
    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """The gradients of the parameters, summed over the rows, and ∂L/∂a, if ``back`` asks for it."""

    @property
    @abstractmethod
    def label(self) -> str:
        """What the layer computes, in a word or two: ``relu``, ``dropout(0.2)``."""

    @property
    def draws(self) -> bool:
        """Whether it draws random numbers in training."""
        return False
