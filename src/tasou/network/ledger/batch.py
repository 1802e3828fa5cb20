"""The quantities of a batch as a whole: the matrix formulas with their shapes and the range of their values (3.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tasou.network.ledger.books import book_of, quantities
from tasou.network.ledger.quantity import Pen, Phase, Quantity, Row


def batch_quantities(trace: Any, digits: int, lr: float | None) -> Iterator[Quantity]:
    """Forward; loss and backward where they have been computed; the update where a learning rate is given."""
    pen = Pen(digits)
    book = BatchBook(trace, pen) if trace.network.plain else book_of(trace, None, pen)
    yield from quantities(book, trace, lr)


class BatchBook:
    """All rows of every array in the trace."""

    def __init__(self, trace: Any, pen: Pen) -> None:
        self.trace, self.network, self.pen = trace, trace.network, pen

    def _line(
        self, phase: Phase, kind: str, symbol: str, formula: str, array: Any, l: int = 0, numbers: str = ""
    ) -> Quantity:
        values = array.toarray() if hasattr(array, "toarray") else np.asarray(array)
        row = Row(symbol, numbers, self.pen.span(values))
        return Quantity(
            phase, kind, symbol, formula, values.shape, (row,), 1, l, matrix=self.pen.matrix(values)
        )

    def before(self, l: int) -> str:
        """What enters layer l: X, or the activations of the layer before."""
        return "X" if l == 1 else f"A[{l - 1}]"

    def forward(self) -> Iterator[Quantity]:
        """X, then Z[l] and A[l] layer by layer, then Ŷ."""
        yield self._line("forward", "input", "X", "X", self.trace.x)
        L = self.network.L
        for layer in self.network.layers:
            l, t = layer.l, self.trace[layer.l]
            formula = f"{self.before(l)} W[{l}]ᵀ + b[{l}]"
            yield self._line("forward", "affine", f"Z[{l}]", formula, t.z, l)
            if l < L or not layer.linear:
                array = t.a if l < L else t.f
                name = layer.activation.label
                yield self._line("forward", "activation", f"A[{l}]", f"{name}(Z[{l}])", array, l)
        output, source = self.network.loss.output, f"{'Z' if self.network.layers[-1].linear else 'A'}[{L}]"
        formula = source if output == "identity" else f"{output}({source})"
        yield self._line("forward", "prediction", "Ŷ", formula, self.trace.y_hat, L)

    def loss(self) -> Quantity:
        """The mean loss over the rows."""
        total, n = self.trace.loss, self.trace.total_weight
        row = Row("L", f"{self.pen.num(total)} / {self.pen.num(n)}", self.pen.num(total / n))
        return Quantity("loss", "mean_loss", "L", f"Σ {self.network.loss.label} / n", (), (row,), 1)

    def backward(self) -> Iterator[Quantity]:
        """δ[l], and the gradients summed over the rows, from the last layer to the first."""
        for layer in reversed(self.network.layers):
            l, t, last = layer.l, self.trace[layer.l], layer.l == self.network.L
            formula = "∂L/∂Z" if last else f"(δ[{l + 1}] W[{l + 1}]) ⊙ f'(Z[{l}])"
            kind = "output_error" if last else "hidden_error"
            yield self._line("backward", kind, f"δ[{l}]", formula, t.delta, l)
            yield self._line(
                "backward", "sum_W", f"∇W[{l}]", f"δ[{l}]ᵀ {self.before(l)}", self.trace.grad[l].W, l
            )
            if self.network.bias:
                yield self._line("backward", "sum_b", f"∇b[{l}]", f"Σ δ[{l}]", self.trace.grad[l].b, l)

    def update(self, lr: float) -> Iterator[Quantity]:
        """W[l] := W[l] − α ∇W[l] / n, the step by the mean gradient."""
        n, l2 = self.trace.total_weight, self.network.l2
        for layer in self.network.layers:
            l = layer.l
            new = layer.W - lr * (self.trace.grad[l].W + l2 * layer.W) / n
            inner = f"(∇W[{l}] + {self.pen.num(l2)} W[{l}])" if l2 else f"∇W[{l}]"
            yield self._line("update", "mean_update", f"W[{l}]", f"W[{l}] - α {inner} / n", new, l)
            if self.network.bias:
                new = layer.b - lr * self.trace.grad[l].b / n
                yield self._line("update", "mean_update", f"b[{l}]", f"b[{l}] - α ∇b[{l}] / n", new, l)
