"""The quantities of a network of any layers: each layer tells what it computed, number by number where it can.

A card says in ``told`` and ``told_back`` how the entries of its record follow from one another; a layer that says
nothing is shown with its values alone. The pass back is made once more with verbs that overwrite nothing, so that every
error along the way can be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from tasou.backends import NumpyBackend
from tasou.backends.fresh import Fresh
from tasou.layers import Dense, Layer, Nest, Record, Written
from tasou.network.ledger.filled import filled, symbolic
from tasou.network.ledger.quantity import Array, Pen, Phase, Quantity, Row, unit_rows
from tasou.network.ledger.sample import SampleBook


class StackBook(SampleBook):
    """One sample, or with ``i`` None all rows of the batch as a whole."""

    def __init__(self, trace: Any, i: int | None, pen: Pen) -> None:
        super().__init__(trace, i or 0, pen)
        self.batch, n = i is None, trace.n
        start, stop = (0, n) if i is None else (i % n, i % n + 1)
        self.records = [t.rows(start, stop, of=n) for t in trace.layers]
        self.records[-1].hold(a=trace.raw[start:stop])
        x = trace.x[start:stop]
        self.inputs = [x.toarray() if hasattr(x, "toarray") else x, *(t.a for t in self.records[:-1])]
        self.rows = slice(start, stop)

    @property
    def source(self) -> str:
        """What the output function is given."""
        return f"a[{self.last.l}]"

    # --- forward -------------------------------------------------------------------------------------------------

    def forward(self) -> Iterator[Quantity]:
        """x, then layer by layer, then ŷ."""
        yield self._line("forward", "input", "x", "x", self.inputs[0])
        for layer, t, a in zip(self.layers, self.records, self.inputs, strict=True):
            yield from self._forward(layer.card, f"{layer.l}", self.before(layer.l), layer.parameters, t, a)
        if self.batch:
            y_hat, output = self.trace.y_hat[self.rows], self.trace.network.loss.output
            formula = self.source if output == "identity" else f"{output}({self.source})"
            yield self._line("forward", "prediction", "ŷ", formula, y_hat, l=self.last.l)
        elif self.trace.network.loss.output == "softmax":
            yield from self.softmax()
        else:
            yield self.prediction()

    def _forward(self, card: Layer, at: str, before: str, p: Any, t: Record, a: Any) -> Iterator[Quantity]:
        """What one layer computes; of a layer that is made of layers, each of these first."""
        if isinstance(card, Nest):
            for place, layers in card.chains().items():
                yield from self._chain(place, layers, at, before, p, t, a)
        if isinstance(card, Dense):
            yield from self._dense(card, at, before, p, t, a)
            return
        told, seen = card.told or {"": ""}, self._seen(card, at, before, p, t, a)
        for name, formula in told.items():
            last: bool = name == list(told)[-1]
            symbol = f"a[{at}]" if last else _symbol(name, at)
            written = formula or f"{card.label}({before})"
            values = t.a if last or not name else seen[name][1]
            yield self._told("forward", "layer", symbol, written, values, seen, at, card.constants)

    def _chain(
        self, place: str, layers: Any, at: str, before: str, p: Any, t: Record, a: Any
    ) -> Iterator[Quantity]:
        """The layers within, part ``place`` of the outer layer's."""
        if place:  # some columns go this way
            i = int(place.rstrip("."))
            at, p, t, a = f"{at}.{i}", p.part(i), t.part(i), t.part(i).x
            yield self._line("forward", "part", f"x[{at}]", f"{before}, i = {i}", a, l=int(at.split(".")[0]))
            before = f"x[{at}]"
        for i, card in enumerate(layers, start=1):
            yield from self._forward(card, f"{at}.{i}", before, p.part(i), t.part(i), a)
            before, a = f"a[{at}.{i}]", t.part(i).a

    def _dense(self, card: Dense, at: str, before: str, p: Any, t: Record, a: Any) -> Iterator[Quantity]:
        """z = W x + b, a = f(z), and dropout."""
        x, l = a.ravel(), int(at.split(".")[0])

        def affine(j: int) -> str:
            return f"{self.pen.dot(p.W[j], x)} + {self.pen.factor(p.b[j])}"

        yield self._line("forward", "affine", f"z[{at}]", f"W[{at}] {before} + b[{at}]", t.z, affine, l)
        plain, z = card.f.plain or f"{card.f.label}({{z}})", t.z.ravel()

        def activation(j: int) -> str:
            return filled(plain, self.pen, card.f.parameters, z=z[j], a=t.f.ravel()[j])

        formula = symbolic(plain, z=f"z[{at}]", a=f"a[{at}]")
        yield self._line("forward", "activation", f"a[{at}]", formula, t.f, activation, l)
        if card.dropout and (t.mask != 1).any():
            yield self._line("forward", "dropout", f"a[{at}]", f"a[{at}] ⊙ m[{at}]", t.dropped, l=l)

    # --- backward ------------------------------------------------------------------------------------------------

    def loss(self) -> Quantity:
        """The loss of the sample, or the mean of the batch."""
        if not self.batch:
            return super().loss()
        total, n = self.trace.loss, self.trace.total_weight
        row = Row("L", f"{self.pen.num(total)} / {self.pen.num(n)}", self.pen.num(total / n))
        return Quantity("loss", "mean_loss", "L", f"Σ {self.trace.network.loss.label} / n", (), (row,), 1)

    def backward(self) -> Iterator[Quantity]:
        """∂L/∂a[L], then the gradients of each layer and the error of its input, from the last layer to the first."""
        network, trace, l = self.trace.network, self.trace, self.last.l
        raw, y_hat, y = (rows[self.rows] for rows in (trace.raw, trace.y_hat, trace.y))
        g, weight = network.loss.delta(raw, y_hat, y, np), ""
        if trace.sample_weight is not None:
            g, weight = g * trace.sample_weight[self.rows, None], "w "
        formula = symbolic(network.loss.delta_plain, y="y", y_hat="ŷ", z=self.source)
        yield self._line(
            "backward", "error", f"∂a[{l}]", weight + (f"({formula})" if weight else formula), g, l=l
        )
        do, first = Fresh(NumpyBackend()), next((k.l for k in self.layers if k.size), self.last.l)
        self.gradients_of: dict[int, Record] = {}
        for layer in reversed(self.layers[first - 1 :]):
            t, a, d = self.records[layer.l - 1], self.inputs[layer.l - 1], _empty(layer.parameters)
            back = layer.card.backward(do, layer.parameters, t, a, g, d, layer.l > first)
            yield from self._backward(
                layer.card, f"{layer.l}", self.before(layer.l), layer.parameters, t, a, g, d
            )
            self.gradients_of[layer.l] = d
            if layer.l > first:
                yield self._passed_back(layer.card, layer, t, a, g, back)
                g = back

    def _backward(
        self, card: Layer, at: str, before: str, p: Any, t: Record, a: Any, g: Any, d: Record
    ) -> Iterator[Quantity]:
        """The gradients of a layer; of a layer that is made of layers, those of each within, the last first."""
        if isinstance(card, Nest):
            for place, layers in card.chains().items():
                yield from self._chain_back(place, layers, at, before, p, t, a, d)
            return
        if isinstance(card, Dense):
            yield from self._dense_back(card, at, before, t, a, d)
            return
        seen = self._seen(card, at, before, p, t, a, g)
        for name in dict.fromkeys([*card.told_back, *p.names]):
            if name == "back" or "." in name:
                continue
            own = name in p.names
            symbol = f"∇{name}[{at}]" if own else _symbol(name, at)
            values = getattr(d, name) if own else seen.get(name, (name, None))[1]
            if values is not None:
                formula = card.told_back.get(name, "")
                yield self._told(
                    "backward", "own_gradient" if own else "layer", symbol, formula, values, seen, at
                )

    def _chain_back(
        self, place: str, layers: Any, at: str, before: str, p: Any, t: Record, a: Any, d: Record
    ) -> Iterator[Quantity]:
        if place:
            i = int(place.rstrip("."))
            at, p, t, d, a = f"{at}.{i}", p.part(i), t.part(i), d.part(i), t.part(i).x
            before = f"x[{at}]"
        for i in range(len(layers), 0, -1):
            entering, x = (f"a[{at}.{i - 1}]", t.part(i - 1).a) if i > 1 else (before, a)
            inner = (p.part(i), t.part(i), x, None, d.part(i))
            yield from self._backward(layers[i - 1], f"{at}.{i}", entering, *inner)

    def _dense_back(
        self, card: Dense, at: str, before: str, t: Record, a: Any, d: Record
    ) -> Iterator[Quantity]:
        """δ, ∇W = δ xᵀ and ∇b = δ."""
        l, delta, x = int(at.split(".")[0]), t.delta.ravel(), a.ravel()
        formula = f"∂a[{at}]" if card.linear else f"∂a[{at}] ⊙ f'(z[{at}])"
        formula += f" ⊙ m[{at}]" if card.dropout and (t.mask != 1).any() else ""
        yield self._line("backward", "delta", f"δ[{at}]", formula, t.delta, l=l)

        def outer(j: int) -> str:
            return f"{self.pen.factor(delta[j])} · {self.pen.vector(x)}"

        yield self._line("backward", "grad_W", f"∇W[{at}]", f"δ[{at}] {before}ᵀ", d.W, outer, l, own=True)
        if card.bias:
            summed = "Σ " if self.batch else ""
            yield self._line("backward", "grad_b", f"∇b[{at}]", f"{summed}δ[{at}]", d.b, l=l, own=True)

    def _passed_back(self, card: Layer, layer: Any, t: Record, a: Any, g: Any, back: Any) -> Quantity:
        """The error of the layer's input."""
        at, before = f"{layer.l}", self.before(layer.l)
        if isinstance(card, Dense):
            W, delta = layer.W, t.delta.ravel()
            return self._line(
                "backward",
                "passed_back",
                f"∂{before}",
                f"W[{at}]ᵀ δ[{at}]",
                back,
                lambda j: self.pen.dot(W[:, j], delta),
                layer.l,
            )
        seen = self._seen(card, at, before, layer.parameters, t, a, g)
        formula = card.told_back.get("back", "")
        return self._told("backward", "passed_back", f"∂{before}", formula, back, seen, at)

    # --- update --------------------------------------------------------------------------------------------------

    def update(self, lr: float) -> Iterator[Quantity]:
        """θ := θ − α ∇θ for every parameter, at its own rate; by the mean gradient of the batch, or the sample's."""
        l2, n = self.trace.network.l2, self.trace.total_weight if self.batch else 1.0
        for place in self.trace.network.parameters.layout.places:
            if place.shape.rate == 0 or place.l not in self.gradients_of:
                continue
            *path, name = place.name.split(".")
            record = self.gradients_of[place.l]
            for i in path:
                record = record.part(int(i))
            old, shrink = place.view(self.trace.network.theta), l2 if place.shape.decays else 0.0
            gradient = np.reshape(getattr(record, name), old.shape) + shrink * old
            rate = "" if place.shape.rate == 1 else f"{place.shape.rate:g} "
            inner = (
                f"(∇{place.symbol} + {self.pen.num(shrink)} {place.symbol})" if shrink else f"∇{place.symbol}"
            )
            formula = f"{place.symbol} - {rate}α {inner}" + (" / n" if self.batch else "")
            yield self._updated_by(place, formula, old, gradient / n, lr * place.shape.rate)

    def _updated_by(self, place: Any, formula: str, old: Array, gradient: Array, lr: float) -> Quantity:
        new, several = old - lr * gradient, old.ndim > 1

        def rows(j: int) -> str:
            before, by = self.pen.vector(np.ravel(old[j])), self.pen.vector(np.ravel(gradient[j]))
            return f"{before} - {self.pen.num(lr)} · {by}"

        def numbers(j: int) -> str:
            return f"{self.pen.num(old[j])} - {self.pen.num(lr)} · {self.pen.factor(gradient[j])}"

        kind, told = "mean_update" if self.batch else "update", rows if several else numbers
        return self._line("update", kind, place.symbol, formula, new, told, place.l, own=True)

    # --- lines ---------------------------------------------------------------------------------------------------

    def _seen(
        self, card: Layer, at: str, before: str, p: Any, t: Record, a: Any, g: Any = None
    ) -> dict[str, tuple[str, Any]]:
        """What the formulas of a layer may name: x, parameters, entries of its record, g; each with its symbol."""
        found: dict[str, tuple[str, Any]] = {"x": (before, a)}
        found |= {name: (f"{name}[{at}]", values) for name, values in p._asdict().items() if "." not in name}
        entries = {name: values for name, values in vars(t).items() if isinstance(values, np.ndarray)}
        found |= {
            name: (before if name == "x" else _symbol(name, at), values) for name, values in entries.items()
        }
        found |= {} if g is None else {"g": (f"∂a[{at}]", g)}
        for name, values in card.seen(p, t, a, g).items():
            own = name in card.told or name in card.told_back
            symbol = values.symbol.format(x=before, at=at) if isinstance(values, Written) else name
            found[name] = (_symbol(name, at) if own else symbol, values)
        return found

    def _told(
        self,
        phase: Phase,
        kind: str,
        symbol: str,
        formula: str,
        values: Any,
        seen: Mapping[str, Any],
        at: str,
        constants: Mapping[str, Any] = MappingProxyType({}),
    ) -> Quantity:
        """A formula of the card with symbols, and for each number with numbers in it."""
        l, bare = int(at.split(".")[0]), formula.startswith("=")
        plain = formula.removeprefix("=")
        try:
            written = symbolic(plain, **{name: symbol for name, (symbol, _) in seen.items()})
        except KeyError:  # the error g of a layer within another is not kept
            return self._line(phase, kind, symbol, "", values, l=l, own=kind == "own_gradient")
        named = {name: what for name, (_, what) in seen.items() if f"{{{name}}}" in plain}
        sums = {name: what for name, what in named.items() if isinstance(what, Written)}
        flat = {name: np.ravel(array) for name, array in named.items() if name not in sums}
        fits = all(len(numbers) and np.size(values) % len(numbers) == 0 for numbers in flat.values())

        def numbers(j: int) -> str:
            text = plain
            for name, what in sums.items():
                text = text.replace(f"{{{name}}}", what.text(self.pen, j))
            return filled(
                text, self.pen, constants, **{name: part[j % len(part)] for name, part in flat.items()}
            )

        summed = "Σ " if kind == "own_gradient" and not fits and written else ""
        return self._line(
            phase,
            kind,
            symbol,
            summed + written,
            values,
            numbers if named and fits and not bare else None,
            l,
            kind == "own_gradient",
        )

    def _line(
        self,
        phase: Phase,
        kind: str,
        symbol: str,
        formula: str,
        values: Any,
        numbers: Callable[[int], str] | None = None,
        l: int = 0,
        own: bool = False,
    ) -> Quantity:
        """A quantity: of one sample a row per number, of the batch, or of a table of numbers, as a matrix."""
        if self.batch:
            row = Row(symbol, "", self.pen.span(values))
            cells = self.pen.matrix(np.reshape(values, (len(values), -1)) if values.ndim > 2 else values)
            return Quantity(phase, kind, symbol, formula, values.shape, (row,), 1, l, matrix=cells)
        lines: Array = values if own else np.ravel(values)
        if own and lines.ndim > 1:
            lines = lines.reshape(len(lines), -1)
            rows = unit_rows(
                symbol, len(lines), numbers or (lambda j: ""), lambda j: self.pen.vector(lines[j])
            )
        else:
            rows = unit_rows(symbol, len(lines), numbers or (lambda j: ""), lambda j: self.pen.num(lines[j]))
        shape = values.shape if own else lines.shape
        return Quantity(phase, kind, symbol, formula, shape, rows, len(lines), l)


def _symbol(name: str, at: str) -> str:
    """δ for delta, as in the lecture; ∂q for q_error."""
    if name.endswith("_error"):
        return f"∂{name.removesuffix('_error')}[{at}]"
    return f"{name.replace('delta', 'δ')}[{at}]"


def _empty(p: Any) -> Record:
    """Where the gradients of a layer go."""
    return Record.nested(p.names, (np.empty_like(values) for values in p))
