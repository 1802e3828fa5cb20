"""What every layer has: the shapes of its parameters, its forward and its backward pass."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from tasou.backends.verbs import Random, Verbs
from tasou.formulas.initializers import Initializer
from tasou.layers._record import Record
from tasou.layers._size import Size


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

    In the signatures n says how a row of the input is to be read: the number of inputs, or a shape, (height, width,
    channels) or (time, features); ``do`` is a backend's verbs, ``p`` the layer's parameters by name, ``t`` the record
    of the batch (``t.shape`` is n again), ``a`` the input, always a matrix with a row per sample, ``g`` = ∂L/∂output,
    which the layer may overwrite, and ``d`` where the gradients of the parameters go, by the parameters' names. A card
    never branches on values and never writes into an array itself: that is left to the verbs, so that the same lines
    run on every backend.
    """

    drawn: ClassVar[bool] = False
    """whether it is made of weights W and biases b, which an initializer draws"""
    alone: ClassVar[bool] = False
    """whether every output looks at one input: as many outputs as inputs, each with its own"""
    takes_codes: ClassVar[bool] = False
    """whether its input are codes rather than measured numbers: then it stands first, where nothing changes them"""
    takes_sparse: ClassVar[bool] = False
    """whether it computes with a sparse input"""
    latex: ClassVar[str] = ""
    """what it computes"""
    notes: ClassVar[Mapping[str, str]] = {}
    """what it is for, for learners: in English (``en``) and Japanese (``ja``)"""
    told: ClassVar[Mapping[str, str]] = {}
    """for the ledger: entries of the record, the output last, each with the formula of one number, in which names in
    braces are entries, parameters, the input x: ``{"scaled": "{x} * {s}"}``; with = before it, no numbers are put in"""
    told_back: ClassVar[Mapping[str, str]] = {}
    """the same of the way back: parameters (their gradients), entries, and ``back``; {g} is ∂L/∂output"""

    @classmethod
    def examples(cls) -> Sequence[tuple[Layer, Size | None]]:
        """Small layers of this kind on which the tests of all layers try it, each with the n it reads.

        None stands for whatever a dense layer gives. A layer that cannot be made without arguments says more.
        """
        return [(cls(), None)]

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """The parameters by name; none, unless a layer says otherwise."""
        return {}

    def width(self, n: Size) -> Size:
        """How a row of the output is to be read; as one of the input, unless a layer says otherwise.

        An n that the layer cannot take is refused here, with a `TasouError`.
        """
        return n

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:  # noqa: B027
        """Write the initial parameters into p, in which zeros stand; ``init`` is what the user chose for weights."""

    def seen(self, p: Any, t: Record, a: Any, g: Any) -> Mapping[str, Any]:
        """More that the formulas of `told` name: numbers (a mean, the edges of a bin), or sums, each `Written`.

        Going forward, and in a layer that stands within another, g is None.
        """
        return {}

    @property
    def constants(self) -> Mapping[str, Any]:
        """Numbers that the formulas of `told` call by a letter."""
        return {}

    def check(self, X: Any) -> None:  # noqa: B027 - most layers read anything
        """Refuse rows whose values the layer is not made for; asked of a first layer alone."""

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
