"""The record of a step: z[l], a[l], δ[l], ∇W[l], ∇b[l] of one batch, in the very buffers the step works in.

Looking inside is reading these arrays: nothing is copied and nothing is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.network.parameters import Layer, Parameters

if TYPE_CHECKING:
    from tasou.network.ledger import Ledger
    from tasou.network.network import Network

Array = NDArray[Any]


@dataclass
class LayerTrace:
    """What layer l holds: rows are the samples of the batch."""

    z: Array
    """pre-activation z[l] = a[l-1] W[l]ᵀ + b[l], shape (n, n_l)"""
    f: Array
    """f(z[l]); z[l] itself if the layer has no activation"""
    a: Array
    """activation a[l]: f(z[l]) after dropout; for the last layer the prediction ŷ"""
    delta: Array
    """local error δ[l] = ∂L/∂z[l], shape (n, n_l), of the summed loss"""
    grad: Layer
    """∇W[l] and ∇b[l], summed over the batch"""
    mask: Array
    """dropout's factors; empty where the layer drops nothing"""

    def rows(self, n: int) -> LayerTrace:
        """The first n rows, in the same memory."""
        return LayerTrace(self.z[:n], self.f[:n], self.a[:n], self.delta[:n], self.grad, self.mask[:n])


class Trace:
    """Everything a forward and a backward pass compute, layer by layer.

    ``trace[0].a`` is the input, ``trace[l].z``, ``.a``, ``.delta`` the values of layer l (from 1, as in the lecture),
    ``trace.grad[l].W`` and ``.b`` the gradient; ``trace.y_hat`` the prediction, ``trace.loss`` the summed loss.

    Examples
    --------
    >>> import numpy as np
    >>> from tasou.network import Network
    >>> network = Network((2, 10, 3), rng=0)
    >>> trace = network.forward(np.ones((5, 2)))
    >>> trace[1].z.shape, trace.y_hat.sum(axis=1).round(6).tolist()
    ((5, 10), [1.0, 1.0, 1.0, 1.0, 1.0])
    """

    def __init__(self, network: Network, n: int) -> None:
        self.network, self.n = network, n
        self.grad = Parameters(network.sizes, network.dtype)
        self.x: Any = np.empty((0, network.sizes[0]), network.dtype)
        self.y: Array | None = None
        self.sample_weight: Array | None = None
        self.loss = float("nan")
        self.layers = [self._layer(l, n) for l in range(1, len(network.sizes))]
        self._parts: dict[int, Trace] = {}

    def _layer(self, l: int, n: int) -> LayerTrace:
        layer, shape, dtype = self.network[l], (n, self.network.sizes[l]), self.network.dtype
        z = np.empty(shape, dtype)
        f = z if layer.linear else np.empty(shape, dtype)
        a = np.empty(shape, dtype) if layer.dropout or l == self.network.L else f
        mask = np.empty(shape if layer.dropout else (n, 0), dtype)
        return LayerTrace(z, f, a, np.empty(shape, dtype), self.grad[l], mask)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """A copy's arrays share memory with one another as the original's do."""
        self.__dict__.update(state, _parts={})
        for layer, t, grad in zip(self.network.layers, self.layers, self.grad, strict=True):
            t.grad = grad
            t.f = t.z if layer.linear else t.f
            t.a = t.a if layer.dropout or layer.l == self.network.L else t.f

    def first(self, n: int) -> Trace:
        """The trace for batches of n rows, n at most its own, in the same memory."""
        if n == self.n:
            return self
        if n not in self._parts:
            part = object.__new__(Trace)
            part.__dict__.update(
                self.__dict__, n=n, layers=[layer.rows(n) for layer in self.layers], _parts={}
            )
            self._parts[n] = part
        return self._parts[n]

    def __getitem__(self, l: int) -> Any:
        """Layer l's record; layer 0 is the input, whose ``.a`` is x."""
        if not 0 <= l <= len(self.layers):
            raise IndexError(f"layers count from 0 (the input) to {len(self.layers)}, got {l}")
        return _Input(self.x) if l == 0 else self.layers[l - 1]

    @property
    def raw(self) -> Array:
        """The values f[L](z[L]) that the loss is written in, before its output function: shape (n, K)."""
        return self.layers[-1].f

    @property
    def y_hat(self) -> Array:
        """The prediction ŷ = a[L]: shape (n, K)."""
        return self.layers[-1].a

    @property
    def total_weight(self) -> float:
        """The number of samples, or the sum of their weights: what turns the sums into means."""
        return (
            float(self.n)
            if self.sample_weight is None
            else float(np.sum(self.sample_weight, dtype=np.float64))
        )

    def table(
        self, sample: int | None = 0, *, lr: float | None = None, lang: str | None = None, digits: int = 4
    ) -> Ledger:
        """Every number of the step as the lecture writes it: symbol, formula, formula with numbers, value, shape.

        ``sample`` is the row of the batch; ``None`` shows the batch as a whole (gradients summed over it). With a
        learning rate ``lr`` the update that would follow is shown too. See `Ledger` for its many forms.
        """
        from tasou.network.ledger import ledger

        return ledger(self, sample, lr=lr, lang=lang, digits=digits)


@dataclass(frozen=True)
class _Input:
    a: Any
