"""A tape of verbs as loops: every verb is said once, and so every layer that is written in verbs can be printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from tasou.backends.recording import CONSTANT as GIVEN
from tasou.backends.recording import GRADIENT, PARAMETER, N, Op, Operand
from tasou.errors import TasouError
from tasou.exporting.loops import CONSTANT, WORK, Array, Entry, Loop, Place, Program, contiguous
from tasou.exporting.tracing import REDUCTIONS, Graph, Value, returned, traced, walked
from tasou.messages import Message

NO_VERB = Message(
    "export.no_verb",
    en="layers ask for the verb {verb!r}, which cannot be exported yet",
    ja="層が使う動詞 {verb!r} は、まだ書き出せません",
)


@dataclass(frozen=True)
class View:
    """An array seen in a shape."""

    array: Array
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int = 0

    def at(self, shape: Sequence[int]) -> Place:
        """The place of an element, the variables being those of a (broadcast) shape."""
        missing = len(shape) - len(self.shape)
        strides = [0] * missing + [
            0 if axis == 1 and to != 1 else stride
            for axis, to, stride in zip(self.shape, shape[missing:], self.strides, strict=True)
        ]
        return Place(self.array, self.offset, tuple(strides))


class Lowering:
    """Writes the operations of a tape into a program.

    Parameters
    ----------
    program
        where arrays and loops go
    theta
        the parameters, where each becomes a constant of its own; or the arrays that hold θ and its gradient
    rows
        whether a batch of any size is computed (in training), or one row
    """

    def __init__(
        self,
        program: Program,
        theta: NDArray[np.floating] | None = None,
        *,
        vectors: Mapping[str, Array] | None = None,
        rows: bool = False,
        prefix: str = "",
    ) -> None:
        self.program, self.theta, self.rows, self.prefix = program, theta, rows, prefix
        self.vectors = vectors or {}
        self.views: dict[int, View] = {}
        self._constants: dict[tuple[bytes, str], Array] = {}

    # --- operands ----------------------------------------------------------------------------------------------------

    def axis(self, size: int) -> int:
        """How long an axis is: the rows of a batch are one, or stay a symbol."""
        return size // N if size and size % N == 0 and not self.rows else size

    def shape(self, operand: Operand) -> tuple[int, ...]:
        """The operand's shape."""
        return tuple(map(self.axis, operand.shape))

    def view(self, operand: Operand) -> View:
        """Where the operand's numbers lie."""
        if id(operand) not in self.views:
            self.views[id(operand)] = self._found(operand)
        return self.views[id(operand)]

    def _found(self, operand: Operand) -> View:
        shape = self.shape(operand)
        if operand.base is not None:
            base = self.view(operand.base)
            if operand.kind == "transposed":
                return View(
                    base.array, shape, (*base.strides[:-2], base.strides[-1], base.strides[-2]), base.offset
                )
            if operand.kind == "columns":
                return View(base.array, shape, base.strides, base.offset + operand.start * base.strides[-1])
            if base.strides != contiguous(base.shape):
                base = self.copied(base)
            return View(base.array, shape, contiguous(shape), base.offset)
        if operand.kind in (PARAMETER, GRADIENT) and operand.kind in self.vectors:
            return View(self.vectors[operand.kind], shape, contiguous(shape), operand.start)
        if operand.kind == PARAMETER and self.theta is not None:
            values = self.theta[operand.start : operand.start + prod(shape)]
            return View(self.constant(self.prefix + operand.name, values), shape, contiguous(shape))
        if operand.kind == GIVEN and operand.array is not None:
            return View(
                self.constant(operand.name or "given", operand.array.ravel()), shape, contiguous(shape)
            )
        return self.new(operand.name, shape)

    def constant(self, name: str, values: NDArray[np.generic]) -> Array:
        """An array of numbers that are known; equal ones are one."""
        key = (values.tobytes(), values.dtype.str)
        if key not in self._constants:
            self._constants[key] = self.program.array(name, CONSTANT, values.size, values)
        return self._constants[key]

    def new(self, name: str, shape: tuple[int, ...]) -> View:
        """A new array to work in."""
        return View(self.program.array(self.prefix + name, WORK, prod(shape)), shape, contiguous(shape))

    def copied(self, view: View) -> View:
        """The same numbers, one behind the other."""
        out = self.new(f"{view.array.name}_copied", view.shape)
        self.elementwise(out, Graph().input(0), [view])
        return out

    # --- loops -------------------------------------------------------------------------------------------------------

    def elementwise(self, out: View, value: Value, inputs: Sequence[View], how: str = "=") -> None:
        """out = value, element by element; maxima and sums of rows that it holds come first, in arrays of their own."""
        inputs = list(inputs)
        found: dict[int, Value] = {}
        for part in walked(value):
            if part.op in REDUCTIONS:
                inputs.append(self._reduced(part, out, inputs, found))
                found[id(part)] = part.graph.input(len(inputs) - 1)
        value = replaced(value, found)
        self.loop(out.shape, out.at(out.shape), value, [view.at(out.shape) for view in inputs], how=how)

    def _reduced(self, part: Value, out: View, inputs: list[View], found: dict[int, Value]) -> View:
        """The sums or maxima of rows; what is summed is kept, where computing it twice would cost."""
        argument = part.args[0]
        if id(argument) not in found and argument.op not in ("input", "constant"):
            kept = self.new("inside", out.shape)
            value = replaced(argument, found)
            self.loop(out.shape, kept.at(out.shape), value, [view.at(out.shape) for view in inputs])
            inputs.append(kept)
            found[id(argument)] = argument.graph.input(len(inputs) - 1)
        value = replaced(argument, found)
        of_rows = self.new(f"row_{part.op}", (*out.shape[:-1], 1))
        to = of_rows.at(out.shape)
        places = [view.at(out.shape) for view in inputs]
        self.loop(out.shape, to, value, places, summed=1, how=part.op)
        return of_rows

    def loop(
        self,
        sizes: Sequence[int],
        out: Place,
        value: Value,
        inputs: Sequence[Place],
        *,
        summed: int = 0,
        how: str = "=",
    ) -> None:
        """Note a loop, without the variables that take one value alone."""
        kept = [i for i, size in enumerate(sizes) if size != 1]
        inner = sum(i >= len(sizes) - summed for i in kept)
        if summed and not inner:
            how = "="

        def thin(place: Place) -> Place:
            strides = tuple(place.strides[i] if i < len(place.strides) else 0 for i in kept)
            entries = tuple(Entry(thin(entry.place), entry.factor, entry.rows) for entry in place.entries)
            return Place(place.array, place.offset, strides, entries)

        used = tuple(map(thin, inputs))
        self.program.loops.append(Loop(tuple(sizes[i] for i in kept), thin(out), value, used, inner, how))

    # --- verbs -------------------------------------------------------------------------------------------------------

    def write(self, op: Op) -> None:
        """The loops of an operation."""
        if op.verb not in VERBS:
            raise TasouError(NO_VERB, verb=op.verb)
        VERBS[op.verb](self, op, self.view(op.output), [self.view(operand) for operand in op.inputs])


def replaced(value: Value, found: Mapping[int, Value]) -> Value:
    """The value, with some of what it is made of replaced."""
    made: dict[int, Value] = {}
    for part in walked(value):
        if id(part) in found:
            made[id(part)] = found[id(part)]
        elif part.args:
            made[id(part)] = part.graph.node(
                part.op, *(made[id(arg)] for arg in part.args), detail=part.detail
            )
        else:
            made[id(part)] = part
    return made[id(value)]


Verb = Callable[[Lowering, Op, View, list[View]], None]


def _pair(op: str) -> Value:
    graph = Graph()
    return graph.node(op, graph.input(0), graph.input(1))


def _product(to: Lowering, op: Op, out: View, inputs: list[View]) -> None:
    """Rows of the one, columns of the other."""
    A, B = inputs
    *batch, rows, columns = out.shape
    inner = A.shape[-1]
    left = View(A.array, (*A.shape[:-1], 1, inner), (*A.strides[:-1], 0, A.strides[-1]), A.offset)
    turned = (*B.strides[:-2], 0, B.strides[-1], B.strides[-2])
    right = View(B.array, (*B.shape[:-2], 1, B.shape[-1], inner), turned, B.offset)
    sizes = (*batch, rows, columns, inner)
    result = Place(out.array, out.offset, (*out.strides, 0))
    to.loop(sizes, result, _pair("mul"), [left.at(sizes), right.at(sizes)], summed=1, how="sum")


def _apply(to: Lowering, op: Op, out: View, inputs: list[View]) -> None:
    assert op.formula is not None
    to.elementwise(out, traced(op.formula, len(inputs), *op.numbers, width=inputs[0].shape[-1])[0], inputs)


def _scaled(to: Lowering, op: Op, out: View, inputs: list[View]) -> None:
    formula = op.formula
    assert formula is not None
    of_all = traced(lambda A, *rest: A * formula(*rest), len(inputs), width=inputs[0].shape[-1])
    to.elementwise(out, of_all[0], inputs)


def _add(to: Lowering, op: Op, out: View, inputs: list[View]) -> None:
    to.elementwise(out, _pair("add"), inputs)


def _times(to: Lowering, op: Op, out: View, inputs: list[View]) -> None:
    to.elementwise(out, _pair("mul"), inputs)


def _total(to: Lowering, op: Op, out: View, inputs: list[View]) -> None:
    (A,) = inputs
    sizes = (A.shape[-1], *A.shape[:-1])
    strides = (A.strides[-1], *A.strides[:-1])
    result = Place(out.array, out.offset, (out.strides[-1], *[0] * (len(sizes) - 1)))
    summed = len(sizes) - 1
    to.loop(sizes, result, Graph().input(0), [Place(A.array, A.offset, strides)], summed=summed, how="sum")


def _zeros(to: Lowering, op: Op, out: View, inputs: list[View]) -> None:
    to.elementwise(out, Graph().constant(0.0), [])


def _draw(to: Lowering, op: Op, out: View, inputs: list[View]) -> None:
    graph, formula = Graph(), op.formula
    assert formula is not None
    draw = graph.node("draw")
    to.elementwise(out, returned(formula, lambda: formula(draw, *op.numbers), graph)[0], [])


def _joined(to: Lowering, op: Op, out: View, inputs: list[View]) -> None:
    start = 0
    for part in inputs:
        width = part.shape[-1]
        own = View(out.array, (*out.shape[:-1], width), out.strides, out.offset + start * out.strides[-1])
        to.elementwise(own, Graph().input(0), [part])
        start += width


def _looked_up(A: View, index: View) -> Place:
    """A[…, index], a variable for each axis."""
    place = Place(index.array, index.offset, (*[0] * (len(A.shape) - 1), *index.strides))
    entry = Entry(place, A.strides[-1], A.shape[-1])
    return Place(A.array, A.offset, (*A.strides[:-1], 0), (entry,))


def _take(to: Lowering, op: Op, out: View, inputs: list[View]) -> None:
    A, index = inputs
    to.loop(out.shape, out.at(out.shape), Graph().input(0), [_looked_up(A, index)])


def _put(to: Lowering, op: Op, out: View, inputs: list[View]) -> None:
    G, index = inputs
    to.elementwise(out, Graph().constant(0.0), [])
    to.loop(G.shape, _looked_up(out, index), Graph().input(0), [G.at(G.shape)], how="+=")


def _row_of(E: View, codes: View) -> Place:
    """E[codes], a variable for each axis of the codes and of a row of E."""
    rest = len(E.shape) - 1
    place = Place(codes.array, codes.offset, (*codes.strides, *[0] * rest))
    entry = Entry(place, E.strides[0], E.shape[0])
    return Place(E.array, E.offset, (*[0] * len(codes.shape), *E.strides[1:]), (entry,))


def _pick(to: Lowering, op: Op, out: View, inputs: list[View]) -> None:
    E, codes = inputs
    to.loop(out.shape, out.at(out.shape), Graph().input(0), [_row_of(E, codes)])


def _spread(to: Lowering, op: Op, out: View, inputs: list[View]) -> None:
    G, codes = inputs
    to.elementwise(out, Graph().constant(0.0), [])
    to.loop(G.shape, _row_of(out, codes), Graph().input(0), [G.at(G.shape)], how="+=")


VERBS: dict[str, Verb] = {
    "product": _product,
    "apply": _apply,
    "scaled": _scaled,
    "add": _add,
    "times": _times,
    "total": _total,
    "zeros": _zeros,
    "draw": _draw,
    "joined": _joined,
    "take": _take,
    "put": _put,
    "pick": _pick,
    "spread": _spread,
}
"""how each verb of `Verbs <tasou.backends.verbs.Verbs>` is written"""
