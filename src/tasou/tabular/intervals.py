"""Prediction intervals from the errors that were made on rows kept out (split by the folds of the ensemble)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.formulas import conformal
from tasou.messages import Message
from tasou.tabular.spread import POWERS, Spread

Array = NDArray[Any]

COVERAGE = Message(
    "tabular.coverage",
    en="coverage must lie between 0 and 1, not {coverage}",
    ja="coverage は 0 と 1 の間の値にしてください（{coverage} が渡されました）",
)
FEW = Message(
    "tabular.few_for_coverage",
    en="{n} rows kept out are too few for a coverage of {coverage:g}: the interval reaches as far as the largest error",
    ja="学習に使わなかった行が {n} 行しかなく、coverage={coverage:g} には足りません。"
    "区間は最大の誤差までの広さになります",
)
MOST = 4_000
"""scores that are kept of each side"""


@dataclass(frozen=True, eq=False)
class Side:
    """The scores of rows kept out on one side, ascending, and the share of rows that are at most there."""

    scores: Array
    shares: Array

    @classmethod
    def of(cls, scores: Array, weight: Array) -> Side:
        """Sorted, and of very many only some."""
        order = np.argsort(scores, kind="stable")
        shares = conformal.shares(weight[order], np)
        kept = np.unique(np.linspace(0, len(order) - 1, min(len(order), MOST)).round().astype(np.int64))
        return cls(scores[order][kept], shares[kept])

    def reach(self, share: float) -> float:
        """The score that this share of rows does not exceed; the largest where there are too few."""
        return float(self.scores[int(conformal.reached(self.shares, share, np))])


@dataclass(frozen=True, eq=False)
class Intervals:
    """How far the truth lies from what is said, by output and side.

    Attributes
    ----------
    below, above
        for each output, the scores on either side
    spread
        what is expected of a row's error, by its columns; None: the same for all rows
    n
        how many rows were kept out
    least
        no interval reaches below it
    """

    below: tuple[Side, ...]
    above: tuple[Side, ...]
    spread: Spread | None
    n: int
    least: float = -np.inf

    @classmethod
    def fit(
        cls,
        low: Array,
        high: Array,
        y: Array,
        *,
        weight: Array | None = None,
        spread: Spread | None = None,
        sigma: Array | None = None,
        least: float = -np.inf,
    ) -> Intervals:
        """Of what was said (n, K) of rows kept out, and their y (n, K); sigma (n, K) as expected of rows kept out.

        >>> said = np.zeros((99, 1))
        >>> found = Intervals.fit(said, said, np.linspace(-49, 49, 99)[:, None])
        >>> found.around(np.zeros((1, 1)), np.zeros((1, 1)), None, 0.9).tolist()
        [[[-45.0, 45.0]]]
        """
        v = np.ones(len(y)) if weight is None else np.asarray(weight, np.float64)
        below, above = conformal.scores(y, low, high, 1.0 if sigma is None else sigma)
        used = v > 0
        sides = [tuple(Side.of(column[used], v[used]) for column in scores.T) for scores in (below, above)]
        return cls(sides[0], sides[1], spread, int(used.sum()), least)

    @classmethod
    def narrowest(
        cls, low: Array, high: Array, y: Array, spread: tuple[Spread, Array] | None, **more: Any
    ) -> Intervals:
        """With the spread of errors, with its root, or without: what leaves 90 % the least room on average."""
        tried: list[tuple[Intervals, Array | None]] = [(cls.fit(low, high, y, **more), None)]
        if spread is not None:
            for power in POWERS:
                sigma = spread[1][:, None] ** power
                found = cls.fit(low, high, y, spread=replace(spread[0], power=power), sigma=sigma, **more)
                tried.append((found, sigma))
        widths = [float(np.diff(found.around(low, high, sigma, 0.9)).mean()) for found, sigma in tried]
        return tried[int(np.argmin(widths))][0]

    def holds(self, coverage: float) -> bool:
        """Whether there are rows enough to promise a coverage."""
        return bool((1 + coverage) / 2 <= self.below[0].shares[-1] + 1e-12)

    def around(self, low: Array, high: Array, sigma: Array | None, coverage: float) -> Array:
        """(n, K, 2) the ends of the intervals; half of what is left out on either side.

        Raises
        ------
        TasouError
            a coverage outside of 0 to 1
        """
        if not 0 < coverage < 1:
            raise TasouError(COVERAGE, coverage=coverage)
        share = (1 + coverage) / 2
        below, above = (np.array([side.reach(share) for side in sides]) for sides in (self.below, self.above))
        ends = conformal.interval(low, high, below, above, 1.0 if sigma is None else sigma)
        return np.asarray(np.maximum(np.sort(np.stack(ends, axis=-1), axis=-1), self.least))
