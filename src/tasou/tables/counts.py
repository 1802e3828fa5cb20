"""How often each value of a column occurs: what a step learns from, and what the parts of a table add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Counts:
    """The values of a column and how often each occurs.

    Sums are exact, and so is all that is learnt of them: medians, quartiles, ranges and levels to the last digit, means
    and deviations up to rounding. They hold each different value once, so that a stream needs memory for its
    different values, not for its rows.

    Parameters
    ----------
    values
        (m,) numbers, moments or texts; NaN, NaT or ``""`` where there is no value
    times
        (m,) how often; None for once each, as the cells of a table stand

    Examples
    --------
    >>> both = Counts(np.array([2.0, 1.0, 2.0])) + Counts(np.array([1.0, 5.0]))
    >>> both.values, both.times
    (array([1., 2., 5.]), array([2, 2, 1]))
    """

    values: Array
    times: npt.NDArray[np.int64] | None = None

    def __add__(self, other: Counts) -> Counts:
        values, places = np.unique(np.concatenate([self.values, other.values]), return_inverse=True)
        times = np.zeros(len(values), dtype=np.int64)
        np.add.at(times, places.ravel(), np.concatenate([self.each, other.each]))
        return Counts(values, times)

    @property
    def each(self) -> npt.NDArray[np.int64]:
        """(m,) how often each value occurs."""
        return np.ones(len(self.values), dtype=np.int64) if self.times is None else self.times

    @property
    def n(self) -> int:
        """How many cells there are."""
        return len(self.values) if self.times is None else int(self.times.sum())

    def of(self, values: Array) -> Counts:
        """The same cells with other values, one for each of these."""
        return Counts(values, self.times)

    def only(self, rows: npt.NDArray[np.bool_]) -> Counts:
        """Some of the values."""
        return Counts(self.values[rows], None if self.times is None else self.times[rows])

    def mean(self, values: Array | None = None) -> float:
        """The mean of the values, or of what stands for each of them."""
        return float(np.average(self.values if values is None else values, weights=self.times))

    def quantile(self, share: float) -> float:
        """The value that this share of the cells lies below, between two values in proportion.

        >>> Counts(np.array([1.0, 3.0]), np.array([3, 1])).quantile(0.5)
        1.0
        """
        if self.times is None:
            return float(np.median(self.values) if share == 0.5 else np.quantile(self.values, share))
        order = np.argsort(self.values)
        upto = np.cumsum(self.times[order])
        place = share * float(upto[-1] - 1)
        near = np.searchsorted(upto, [np.floor(place), np.ceil(place)], side="right")
        low, high = self.values[order][near].tolist()
        return float(low + (high - low) * (place - np.floor(place)))
