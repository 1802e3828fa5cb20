"""Which rows of a table a member learns from, what they weigh, and which are kept out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.folds import Codes, Holdout, Random, holdouts, partition
from tasou.errors import TasouError
from tasou.messages import Message
from tasou.tabular.presets import Preset

Array = NDArray[Any]

FEW_WEIGHTS = Message(
    "tabular.few_weights",
    en="sample_weight is above 0 in {n} {n:row|rows} alone: with some rows kept out, nothing is left to learn from; "
    "give more rows a weight, or learn from those {n} without sample_weight",
    ja="sample_weight が 0 より大きい行は {n} 行だけで、検証用の行を除くと学習できる行が残りません。"
    "重みのある行を増やすか、その {n} 行だけを sample_weight なしで学習してください",
)
FEWEST = 8
"""rows that are left to a member where there is next to no time"""


@dataclass
class Parts:
    """How rows are kept together, what they weigh, and which are kept out of all members."""

    weight: Array | None = None
    groups: Codes | None = None
    judging: int = 0
    """of so many rows, the last ones, nobody learns: they judge, in place of folds"""

    def judged_by(self, rows: int) -> Parts:
        """With so many rows more, which all members are judged by; they weigh like the others on average."""
        weight = None if self.weight is None else np.append(self.weight, np.ones(rows))
        return Parts(weight, None, rows)

    def of(self, rows: slice) -> Parts:
        """Of some rows alone."""
        weight, groups = (None if each is None else each[rows] for each in (self.weight, self.groups))
        return Parts(weight, groups)

    def folds(self, wanted: int) -> int:
        """As many as wanted, or as there are groups; two at least, or nothing could be kept out.

        >>> Parts().folds(8), Parts(groups=np.array([0, 1, 2, 2])).folds(8)
        (8, 3)
        """
        return wanted if self.groups is None else max(2, min(wanted, len(np.unique(self.groups))))

    def deal(self, n: int, members: int, preset: Preset, strata: Codes | None, rng: Random) -> list[Holdout]:
        """Which of n rows each of so many members learns from, and which are kept out of it."""
        if self.judging:
            return [Holdout.of(np.arange(n) >= n - self.judging)] * members
        folds, each = preset.holdouts_of(n)
        found = holdouts(
            n, members, rng, folds=self.folds(folds), each=each, strata=strata, groups=self.groups
        )
        for out in found:
            self.check(out.kept)
        return found

    def check(self, kept: Codes) -> None:
        """Raise `TasouError` unless one of the rows that are learnt from weighs something."""
        if self.weight is not None and len(kept) and not self.weight[kept].any():
            raise TasouError(FEW_WEIGHTS, n=int(np.count_nonzero(self.weight)))

    def partition(self, n: int, folds: int, strata: Codes | None, rng: Random) -> Codes:
        """(n,) the fold of each row, of so many folds; −1 for rows that are never kept out."""
        if self.judging:
            return np.where(np.arange(n) < n - self.judging, -1, 0)
        return partition(n, self.folds(folds), rng, strata=strata, groups=self.groups)


def spread(n: int, wanted: int, groups: int) -> list[int]:
    """Of n members in so many groups the numbers of those that remain: the first ones of each group, the last first.

    >>> spread(8, 4, 2), spread(8, 3, 2), spread(8, 1, 2), spread(4, 2, 1)
    ([0, 1, 4, 5], [0, 4, 5], [4], [0, 1])
    """
    each = n // groups
    order = [(place, -group) for group in range(groups) for place in range(each)]
    return sorted(each * -group + place for place, group in sorted(order)[:wanted])


def thinned(out: Holdout, share: float, rng: Random) -> Holdout:
    """A member that learns from a share of its rows only, and is judged by as small a share."""
    if share >= 1:
        return out
    kept, held = (rng.permutation(rows)[: max(FEWEST, int(share * len(rows)))] for rows in out)
    return Holdout(np.sort(kept), np.sort(held))
