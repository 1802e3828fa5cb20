"""A network's tape as nodes of an ONNX graph: formulas operation by operation, every verb once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tasou.backends.recording import CONSTANT, PARAMETER, ROWS, N, Op, Operand
from tasou.errors import TasouError
from tasou.exporting.graph import OnnxGraph
from tasou.exporting.lowering import NO_VERB
from tasou.exporting.tracing import Value, traced, walked
from tasou.network import Network

OPERATORS = {
    **{
        "add": "Add",
        "sub": "Sub",
        "mul": "Mul",
        "div": "Div",
        "neg": "Neg",
        "where": "Where",
        "isnan": "IsNaN",
    },
    **{"gt": "Greater", "ge": "GreaterOrEqual", "lt": "Less", "le": "LessOrEqual", "eq": "Equal"},
    **{
        "exp": "Exp",
        "log": "Log",
        "tanh": "Tanh",
        "sqrt": "Sqrt",
        "abs": "Abs",
        "sign": "Sign",
        "floor": "Floor",
    },
    **{"sin": "Sin", "cos": "Cos", "pow": "Pow", "maximum": "Max", "minimum": "Min"},
}
REDUCTIONS = {"max": "ReduceMax", "sum": "ReduceSum"}
ALWAYS = {"Relu", "Sigmoid", "Tanh", "Softmax"}
"""what run times compute in both precisions; everything else is written out in double precision"""
SINGLE = {*ALWAYS, "Elu", "LeakyRelu", "Selu", "Softplus"}
OUTPUTS = {"softmax": "Softmax", "sigmoid": "Sigmoid"}


class TensorWriter:
    """Writes values and tapes into a graph, in one precision."""

    def __init__(self, graph: OnnxGraph, dtype: np.dtype[Any]) -> None:
        self.graph, self.dtype = graph, dtype
        self.named: dict[int, str] = {}
        self.theta = np.zeros(0)
        self.x = ""

    def constant(self, number: float) -> str:
        """A number."""
        return self.graph.constant(np.array(number, self.dtype), "number/1")

    # --- formulas ----------------------------------------------------------------------------------------------------

    def values(self, values: Sequence[Value], inputs: Sequence[str]) -> list[str]:
        """Expressions, node by node."""
        names: dict[int, str] = {}
        for part in walked(*values):
            names[id(part)] = self._value(part, [names[id(arg)] for arg in part.args], inputs)
        return [names[id(value)] for value in values]

    def _value(self, part: Value, a: list[str], inputs: Sequence[str]) -> str:
        graph = self.graph
        match part.op:
            case "input":
                return inputs[int(part.detail)]
            case "constant":
                return self.constant(part.detail)
            case "expm1":
                return graph.node("Sub", graph.node("Exp", a[0]), self.constant(1.0))
            case "log1p":
                return graph.node("Log", graph.node("Add", a[0], self.constant(1.0)))
            case "where" if [arg.detail for arg in part.args[1:] if arg.op == "constant"] == [1.0, 0.0]:
                return graph.node("Cast", a[0], to=1 if self.dtype == np.float32 else 11)
            case op if op in REDUCTIONS:
                return graph.node(REDUCTIONS[op], a[0], graph.constant(np.array([-1])), keepdims=1)
        return graph.node(OPERATORS[part.op], *a)

    def formula(self, formula: Any, inputs: Sequence[str], name: str = "", width: int = 1) -> str:
        """A formula of arrays: by the operator that computes it, or operation by operation."""
        if len(inputs) == 1 and (found := self._operator(formula)):
            op = found[0]
            attributes: dict[str, Any] = dict(found[1])
            return inputs[0] if op == "Identity" else self.graph.node(op, inputs[0], name=name, **attributes)
        return self.values(traced(formula, len(inputs), width=width), inputs)[0]

    def _operator(self, formula: Any) -> tuple[str, dict[str, float]] | None:
        """The ONNX operator that a formula's own file names, with its constants, if every run time has it."""
        given: dict[str, float] = {}
        while hasattr(formula, "func"):
            given, formula = {**formula.keywords, **given}, formula.func
        home = sys.modules.get(getattr(formula, "__module__", ""))
        if getattr(formula, "__name__", "") != "f" or not (getattr(home, "__name__", "")).startswith(
            "tasou.formulas."
        ):
            return None
        op = getattr(home, "onnx", "")
        if op == "Identity" or op in (SINGLE if self.dtype == np.float32 else ALWAYS):
            defaults = getattr(formula, "__kwdefaults__", None) or {}
            return op, {key: float(value) for key, value in {**defaults, **given}.items()}
        return None

    # --- tapes -------------------------------------------------------------------------------------------------------

    def network(self, network: Network, x: str) -> str:
        """ŷ for the rows of x."""
        tape: Any = network.tape(learning=False)
        self.named, self.theta, self.x = {id(tape.x): x}, network.theta, x
        ops = list(tape.forward)
        while ops:
            op = ops.pop(0)
            if ops and _is_affine(op, ops[0], tape.output):
                following = ops.pop(0)
                self.named[id(following.output)] = self._affine(op, following)
            elif op.verb not in VERBS:
                raise TasouError(NO_VERB, verb=op.verb)
            else:
                self.named[id(op.output)] = VERBS[op.verb](self, op)
        raw = self.operand(tape.output)
        operator = OUTPUTS.get(network.loss.output)
        if operator:
            return self.graph.node(operator, raw, name="y_hat/1")
        return self.values(traced(network.loss.predict, 1, width=network.sizes[-1]), [raw])[0]

    def _affine(self, product: Op, add: Op) -> str:
        """x Wᵀ + b in one node."""
        a, W = product.inputs
        names = [self.operand(a), self.operand(W.base), self.operand(add.inputs[1])]  # type: ignore[arg-type]
        return self.graph.node("Gemm", *names, transB=1, name=f"{add.output.name}/1")

    def operand(self, operand: Operand) -> str:
        """The name of an operand."""
        if id(operand) not in self.named:
            self.named[id(operand)] = self._found(operand)
        return self.named[id(operand)]

    def _found(self, operand: Operand) -> str:
        known = self.known(operand)
        if known is not None:
            return self.graph.constant(known, f"{operand}/1" if operand.kind == PARAMETER else "given/1")
        assert operand.base is not None
        base = self.operand(operand.base)
        if operand.kind == "transposed":
            order = [*range(operand.ndim - 2), operand.ndim - 1, operand.ndim - 2]
            return self.graph.node("Transpose", base, perm=order)
        if operand.kind == "columns":
            places = (operand.start, operand.start + operand.shape[-1], -1)
            return self.graph.node("Slice", base, *(self.graph.constant(np.array([p])) for p in places))
        return self.graph.node("Reshape", base, self.graph.constant(np.array(shape_of(operand.shape))))

    def known(self, operand: Operand) -> Any:
        """The numbers of what does not depend on the rows, else None."""
        if operand.kind == PARAMETER:
            values = self.theta[operand.start : operand.start + operand.size]
            return values.reshape(operand.shape).astype(self.dtype)
        if operand.kind == CONSTANT and operand.array is not None:
            return operand.array.astype(self.dtype)
        if operand.base is None or (base := self.known(operand.base)) is None:
            return None
        if operand.kind == "transposed":
            return np.swapaxes(base, -1, -2)
        if operand.kind == "columns":
            return base[..., operand.start : operand.start + operand.shape[-1]]
        return base.reshape(operand.shape)


def shape_of(shape: Sequence[int]) -> list[int]:
    """A shape for Reshape: what goes along the rows follows from the rest."""
    return [-1 if axis and axis % N == 0 else axis for axis in shape]


def _is_affine(op: Op, following: Op, output: Operand | None) -> bool:
    """Whether it is x Wᵀ, and b is added next."""
    if op.verb != "product" or following.verb != "add" or following.inputs[0] is not op.output:
        return False
    a, W = op.inputs
    b = following.inputs[1]
    weights = W.kind == "transposed" and W.base is not None and W.base.kind == PARAMETER and W.base.ndim == 2
    return bool(weights and a.ndim == 2 and b.kind == PARAMETER and b.ndim == 1 and op.output is not output)


Verb = Callable[[TensorWriter, Op], str]


def _inputs(to: TensorWriter, op: Op) -> list[str]:
    return [to.operand(operand) for operand in op.inputs]


def _apply(to: TensorWriter, op: Op) -> str:
    return to.formula(op.formula, _inputs(to, op), f"{op.output.name}/1", op.inputs[0].shape[-1])


def _scaled(to: TensorWriter, op: Op) -> str:
    A, *rest = _inputs(to, op)
    return to.graph.node("Mul", A, to.formula(op.formula, rest, width=op.inputs[0].shape[-1]))


def _total(to: TensorWriter, op: Op) -> str:
    axes = to.graph.constant(np.arange(op.inputs[0].ndim - 1))
    return to.graph.node("ReduceSum", _inputs(to, op)[0], axes, keepdims=0)


def _zeros(to: TensorWriter, op: Op) -> str:
    graph, shape = to.graph, op.output.shape
    if op.output.kind != ROWS:
        return graph.constant(np.zeros(shape, to.dtype))
    rows = graph.node("Shape", to.x, start=0, end=1)
    sizes = [
        graph.node("Mul", rows, graph.constant(np.array([axis // N])))
        if axis and axis % N == 0
        else graph.constant(np.array([axis]))
        for axis in shape
    ]
    return graph.node("Expand", to.constant(0.0), graph.node("Concat", *sizes, axis=0))


def _joined(to: TensorWriter, op: Op) -> str:
    return to.graph.node("Concat", *_inputs(to, op), axis=-1, name=f"{op.output.name}/1")


def _take(to: TensorWriter, op: Op) -> str:
    index = to.graph.constant(to.known(op.inputs[1]).astype(np.int64), "index/1")
    return to.graph.node("Gather", to.operand(op.inputs[0]), index, axis=-1)


def _put(to: TensorWriter, op: Op) -> str:
    """By a matrix of zeros and ones."""
    index, width = to.known(op.inputs[1]).astype(np.int64), int(op.numbers[0])
    places = np.zeros((len(index), width), to.dtype)
    places[np.arange(len(index)), index] = 1
    return to.graph.node("MatMul", to.operand(op.inputs[0]), to.graph.constant(places))


def _pick(to: TensorWriter, op: Op) -> str:
    E, codes = _inputs(to, op)
    return to.graph.node("Gather", E, to.graph.node("Cast", codes, to=7), axis=0)


VERBS: dict[str, Verb] = {
    "product": lambda to, op: to.graph.node("MatMul", *_inputs(to, op), name=f"{op.output.name}/1"),
    "add": lambda to, op: to.graph.node("Add", *_inputs(to, op), name=f"{op.output.name}/1"),
    "times": lambda to, op: to.graph.node("Mul", *_inputs(to, op), name=f"{op.output.name}/1"),
    "apply": _apply,
    "scaled": _scaled,
    "total": _total,
    "zeros": _zeros,
    "joined": _joined,
    "take": _take,
    "put": _put,
    "pick": _pick,
}
"""how each verb that stands in a forward pass is written"""
