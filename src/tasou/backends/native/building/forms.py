"""The three forms of a printed formula: element by element, over blocks of samples, and an optimizer's rule."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .expressions import ELEMENT, NUMBER, REDUCTIONS, SAMPLE, Printer, Value
from .source import Unprintable

MAX_ARRAYS = 8
"""variables with a value for each element of a block that a formula may have: C has room for so many (MOST_ARRAYS)"""


class MapPrinter(Printer):
    """Each element by itself: variables of an inline function."""

    def text(self) -> str:
        """The body of the inline function."""
        for names, nodes in self.function.statements():
            values = [self.expression(node) for node in nodes]
            for name, value in zip(names, values, strict=False):
                self.names[name] = self.stored(value, name)
            if not names:
                self.lines.append(f"    return {self.written(values[0])};")
        return "\n".join(self.lines)

    def stored(self, value: Value, name: str) -> Value:
        """A variable that holds the value."""
        kind, fresh = "double" if value.level == NUMBER else "real", self.fresh(name)
        self.lines.append(f"    const {kind} {fresh} = {self.written(value)};")
        return Value(fresh, value.level)

    def written(self, value: Value) -> str:
        """As it is computed: numbers in double."""
        return value.code if value.level == NUMBER else value.real


class SumPrinter(MapPrinter):
    """A sum over all elements: its term as a function of an element, the rest as a function of the sum."""

    term = ""

    def reduction(self, attr: str, node: ast.Call) -> Value:
        """The sum is handed in; its term is printed beside."""
        self.term = self.expression(node.args[0]).real
        return Value("sum", NUMBER)


class BlockPrinter(Printer):
    """Sums and maxima over the outputs: arrays [K][ld] of which BLOCK samples are walked, one array per variable."""

    def text(self) -> str:
        """The body of the block function."""
        for names, nodes in self.function.statements():
            values = [self.expression(node) for node in nodes]
            for name, node, value in zip(names, nodes, values, strict=False):
                self.names[name] = self.stored(value, name, node)
            if not names:
                self.lines.append(f"    EACH_OUTPUT(out[k * ld + s] = {values[0].real};)")
        return "\n".join(self.lines)

    def stored(self, value: Value, name: str, node: ast.expr) -> Value:
        """A variable: one number per sample, or one per element."""
        if value.level == SAMPLE:
            return self.kept(value)
        place = self.count("E")
        if place >= MAX_ARRAYS:
            raise Unprintable(node, f"more than {MAX_ARRAYS} variables with a value for each element")
        array = (
            f"E_{name}"
            if all(f"const E_{name} =" not in line for line in self.lines)
            else f"E_{name}_{place}"
        )
        self.lines.append(f"    real *const {array} = work + {place} * K * BLOCK;")
        self.lines.append(f"    EACH_OUTPUT({array}[k * BLOCK + s] = {value.real};)")
        return Value(f"{array}[k * BLOCK + s]", ELEMENT)

    def kept(self, value: Value) -> Value:
        """What belongs to a sample is computed once, not once for each of its outputs."""
        if value.level != SAMPLE:
            return value
        name = f"r{self.count('r')}"
        self.lines.append(f"    real {name}[BLOCK];\n    EACH_SAMPLE({name}[s] = {value.real};)")
        return Value(f"{name}[s]", SAMPLE)

    def reduction(self, attr: str, node: ast.Call) -> Value:
        """A maximum or a sum over the outputs of each sample, in the order of the outputs."""
        first, step = REDUCTIONS[attr]
        element = self.expression(node.args[0])
        name = f"r{self.count('r')}"
        self.lines.append(f"    real {name}[BLOCK];\n    EACH_SAMPLE({name}[s] = {first};)")
        self.lines.append(f"    EACH_OUTPUT({name}[s] = {step.format(f'{name}[s]', element.real)};)")
        return Value(f"{name}[s]", SAMPLE)

    def outputs(self, node: ast.expr) -> Value:
        """How many outputs a sample has."""
        return Value("(double)K", NUMBER)

    def count(self, kind: str) -> int:
        """How many variables of a kind there are so far."""
        start = "    real *const E_" if kind == "E" else "    real r"
        return sum(line.startswith(start) for line in self.lines)


class RulePrinter(Printer):
    """An optimizer's rule: what is the same for all elements before the loop, the rest within."""

    def text(self) -> str:
        """The declarations before the loop, and the loop."""
        inside: list[str] = []
        for names, nodes in self.function.statements():
            if not names:
                inside += self.results(nodes[0])
                continue
            values = [self.expression(node) for node in nodes]
            for name, value in zip(names, values, strict=True):
                fresh = f"{name}_{len(inside)}"
                kind, where = ("double", self.lines) if value.level == NUMBER else ("real", inside)
                where.append(f"    const {kind} {fresh} = {value.code};")
                self.names[name] = Value(fresh, value.level)
        loop = "\n".join(f"    {line}" for line in inside)
        return "\n".join(self.lines) + f"\n    EACH(i, n) {{\n{loop}\n    }}"

    def results(self, node: ast.expr) -> Iterator[str]:
        """Write back theta and the state, which the rule returns in the order in which it takes them."""
        places = [a for a in self.function.arrays if a != "grad"]
        elements = node.elts if isinstance(node, ast.Tuple) else [node]
        if len(elements) != len(places):
            raise Unprintable(node, f"a rule returns {', '.join(places)}")
        for place, element in zip(places, elements, strict=True):
            yield f"    const real new_{place} = {self.expression(element).real};"
        yield from (f"    {place}_of[i] = new_{place};" for place in places)
