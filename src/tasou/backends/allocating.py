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
        stack = np.broadcast_shapes(A.shape[:-2], B.shape[:-2])
        return self._of((*stack, A.shape[-2], B.shape[-1]), into)

    def apply(self, formula: Formula, *arrays: Any, into: Any = None) -> Any:
        """As all arrays together."""
        return self._of(np.broadcast_shapes(*(array.shape for array in arrays)), into)

    def scaled(self, A: Any, formula: Formula, *arrays: Any, into: Any = None) -> Any:
        """As A."""
        return self._like(A, into)

    def add(self, A: Any, B: Any, into: Any = None) -> Any:
        """As both together."""
        return self._of(np.broadcast_shapes(A.shape, B.shape), into)

    def times(self, A: Any, B: Any, into: Any = None) -> Any:
        """As both together."""
        return self._of(np.broadcast_shapes(A.shape, B.shape), into)

    def total(self, A: Any, into: Any = None) -> Any:
        """As one row of A."""
        return self._of(A.shape[-1:], into)

    def zeros(self, like: Any, into: Any = None) -> Any:
        """As ``like``."""
        return self._like(like, into)

    def draw(self, formula: Formula, *constants: float, like: Any, into: Any = None) -> Any:
        """As ``like``."""
        return self._like(like, into)

    def constant(self, values: Any, like: Any) -> Any:
        """The numbers themselves."""
        return np.asarray(values, self.dtype)

    def joined(self, *arrays: Any, into: Any = None) -> Any:
        """Side by side."""
        return self._of((*arrays[0].shape[:-1], sum(array.shape[-1] for array in arrays)), into)

    def take(self, A: Any, index: Any, into: Any = None) -> Any:
        """As many columns as indices."""
        return self._of((*A.shape[:-1], len(index)), into)

    def put(self, G: Any, index: Any, width: int, into: Any = None) -> Any:
        """As many columns as there were to take from."""
        return self._of((*G.shape[:-1], width), into)

    def pick(self, E: Any, codes: Any, into: Any = None) -> Any:
        """A row of E for every code."""
        return self._of((*codes.shape, *E.shape[1:]), into)

    def spread(self, G: Any, codes: Any, rows: int, into: Any = None) -> Any:
        """So many rows as the table has."""
        return self._of((rows, *G.shape[codes.ndim :]), into)

    def reshaped(self, A: Any, *shape: int) -> Any:
        """The same memory in another shape."""
        return A.reshape(shape)

    def columns(self, A: Any, start: int, stop: int) -> Any:
        """A part of the same memory."""
        return A[..., start:stop]

    def drawing_from(self, rng: Random | None) -> Self:
        """The same: nothing is drawn."""
        return self

    def _like(self, array: Any, into: Any) -> Any:
        return self._of(array.shape, into)

    def _of(self, shape: tuple[int, ...], into: Any) -> Any:
        return np.empty(shape, self.dtype) if into is None else into
