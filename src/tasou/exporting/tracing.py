"""Run a formula once, on symbols: what it computes, as an expression that any language can print.

A formula is a pure function of its arrays and of an array namespace, ``f(z, xp)``. Handed symbols and a namespace that
computes nothing, it leaves the tree of what it asked for. So whatever runs can be printed: formulas with constants of
their own, formulas that call others, formulas of the user's own.

>>> from tasou.formulas import activations
>>> print(traced(activations.get("elu", alpha=0.5).f, 1)[0])
where((a > 0), a, (0.5 * expm1(minimum(a, 0))))
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from tasou.errors import TasouError
from tasou.messages import Message

UNPRINTABLE = Message(
    "export.unprintable",
    en="the formula {formula} cannot be exported: {reason}",
    ja="式 {formula} は書き出せません：{reason}",
)
UNKNOWN = Message(
    "export.unknown_function",
    en="it asks for xp.{name}; known are {known:list}",
    ja="xp.{name} を使っています。使えるのは {known:list} です",
)
BRANCHES = Message(
    "export.branches",
    en="the way it takes depends on a value; use xp.where",
    ja="値によって分岐しています。xp.where を使ってください",
)
LAST_AXIS = Message(
    "export.last_axis",
    en="xp.{name} goes over the last axis and keeps it: axis=-1, keepdims=True",
    ja="xp.{name} は最後の軸についてだけ使えます（axis=-1、keepdims=True）",
)

BINARY = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
COMPARISONS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "=="}
CALLS = {
    **dict.fromkeys(
        ("exp", "expm1", "log", "log1p", "tanh", "sqrt", "abs", "sign", "floor", "sin", "cos"), 1
    ),
    **dict.fromkeys(("maximum", "minimum"), 2),
}
REDUCTIONS = ("max", "sum")
"""over the last axis, which stays with the length 1"""
BOOLEAN = (*COMPARISONS, "isnan")


class Value:
    """A number of an expression: an input, a constant, or an operation on other values.

    Equal operations on the same values are one value, so that nothing is computed twice.
    """

    __hash__ = object.__hash__

    def __init__(self, graph: Graph, op: str, args: tuple[Value, ...], detail: float | int) -> None:
        self.graph, self.op, self.args, self.detail = graph, op, args, detail
        self.per_row: bool = op in REDUCTIONS or (
            bool(args) and all(arg.per_row or arg.op == "constant" for arg in args)
        )
        """whether it is one number for each row of the last axis"""

    @property
    def dtype(self) -> None:
        """The type of all numbers is the same."""
        return None

    @property
    def shape(self) -> tuple[int, ...]:
        """Its last axis alone is known."""
        return (0, self.graph.width)

    @property
    def number(self) -> Value:
        """The same where a number is needed: what is true counts as 1."""
        return self.graph.node("where", self, 1.0, 0.0) if self.op in BOOLEAN else self

    def __add__(self, other: Any) -> Value:
        return self.graph.arithmetic("add", self, other)

    def __radd__(self, other: Any) -> Value:
        return self.graph.arithmetic("add", other, self)

    def __sub__(self, other: Any) -> Value:
        return self.graph.arithmetic("sub", self, other)

    def __rsub__(self, other: Any) -> Value:
        return self.graph.arithmetic("sub", other, self)

    def __mul__(self, other: Any) -> Value:
        return self.graph.arithmetic("mul", self, other)

    def __rmul__(self, other: Any) -> Value:
        return self.graph.arithmetic("mul", other, self)

    def __truediv__(self, other: Any) -> Value:
        return self.graph.arithmetic("div", self, other)

    def __rtruediv__(self, other: Any) -> Value:
        return self.graph.arithmetic("div", other, self)

    def __neg__(self) -> Value:
        return self.graph.node("neg", self.number)

    def __pow__(self, power: Any) -> Value:
        if power == 0.5:
            return self.graph.node("sqrt", self)
        if power in (2, 3, 4):
            return _product(self, int(power))
        return self.graph.node("pow", self, power)

    def __rpow__(self, base: float) -> Value:
        return self.graph.node("pow", base, self)

    def __gt__(self, other: Any) -> Value:
        return self.graph.node("gt", self.number, other)

    def __ge__(self, other: Any) -> Value:
        return self.graph.node("ge", self.number, other)

    def __lt__(self, other: Any) -> Value:
        return self.graph.node("lt", self.number, other)

    def __le__(self, other: Any) -> Value:
        return self.graph.node("le", self.number, other)

    def __eq__(self, other: object) -> Any:
        return self.graph.node("eq", self.number, other)

    def __bool__(self) -> bool:
        raise TasouError(BRANCHES)

    def __str__(self) -> str:
        a = [str(arg) for arg in self.args]
        match self.op:
            case "input":
                return "abcdefgh"[int(self.detail)]
            case "constant":
                return f"{self.detail:g}"
            case "neg":
                return f"-{a[0]}"
            case op if sign := {**BINARY, **COMPARISONS}.get(op):
                return f"({a[0]} {sign} {a[1]})"
        return f"{self.op}({', '.join(a)})"


def _product(value: Value, times: int) -> Value:
    found = value
    for _ in range(times - 1):
        found = found * value
    return found


class Graph:
    """Values, each known by what it is made of; ``width`` is the length of the last axis."""

    def __init__(self, width: int = 1) -> None:
        self.width = width
        self._known: dict[tuple[Any, ...], Value] = {}

    def node(self, op: str, *args: Any, detail: float | int = 0) -> Value:
        """The value of an operation; numbers among its arguments become constants."""
        values = tuple(arg if isinstance(arg, Value) else self.constant(float(arg)) for arg in args)
        key = (op, *map(id, values), detail if detail == detail else "nan", math.copysign(1, detail))
        if key not in self._known:
            self._known[key] = Value(self, op, values, detail)
        return self._known[key]

    def constant(self, number: float) -> Value:
        """A number."""
        return self.node("constant", detail=number)

    def input(self, place: int) -> Value:
        """The formula's input of that place."""
        return self.node("input", detail=place)

    def arithmetic(self, op: str, a: Any, b: Any) -> Value:
        """a + b and its like."""
        a, b = (side.number if isinstance(side, Value) else side for side in (a, b))
        return self.node(op, a, b)


class Namespace:
    """What stands in for an array library: its functions note what they are asked for."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def __getattr__(self, name: str) -> Callable[..., Value]:
        if name not in CALLS:
            known = [*CALLS, *REDUCTIONS, "where", "clip", "isnan", "ones_like", "zeros_like", "astype"]
            raise TasouError(UNKNOWN, name=name, known=known)

        def call(*args: Any) -> Value:
            numbers = (arg.number if isinstance(arg, Value) else arg for arg in args)
            return self._graph.node(name, *numbers)

        return call

    def where(self, condition: Value, yes: Any, no: Any) -> Value:
        """One or the other."""
        if not isinstance(condition, Value) or condition.op not in BOOLEAN:
            condition = self._graph.node("eq", condition, 0.0)
            yes, no = no, yes
        yes, no = (side.number if isinstance(side, Value) else side for side in (yes, no))
        return self._graph.node("where", condition, yes, no)

    def clip(self, value: Value, low: float, high: float) -> Value:
        """Held between two numbers."""
        return self._graph.node("minimum", self._graph.node("maximum", value, low), high)

    def isnan(self, value: Value) -> Value:
        """Whether it is no number."""
        return self._graph.node("isnan", value)

    def ones_like(self, value: Value) -> Value:
        """1."""
        return self._graph.constant(1.0)

    def zeros_like(self, value: Value) -> Value:
        """0."""
        return self._graph.constant(0.0)

    def astype(self, value: Value, dtype: Any) -> Value:
        """A condition as a number."""
        return value.number

    def max(self, value: Value, axis: int = -1, keepdims: bool = False) -> Value:
        """The largest of a row."""
        return self._reduced("max", value, axis, keepdims)

    def sum(self, value: Value, axis: int = -1, keepdims: bool = False) -> Value:
        """The sum of a row."""
        return self._reduced("sum", value, axis, keepdims)

    def _reduced(self, op: str, value: Value, axis: int, keepdims: bool) -> Value:
        if axis != -1 or not keepdims:
            raise TasouError(LAST_AXIS, name=op)
        number = value.number
        if number.op == "constant":
            return self._graph.constant(number.detail * (self._graph.width if op == "sum" else 1))
        return self._graph.node(op, number)


def traced(formula: Callable[..., Any], arrays: int, *numbers: Any, width: int = 1) -> tuple[Value, ...]:
    """What the formula returns for so many arrays (and these numbers behind them), as values.

    ``width`` is the length of the last axis.

    Raises
    ------
    TasouError
        it asks for something that cannot be printed
    """
    graph = Graph(width)
    inputs = [graph.input(i) for i in range(arrays)]
    return returned(formula, lambda: formula(*inputs, *numbers, Namespace(graph)), graph)


def returned(formula: Any, run: Callable[[], Any], graph: Graph) -> tuple[Value, ...]:
    """What ``run`` returns, as values; what goes wrong is told of the formula."""
    try:
        found = run()
        parts = found if isinstance(found, tuple | list) else (found,)
        return tuple(
            part.number if isinstance(part, Value) else graph.constant(float(part)) for part in parts
        )
    except TasouError as error:
        raise TasouError(UNPRINTABLE, formula=_name(formula), reason=error) from None
    except (TypeError, ValueError, AttributeError) as error:
        raise TasouError(UNPRINTABLE, formula=_name(formula), reason=str(error)) from error


def _name(formula: Any) -> str:
    while hasattr(formula, "func"):
        formula = formula.func
    home = str(getattr(formula, "__module__", "")).removeprefix("tasou.formulas.")
    return f"{home}.{getattr(formula, '__name__', formula)}"


def walked(*values: Value) -> Iterator[Value]:
    """Every value that these are made of, and they themselves, each once and behind what it needs."""
    seen: set[int] = set()
    stack: list[tuple[Value, bool]] = [(value, False) for value in reversed(values)]
    while stack:
        value, ready = stack.pop()
        if id(value) in seen:
            continue
        if ready:
            seen.add(id(value))
            yield value
        else:
            stack.append((value, True))
            stack.extend((arg, False) for arg in reversed(value.args))
