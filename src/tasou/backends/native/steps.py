"""A tape as steps of the native code: verbs and formulas by number, views as places, dense layers in one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod

import numpy as np
from numpy.typing import NDArray

from tasou.backends.native.interpolating import BY_EDGES
from tasou.backends.native.library import Library, NotNative
from tasou.backends.native.places import Matrix, Place, matrix_of, place_of
from tasou.backends.native.structs import AXES, OPERANDS, VERBS, WAYS
from tasou.backends.recording import PARAMETER, ROWS, SUM, TRANSPOSED, N, Op, Operand, Tape, spelt
from tasou.formulas import dropout
from tasou.messages import Message

NO_VERB = Message(
    "native.no_verb",
    en="the verb {verb!r} of {op}, which the native code does not know",
    ja="ネイティブコードにない動詞 {verb!r}（{op}）",
)
NO_FORMULA = Message("native.no_formula", en="{reason} (in {op})", ja="{reason}（{op}）")
NO_SHAPE = Message("native.no_shape", en="arrays of such shapes in {op}", ja="{op} のような形の配列")

ELEMENTWISE = ("apply", "scaled", "add", "times", "copy")


@dataclass(eq=False)
class Step:
    """One operation for C; `Op` in structs.h says what the fields mean."""

    verb: str
    op: Op
    output: Operand
    inputs: list[Operand]
    shape: tuple[int, ...] = ()
    places: list[Place] = field(default_factory=list)
    """of the output, then of the inputs"""
    formula: int = 0
    constants: tuple[float, ...] = ()
    matrices: list[Matrix] = field(default_factory=list)
    sizes: tuple[int, int, int] = (0, 0, 0)
    way: int = 0
    index: NDArray[np.int64] | None = None
    width: int = 0
    late: bool = False
    """whether it comes after the loss"""

    @property
    def along(self) -> bool:
        """Whether there is something to do for every row."""
        return any(operand.along_rows for operand in (self.output, *self.inputs))


class Steps:
    """The steps of a tape, in order.

    Raises
    ------
    NotNative
        a verb, a formula or a shape that the native code does not know; the message names the operation
    """

    def __init__(self, tape: Tape, library: Library) -> None:
        self.library, self.tape = library, tape
        self.steps: list[Step] = []
        self._late = False
        for op in tape.forward:
            self._take(op)
        self.output = self._own(tape.output)
        self._late = True
        for op in tape.backward:
            self._take(op)

    def _take(self, op: Op) -> None:
        """The steps of one operation."""
        known: dict[str, Callable[[Op], None]] = {
            "product": self._product,
            "total": self._total,
            "draw": self._draw,
            "zeros": self._zeros,
            "joined": self._joined,
            "take": self._indexed,
            "put": self._indexed,
            "pick": self._coded,
            "spread": self._coded,
            **dict.fromkeys(BY_EDGES, self._by_edges),
            **dict.fromkeys(ELEMENTWISE, self._elementwise),
        }
        if op.verb not in known:
            raise NotNative(NO_VERB, verb=op.verb, op=str(op))
        known[op.verb](op)

    # --- one kind of verb each ---------------------------------------------------------------------------------------

    def _elementwise(self, op: Op) -> None:
        step = Step(op.verb, op, op.output, list(op.inputs))
        if op.formula is not None:
            step.formula, step.constants = self._formula(op)
        self._walk(step, op.output)

    def _walk(self, step: Step, over: Operand) -> None:
        """Let a step go over all elements of an operand, its inputs beside it."""
        target = self._placed(over, step.op)
        rows = over.along_rows
        step.places = [self._placed(step.output, step.op)]
        for operand in step.inputs:
            found = self._placed(operand, step.op)
            fits = found.along in (None, max(0, len(found.shape) - len(target.shape)))
            if not fits or (found.along is not None and not rows) or len(found.shape) > len(target.shape):
                raise NotNative(NO_SHAPE, op=str(step.op))
            if found.along is not None and len(found.shape) < len(target.shape):
                raise NotNative(NO_SHAPE, op=str(step.op))
            step.places.append(found.spread(target.shape))
        step.shape = target.shape
        self._add(step)

    def _product(self, op: Op) -> None:
        A, B = (self._as_matrix(operand, op) for operand in op.inputs)
        step = Step("product", op, op.output, [A, B])
        places = [self._placed(operand, op) for operand in (op.output, A, B)]
        out, a, b = places
        m, k, n = a.shape[-2], a.shape[-1], b.shape[-1]
        of_a, of_b = (None if p.along is None else p.along - len(p.shape) for p in (a, b))
        if of_a == -2 and of_b is None and _merges(a, -2):
            step.way = WAYS["ALONG_M"]
        elif of_a == -1 and of_b == -2 and _merges(a, -1) and _merges(b, -2):
            step.way = WAYS["ALONG_K"]
        elif -1 in (of_a, of_b) or ((of_a == -2) != (of_b is None) and -2 in (of_a, of_b)):
            raise NotNative(NO_SHAPE, op=str(op))
        else:
            step.way = WAYS["EACH_ROW"]
        if (
            step.way == WAYS["EACH_ROW"]
            and b.along is None
            and a.along is not None
            and _whole(a)
            and _whole(out)
        ):
            rows = prod(a.shape[:-1])  # one product for all rows: (n·T, d) by (d, m)
            a, out = _as_rows(a, rows, k), _as_rows(out, rows, n)
            m, step.way = rows, WAYS["ALONG_M"]
        if any(len(place.shape) > 3 for place in (out, a, b)):
            out, a, b = (_merged(place, op) for place in (out, a, b))
        step.places, step.sizes = [out, a, b], (m, k, n)
        found = [matrix_of(place) for place in (out, a, b)]
        if None in found or found[0] is None or found[0].turned:
            raise NotNative(NO_SHAPE, op=str(op))
        step.matrices = [matrix for matrix in found if matrix is not None]
        step.width = (
            max((prod(place.shape[:-2]) for place in (out, a, b)), default=1)
            if step.way == WAYS["EACH_ROW"]
            else 1
        )
        step.shape = out.shape
        self._add(step)

    def _total(self, op: Op) -> None:
        step = Step("total", op, op.output, list(op.inputs))
        self._walk(step, op.inputs[0])

    def _zeros(self, op: Op) -> None:
        self._walk(Step("zeros", op, op.output, []), op.output)

    def _draw(self, op: Op) -> None:
        if op.formula is not dropout.mask:
            raise NotNative(NO_VERB, verb=f"draw({spelt(op.formula)})", op=str(op))
        self._walk(Step("draw", op, op.output, [], constants=tuple(map(float, op.numbers))), op.output)

    def _joined(self, op: Op) -> None:
        """A copy of each into its columns."""
        start = 0
        for part in op.inputs:
            target = Operand("columns", (*op.output.shape[:-1], part.shape[-1]), start=start, base=op.output)
            self._walk(Step("copy", op, target, [part]), target)
            start += part.shape[-1]

    def _indexed(self, op: Op) -> None:
        """Columns that are gathered, or spread."""
        source, index = op.inputs
        step = Step(op.verb, op, op.output, [self._flat(source)])
        if index.array is None:
            raise NotNative(NO_SHAPE, op=str(op))
        columns = (source if op.verb == "take" else op.output).shape[-1]
        step.index = _runs(index.array.ravel().astype(np.int64) % columns)
        step.places = [self._placed(operand, op) for operand in (op.output, *step.inputs)]
        step.shape, step.width = step.places[1].shape, op.output.shape[-1]
        self._check_flat(step)
        self._add(step)

    def _coded(self, op: Op) -> None:
        """Rows of a table by their codes, which belong to the rows of the batch."""
        first, codes = op.inputs
        step = Step(op.verb, op, op.output, [self._flat(first), self._flat(codes)])
        step.places = [self._placed(operand, op) for operand in (op.output, *step.inputs)]
        table = step.places[1 if op.verb == "pick" else 0]
        step.shape, step.width = step.places[2].shape, prod(table.shape[1:])
        step.sizes = (table.shape[0], 0, 0)
        self._check_flat(step)
        self._add(step)

    def _by_edges(self, op: Op) -> None:
        """Bins by their edges; the last input is the first edge of each column, and how many they are in all."""
        *inputs, first = op.inputs
        if first.array is None:
            raise NotNative(NO_SHAPE, op=str(op))
        inputs = [self._flat(each) if each.along_rows else each for each in inputs]
        step = Step(op.verb, op, op.output, inputs, constants=tuple(map(float, op.numbers)) or (0.0, 0.0))
        step.places = [self._placed(operand, op) for operand in (op.output, *inputs)]
        step.index = np.ascontiguousarray(first.array, np.int64)
        of_W = next((place for place in step.places if place.root.kind == PARAMETER), None)
        line = 0 if of_W is None else of_W.steps[0]
        width = of_W.shape[0] if of_W is not None else step.places[0].shape[-1]
        step.sizes, step.width = (len(step.index) - 1, line, 0), width
        self._add(step)

    # --- operands ----------------------------------------------------------------------------------------------------

    def _placed(self, operand: Operand, op: Op) -> Place:
        """Where an operand lies, copied before where it has to be."""
        found = place_of(operand)
        if found is None:
            found = place_of(self._view_of_copy(operand))
        if found is None or len(found.shape) > AXES:
            raise NotNative(NO_SHAPE, op=str(op))
        return found

    def _view_of_copy(self, operand: Operand) -> Operand:
        """The same view of a copy of what it is a view of."""
        base = operand.base
        if base is None:
            return operand
        if place_of(base) is None:
            base = self._view_of_copy(base)
        return Operand(operand.kind, operand.shape, start=operand.start, base=self._copied(base))

    def _copied(self, operand: Operand) -> Operand:
        """A value of its own with the same numbers."""
        copy = Operand(ROWS if operand.along_rows else SUM, operand.shape, f"({operand})")
        op = Op("copy", None, (), (operand,), copy)
        if operand.along_rows and operand.shape[0] % N:
            raise NotNative(NO_SHAPE, op=str(op))
        self._walk(Step("copy", op, copy, [operand]), copy)
        return copy

    def _flat(self, operand: Operand | None) -> Operand:
        """The operand, or a copy whose numbers stand one after the other."""
        assert operand is not None
        found = place_of(operand)
        return operand if found is not None and found.flat else self._copied(operand)

    def _own(self, operand: Operand | None) -> Operand:
        """The operand as a value that was computed; a copy of what was given, or is part of a value."""
        assert operand is not None
        found = place_of(operand)
        computed = {step.output.root for step in self.steps if step.verb != "draw"}
        if found is not None and found.flat and not found.offset and found.root in computed:
            return found.root
        return self._copied(operand)

    def _as_matrix(self, operand: Operand, op: Op) -> Operand:
        """The operand, or a copy that gemm can walk."""
        found = place_of(operand)
        if found is not None and len(found.shape) >= 2 and matrix_of(found) is not None:
            return operand
        if operand.kind == TRANSPOSED and operand.base is not None:
            return self._copied(operand.base).T
        return self._copied(operand)

    def _check_flat(self, step: Step) -> None:
        if not all(place.flat for place in step.places):
            raise NotNative(NO_SHAPE, op=str(step.op))

    def _formula(self, op: Op) -> tuple[int, tuple[float, ...]]:
        assert op.formula is not None
        try:
            printed, values = self.library.formula(op.formula)
        except NotNative as reason:
            raise NotNative(NO_FORMULA, reason=reason.sentence, op=str(op)) from None
        if printed.form not in ("map", "block"):
            raise NotNative(NO_VERB, verb=op.verb, op=str(op))
        return printed.index, values

    def _add(self, step: Step) -> None:
        if len(step.places) > OPERANDS or len(step.shape) > AXES or step.verb not in VERBS:
            raise NotNative(NO_SHAPE, op=str(step.op))
        step.late = self._late
        self.steps.append(step)


def _runs(index: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each run of neighbours begins, and how many they are: 4, 5, 6, 1 is (4, 3), (1, 1)."""
    begins = np.flatnonzero(np.diff(index, prepend=index[:1] - 2) != 1)
    return np.stack([index[begins], np.diff(begins, append=len(index))], axis=1).ravel()


def _merges(place: Place, axis: int) -> bool:
    """Whether the axis goes on from the batch's row to the next in equal steps."""
    return place.shape[axis] == 1 or place.row == place.shape[axis] * place.steps[axis]


def _whole(place: Place) -> bool:
    """Whether the numbers of all rows stand one after the other."""
    return place.flat and place.along == 0


def _as_rows(place: Place, rows: int, columns: int) -> Place:
    return Place(place.root, place.offset, place.row, (rows, columns), (columns, 1), 0)


def _merged(place: Place, op: Op) -> Place:
    """Matrices behind one axis: those of all heads of all rows."""
    lead, steps = place.shape[:-2], place.steps[:-2]
    for i in range(len(lead) - 1):
        if lead[i] > 1 and steps[i] != steps[i + 1] * lead[i + 1]:
            raise NotNative(NO_SHAPE, op=str(op))
    shape = (prod(lead), *place.shape[-2:])
    each = steps[-1] if lead else 0
    return Place(
        place.root,
        place.offset,
        place.row,
        shape,
        (each, *place.steps[-2:]),
        0 if place.along is not None else None,
    )
