"""One column of numbers to a scale a network likes: impute, signed log where the tail is heavy, standardise, clip.

x̃ = clip((s(x) − mean) / scale, low, high), where s(x) = sign(x) · log(1 + |x| / unit) for a heavy-tailed column
and s(x) = x otherwise; a missing x is the median of the training rows.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.tables.counts import Counts
from tasou.tables.schema import Fields

Values = npt.NDArray[np.float64]

HEAVY = 6.0
MARGIN = 1.0
FARTHEST = 10.0
BEND, ROBUST_BEND = 0.25, 0.01
"""shares of the sizes below which the log stays linear; robust, of hardly any: equal ratios are equal steps"""
WITHOUT_END = 1e9
"""so far that float32 still holds its square"""


@dataclass(frozen=True)
class Scaling:
    """The numbers of x̃ = clip((s(x) − mean) / scale, low, high).

    Parameters
    ----------
    impute
        what a missing x becomes
    unit
        |x| where the signed log bends; ``None`` for no log
    mean, scale
        of s(x) over the training rows
    low, high
        range of x̃ over the training rows, widened by one standard deviation, and never beyond ±10
    """

    impute: float
    unit: float | None
    mean: float
    scale: float
    low: float
    high: float

    @classmethod
    def fit(cls, x: Values | Counts, *, log: bool = True) -> Scaling:
        """Median, tail, mean, standard deviation and range of the values; NaN are left out.

        ``log=False`` keeps a heavy-tailed column linear.

        >>> Scaling.fit(np.array([1.0, 3.0, np.nan])).apply(np.array([2.0, np.nan, 99.0]))
        array([0., 0., 2.])
        """
        known = _known(x)
        impute = known.quantile(0.5) if known.n else 0.0
        unit = heavy_tail(known) if log else None
        s = known.of(_signed_log(known.values, unit))
        mean, scale = _moments(s)
        z = (s.values - mean) / scale if s.n else np.zeros(1)
        low, high = max(float(z.min()) - MARGIN, -FARTHEST), min(float(z.max()) + MARGIN, FARTHEST)
        return cls(impute, unit, mean, scale, low, high)

    @classmethod
    def robust(cls, x: Values | Counts) -> Scaling:
        """Median and quartiles instead of mean and deviation, and no end: for layers that squash far values.

        The scale is the distance of the quartiles; where they are equal, half the range; where that is 0, 1. A heavy
        tail goes through the log before that.

        >>> scaling = Scaling.robust(np.array([1.0, 2.0, 3.0, 4.0, 1000.0, np.nan]))
        >>> scaling.apply(np.array([3.0, 5.0, np.nan]))
        array([0., 1., 0.])
        >>> tail = Scaling.robust(10.0 ** np.arange(8))
        >>> tail.apply(np.array([1e4, 1e5, 1e6])).round(2)
        array([0.14, 0.43, 0.72])
        """
        known = _known(x)
        if not known.n:
            return cls(0.0, None, 0.0, 1.0, -WITHOUT_END, WITHOUT_END)
        unit = heavy_tail(known, ROBUST_BEND)
        s = known.of(_signed_log(known.values, unit))
        below, median, above = (s.quantile(share) for share in (0.25, 0.5, 0.75))
        scale = (above - below) or float(s.values.max() - s.values.min()) / 2 or 1.0
        return cls(known.quantile(0.5), unit, median, scale, -WITHOUT_END, WITHOUT_END)

    def apply(self, x: Values, xp: Any = np) -> Values:
        """x̃ of every x."""
        filled = xp.where(xp.isnan(x), self.impute, x)
        found: Values = xp.clip(self.standardise(filled, xp), self.low, self.high)
        return found

    def standardise(self, x: Values, xp: Any = np) -> Values:
        """(s(x) − mean) / scale: x̃ before clipping, NaN left as they are."""
        return (_signed_log(x, self.unit, xp) - self.mean) / self.scale

    def undo(self, z: Values, xp: Any = np) -> Values:
        """The x of every standardised z.

        Where a log would turn a small overshoot into a huge one, z outside [low, high] moves to the nearer end first.
        """
        if self.unit is None:
            return z * self.scale + self.mean
        s = xp.clip(z, self.low, self.high) * self.scale + self.mean
        x: Values = xp.sign(s) * self.unit * xp.expm1(xp.abs(s))
        return x

    def back(self, z: float) -> float:
        """The x of a z, wherever it lies."""
        s = z * self.scale + self.mean
        return s if self.unit is None else math.copysign(self.unit * math.expm1(min(abs(s), 40.0)), s)

    def unscaled(self) -> Scaling:
        """The same, but x stays in its own unit: missing values are still filled, and far ones still clipped.

        >>> Scaling.fit(np.array([1.0, 3.0])).unscaled().apply(np.array([2.5, np.nan, 99.0]))
        array([2.5, 2. , 4. ])
        """
        return Scaling(self.impute, None, 0.0, 1.0, self.back(self.low), self.back(self.high))

    def to_dict(self) -> dict[str, Any]:
        """The numbers by name."""
        return asdict(self)

    @classmethod
    def take(cls, fields: Fields) -> Scaling:
        """The same from the fields of a JSON object."""
        impute, unit = fields.number("impute"), fields.positive_or_none("unit")
        mean, scale = fields.number("mean"), fields.positive("scale")
        return cls(impute, unit, mean, scale, fields.number("low"), fields.number("high"))


def _known(x: Values | Counts) -> Counts:
    """What is no NaN."""
    seen = x if isinstance(x, Counts) else Counts(x)
    return seen.only(~np.isnan(seen.values))


def heavy_tail(x: Values | Counts, bend: float = BEND) -> float | None:
    """The unit of the signed log if the values need one.

    They do if their excess kurtosis is above 6 (an exponential distribution's) and the log by the lower quartile of the
    non-zero |x| at least halves it, which it does not where a single wild value makes the tail. The unit is that
    quartile, or another quantile (at least a billionth of the largest): below it the scale stays linear, above it equal
    ratios become equal steps.

    >>> heavy_tail(np.array([1.0, 2, 3, 4])) is None, heavy_tail(10.0 ** np.arange(8)) is None
    (True, False)
    """
    seen = x if isinstance(x, Counts) else Counts(x)
    sizes = seen.of(np.abs(seen.values)).only(seen.values != 0)
    kurtosis = _excess_kurtosis(seen)
    if kurtosis <= (HEAVY if seen.n > 100 else HEAVY / 2) or len(np.unique(sizes.values)) < 5:
        return None
    least = 1e-9 * float(sizes.values.max())
    by_log = seen.of(_signed_log(seen.values, max(sizes.quantile(BEND), least)))
    return max(sizes.quantile(bend), least) if _excess_kurtosis(by_log) < kurtosis / 2 else None


def _signed_log(x: Values, unit: float | None, xp: Any = np) -> Values:
    return x if unit is None else xp.sign(x) * xp.log1p(xp.abs(x) / unit)


def _moments(s: Counts) -> tuple[float, float]:
    if not s.n:
        return 0.0, 1.0
    mean = s.mean()
    scale = math.sqrt(s.mean((s.values - mean) ** 2))
    return mean, scale if scale > 1e-12 * max(abs(mean), 1e-300) else 1.0


def _excess_kurtosis(x: Counts) -> float:
    if x.n < 4:
        return 0.0
    mean, scale = _moments(x)
    squares = ((x.values - mean) / scale) ** 2
    return x.mean(squares**2) - 3  # a fourth power at once takes ten times as long
