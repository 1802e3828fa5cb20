"""What members say of rows that were kept out of them: the only honest answers of a training."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.folds import Codes

Array = NDArray[Any]


class OutOfFold:
    """Answers (rows, K) of each member for its rows kept out.

    Parameters
    ----------
    n
        how many rows there are in all
    held
        the rows kept out of each member
    answers
        what each member says of them: (rows kept out, K)

    Attributes
    ----------
    rows, said
        every answer by itself: whose row it is (m,), and what was said of it (m, K)
    covered
        (n,) whether a row was kept out of anybody
    r
        how many members a covered row was kept out of, on average

    Examples
    --------
    >>> oof = OutOfFold(3, [np.array([0, 1]), np.array([1])], [np.array([[1.0], [2.0]]), np.array([[4.0]])])
    >>> oof.mean.tolist(), oof.covered.tolist(), oof.r
    ([[1.0], [3.0]], [True, True, False], 1.5)
    """

    def __init__(self, n: int, held: Sequence[Codes], answers: Sequence[Array]) -> None:
        self.n, self.held = n, held
        self.rows = np.concatenate(list(held))
        self.said: Array = np.concatenate(list(answers))
        self._count()

    def _count(self) -> None:
        self._counts = np.bincount(self.rows, minlength=self.n)
        self.covered: NDArray[np.bool_] = self._counts > 0
        self.r = float(len(self.rows) / max(1, self.covered.sum()))

    @property
    def mean(self) -> Array:
        """(covered rows, K) the average of what was said of each."""
        sums = np.stack([np.bincount(self.rows, column, self.n) for column in self.said.T], axis=1)
        return np.asarray(sums[self.covered] / self._counts[self.covered, None])

    def averaged(self, others: Sequence[OutOfFold]) -> OutOfFold:
        """The same members at several moments: what they said then, averaged."""
        mean = OutOfFold.__new__(OutOfFold)
        mean.__dict__.update(self.__dict__)
        mean.said = sum((other.said for other in others), self.said.astype(np.float64)) / (1 + len(others))
        return mean

    def through(self, link: Callable[[Array], Array]) -> OutOfFold:
        """The same, each answer as ``link`` makes it fit to be averaged with others'."""
        linked = OutOfFold.__new__(OutOfFold)
        linked.__dict__.update(self.__dict__)
        linked.said = link(self.said)
        return linked

    def of_rows(self, wanted: NDArray[np.bool_]) -> OutOfFold:
        """What was said of some rows (n,) alone; they keep their numbers."""
        some = OutOfFold.__new__(OutOfFold)
        kept = wanted[self.rows]
        some.n, some.held, some.rows, some.said = self.n, self.held, self.rows[kept], self.said[kept]
        some._count()
        return some
