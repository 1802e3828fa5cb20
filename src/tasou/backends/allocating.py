"""Verbs that lay out memory and compute nothing: a network's working memory is what its layers would write into."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike

from tasou.backends.verbs import Formula, Random


class Allocating:
    """Each verb returns ``into``, or an array of the shape it would have, its numbers undefined.

    >>> do = Allocating(np.float32)
    >>> A = np.empty((5, 2), np.float32)
    >>> do.product(A, np.empty((2, 3))).shape, do.apply(abs, A).dtype.name
    ((5, 3), 'float32')
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self.dtype = np.dtype(dtype)

    def product(self, A: Any, B: Any, into: Any = None) -> Any:
        """Rows of A, columns of B."""
        return np.empty((A.shape[0], B.shape[1]), self.dtype) if into is None else into

    def apply(self, formula: Formula, *arrays: Any, into: Any = None) -> Any:
        """As the first array."""
        return self._like(arrays[0], into)

    def scaled(self, A: Any, formula: Formula, *arrays: Any, into: Any = None) -> Any:
        """As A."""
        return self._like(A, into)

    def add(self, A: Any, B: Any, into: Any = None) -> Any:
        """As A."""
        return self._like(A, into)

    def times(self, A: Any, B: Any, into: Any = None) -> Any:
        """As A."""
        return self._like(A, into)

    def total(self, A: Any, into: Any = None) -> Any:
        """As one row of A."""
        return np.empty(A.shape[1:], self.dtype) if into is None else into

    def zeros(self, like: Any, into: Any = None) -> Any:
        """As ``like``."""
        return self._like(like, into)

    def draw(self, formula: Formula, *constants: float, like: Any, into: Any = None) -> Any:
        """As ``like``."""
        return self._like(like, into)

    def drawing_from(self, rng: Random | None) -> Self:
        """The same: nothing is drawn."""
        return self

    def _like(self, array: Any, into: Any) -> Any:
        return np.empty(array.shape, self.dtype) if into is None else into
