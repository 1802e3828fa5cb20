"""scikit-learn's order of the samples in its stochastic linear models, so that equal seeds give equal weights.

The generator is Marsaglia's 32-bit xorshift. Every epoch starts it with the same seed and shuffles the order of the
epoch before: it is one permutation, applied once more each time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]


class SampleOrder:
    """The order in which the training rows are walked, a new one at each ``shuffle``.

    Parameters
    ----------
    rows
        True for the rows that are learnt from; the others are passed over
    random_state
        where the seed comes from
    """

    def __init__(self, rows: NDArray[np.bool_], random_state: np.random.RandomState) -> None:
        largest = np.iinfo(np.int32).max
        random_state.randint(1, largest)  # scikit-learn draws one number for another purpose first
        self.permutation = permutation(len(rows), int(random_state.randint(largest)))
        self.order: Rows = np.arange(len(rows))
        self.rows, self.position = rows, np.cumsum(rows) - 1

    def shuffle(self, order: Rows) -> None:
        """Write the next epoch's order into the array: positions among the training rows."""
        self.order = self.order[self.permutation]
        order[...] = self.position[self.order[self.rows[self.order]]]


def permutation(n: int, seed: int) -> Rows:
    """Fisher and Yates' shuffle of 0 … n-1, drawn by xorshift (Marsaglia 2003, "Xorshift RNGs").

    >>> permutation(5, seed=1).tolist()
    [4, 2, 3, 0, 1]
    """
    index, state = list(range(n)), seed or 1
    for i in range(n - 1):
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        j = i + (state & 0x7FFFFFFF) % (n - i)
        index[i], index[j] = index[j], index[i]
    return np.array(index, np.intp)
