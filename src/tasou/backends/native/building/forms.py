"""The three forms of a printed formula: element by element, over blocks of samples, and an optimizer's rule."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from .expressions import ELEMENT, NUMBER, REDUCTIONS, SAMPLE, Printer, Value


class MapPrinter(Printer):
    """Each element by itself: variables of an inline function."""

    def text(self) -> str:
        """The body of the inline function."""
        for name, node in self.function.statements():
            value = self.expression(node)
            self.lines.append(
                f"    {self.target(name, value)}{value.code if value.level == NUMBER else value.real};"
            )
        return "\n".join(self.lines)

    def target(self, name: str, value: Value) -> str:
        """What stands before the value: a declaration, or return."""
        if not name:
            return "return "
        self.names[name] = Value(name, value.level)
        return f"const {'double' if value.level == NUMBER else 'real'} {name} = "


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
        for name, node in self.function.statements():
            value = self.expression(node)
            if name:
                self.names[name] = self.stored(value, f"work + {self.count('E')} * K * BLOCK", name)
            else:
                self.lines.append(f"    EACH_OUTPUT(out[k * ld + s] = {value.real};)")
        return "\n".join(self.lines)

    def stored(self, value: Value, place: str, name: str) -> Value:
        """A variable: one number per sample, or one per element."""
        if value.level == SAMPLE:
            return self.kept(value)
        self.lines.append(f"    real *const E_{name} = {place};")
        self.lines.append(f"    EACH_OUTPUT(E_{name}[k * BLOCK + s] = {value.real};)")
        return Value(f"E_{name}[k * BLOCK + s]", ELEMENT)

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

    def count(self, kind: str) -> int:
        """How many variables of a kind there are so far."""
        start = "    real *const E_" if kind == "E" else "    real r"
        return sum(line.startswith(start) for line in self.lines)


class RulePrinter(Printer):
    """An optimizer's rule: what is the same for all elements before the loop, the rest within."""

    def text(self) -> str:
        """The declarations before the loop, and the loop."""
        inside: list[str] = []
        for name, node in self.function.statements():
            if not name:
                inside += self.results(node)
                continue
            value = self.expression(node)
            fresh = f"{name}_{len(inside)}"
            kind, where = ("double", self.lines) if value.level == NUMBER else ("real", inside)
            where.append(f"    const {kind} {fresh} = {value.code};")
            self.names[name] = Value(fresh, value.level)
        loop = "\n".join(f"    {line}" for line in inside)
        return "\n".join(self.lines) + f"\n    EACH(i, n) {{\n{loop}\n    }}"

    def results(self, node: ast.expr) -> Iterable[str]:
        """Write back theta and the state, which the rule returns in the order in which it takes them."""
        assert isinstance(node, ast.Tuple)
        places = [a for a in self.function.arrays if a != "grad"]
        for place, element in zip(places, node.elts, strict=True):
            yield f"    const real new_{place} = {self.expression(element).real};"
        yield from (f"    {place}_of[i] = new_{place};" for place in places)
