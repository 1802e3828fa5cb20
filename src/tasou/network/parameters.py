"""All parameters in one flat vector theta, with W[l] and b[l] as views into it.

What penalties shrink (the weights of all layers) comes first, then all the rest (the biases): so the L2 penalty and
weight decay are slices, and optimizers, L-BFGS, checkpoints and sums over machines see one array.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from tasou.errors import OutOfRange
from tasou.messages import Message
from tasou.network.layout import Layout

LAYER_FROM_1 = Message(
    "parameters.layer_from_1",
    en="layers count from 1 to {last}, got {layer}",
    ja="層の番号は1から {last} までです（{layer} は使えません）",
)

Array = NDArray[Any]


class Parameters:
    """A flat vector with the shapes of a network: its parameters, a gradient, or an optimizer's memory.

    Parameters
    ----------
    layout
        a `Layout`, or the units per layer of a plain network, inputs first: (n_0, n_1, …, n_L)
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
        self, layout: Layout | Sequence[int], dtype: DTypeLike = np.float64, theta: Array | None = None
    ) -> None:
        self.layout = layout if isinstance(layout, Layout) else Layout.of_sizes(layout)
        self.theta: Array = np.zeros(self.layout.size, dtype) if theta is None else theta
        n = self.layout.n_decaying
        self.weights: Array = self.theta[:n]
        """what penalties shrink"""
        self.biases: Array = self.theta[n:]
        """all the rest"""

    @cached_property
    def by_layer(self) -> list[Any]:
        """Each layer's parameters by name; an optimizer's memory, say, is never asked for them."""
        return list(self.layout.views(self.theta))

    def __getitem__(self, layer: int) -> Any:
        """The layer's parameters by name, ``.W`` and ``.b``; layers count from 1, as in the lecture."""
        if not 1 <= layer <= len(self):
            raise OutOfRange(LAYER_FROM_1, last=len(self), layer=layer)
        return self.by_layer[layer - 1]

    def __len__(self) -> int:
        return self.layout.n_layers

    def __iter__(self) -> Iterator[Any]:
        return iter(self.by_layer)

    def __repr__(self) -> str:
        shapes = ", ".join(f"{place.symbol} {place.shape.of}" for place in self.layout.places)
        return f"Parameters({self.theta.size} numbers, {self.theta.dtype}: {shapes})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Parameters, (self.layout, self.theta.dtype, self.theta)  # a copy views its own vector

    def like(self) -> Parameters:
        """Zeros of the same shapes and dtype."""
        return Parameters(self.layout, self.theta.dtype)
