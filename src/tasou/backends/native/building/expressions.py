"""Expressions of a formula as C expressions."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from .source import Function, Module, Unprintable

NUMBER, SAMPLE, ELEMENT = range(3)
"""what a value belongs to: the whole call, a sample (row), or a single element"""

MATHS = {"exp": 1, "expm1": 1, "log": 1, "log1p": 1, "tanh": 1, "sqrt": 1, "abs": 1, "sign": 1} | {
    "maximum": 2,
    "minimum": 2,
}
REDUCTIONS = {"max": ("-INFINITY", "FN(xp_maximum)({0}, {1})"), "sum": ("0", "{0} + {1}")}
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISONS = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<="}


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
    lines: list[str] = field(default_factory=list)
    """statements that must come before the expression being printed"""

    def expression(self, node: ast.expr) -> Value:
        """The expression in C, with its level."""
        match node:
            case ast.Constant(value=int() | float() as number):
                return Value(repr(float(number)), NUMBER)
            case ast.Name(id=name):
                return self.name(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.expression(operand)
                return Value(f"(-{inner.code})", inner.level)
            case ast.BinOp(left=left, op=op, right=right):
                return self.operation(op, self.expression(left), self.expression(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
                return self.joined(COMPARISONS[type(op)], self.expression(left), self.expression(right))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                a, b, c = (self.expression(n) for n in (test, body, orelse))
                return Value(f"({a.code} ? {b.code} : {c.code})", max(a.level, b.level, c.level))
            case ast.Call():
                return self.call(node)
        raise Unprintable(f"{self.function.symbol}: {ast.unparse(node)}")

    def name(self, name: str) -> Value:
        """A variable, a parameter, or a constant of the file."""
        if name in self.names:
            return self.names[name]
        if name in self.function.module.constants:
            return Value(repr(self.function.module.constants[name]), NUMBER)
        raise Unprintable(f"{self.function.symbol}: unknown name {name}")

    def operation(self, op: ast.operator, a: Value, b: Value) -> Value:
        """a + b and its like; powers only of numbers."""
        if isinstance(op, ast.Pow):
            if max(a.level, b.level) > NUMBER:
                raise Unprintable(f"{self.function.symbol}: power of an array")
            return Value(f"pow({a.code}, {b.code})", NUMBER)
        return self.joined(OPERATORS[type(op)], a, b)

    def joined(self, sign: str, a: Value, b: Value) -> Value:
        """Two operands in the type of the larger level."""
        level = max(a.level, b.level)
        left, right = (a.code, b.code) if level == NUMBER else (a.real, b.real)
        return Value(f"({left} {sign} {right})", level)

    def call(self, node: ast.Call) -> Value:
        """``xp.exp(z)``, ``min(a, b)``, or another formula."""
        match node.func:
            case ast.Attribute(value=ast.Name(id="xp"), attr=attr):
                return self.library(attr, node)
            case ast.Name(id="min" | "max" as name):
                a, b = (self.expression(n) for n in node.args)
                return Value(f"f{name}({a.code}, {b.code})", NUMBER)
            case ast.Name(id=name) if name in self.function.module.imports:
                return self.formula(*self.function.module.imports[name], node.args)
        raise Unprintable(f"{self.function.symbol}: {ast.unparse(node)}")

    def library(self, attr: str, node: ast.Call) -> Value:
        """A function of the array namespace."""
        if attr in REDUCTIONS:
            return self.reduction(attr, node)
        values = [self.expression(n) for n in node.args]
        level = max(v.level for v in values)
        if attr == "where":
            condition, yes, no = values
            return Value(f"({condition.code} ? {yes.real} : {no.real})", level)
        if attr == "ones_like":
            return Value("(real)1", level)
        if MATHS.get(attr) != len(values):
            raise Unprintable(f"{self.function.symbol}: xp.{attr}")
        return self.kept(Value(f"FN(xp_{attr})({', '.join(v.real for v in values)})", level))

    def formula(self, home: str, name: str, arguments: list[ast.expr]) -> Value:
        """A call of another formula, its parameters at their defaults."""
        called = Function(Module(self.function.module.root, home), name)
        values = [self.expression(n) for n in arguments if not (isinstance(n, ast.Name) and n.id == "xp")]
        codes = [*(v.real for v in values), *(repr(v) for v in called.parameters.values())]
        return self.kept(Value(f"FN({called.symbol})({', '.join(codes)})", max(v.level for v in values)))

    def kept(self, value: Value) -> Value:
        """A costly value; printed where it stands unless it is needed more often than that."""
        return value

    def reduction(self, attr: str, node: ast.Call) -> Value:
        """A sum or maximum: not in every form."""
        raise Unprintable(f"{self.function.symbol}: xp.{attr}")
