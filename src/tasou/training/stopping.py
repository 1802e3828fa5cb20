"""When to stop: the loss (or the validation score) has not improved by ``tol`` for more than ``patience`` epochs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tasou.errors import UnknownName
from tasou.messages import Message
from tasou.network import Network
from tasou.training.state import Watched

MONITORED = Message("kind.monitored", en="quantity to monitor", ja="監視する量")

MONITORS = ("loss", "validation_loss", "validation_score")


@dataclass
class Stopping:
    """Watches one number per epoch; counts the epochs in a row in which it did not improve.

    Parameters
    ----------
    monitor
        "loss" (training), "validation_loss" or "validation_score"
    tol
        an improvement smaller than this does not count; with ``relative`` it is a share of the best value so far
    patience
        how many epochs without improvement are tolerated
    restore_best
        whether the parameters of the best epoch are put back at the end

    Examples
    --------
    >>> s = Stopping(tol=0.0, patience=1)
    >>> [s.plateau(loss) for loss in (1.0, 0.5, 0.5, 0.6, 0.7)]
    [False, False, False, False, True]
    """

    monitor: Literal["loss", "validation_loss", "validation_score"] = "loss"
    tol: float = 1e-4
    patience: float = 10
    restore_best: bool = False
    relative: bool = False
    best: float = field(default=-np.inf, init=False)
    """the best value so far, losses with a minus sign: higher is better"""
    best_epoch: int = field(default=0, init=False)
    stalled: int = field(default=0, init=False)
    """epochs in a row without improvement"""
    best_theta: NDArray[Any] | None = field(default=None, init=False, repr=False)
    _epoch: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.monitor not in MONITORS:
            raise UnknownName(MONITORED, self.monitor, MONITORS)

    def plateau(self, value: float, theta: NDArray[Any] | None = None) -> bool:
        """Take note of an epoch's value; True once it has stalled for more than ``patience`` epochs.

        A value that is not a number neither improves nor stalls.
        """
        before = self.best
        self.take([value])
        if self.restore_best and theta is not None and self.best > before:
            self.best_theta = theta.copy()
        return self.stalled > self.patience

    def take(self, values: Iterable[float]) -> None:
        """Take note of the values of several epochs: the best so far, and how many have stalled."""
        sign = 1 if self.monitor == "validation_score" else -1
        best, stalled, tol, epoch = self.best, self.stalled, self.tol, self._epoch
        for value in values:
            epoch += 1
            value *= sign
            if self.relative and isfinite(best):
                tol = self.tol * abs(best)
            stalled = stalled + 1 if value < best + tol else 0
            if value > best:
                best, self.best_epoch = value, epoch
        self.best, self.stalled, self._epoch = best, stalled, epoch

    def restore(self, network: Network) -> None:
        """Put back the parameters of the best epoch, if they were kept."""
        if self.best_theta is not None:
            network.theta = self.best_theta

    def seen(self) -> Watched:
        """What it has seen, as plain data of its own."""
        best_theta = None if self.best_theta is None else self.best_theta.copy()
        return Watched(self.best, self.best_epoch, self.stalled, self._epoch, best_theta)

    def resume(self, seen: Watched) -> None:
        """Go on from what was seen."""
        self.best, self.best_epoch, self.stalled, self._epoch = seen[:4]
        self.best_theta = None if seen.best_theta is None else seen.best_theta.copy()

    def restart(self) -> None:
        """Forgive the stalled epochs: after the learning rate has been lowered."""
        self.stalled = 0
