"""Expressions of a formula as C expressions."""

from __future__ import annotations

import ast
import re
from collections.abc import Set
from dataclasses import dataclass, field

from .source import Function, Module, Unprintable

NUMBER, SAMPLE, ELEMENT = range(3)
"""what a value belongs to: the whole call, a sample (row), or a single element"""

MATHS = {
    "exp": 1,
    "expm1": 1,
    "log": 1,
    "log1p": 1,
    "tanh": 1,
    "sin": 1,
    "cos": 1,
    "sqrt": 1,
    "abs": 1,
    "sign": 1,
} | {
    "maximum": 2,
    "minimum": 2,
}
REDUCTIONS = {"max": ("-INFINITY", "xp_maximum({0}, {1})"), "sum": ("0", "{0} + {1}")}
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISONS = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<="}


TAKEN = frozenset(
    """K ld s k i n p in out work state real sum auto break case char const continue default do double else enum extern
    float for goto if inline int long register restrict return short signed sizeof static struct switch typedef union
    unsigned void volatile while""".split()  # noqa: SIM905 - in lines, as they are read
)
"""names that mean something else in the C around a formula, or in C itself"""


def spelled(name: str) -> str:
    """The name of an argument or a variable in C."""
    return f"{name}_" if name in TAKEN or re.fullmatch(r"[rE]_?\d+|.*_of", name) else name


@dataclass(frozen=True)
class Value:
    """A C expression and what it belongs to."""

    code: str
    level: int

    @property
    def real(self) -> str:
        """As an operand among elements: numbers are rounded to ``real`` first, as NumPy does with Python's floats."""
        return f"(real)({self.code})" if self.level == NUMBER else self.code


@dataclass
class Printer:
    """Expressions of one function as C."""

    function: Function
    names: dict[str, Value]
    inline: Set[str] = frozenset()
    """formulas of single elements that were printed before, by symbol: those can be called"""
    lines: list[str] = field(default_factory=list)
    """statements that must come before the expression being printed"""

    def expression(self, node: ast.expr) -> Value:
        """The expression in C, with its level."""
        match node:
            case ast.Constant(value=int() | float() as number):
                return Value(repr(float(number)), NUMBER)
            case ast.Name(id=name):
                return self.name(node, name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.expression(operand)
                return Value(f"(-{inner.code})", inner.level)
            case ast.BinOp(left=left, op=op, right=right):
                return self.operation(node, op, self.expression(left), self.expression(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
                return self.joined(COMPARISONS[type(op)], self.expression(left), self.expression(right))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                a, b, c = (self.expression(n) for n in (test, body, orelse))
                return Value(f"({a.code} ? {b.code} : {c.code})", max(a.level, b.level, c.level))
            case ast.Call():
                return self.call(node)
            case ast.Subscript(value=ast.Attribute(attr="shape")) if ast.unparse(node.slice) == "-1":
                return self.outputs(node)
        raise Unprintable(node, "known are + - * /, ** of numbers, one comparison, a if c else b, and calls")

    def name(self, node: ast.expr, name: str) -> Value:
        """A variable, a parameter, or a constant of the file."""
        if name in self.names:
            return self.names[name]
        if name in self.function.module.constants:
            return Value(repr(self.function.module.constants[name]), NUMBER)
        raise Unprintable(node, "neither an argument, nor assigned before, nor a number of this file")

    def operation(self, node: ast.expr, op: ast.operator, a: Value, b: Value) -> Value:
        """a + b and its like; powers only of numbers."""
        if isinstance(op, ast.Pow):
            if a.level > NUMBER and isinstance(node, ast.BinOp) and ast.unparse(node.right) == "2":
                a = self.kept(a)
                return Value(f"({a.code} * {a.code})", a.level)
            if max(a.level, b.level) > NUMBER:
                raise Unprintable(
                    node, "a power of an array, other than its square; write a product, xp.sqrt, xp.exp"
                )
            return Value(f"pow({a.code}, {b.code})", NUMBER)
        if type(op) not in OPERATORS:
            raise Unprintable(node, "known are + - * / and ** of numbers")
        return self.joined(OPERATORS[type(op)], a, b)

    def joined(self, sign: str, a: Value, b: Value) -> Value:
        """Two operands in the type of the larger level."""
        level = max(a.level, b.level)
        left, right = (a.code, b.code) if level == NUMBER else (a.real, b.real)
        return Value(f"({left} {sign} {right})", level)

    def call(self, node: ast.Call) -> Value:
        """``xp.exp(z)``, ``min(a, b)``, or another formula."""
        module = self.function.module
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="xp"), attr=attr)):
                return self.library(attr, node)
            case ast.Call(func=ast.Name(id="min" | "max" as name), args=[first, second]):
                a, b = self.expression(first), self.expression(second)
                if max(a.level, b.level) > NUMBER:
                    raise Unprintable(node, f"{name} of an array; write xp.{name}imum")
                return Value(f"f{name}({a.code}, {b.code})", NUMBER)
            case ast.Call(func=ast.Name(id=name), keywords=[]) if name in module.imports:
                return self.formula(node, *module.imports[name])
            case ast.Call(func=ast.Name(id=name), keywords=[]) if name in module.functions:
                return self.formula(node, module.path, name)
        raise Unprintable(node, "known are functions of xp, min, max, and formulas of tasou without keywords")

    def library(self, attr: str, node: ast.Call) -> Value:
        """A function of the array namespace."""
        if attr in REDUCTIONS:
            return self.reduction(attr, node)
        if attr == "astype":
            return self.as_number(node)
        values = [self.expression(n) for n in node.args]
        if node.keywords or {**MATHS, "where": 3, "ones_like": 1}.get(attr) != len(values):
            raise Unprintable(
                node, f"of xp are known {', '.join([*MATHS, *REDUCTIONS, 'where', 'ones_like', 'astype'])}"
            )
        level = max(v.level for v in values)
        if attr == "where":
            condition, yes, no = values
            return Value(f"({condition.code} ? {yes.real} : {no.real})", level)
        if attr == "ones_like":
            return Value("(real)1", level)
        return self.kept(Value(f"xp_{attr}({', '.join(v.real for v in values)})", level))

    def as_number(self, node: ast.Call) -> Value:
        """``xp.astype(z > 0, z.dtype)``: 1 where the condition holds, else 0."""
        match node.args:
            case [ast.Compare() as test, ast.Attribute(attr="dtype")] if not node.keywords:
                condition = self.expression(test)
                return Value(f"({condition.code} ? (real)1 : (real)0)", condition.level)
        raise Unprintable(node, "astype turns a comparison into numbers: xp.astype(z > 0, z.dtype)")

    def formula(self, node: ast.Call, home: str, name: str) -> Value:
        """A call of another formula, its parameters at their defaults."""
        called = Function(Module(self.function.module.root, home), name)
        if called.symbol not in self.inline:
            raise Unprintable(
                node, f"{name} of {home}.py is not printed for single elements (before this one)"
            )
        values = [self.expression(n) for n in node.args if not (isinstance(n, ast.Name) and n.id == "xp")]
        codes = [*(v.real for v in values), *(repr(v) for v in called.parameters.values())]
        return self.kept(Value(f"{called.symbol}({', '.join(codes)})", max(v.level for v in values)))

    def fresh(self, name: str) -> str:
        """A name in C: the same, unless it is given away already."""
        return spelled(name if name not in self.names else f"{name}_{len(self.lines)}")

    def kept(self, value: Value) -> Value:
        """A costly value; printed where it stands unless it is needed more often than that."""
        return value

    def outputs(self, node: ast.expr) -> Value:
        """How many outputs a sample has: known where a formula adds over them."""
        raise Unprintable(
            node, "the number of outputs stands in formulas that add over the outputs of a sample only"
        )

    def reduction(self, attr: str, node: ast.Call) -> Value:
        """A sum or maximum: not in every form."""
        raise Unprintable(
            node, f"xp.{attr} over the outputs of a sample stands in losses and activations only"
        )
