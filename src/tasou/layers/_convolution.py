"""What convolutions over sequences and over images share: a dense layer, with the same weights at every place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from tasou.backends.verbs import Random, Verbs
from tasou.formulas.activations import Activation
from tasou.formulas.initializers import Initializer
from tasou.layers import _checks, _sequences
from tasou.layers._card import Layer, Shape
from tasou.layers._record import Record
from tasou.layers._size import Size
from tasou.layers._windows import Windows, each, windows
from tasou.layers._written import Written
from tasou.layers.dense import Dense


@dataclass(frozen=True, repr=False)
class Convolution(Layer):
    """z[p] = W a[window p] + b for every place p, a[p] = f(z[p]): a `Dense` whose input is a window.

    The windows of a sample are laid out as the rows of a matrix (im2col), so that the four equations of the dense layer
    are computed once for all places, and the gradient of the shared weights is their sum over the places.
    """

    filters: int
    kernel: int | tuple[int, ...] = 3
    activation: str | Activation = "identity"
    stride: int | tuple[int, ...] = 1
    padding: str = "valid"
    bias: bool = True
    directions: ClassVar[int]
    """how many axes the windows slide along"""

    def __post_init__(self) -> None:
        _checks.whole(self.filters, "filters")
        for name in ("kernel", "stride"):
            object.__setattr__(self, name, _checks.each_way(getattr(self, name), name, self.directions))
        _checks.one_of(self.padding, "padding", ("valid", "same"))
        self.unit  # noqa: B018 - a name that is not registered is refused here

    def __repr__(self) -> str:
        name = self.activation if isinstance(self.activation, str) else self.activation.label
        given = {"stride": self.stride, "padding": self.padding, "bias": self.bias}
        usual = {"stride": 1, "padding": "valid", "bias": True}
        more = "".join(f", {key}={value!r}" for key, value in given.items() if value != usual[key])
        return (
            f"{type(self).__name__}(filters={self.filters}, kernel={self.kernel}, activation={name!r}{more})"
        )

    @cached_property
    def unit(self) -> Dense:
        """What is computed at every place: the filters as a dense layer over a window."""
        return Dense(self.filters, self.activation, bias=self.bias)

    @property
    def f(self) -> Activation:
        """The activation itself."""
        return self.unit.f

    @property
    def label(self) -> str:
        """``conv2d(16, 3×3, relu)``: how many filters of which size, and the activation."""
        size = "×".join(map(str, each(self.kernel, self.directions)))
        return f"conv{self.directions}d({self.filters}, {size}, {self.f.label})"

    def windows(self, n: Size) -> Windows:
        """Where they stand over an input of that shape."""
        of = _sequences.places(self, n, (self.directions,))
        size, stride = (each(value, self.directions) for value in (self.kernel, self.stride))
        return windows(of, size, stride, self.padding)

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """W, a row per filter: (filters, places of a window · channels); b: (filters,)."""
        return self.unit.shapes(self.windows(n).seen)

    def width(self, n: Size) -> Size:
        """A channel per filter at every place."""
        return (*self.windows(n).out, self.filters)

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:
        """As of a dense layer over a window."""
        self.unit.start(p, self.windows(n).seen, init, rng)

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """z[p] = W a[window p] + b and f(z[p]), for all places p at once."""
        w = self.windows(t.shape)
        if w.overhang:
            t.beyond = do.zeros(do.columns(a, 0, 1), into=t.beyond)
            t.padded = a = do.joined(a, t.beyond, into=t.padded)
        t.windows = do.take(a, w.index, into=t.windows)
        f = self.unit.forward(do, p, t.part(1), do.reshaped(t.windows, -1, w.seen))
        t.z = do.reshaped(t.part(1).z, -1, w.number * self.filters)
        return do.reshaped(f, -1, w.number * self.filters)

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """δ[p], then ∂L/∂W = Σ δ[p]ᵀ a[window p]; the error of a number is the sum over the windows that see it."""
        w = self.windows(t.shape)
        g, rows = do.reshaped(g, -1, self.filters), do.reshaped(t.windows, -1, w.seen)
        error = self.unit.backward(do, p, t.part(1), rows, g, d, back)
        t.delta = do.reshaped(t.part(1).delta, -1, w.number * self.filters)
        if not back:
            return None
        t.back = do.put(do.reshaped(error, -1, len(w.index)), w.index, w.width + w.overhang, into=t.back)
        return do.columns(t.back, 0, w.width) if w.overhang else t.back

    # --- for the ledger ----------------------------------------------------------------------------------------------

    @property
    def constants(self) -> Mapping[str, Any]:
        """Those of the activation."""
        return self.f.parameters

    @property
    def told(self) -> Mapping[str, str]:  # type: ignore[override]
        """z window by window, then f(z)."""
        return {"z": "{Wx} + {b}" if self.bias else "{Wx}", "f": self.f.plain or f"{self.f.label}({{z}})"}

    @property
    def told_back(self) -> Mapping[str, str]:  # type: ignore[override]
        """δ, then sums over the windows."""
        slope = "" if self.unit.linear else " ⊙ f'({z})"
        bias = {"b": "{db}"} if self.bias else {}
        return {"delta": f"={{g}}{slope}", "W": "{dW}", **bias, "back": "{dx}"}

    def seen(self, p: Any, t: Record, a: Any, g: Any) -> Mapping[str, Any]:
        """Filter · window; δ times window, over all windows; and of a number δ by each weight that meets it."""
        w, filters = self.windows(t.shape), self.filters
        rows, delta = np.reshape(t.windows, (-1, w.seen)), np.reshape(t.delta, (-1, filters))

        def met(pen: Any, i: int) -> str:
            window, place = np.divmod(np.flatnonzero(w.index == i), w.seen)
            return pen.dot(p.W[:, place].T.ravel(), delta[window].ravel()) if len(window) else "0"

        return {
            "Wx": Written("Σ W[{at}] {x}", lambda pen, j: pen.dot(p.W[j % filters], rows[j // filters])),
            "dW": Written("Σ δ[{at}] {x}ᵀ", lambda pen, j: pen.weighted(delta[:, j], rows)),
            "db": Written("Σ δ[{at}]", lambda pen, j: pen.sum(delta[:, j])),
            "dx": Written("Σ W[{at}]ᵀ δ[{at}]", met),
        }
