"""The dense layer: z = W a + b, activated; forward and backward by the four equations of the lecture (3.2, 5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from tasou.backends.verbs import Random, Verbs
from tasou.formulas import activations, dropout, initializers
from tasou.formulas.activations import Activation
from tasou.formulas.initializers import Initializer
from tasou.layers._card import Layer, Shape
from tasou.layers._checks import share, units
from tasou.layers._drawing import drawn
from tasou.layers._record import Record
from tasou.layers._size import Size, numbers


@dataclass(frozen=True)
class Dense(Layer):
    """z[l] = a[l-1] W[l]ᵀ + b[l], a[l] = f(z[l]), with a share of a[l] silenced in training.

    An image or a sequence is taken as the row of its numbers.

    Parameters
    ----------
    units
        how many there are: n_l
    activation
        f, a name or an `Activation`
    dropout
        share of the units that are silent in a step of training
    bias
        whether there is a b; without, it stays 0
    rates
        factors of the learning rate of W and of b

    Raises
    ------
    TasouError
        units or a share that make no layer
    UnknownName
        an activation that is not registered

    Examples
    --------
    >>> Dense(10, "relu").shapes(2)
    {'W': Shape(of=(10, 2), decays=True, rate=1.0), 'b': Shape(of=(10,), decays=False, rate=1.0)}
    """

    units: int
    activation: str | Activation = "identity"
    dropout: float = 0.0
    bias: bool = True
    rates: tuple[float, float] = (1.0, 1.0)
    drawn: ClassVar[bool] = True
    takes_sparse: ClassVar[bool] = True
    latex: ClassVar[str] = r"f(W a + b)"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "Every unit looks at every input: dot product, bias, activation.",
        "ja": "すべてのユニットがすべての入力を見る全結合層。内積をとり、バイアスを足し、活性化する。",
    }

    def __post_init__(self) -> None:
        units(self.units)
        share(self.dropout)
        self.f  # noqa: B018 - a name that is not registered is refused here

    def __repr__(self) -> str:
        name = self.activation if isinstance(self.activation, str) else self.activation.label
        more = (f", dropout={self.dropout}" if self.dropout else "") + ("" if self.bias else ", bias=False")
        more += "" if self.rates == (1, 1) else f", rates={self.rates}"
        return f"Dense(units={self.units}, activation={name!r}{more})"

    @cached_property
    def f(self) -> Activation:
        """The activation itself."""
        return activations.get(self.activation)

    @cached_property
    def linear(self) -> bool:
        """Whether a[l] is z[l] itself."""
        return self.f.name == "identity"

    @property
    def label(self) -> str:
        """The activation's name, with its constants."""
        return self.f.label

    @property
    def draws(self) -> bool:
        """Whether units are silenced."""
        return self.dropout > 0

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """W, a row per unit: (units, n); b: (units,). Penalties shrink W alone."""
        of_W, of_b = self.rates
        W = Shape((self.units, numbers(n)), decays=True, rate=of_W)
        return {"W": W, "b": Shape((self.units,), rate=of_b)}

    def width(self, n: Size) -> int:
        """The number of units."""
        return self.units

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:
        """W, then b, as the initializer says; by default the one that suits the activation.

        W is drawn as (n, units) and transposed: the order in which scikit-learn draws, so that the same seed gives the
        same weights.
        """
        chosen = initializers.get(init or self.f.suitable)
        n_out, n_in = p.W.shape
        size = chosen.size(n_in, n_out)
        p.W[...] = drawn(chosen, size, (n_in, n_out), rng).T
        p.b[...] = drawn(chosen, size, (n_out,), rng) if chosen.biases and self.bias else 0

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """z[l] = a[l-1] W[l]ᵀ + b[l];  a[l] = f(z[l]), then dropout."""
        t.z = do.product(a, p.W.T, into=t.z)
        t.z = do.add(t.z, p.b, into=t.z)
        t.f = t.z if self.linear else do.apply(self.f.f, t.z, into=t.f)
        return self.drop(do, t) if self.dropout else t.f

    def drop(self, do: Verbs, t: Record) -> Any:
        """a[l] = f(z[l]) ⊙ m, the mask drawn anew for each batch; in prediction nothing is dropped."""
        t.mask = do.draw(dropout.mask, self.dropout, like=t.f, into=t.mask)
        t.dropped = do.times(t.f, t.mask, into=t.dropped)
        return t.dropped

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """δ[l], then ∂L/∂W[l] and ∂L/∂b[l], then ∂L/∂a[l-1]."""
        self.local_error(do, t, g)
        self.gradients(do, t, a, d)
        return self.pass_back(do, p, t) if back else None

    def local_error(self, do: Verbs, t: Record, g: Any) -> None:
        """δ[l] = ∂L/∂a[l] ⊙ f'(z[l]), in the memory of ∂L/∂a[l]."""
        if self.dropout:
            g = do.times(g, t.mask, into=g)
        t.delta = g if self.linear else do.scaled(g, self.f.slope, t.z, t.f, into=g)

    def gradients(self, do: Verbs, t: Record, a: Any, d: Any) -> None:
        """∂L/∂W[l] = δ[l]ᵀ a[l-1];  ∂L/∂b[l] = Σ δ[l], summed over the rows of the batch."""
        d.W = do.product(t.delta.T, a, into=d.W)
        d.b = do.total(t.delta, into=d.b)
        if not self.bias:
            d.b = do.zeros(d.b, into=d.b)

    def pass_back(self, do: Verbs, p: Any, t: Record) -> Any:
        """∂L/∂a[l-1] = δ[l] W[l]."""
        t.back = do.product(t.delta, p.W, into=t.back)
        return t.back
