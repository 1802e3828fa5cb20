"""Record a training layer by layer: gradient and weight norms, dead units, and the parameters where asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.network import Network, Trace
from tasou.training.step import Step

EVERY = Message(
    "training.every",
    en="every must be at least 1, got {every!r}",
    ja="every は1以上にしてください（{every!r} は使えません）",
)

Array = NDArray[Any]


@dataclass(frozen=True)
class Moment:
    """What was read off one update; a list has one entry per layer, layer 1 first.

    `Recorder` keeps them in its ``moments``.
    """

    update: int
    """which update, from 1"""
    epoch: int
    loss: float
    """mean loss of the batch, before the update"""
    lr: float
    gradient_norms: list[float]
    """‖∇W[l]‖ of the mean gradient"""
    weight_norms: list[float]
    """‖W[l]‖ after the update"""
    dead_shares: list[float]
    """share of the units of each hidden layer that have slope 0 for every row of the batch"""
    theta: Array | None
    """all parameters after the update, or None"""


class Recorder:
    """A callback that keeps a `Moment` of the first update and of every ``every``-th one.

    What it reads stands in the step's trace already, so recording costs a few norms and no computation.

    Parameters
    ----------
    every
        updates from one moment to the next
    parameters
        whether to keep a copy of all parameters, too

    Attributes
    ----------
    moments : list of Moment
        in the order of the updates

    Raises
    ------
    TasouError
        ``every`` is not at least 1

    Examples
    --------
    >>> from tasou.network import Network
    >>> from tasou.training import Training
    >>> recorder = Recorder(every=10)
    >>> training = Training(Network((2, 4, 2), rng=0), callbacks=[recorder], rng=0)
    >>> _ = training.run([[0.0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], epochs=30)
    >>> recorder.updates.tolist(), recorder.gradient_norms.shape
    ([1, 10, 20, 30], (4, 2))
    """

    def __init__(self, every: int = 1, *, parameters: bool = False) -> None:
        if every < 1:
            raise TasouError(EVERY, every=every)
        self.every, self.parameters = every, parameters
        self.moments: list[Moment] = []

    def on_step(self, training: Any, step: Step) -> None:
        """Keep the step if it is its turn."""
        if step.update == 1 or step.update % self.every == 0:
            self.moments.append(self._look(training.network, step))

    def _look(self, network: Network, step: Step) -> Moment:
        return Moment(
            update=step.update,
            epoch=step.epoch,
            loss=step.loss,
            lr=step.lr,
            gradient_norms=[_length_of_W(layer) for layer in step.gradient],
            weight_norms=[_length_of_W(layer) for layer in network.parameters],
            dead_shares=[float(dead.mean()) for dead in dead_units(step.trace)],
            theta=network.theta.copy() if self.parameters else None,
        )

    def __len__(self) -> int:
        """The number of moments."""
        return len(self.moments)

    @property
    def updates(self) -> NDArray[np.int64]:
        """Which updates were kept, counted from 1."""
        return np.array([moment.update for moment in self.moments], dtype=np.int64)

    @property
    def gradient_norms(self) -> NDArray[np.float64]:
        """‖∇W[l]‖: one row per moment, one column per layer."""
        return np.array([moment.gradient_norms for moment in self.moments], dtype=np.float64)

    @property
    def weight_norms(self) -> NDArray[np.float64]:
        """‖W[l]‖: one row per moment, one column per layer."""
        return np.array([moment.weight_norms for moment in self.moments], dtype=np.float64)

    @property
    def dead_shares(self) -> NDArray[np.float64]:
        """Share of dead units: one row per moment, one column per hidden layer."""
        return np.array([moment.dead_shares for moment in self.moments], dtype=np.float64)


def _length_of_W(layer: Any) -> float:
    return float(np.linalg.norm(layer.W)) if hasattr(layer, "W") else 0.0


def dead_units(trace: Trace) -> list[NDArray[np.bool_]]:
    """For each hidden layer, which units have slope f'(z) = 0 for every row in the trace: they cannot learn from it.

    >>> from tasou.network import Network
    >>> network = Network((1, 2, 1), loss="squared_error", rng=0)
    >>> network[1].W[...], network[1].b[...] = [[1.0], [1.0]], [0.0, -9.0]
    >>> [dead.tolist() for dead in dead_units(network.forward([[1.0], [2.0]]))]
    [[False, True]]
    """
    hidden = zip(trace.network.layers[:-1], trace.layers[:-1], strict=True)
    return [
        ~np.any(np.broadcast_to(layer.activation.slope(t.z, t.f, np), t.z.shape), axis=0)
        for layer, t in hidden
        if layer.card.drawn
    ]
