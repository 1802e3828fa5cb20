"""One dense layer: forward and backward side by side, the four equations of the lecture (3.2, 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends import NumpyBackend, current
from tasou.formulas import dropout
from tasou.formulas.activations import Activation
from tasou.network.parameters import Layer

if TYPE_CHECKING:
    from tasou.network.trace import LayerTrace

Array = NDArray[Any]
Random = np.random.Generator | np.random.RandomState


@dataclass(frozen=True)
class Dense:
    """Layer l: z[l] = a[l-1] W[l]ᵀ + b[l], a[l] = f(z[l]), with the share ``dropout`` of a[l] silenced in training."""

    l: int
    parameters: Layer
    activation: Activation
    dropout: float = 0.0

    @property
    def W(self) -> Array:
        """Weights, one row per unit: (n_l, n_{l-1})."""
        return self.parameters.W

    @property
    def b(self) -> Array:
        """Biases: (n_l,)."""
        return self.parameters.b

    @property
    def backend(self) -> NumpyBackend:
        """What evaluates the formulas."""
        return current()

    @property
    def linear(self) -> bool:
        """Whether a[l] is z[l] itself."""
        return self.activation.name == "identity"

    def forward(self, a_prev: Any, t: LayerTrace, rng: Random | None = None) -> None:
        """z[l] = a[l-1] W[l]ᵀ + b[l];  a[l] = f(z[l]), then dropout where a random stream is given."""
        self.backend.product(a_prev, self.W.T, out=t.z)
        t.z += self.b
        if not self.linear:
            self.backend.apply(self.activation.f, t.z, out=t.f)
        if self.dropout:
            self._drop(t, rng)

    def _drop(self, t: LayerTrace, rng: Random | None) -> None:
        """a[l] = f(z[l]) ⊙ mask, drawn anew for each batch; without a random stream nothing is dropped."""
        if rng is None:
            t.mask[...] = 1
        else:
            t.mask[...] = dropout.mask(rng.random(t.mask.shape), self.dropout)
        np.multiply(t.f, t.mask, out=t.a)

    def local_error(self, t: LayerTrace) -> None:
        """δ[l] = ∂L/∂a[l] ⊙ f'(z[l]); ``t.delta`` holds ∂L/∂a[l] before and δ[l] after."""
        if self.dropout:
            t.delta *= t.mask
        if not self.linear:
            self.backend.multiply(self.activation.slope, t.z, t.f, out=t.delta)

    def gradients(self, a_prev: Any, t: LayerTrace) -> None:
        """∂L/∂W[l] = δ[l]ᵀ a[l-1];  ∂L/∂b[l] = Σ δ[l], summed over the rows of the batch."""
        self.backend.product_into_rows(t.delta, a_prev, out=t.grad.W)
        np.sum(t.delta, axis=0, out=t.grad.b)

    def pass_back(self, t: LayerTrace, out: Array) -> None:
        """∂L/∂a[l-1] = δ[l] W[l]."""
        self.backend.product(t.delta, self.W, out=out)
