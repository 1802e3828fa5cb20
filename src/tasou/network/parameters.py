"""All parameters in one flat vector theta, with W[l] and b[l] as views into it.

The weights of all layers come first, then all biases: so the L2 penalty and weight decay, which spare the biases,
are slices, and optimizers, L-BFGS, checkpoints and sums over machines see one array.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]


class Layer(NamedTuple):
    """W[l] of shape (n_l, n_{l-1}), one row per unit, and b[l] of shape (n_l,)."""

    W: Array
    b: Array


class Parameters:
    """A flat vector with the shapes of a network: its parameters, a gradient, or an optimizer's memory.

    Parameters
    ----------
    sizes
        units per layer, inputs first: (n_0, n_1, …, n_L)
    dtype
        float32 or float64
    theta
        the flat vector to view; zeros if not given

    Examples
    --------
    >>> p = Parameters((2, 10, 3))
    >>> p[1].W.shape, p[2].b.shape, p.theta.size
    ((10, 2), (3,), 63)
    >>> p[2].b[:] = 1.0
    >>> float(p.theta.sum())
    3.0
    """

    def __init__(
        self, sizes: Sequence[int], dtype: DTypeLike = np.float64, theta: Array | None = None
    ) -> None:
        self.sizes = tuple(int(size) for size in sizes)
        shapes = [(n_out, n_in) for n_in, n_out in pairwise(self.sizes)]
        n_weights = sum(n_out * n_in for n_out, n_in in shapes)
        n_biases = sum(n_out for n_out, _ in shapes)
        self.theta: Array = np.zeros(n_weights + n_biases, dtype) if theta is None else theta
        self.weights: Array = self.theta[:n_weights]
        self.biases: Array = self.theta[n_weights:]
        self._layers = list(self._views(shapes))

    def _views(self, shapes: Sequence[tuple[int, int]]) -> Iterator[Layer]:
        w = b = 0
        for n_out, n_in in shapes:
            W = self.weights[w : w + n_out * n_in].reshape(n_out, n_in)
            yield Layer(W, self.biases[b : b + n_out])
            w, b = w + n_out * n_in, b + n_out

    def __getitem__(self, layer: int) -> Layer:
        """The layer's W and b; layers count from 1, as in the lecture."""
        if not 1 <= layer <= len(self):
            raise IndexError(f"layers count from 1 to {len(self)}, got {layer}")
        return self._layers[layer - 1]

    def __len__(self) -> int:
        return len(self._layers)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self._layers)

    def __reduce__(self) -> tuple[Any, ...]:
        return Parameters, (self.sizes, self.theta.dtype, self.theta)  # a copy views its own vector

    def like(self) -> Parameters:
        """Zeros of the same shapes and dtype."""
        return Parameters(self.sizes, self.theta.dtype)
