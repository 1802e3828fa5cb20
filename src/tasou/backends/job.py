"""What the engine hands to a backend that can run whole epochs, and what it gets back."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from tasou.backends.recording import Tape

Array = NDArray[Any]
Formula = Callable[..., Any]


@dataclass(frozen=True)
class Layers:
    """A network as a backend sees it: sizes, formulas, and the flat vector of its parameters."""

    sizes: tuple[int, ...]
    activations: Sequence[tuple[Formula, Formula] | None]
    """f and f' of each layer; None for the identity"""
    loss: tuple[Formula, Formula, Formula]
    """predict, value, delta"""
    theta: Array
    """every W (n_l, n_{l-1}), then every b; with other layers, as the segments say"""
    dropout: Sequence[float]
    bias: bool = True
    l2: float = 0.0
    segments: Sequence[tuple[int, int, bool, float]] = ()
    """the runs of theta that are updated alike: begin, end, whether penalties shrink it, factor of the learning rate"""
    tape: Callable[[bool, bool], Tape] | None = None
    """the layers written down, where they are not dense ones alone (then ``sizes`` are inputs and outputs): of
    (learning, drawing), see `tasou.backends.recording`"""
    drawing: bool = True
    """whether dropout is drawn when learning"""
    likeness: Hashable = None
    """what networks have in common that are written down alike; None where that is not known"""


@dataclass(frozen=True)
class Job:
    """A training run: what learns, how, and on what."""

    layers: Layers
    rule: Formula
    """the optimizer's update"""
    state: Sequence[Array]
    grad: Array
    """where the gradient of the last update is left"""
    weight_decay: float
    clip_norm: float | None
    X: Any
    Y: Array
    sample_weight: Array | None
    batch_size: int
    order: NDArray[np.intp] | None
    """which rows of X are walked, and in which order; None: all of them as they lie"""
    shuffled: NDArray[np.intp] | None
    """the order that is shuffled before each epoch, the one that is walked or another; None: none is"""
    rng: Any
    """where shuffles and dropout come from"""


@dataclass(frozen=True)
class Goal:
    """What is to be minimised: the mean loss of all rows, with its penalty."""

    layers: Layers
    grad: Array
    """where the gradient is left"""
    X: Any
    Y: Array
    sample_weight: Array | None


@dataclass(frozen=True)
class Walk:
    """One output without hidden layer, which learns from one sample at a time."""

    w: Array
    b: Array
    """of shape (1,)"""
    bias: bool
    loss: tuple[Formula, Formula]
    """value, delta"""
    X: Any
    y: Array
    sample_weight: Array | None
    lr: float


class Part(NamedTuple):
    """The epochs, or the part of one, that a backend has run: lists with an entry per epoch."""

    loss: list[float]
    """Σ over the updates: mean loss with penalty, times rows"""
    gradient_norm: list[float]
    """of the last update"""
    seconds: list[float]
    """when the epoch ended, by some clock"""
    row: int
    """the row that the last of them reached"""
    stopped: str
    """why before its end: "loss" (not finite; that update was not made), "theta" (not finite after the update before
    the row); empty if it was completed"""


Predictor = Callable[[Array, bool], Array | None]
"""(X, output) → ŷ (n, K), or without output the values before the output function; None for an X it cannot read"""


Objective = Callable[[], float]
"""the goal's value at the network's present θ; its gradient is left in ``grad``"""


Walker = Callable[[NDArray[np.intp]], tuple[int, float]]
"""an epoch in this order → how many samples changed the weights, and the sum of their losses before they did"""


class Run(Protocol):
    """A backend's hold on a job."""

    shuffles: bool
    """whether it can shuffle by itself, so that several epochs fit in one call"""

    def epochs(self, n: int, begin: int, end: int, rates: Array, update: int, *, shuffle: bool) -> Part:
        """Run n epochs, or rows begin … end of one; one rate for all updates, or one for each."""
