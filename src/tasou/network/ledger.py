"""The ledger of a step: each quantity with its formula, the formula with its numbers, and the value (lecture 3.2, 5.2).

The entries are data; this file prints them as text. A quantity with many units shows the first few and folds the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.language import language
from tasou.network.text import aligned

if TYPE_CHECKING:
    from tasou.network.trace import Trace

Array = NDArray[Any]

UNITS, TERMS = 6, 4
"""units of a layer, and terms of a sum, that are shown before the rest is folded"""

PHASES = {
    "en": {"forward": "forward", "loss": "loss", "backward": "backward"},
    "ja": {"forward": "順伝播", "loss": "損失", "backward": "逆伝播"},
}
HEADS = {
    "en": ("symbol", "formula", "with numbers", "value"),
    "ja": ("記号", "式", "数値を入れた式", "値"),
}
NOTES = {
    "en": {
        "sample": "sample {i} of {n}",
        "batch": "batch of {n} samples (gradients are sums over the batch)",
    },
    "ja": {"sample": "標本 {i}（全 {n} 件）", "batch": "{n} 件のバッチ（勾配はバッチの和）"},
}


@dataclass(frozen=True)
class Entry:
    """One line of the ledger."""

    phase: str
    symbol: str
    formula: str
    numbers: str
    value: str


def ledger(trace: Trace, sample: int | None = 0, *, lang: str | None = None, digits: int = 4) -> str:
    """The ledger as a text table, for one sample of the batch or (``None``) for the batch as a whole."""
    lang = language(lang)
    found = list(entries(trace, sample, digits))
    note = NOTES[lang]["batch" if sample is None else "sample"].format(i=sample, n=trace.n)
    parts = [note]
    for phase, title in PHASES[lang].items():
        rows = [(e.symbol, e.formula, e.numbers, e.value) for e in found if e.phase == phase]
        if rows:
            parts.append(f"── {title} ──\n" + aligned([HEADS[lang], *rows]))
    return "\n".join(parts)


def entries(trace: Trace, sample: int | None = 0, digits: int = 4) -> Iterator[Entry]:
    """The ledger's lines: forward; the loss and backward too where they have been computed.

    Raises
    ------
    TasouError
        the batch has no such sample
    """
    if sample is None:
        yield from _batch_entries(trace, digits)
        return
    if not -trace.n <= sample < trace.n:
        raise TasouError(f"the batch has {trace.n} samples, counted from 0; there is no sample {sample}")
    book = _SampleBook(trace, sample, digits)
    yield from book.forward()
    if trace.y is not None:
        yield from book.loss()
        yield from book.backward()


class _SampleBook:
    """The entries of one sample: its row of every array, read once."""

    def __init__(self, trace: Trace, i: int, digits: int) -> None:
        self.trace, self.i, self.digits = trace, i, digits
        self.layers = trace.network.layers
        self.last = self.layers[-1]

    def num(self, value: float) -> str:
        return f"{value + 0.0:.{self.digits}g}"  # + 0.0: no minus before a zero

    def row(self, array: Any) -> Array:
        row = array[self.i]
        return np.asarray(row.todense()).ravel() if hasattr(row, "todense") else np.asarray(row)

    def dot(self, u: Array, v: Array) -> str:
        """u · v written out, e.g. 0.3·1.2 + (-0.5)·0.4."""
        terms = [
            f"{_signed(self.num(p))}·{_signed(self.num(q))}"
            for p, q in zip(u[:TERMS], v[:TERMS], strict=True)
        ]
        return " + ".join(terms) + (f" + … ({len(u)})" if len(u) > TERMS else "")

    def unit_entries(
        self, phase: str, symbol: str, formula: str, values: Array, numbers: Any
    ) -> Iterator[Entry]:
        """One entry per unit, the formula only in the first, folded after `UNITS`."""
        for j, value in enumerate(values[:UNITS]):
            yield Entry(phase, f"{symbol}_{j + 1}", formula if j == 0 else "", numbers(j), self.num(value))
        if len(values) > UNITS:
            yield Entry(phase, f"… ({len(values)})", "", "", "")

    def forward(self) -> Iterator[Entry]:
        x = self.row(self.trace.x)
        yield from self.unit_entries("forward", "x", "x", x, lambda j: "")
        for layer in self.layers:
            l, t, a = layer.l, self.trace[layer.l], self.row(self.trace[layer.l - 1].a)
            z, W, b = self.row(t.z), layer.W, layer.b
            before = "x" if l == 1 else f"a[{l - 1}]"

            def affine(j: int, W: Array = W, a: Array = a, b: Array = b) -> str:
                return f"{self.dot(W[j], a)} + {_signed(self.num(b[j]))}"

            yield from self.unit_entries("forward", f"z[{l}]", f"W[{l}] {before} + b[{l}]", z, affine)
            if layer is not self.last or not layer.linear:
                yield from self.activations(layer, z, self.row(t.f))
        yield from self.prediction()

    def activations(self, layer: Any, z: Array, a: Array) -> Iterator[Entry]:
        plain = layer.activation.plain or f"{layer.activation.label}({{z}})"

        def filled(j: int) -> str:
            return str(plain.format(z=self.num(z[j]), a=self.num(a[j])))

        yield from self.unit_entries("forward", f"a[{layer.l}]", plain.format(z="z", a="a"), a, filled)

    def prediction(self) -> Iterator[Entry]:
        output, raw = self.trace.network.loss.output, self.row(self.trace.raw)
        inside = ", ".join(map(self.num, raw[:UNITS])) + (", …" if len(raw) > UNITS else "")

        def numbers(j: int) -> str:
            return f"softmax({inside})_{j + 1}" if output == "softmax" else f"{output}({self.num(raw[j])})"

        source = f"z[{self.last.l}]" if self.last.linear else f"a[{self.last.l}]"
        formula = source if output == "identity" else f"{output}({source})"
        yield from self.unit_entries("forward", "ŷ", formula, self.row(self.trace.y_hat), numbers)

    def loss(self) -> Iterator[Entry]:
        loss, y_hat, y, raw = (
            self.trace.network.loss,
            *map(self.row, (self.trace.y_hat, self.trace.y, self.trace.raw)),
        )
        value = float(np.sum(loss.value(raw[None], y[None], np)))
        plain = loss.plain or loss.label
        shown = [j for j in range(len(y)) if loss.targets != "one_hot" or y[j]][:TERMS]
        terms = (plain.format(y=self.num(y[j]), y_hat=self.num(y_hat[j]), z=self.num(raw[j])) for j in shown)
        numbers = " + ".join(terms)
        formula = ("Σ " if len(y) > 1 else "") + plain.format(y="y", y_hat="ŷ", z="z")
        yield Entry("loss", "L", formula, numbers, self.num(value))

    def backward(self) -> Iterator[Entry]:
        for layer in reversed(self.layers):
            l, t = layer.l, self.trace[layer.l]
            delta = self.row(t.delta)
            if layer is self.last:
                yield from self.output_error(delta)
            else:
                yield from self.hidden_error(layer, delta)
            yield from self.gradients(l, delta, self.row(self.trace[l - 1].a))

    def output_error(self, delta: Array) -> Iterator[Entry]:
        loss, y_hat, y, raw = (
            self.trace.network.loss,
            *map(self.row, (self.trace.y_hat, self.trace.y, self.trace.raw)),
        )
        tail = "" if self.last.linear else f" ⊙ f'(z[{self.last.l}])"
        weight = "" if self.trace.sample_weight is None else "w ("
        close = ")" if weight else ""

        def numbers(j: int) -> str:
            inner = loss.delta_plain.format(
                y=self.num(y[j]), y_hat=_signed(self.num(y_hat[j])), z=self.num(raw[j])
            )
            w = "" if self.trace.sample_weight is None else f"{self.num(self.trace.sample_weight[self.i])} ("
            return f"{w}{inner}{close}"

        formula = f"{weight}{loss.delta_plain.format(y='y', y_hat='ŷ', z='z')}{close}{tail}"
        yield from self.unit_entries("backward", f"δ[{self.last.l}]", formula, delta, numbers)

    def hidden_error(self, layer: Any, delta: Array) -> Iterator[Entry]:
        l, t = layer.l, self.trace[layer.l]
        W_next, delta_next = self.layers[l].W, self.row(self.trace[l + 1].delta)
        z, a = self.row(t.z), self.row(t.f)
        slope = np.asarray(layer.activation.slope(z, a, np))

        def numbers(j: int) -> str:
            return f"({self.dot(W_next[:, j], delta_next)}) · {_signed(self.num(slope[j]))}"

        formula = f"(W[{l + 1}]ᵀ δ[{l + 1}]) ⊙ f'(z[{l}])"
        yield from self.unit_entries("backward", f"δ[{l}]", formula, delta, numbers)

    def gradients(self, l: int, delta: Array, a: Array) -> Iterator[Entry]:
        before = "x" if l == 1 else f"a[{l - 1}]"

        def local_times_derivative(j: int) -> str:
            inside = ", ".join(map(self.num, a[:TERMS])) + (", …" if len(a) > TERMS else "")
            return f"{self.num(delta[j])} · [{inside}]"

        for j in range(min(len(delta), UNITS)):
            row = ", ".join(map(self.num, (delta[j] * a)[:TERMS])) + (", …" if len(a) > TERMS else "")
            formula = f"δ[{l}] {before}ᵀ" if j == 0 else ""
            yield Entry("backward", f"∇W[{l}]_{j + 1}", formula, local_times_derivative(j), f"[{row}]")
        if len(delta) > UNITS:
            yield Entry("backward", f"… ({len(delta)})", "", "", "")
        yield from self.unit_entries("backward", f"∇b[{l}]", f"δ[{l}]", delta, lambda j: "")


def _signed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def _batch_entries(trace: Trace, digits: int) -> Iterator[Entry]:
    """The batch as a whole: the matrix formulas with shapes; ranges instead of single numbers."""

    def seen(array: Any) -> str:
        if hasattr(array, "toarray"):
            array = array.toarray()
        return f"{array.min():.{digits}g} … {array.max():.{digits}g}" if array.size else "–"

    def line(phase: str, symbol: str, formula: str, array: Any) -> Entry:
        return Entry(phase, symbol, formula, f"{tuple(array.shape)}", seen(array))

    network = trace.network
    yield line("forward", "X", "X", trace.x)
    for layer in network.layers:
        l, t = layer.l, trace[layer.l]
        before = "X" if l == 1 else f"A[{l - 1}]"
        yield line("forward", f"Z[{l}]", f"{before} W[{l}]ᵀ + b[{l}]", t.z)
        if layer.l < network.L:
            yield line("forward", f"A[{l}]", f"{layer.activation.label}(Z[{l}])", t.a)
    yield line("forward", "Ŷ", f"{network.output}(Z[{network.L}])", trace.y_hat)
    if trace.y is None:
        return
    yield Entry("loss", "L", f"Σ {network.loss.label}", "", f"{trace.loss:.{digits}g}")
    for layer in reversed(network.layers):
        l, t = layer.l, trace[layer.l]
        last = layer.l == network.L
        formula = "∂L/∂Z" if last else f"(δ[{l + 1}] W[{l + 1}]) ⊙ f'(Z[{l}])"
        yield line("backward", f"δ[{l}]", formula, t.delta)
        yield line("backward", f"∇W[{l}]", f"δ[{l}]ᵀ {'X' if l == 1 else f'A[{l - 1}]'}", t.grad.W)
        yield line("backward", f"∇b[{l}]", f"Σ δ[{l}]", t.grad.b)
