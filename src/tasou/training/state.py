"""Where a training stands: complete and plain, so that what is put back goes on as it would have, bit for bit."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

from tasou.formulas.schedules import Clock

Array = NDArray[Any]


class Begun(NamedTuple):
    """An epoch that has begun and not ended: how far it is, and what it has come to so far."""

    row: int = 0
    """rows walked"""
    loss: float = 0.0
    """Σ over its updates: mean loss with penalty, times rows"""
    lr: float = 0.0
    """learning rate of the last update"""
    gradient_norm: float | None = None
    """length of the last update's gradient, where it is no longer at hand"""


class Watched(NamedTuple):
    """What a stopping rule has seen."""

    best: float
    best_epoch: int
    stalled: int
    epoch: int
    best_theta: Array | None


class State(NamedTuple):
    """A training as plain data: numbers, texts and arrays of its own.

    See `Training.state <tasou.training.Training.state>`.
    """

    theta: Array
    """the network's parameters"""
    memory: dict[str, Array]
    """what the optimizer remembers between updates"""
    clock: Clock
    """updates, epochs and samples so far: all that a schedule looks at"""
    rng: dict[str, Any]
    """where shuffles and dropout come from"""
    order: Array | None = None
    """the order in which the rows are walked"""
    begun: Begun | None = None
    """the epoch that is under way"""
    stopping: Watched | None = None
    """what the stopping rule has seen, with its best parameters"""
    ahead: Array | None = None
    """where θ stood when the best epoch's was put back in its place: from there a training goes on"""
    history: dict[str, list[float]] = {}  # noqa: RUF012 - never written to
    """the quantities of the epochs so far"""
    rows: str = ""
    """the fingerprint of the rows it learns from"""
    finished: str = ""
    """why the training ended; empty while it goes on"""

    def __repr__(self) -> str:
        where = f"{self.clock.updates} updates, {len(self.history.get('loss', ()))} epochs"
        return f"State({self.theta.size} parameters after {where}; training.restore(state) goes on from here)"
