"""The joint choice stage by stage: whether the newest snapshots are worth what they cost, and what is best so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.choice import Choice, Loss, candidates, choose
from tasou.ensembles.folds import Random
from tasou.ensembles.members import Member, moments_of
from tasou.ensembles.out_of_fold import OutOfFold
from tasou.formulas import blending

Array = NDArray[Any]

MOST_JUDGED = 50_000
"""rows kept out that the choice is made by, at most"""
LEAST_GAINS = (0.002, 0.05)
"""share of the loss to expect that the newest snapshots must have saved, or there will be no further ones: after the
first stage, and after later ones"""


class Judge:
    """Chooses among the snapshots that there are, as often as there are new ones; every set is looked at once.

    Where the newest snapshots bring (next to) nothing, further ones would not either: members that fit the rows they
    learn from ever better, and others no better, have learnt enough.

    Parameters
    ----------
    y, classes, weight, loss, least_saved
        as `choose` takes them
    rng
        draws the rows that judge where there are very many
    second
        what the second model says of every row, from what it has learnt

    Attributes
    ----------
    choice
        the best so far
    """

    def __init__(
        self,
        y: Array,
        *,
        classes: bool,
        rng: Random,
        weight: Array | None = None,
        loss: Loss = blending.squared_error,
        second: Callable[[Any], Array] = np.asarray,
        least_saved: float = 0.0,
    ) -> None:
        self.y, self.classes, self.rng, self.weight, self.loss = y, classes, rng, weight, loss
        self.second, self.least_saved = second, least_saved
        self.choice = Choice((0,))
        self._judged = self._stages = 0
        self._wanted: NDArray[np.bool_] | None = None

    def __call__(self, members: Sequence[Member], second: Any) -> bool:
        """Whether the newest snapshots have saved enough of the loss to expect that others may, too."""
        moments = self._judging(moments_of(members, len(self.y)))
        beside = None if second is None else self.second(second)
        gain = 0.0
        for newest in range(self._judged, len(moments)):
            found = choose(
                moments,
                self.y,
                len(members),
                classes=self.classes,
                second=beside,
                weight=self.weight,
                loss=self.loss,
                least_saved=self.least_saved,
                sets=[chosen for chosen in candidates(len(moments)) if chosen[-1] == newest],
            )
            gain = self.choice.loss - found.loss  # of the first, infinite
            if gain >= 0:
                gain, self.choice = gain / max(self.choice.loss, np.finfo(float).tiny), found
        least = LEAST_GAINS[min(self._stages, len(LEAST_GAINS) - 1)]
        self._judged, self._stages = len(moments), self._stages + 1
        return gain > least

    def _judging(self, moments: list[OutOfFold]) -> list[OutOfFold]:
        """At most 50,000 of the rows that were kept out, drawn: enough to choose by."""
        if self._wanted is None:
            covered = np.flatnonzero(moments[0].covered)
            self._wanted = np.zeros(moments[0].n, bool)
            self._wanted[self.rng.permutation(covered)[:MOST_JUDGED]] = True
            if len(covered) <= MOST_JUDGED:
                self._wanted[:] = True
        return moments if self._wanted.all() else [moment.of_rows(self._wanted) for moment in moments]
