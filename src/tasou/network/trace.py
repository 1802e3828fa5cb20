"""The record of a step: z[l], a[l], δ[l], ∇W[l], ∇b[l] of one batch, in the very buffers the step works in.

Looking inside is reading these arrays: nothing is copied and nothing is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends.allocating import Allocating
from tasou.errors import OutOfRange
from tasou.layers import Record, backward, forward, records
from tasou.messages import Message
from tasou.network.parameters import Parameters

if TYPE_CHECKING:
    from tasou.network.ledger import Ledger

LAYER_FROM_0 = Message(
    "trace.layer_from_0",
    en="layers count from 0 (the input) to {last}, got {layer}",
    ja="層の番号は0（入力）から {last} までです（{layer} は使えません）",
)

Array = NDArray[Any]


class Trace:
    """Everything a forward and a backward pass compute, layer by layer.

    ``trace[0].a`` is the input, ``trace[l].z``, ``.a``, ``.delta`` the values of layer l (from 1, as in the lecture),
    ``trace.grad[l].W`` and ``.b`` the gradient, always the sum over the rows; ``trace.y_hat`` is the prediction,
    ``trace.loss`` the summed loss.

    Examples
    --------
    >>> import numpy as np
    >>> from tasou.network import Network
    >>> network = Network((2, 10, 3), rng=0)
    >>> trace = network.forward(np.ones((5, 2)))
    >>> trace[1].z.shape, trace.y_hat.sum(axis=1).round(6).tolist()
    ((5, 10), [1.0, 1.0, 1.0, 1.0, 1.0])
    """

    grad: Parameters
    """Σ w ∂L/∂θ"""
    y_hat: Array
    """the prediction ŷ = a[L]: shape (n, K)"""
    error: Array
    """∂L/∂ of the values before the output function; of a dense last layer this becomes δ[L]"""
    raw: Array
    """the values that the loss is written in, before its output function: shape (n, K)"""

    def __init__(self, network: Any, n: int) -> None:
        self._begin(network, n)
        self.grad = network.parameters.like()
        self.y_hat, self.error = np.empty((2, n, network.sizes[-1]), network.dtype)
        self._hang_gradients()
        self._allocate()

    @classmethod
    def of_predictions(cls, network: Any, n: int) -> Trace:
        """A trace for forward passes alone, whose memory comes with the first of them: there is nothing to go back."""
        trace = object.__new__(cls)
        trace._begin(network, n)
        trace.__dict__.update(y_hat=None, error=None)
        return trace

    def _begin(self, network: Any, n: int) -> None:
        self.network, self.n = network, n
        self.x: Any = np.empty((0, network.sizes[0]), network.dtype)
        self.y: Array | None = None
        self.sample_weight: Array | None = None
        self.loss = float("nan")
        self.layers = records(network.cards, network.shapes[0])
        self._parts: dict[int, Trace] = {}

    def _hang_gradients(self) -> None:
        """Each layer's record names its own part of the gradient."""
        for t, grad in zip(self.layers, self.grad, strict=True):
            t.hold(grad=Record.nested(grad.names, grad))
        self.gradients = [t.grad for t in self.layers]

    def _allocate(self) -> None:
        """Let the layers run once with verbs that only lay out memory."""
        do, cards, p = Allocating(self.network.dtype), self.network.cards, list(self.network.parameters)
        x = np.broadcast_to(np.empty(1, self.network.dtype), (self.n, self.network.sizes[0]))
        self.raw = forward(do, cards, p, self.layers, x)
        backward(do, cards, p, self.layers, x, self.error, self.gradients)
        self.layers[-1].hold(a=self.y_hat)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """A copy's arrays share memory with one another as the original's do."""
        self.__dict__.update(state, _parts={})
        if "grad" in state:
            self._hang_gradients()

    def first(self, n: int) -> Trace:
        """The trace for batches of n rows, n at most its own, in the same memory."""
        if n == self.n:
            return self
        if n not in self._parts:
            part = object.__new__(Trace)
            part.__dict__.update(
                self.__dict__,
                n=n,
                layers=[layer.first(n, of=self.n) for layer in self.layers],
                y_hat=None if self.y_hat is None else self.y_hat[:n],
                error=None if self.error is None else self.error[:n],
                _parts={},
            )
            part.layers[-1].hold(a=part.y_hat)
            self._parts[n] = part
        return self._parts[n]

    def __getitem__(self, l: int) -> Any:
        """Layer l's record; layer 0 is the input, whose ``.a`` is x."""
        if not 0 <= l <= len(self.layers):
            raise OutOfRange(LAYER_FROM_0, last=len(self.layers), layer=l)
        return _Input(self.x) if l == 0 else self.layers[l - 1]

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

    def __repr__(self) -> str:
        done = "forward" if self.y is None else f"forward and backward, loss {self.loss:.4g} in all"
        rows = f"{self.n} {'sample' if self.n == 1 else 'samples'}"
        return f"Trace({rows} through {self.network!r}: {done}; .table() shows its numbers)"

    def _repr_html_(self) -> str | None:
        """The ledger to click through; of a trace without samples there is nothing to see."""
        return self.table().picture() if self.n and self.raw is not None else None


@dataclass(frozen=True)
class _Input:
    a: Any
