"""The quantities of one sample, as the lecture computes them by hand (3.2, 5.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tasou.formulas import activations
from tasou.network.ledger.filled import filled, symbolic, tidy, total
from tasou.network.ledger.quantity import Array, Pen, Phase, Quantity, Row, dense_row, shown, unit_rows
from tasou.network.placed import PlacedLayer

LARGE = 20.0
"""z beyond which e to its power is no number that one writes by hand"""


def given(
    trace: Any, sample: int, digits: int, lr: float | None
) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
    """What the step begins with, as symbols and cells: x, y where there is one, W[l] and b[l], the learning rate."""
    pen = Pen(digits)
    vectors = {"x": trace.x} | ({} if trace.y is None else {"y": trace.y})
    for symbol, rows in vectors.items():
        yield symbol, tuple((cell,) for cell in pen.matrix(dense_row(rows, sample))[0])
    network = trace.network
    for place in sorted(network.parameters.layout.places, key=lambda place: place.l):
        values = place.view(network.theta)
        cells = pen.matrix(values.reshape(len(values), -1) if values.ndim > 1 else values)
        yield place.symbol, cells if values.ndim > 1 else tuple((cell,) for cell in cells[0])
    if lr is not None:
        yield "α", ((pen.num(lr),),)


class SampleBook:
    """One sample's row of every array in the trace."""

    def __init__(self, trace: Any, i: int, pen: Pen) -> None:
        self.trace, self.i, self.pen = trace, i, pen
        self.layers, self.last = trace.network.layers, trace.network.layers[-1]

    @property
    def source(self) -> str:
        """What the output function is given: z[L], or a[L] where the last layer is activated."""
        return f"z[{self.last.l}]" if self.last.linear else f"a[{self.last.l}]"

    def row(self, array: Any) -> Array:
        """The sample's row."""
        return dense_row(array, self.i)

    def before(self, l: int) -> str:
        """What enters layer l: x, or the activation of the layer before."""
        return "x" if l == 1 else f"a[{l - 1}]"

    def _units(
        self,
        phase: Phase,
        kind: str,
        symbol: str,
        formula: str,
        values: Array,
        numbers: Callable[[int], str],
        layer: int = 0,
    ) -> Quantity:
        """A vector: one row per unit."""
        rows = unit_rows(symbol, len(values), numbers, lambda j: self.pen.num(values[j]))
        return Quantity(phase, kind, symbol, formula, values.shape, rows, len(values), layer)

    # --- forward -------------------------------------------------------------------------------------------------

    def forward(self) -> Iterator[Quantity]:
        """x, then z[l] and a[l] layer by layer, then ŷ."""
        yield self._units("forward", "input", "x", "x", self.row(self.trace.x), lambda j: "")
        for layer in self.layers:
            yield self.affine(layer)
            if layer is not self.last or not layer.linear:
                yield self.activation(layer)
            if layer.dropout and self._dropped(layer):
                yield self.dropout(layer)
        if self.trace.network.loss.output == "softmax":
            yield from self.softmax()
        else:
            yield self.prediction()

    def affine(self, layer: PlacedLayer) -> Quantity:
        """z[l] = W[l] a[l-1] + b[l]."""
        l, W, b, a = layer.l, layer.W, layer.b, self.row(self.trace[layer.l - 1].a)

        def numbers(j: int) -> str:
            return f"{self.pen.dot(W[j], a)} + {self.pen.factor(b[j])}"

        formula = f"W[{l}] {self.before(l)} + b[{l}]"
        return self._units("forward", "affine", f"z[{l}]", formula, self.row(self.trace[l].z), numbers, l)

    def activation(self, layer: PlacedLayer) -> Quantity:
        """a[l] = f(z[l])."""
        l, t = layer.l, self.trace[layer.l]
        z, a = self.row(t.z), self.row(t.f)
        plain = layer.activation.plain or f"{layer.activation.label}({{z}})"

        def numbers(j: int) -> str:
            return filled(plain, self.pen, layer.activation.parameters, z=z[j], a=a[j])

        formula = symbolic(plain, z=f"z[{l}]", a=f"a[{l}]")
        return self._units("forward", "activation", f"a[{l}]", formula, a, numbers, l)

    def _dropped(self, layer: PlacedLayer) -> bool:
        return bool(np.any(self.row(self.trace[layer.l].mask) != 1))

    def dropout(self, layer: PlacedLayer) -> Quantity:
        """a[l] := a[l] ⊙ m[l], the units that are silent in this step at 0."""
        l, t = layer.l, self.trace[layer.l]
        f, mask = self.row(t.f), self.row(t.mask)

        def numbers(j: int) -> str:
            return f"{self.pen.num(f[j])} · {self.pen.num(mask[j])}"

        return self._units("forward", "dropout", f"a[{l}]", f"a[{l}] ⊙ m[{l}]", self.row(t.a), numbers, l)

    def prediction(self) -> Quantity:
        """ŷ, by the output function of the loss."""
        output, raw = self.trace.network.loss.output, self.row(self.trace.raw)
        source = self.source
        plain = "{z}" if output == "identity" else f"{output}({{z}})"
        if output in activations.registry:
            plain = activations.registry.get(output).plain

        def numbers(j: int) -> str:
            return filled(plain, self.pen, {}, z=raw[j])

        formula, y_hat = symbolic(plain, z=source), self.row(self.trace.y_hat)
        return self._units("forward", "prediction", "ŷ", formula, y_hat, numbers, self.last.l)

    def softmax(self) -> Iterator[Quantity]:
        """ŷ = e / Σ e with e = exp(z[L]), one after the other; of large z the largest is taken off first."""
        l, raw = self.last.l, self.row(self.trace.raw).astype(np.float64)
        source = self.source
        most = float(raw.max())
        taken = most if most > LARGE or most < -LARGE else 0.0
        e = np.exp(raw - taken)
        total, y_hat = self.pen.num(float(e.sum())), self.row(self.trace.y_hat)

        def exponent(j: int) -> str:
            return f"exp({self.pen.num(raw[j])}{f' - {self.pen.factor(taken)}' if taken else ''})"

        formula = f"exp({source}{f' - max {source}' if taken else ''})"
        yield self._units("forward", "exponentials", "e", formula, e, exponent, l)
        rows = (Row("S", self.pen.sum(e), total),)
        yield Quantity("forward", "sum_of_exponentials", "S", "Σ e", (), rows, 1, l)
        yield self._units(
            "forward", "quotient", "ŷ", "e / S", y_hat, lambda j: f"{self.pen.num(e[j])} / {total}", l
        )

    # --- loss ----------------------------------------------------------------------------------------------------

    def _loss_rows(self) -> tuple[Array, Array, Array]:
        return tuple(map(self.row, (self.trace.y, self.trace.y_hat, self.trace.raw)))  # type: ignore[return-value]

    def loss(self) -> Quantity:
        """L(ŷ, y), and the share of each output where there are several; for one-hot y only the true class counts."""
        loss, (y, y_hat, raw) = self.trace.network.loss, self._loss_rows()
        values = np.broadcast_to(loss.value(raw[None], y[None], np)[0], y.shape)
        plain = loss.plain or f"{loss.label}({{y_hat}}, {{y}})"

        def numbers(j: int) -> str:
            return tidy(filled(plain, self.pen, loss.parameters, y=y[j], y_hat=y_hat[j], z=raw[j]))

        counting = [j for j in range(len(y)) if loss.targets != "one_hot" or y[j]]
        whole = self.pen.num(float(values.sum()))
        symbols = {"y": "y", "y_hat": "ŷ", "z": "z"}
        formula = total(plain, **symbols) if len(y) > 1 else symbolic(plain, **symbols)
        if len(counting) == 1:
            rows = [Row("L", numbers(counting[0]), whole)]
        else:
            written = [counting[i] for i in shown(len(counting))]
            parts = [Row(f"L_{j + 1}", numbers(j), self.pen.num(values[j])) for j in written]
            rows = [Row("L", self.pen.sum(values[counting]), whole), *parts]
        return Quantity("loss", "loss", "L", formula, (), tuple(rows), len(rows))

    # --- backward ------------------------------------------------------------------------------------------------

    def backward(self) -> Iterator[Quantity]:
        """δ[l], ∇W[l], ∇b[l] from the last layer to the first."""
        for layer in reversed(self.layers):
            yield self.output_error() if layer is self.last else self.hidden_error(layer)
            yield from self.gradients(layer.l)

    def output_error(self) -> Quantity:
        """δ[L] = ∂L/∂z[L]."""
        l, loss, (y, y_hat, raw) = self.last.l, self.trace.network.loss, self._loss_rows()
        weight = None if self.trace.sample_weight is None else float(self.trace.sample_weight[self.i])
        slope = None if self.last.linear else self._slope(self.last)
        plain = loss.delta_plain

        def numbers(j: int) -> str:
            text = filled(
                plain, self.pen, loss.parameters, y=y[j], y_hat=y_hat[j], z=raw[j], p=float(y @ y_hat)
            )
            text = f"({text})" if weight is not None or slope is not None else text
            text = text if weight is None else f"{self.pen.num(weight)} · {text}"
            return text if slope is None else f"{text} · {self.pen.factor(slope[j])}"

        formula = symbolic(plain, y="y", y_hat="ŷ", z=f"z[{l}]", p="(yᵀ ŷ)")
        formula = f"({formula})" if weight is not None or slope is not None else formula
        formula = ("w " if weight is not None else "") + formula + ("" if slope is None else f" ⊙ f'(z[{l}])")
        delta = self.row(self.trace[l].delta)
        return self._units("backward", "output_error", f"δ[{l}]", formula, delta, numbers, l)

    def _slope(self, layer: PlacedLayer) -> Array:
        """f'(z[l]), with dropout's factors where there are any."""
        t = self.trace[layer.l]
        slope = np.asarray(layer.activation.slope(self.row(t.z), self.row(t.f), np))
        return slope * self.row(t.mask) if layer.dropout else slope

    def hidden_error(self, layer: PlacedLayer) -> Quantity:
        """δ[l] = (W[l+1]ᵀ δ[l+1]) ⊙ f'(z[l])."""
        l, slope = layer.l, self._slope(layer)
        W_next, delta_next = self.layers[l].W, self.row(self.trace[l + 1].delta)

        def numbers(j: int) -> str:
            return f"({self.pen.dot(W_next[:, j], delta_next)}) · {self.pen.factor(slope[j])}"

        formula = f"(W[{l + 1}]ᵀ δ[{l + 1}]) ⊙ f'(z[{l}])"
        formula += f" ⊙ m[{l}]" if layer.dropout and self._dropped(layer) else ""
        delta = self.row(self.trace[l].delta)
        return self._units("backward", "hidden_error", f"δ[{l}]", formula, delta, numbers, l)

    def gradients(self, l: int) -> Iterator[Quantity]:
        """∇W[l] = δ[l] a[l-1]ᵀ and ∇b[l] = δ[l]."""
        delta, a = self.row(self.trace[l].delta), self.row(self.trace[l - 1].a)

        def numbers(j: int) -> str:
            return f"{self.pen.factor(delta[j])} · {self.pen.vector(a)}"

        rows = unit_rows(f"∇W[{l}]", len(delta), numbers, lambda j: self.pen.vector(delta[j] * a))
        formula, shape = f"δ[{l}] {self.before(l)}ᵀ", (len(delta), len(a))
        yield Quantity("backward", "grad_W", f"∇W[{l}]", formula, shape, rows, len(delta), l)
        if self.trace.network.bias:
            yield self._units(
                "backward", "grad_b", f"∇b[{l}]", f"δ[{l}]", delta, lambda j: self.pen.num(delta[j]), l
            )

    # --- update --------------------------------------------------------------------------------------------------

    def update(self, lr: float) -> Iterator[Quantity]:
        """W[l] := W[l] − α ∇W[l] and b[l] := b[l] − α ∇b[l], by this sample's gradient alone."""
        l2 = self.trace.network.l2
        for layer in self.layers:
            l, W, b = layer.l, layer.W, layer.b
            delta, a = self.row(self.trace[l].delta), self.row(self.trace[l - 1].a)
            grad = np.outer(delta, a) + l2 * W
            yield self._updated(f"W[{l}]", W, grad, lr, f" + {self.pen.num(l2)} W[{l}]" if l2 else "", l)
            if self.trace.network.bias:
                yield self._updated(f"b[{l}]", b, delta, lr, "", l)

    def _updated(self, symbol: str, old: Array, grad: Array, lr: float, penalty: str, l: int) -> Quantity:
        write = self.pen.vector if old.ndim == 2 else self.pen.num
        factor = self.pen.vector if old.ndim == 2 else self.pen.factor

        def numbers(j: int) -> str:
            return f"{write(old[j])} - {self.pen.num(lr)} · {factor(grad[j])}"

        rows = unit_rows(symbol, len(old), numbers, lambda j: write(old[j] - lr * grad[j]))
        gradient = f"(∇{symbol}{penalty})" if penalty else f"∇{symbol}"
        formula = f"{symbol} - α {gradient}"
        return Quantity("update", "update", symbol, formula, old.shape, rows, len(old), l)
