"""How good each member would be alone: judged, like everything else, by rows that were kept out of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.out_of_fold import OutOfFold
from tasou.formulas import blending
from tasou.tabular.aims import Aim

Array = NDArray[np.floating]


class Single(NamedTuple):
    """One member on the rows kept out of it, beside the whole ensemble on the same rows.

    The loss is the log-loss of classes and labels, the mean squared error of numbers in their unit, half the deviance
    of counts, the quantile loss; ``right`` is the share of classes that were named rightly, None where there are none.
    """

    loss: float
    whole: float
    right: float | None = None
    whole_right: float | None = None

    @property
    def cost(self) -> float:
        """How much loss the others would have saved."""
        return self.loss - self.whole


def singles(
    oof: OutOfFold, whole: Array, y: Array, aim: Aim, alone: Callable[[Array], Array]
) -> list[Single]:
    """Each member by itself.

    Parameters
    ----------
    oof
        what is averaged of the members' answers, for rows kept out of them
    whole
        (n, K) what the ensemble says of each row, by members that have not seen it
    y
        (n,) numbers of classes, or (n, K) numbers
    aim
        what was learnt
    alone
        what the ensemble would say if one member's answers (m, K) were all
    """
    if not all(map(len, oof.held)):  # fewer rows than folds
        return []
    found, start = [], 0
    for rows in oof.held:
        said = alone(oof.said[start : start + len(rows)])
        start += len(rows)
        loss, right = _judged(said, y[rows], aim)
        of_all, all_right = _judged(whole[rows], y[rows], aim)
        found.append(Single(loss, of_all, right, all_right))
    return found


def best(found: list[Single]) -> int:
    """The member that costs least in place of all: rows kept out of another may have been harder.

    >>> best([Single(0.5, 0.2), Single(0.6, 0.5)])
    1
    """
    return int(np.argmin([one.cost for one in found]))


def typical(found: list[Single]) -> Single:
    """What a member is worth on average: of the best one, on few rows, too much would be believed.

    >>> typical([Single(0.5, 0.25), Single(0.25, 0.25)])
    Single(loss=0.375, whole=0.25, right=None, whole_right=None)
    """
    means = (None if None in values else float(np.mean(values)) for values in zip(*found, strict=True))
    return Single(*means)  # type: ignore[arg-type]


def _judged(said: Array, y: Array, aim: Aim) -> tuple[float, float | None]:
    """The mean loss, and of classes the share of right ones."""
    if not aim.probabilities:
        return float(aim.judged(said, y.reshape(len(y), -1), np).mean()), None
    loss = blending.log_loss(blending.logarithms(said, np), y, np)
    return float(loss.mean()), float((said.argmax(axis=1) == y).mean())
