"""The shape of a loss curve in a few robust numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAN = float("nan")


def median(values: NDArray[Any]) -> float:
    """The middle value (NumPy's own brings masked arrays along, which take longer to import than a diagnosis takes).

    >>> median(np.array([4.0, 1.0, 2.0, 3.0]))
    2.5
    """
    ordered, n = np.array(values), len(values)
    ordered.sort()
    return float((ordered[(n - 1) // 2] + ordered[n // 2]) / 2)


class Curve:
    """A loss per epoch, and how it moves; numbers that too few epochs cannot tell are NaN.

    Examples
    --------
    >>> line = Curve([1.0 - 0.01 * epoch for epoch in range(40)])
    >>> round(line.recent, 2), line.falling, round(line.bend, 2)
    (0.1, 1.0, 1.0)
    """

    def __init__(self, losses: Sequence[float]) -> None:
        self.values: NDArray[Any] = np.asarray(losses, float)

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def first(self) -> float:
        """The first epoch's loss."""
        return float(self.values[0]) if len(self) else NAN

    @cached_property
    def best(self) -> float:
        """The lowest loss."""
        return float(self.values.min()) if len(self) else NAN

    @cached_property
    def late(self) -> float:
        """The median of the last tenth (at least three epochs): where the loss is now, without its noise."""
        return median(self.values[-max(3, len(self) // 10) :]) if len(self) else NAN

    @cached_property
    def fall(self) -> float:
        """1 - last / first: the share of the loss that is gone."""
        return 1 - float(self.values[-1]) / self.first if len(self) > 1 and self.first > 0 else NAN

    @cached_property
    def recent(self) -> float:
        """The last tenth's part in the whole fall (of fewer than 20 epochs, the last one's): 0 where flat."""
        k = max(1, len(self) // 10)
        if len(self) < 3 or self.first <= self.best:
            return NAN
        before, last = median(self.values[-2 * k : -k]), median(self.values[-k:])
        return float((before - last) / (self.first - self.best))

    @cached_property
    def falling(self) -> float:
        """Share of the epochs whose loss is below the one before."""
        return float(np.mean(np.diff(self.values) < 0)) if len(self) > 1 else NAN

    @cached_property
    def bend(self) -> float:
        """The last quarter's fall over the first quarter's: 1 on a straight line, near 0 on a curve that levels out."""
        k = len(self) // 4
        if k < 2:
            return NAN
        begin, end = self.values[0] - self.values[k], self.values[-k - 1] - self.values[-1]
        return float(end / begin) if begin > 0 else NAN

    @cached_property
    def jump(self) -> float:
        """The mean |change| from epoch to epoch over the last half, as a share of the mean loss there."""
        half = self.values[len(self) // 2 :]
        return float(np.abs(np.diff(half)).mean() / half.mean()) if len(half) > 2 and half.mean() > 0 else NAN

    @cached_property
    def rising(self) -> float:
        """Share of the epochs of the last half whose loss is above the one before."""
        half = self.values[len(self) // 2 :]
        return float(np.mean(np.diff(half) > 0)) if len(half) > 2 else NAN
