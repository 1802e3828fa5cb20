"""Bins in front of a dense layer, computed by their edges: a tape without the bins that says the same.

`PiecewiseLinear` makes of a number as many as there are bins, and the dense layer behind it multiplies each with a
weight. But what all bins of a column add to z is a function of one number, a straight line within each bin: it is known
by its values at the edges (`at_edges <tasou.formulas.edges>`), which are sums of weights. A row then
needs two of these values for each column, however many bins there are, and no array of bins; the way back gives each of
the two its part of the error, and `at_edges_back` leads from edges to weights. The numbers are the same but for the
order of sums.

==================  ================================================================================================
verb                what it computes
==================  ================================================================================================
``locate``          (n, 2m) for each of m columns the row of its lower edge, and the share of the way to the next
``edge_values``     (edges, units) `at_edges` of s ⊙ W, column after column
``interpolate``     (n, units) `between` the values of both edges, summed over the columns, and added to what is given
``edge_sums``       (edges, units) the way back of ``interpolate``
``edge_gradients``  the way back of ``edge_values``: ∂L/∂W, and ∂L/∂s beside it
==================  ================================================================================================
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate, groupby
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from tasou.backends.recording import (
    COLUMNS,
    CONSTANT,
    GRADIENT,
    PARAMETER,
    ROWS,
    SUM,
    TRANSPOSED,
    N,
    Op,
    Operand,
    Tape,
)
from tasou.formulas.layers import piecewise_linear

BY_EDGES = ("locate", "edge_values", "interpolate", "edge_sums", "edge_gradients")
BINS_WORTH_IT = 6
"""bins of a column, on average: with fewer, the products that are saved cost no more than what takes their place"""


def interpolated(tape: Tape) -> Tape:
    """The tape, with its bins by their edges where there are many of them in front of a scaled dense layer."""
    users: dict[Operand, list[Op]] = defaultdict(list)
    for op in tape:
        for root in {operand.root for operand in op.inputs}:
            users[root].append(op)
    for op in tape.forward:
        if op.verb == "apply" and _is_share(op.formula):
            found = _Match.of(op, tape, users)
            if found is not None:
                return found.rewritten(tape)
    return tape


def _is_share(formula: Any) -> bool:
    return isinstance(formula, partial) and formula.func is piecewise_linear.share


@dataclass
class _Run:
    """Neighbours beside the bins that go through the dense layer as before: columns start … stop of its input."""

    start: int
    stop: int
    parts: tuple[Operand, ...]
    new: dict[str, Operand] = field(default_factory=dict)
    """what takes the place of ``joined``, ``scaled``, ``back``, ``share`` and ``down`` (back ⊙ s)"""

    def of(self, operand: Operand) -> Operand:
        """These columns of s, of W, or of their gradients."""
        shape = (*operand.shape[:-1], self.stop - self.start)
        return Operand(COLUMNS, shape, start=self.start, base=operand, dtype=operand.dtype)


@dataclass
class _Match:
    """The operations around bins, by the names of the values that they make."""

    bins: _Run
    edges: NDArray[Any]
    first: NDArray[np.int64]
    numbers: tuple[float, float]
    """low, high"""
    x: Operand
    s: Operand
    W: Operand
    ops: dict[str, Op]
    runs: list[_Run]

    @classmethod
    def of(cls, share: Op, tape: Tape, users: dict[Operand, list[Op]]) -> _Match | None:
        """None where anything is not as `Columns`, `Scale` and `Dense` ask for it."""
        made = {op.output: op for op in tape}
        repeated, starts, stops = share.inputs
        take = made.get(repeated)
        if take is None or take.verb != "take" or users[repeated] != [share]:
            return None
        columns = cast(Any, take.inputs[1].array)
        sizes = [len(list(same)) for _, same in groupby(columns.tolist())]
        if columns.tolist() != np.repeat(np.arange(len(sizes)), sizes).tolist():
            return None
        if len(columns) < BINS_WORTH_IT * len(sizes) or take.inputs[0].shape[-1:] != (len(sizes),):
            return None
        ops = cls._around(share, users)
        if ops is None:
            return None
        ops |= {"repeated": take, "bins": share}
        s, W = ops["scaled"].inputs[1], cast(Operand, ops["z"].inputs[1].base)
        parts = ops["joined"].inputs if "joined" in ops else (share.output,)
        at = [0, *accumulate(part.shape[-1] for part in parts)]
        where = [i for i, part in enumerate(parts) if part is share.output]
        if len(where) != 1 or share.output.shape[-1] != len(columns):
            return None
        i = where[0]
        sides = [(0, i), (i + 1, len(parts))]
        runs = [_Run(at[a], at[b], tuple(parts[a:b])) for a, b in sides if a < b]
        first = np.cumsum([0, *(size + 1 for size in sizes)])
        formula = cast(Any, share.formula).keywords
        numbers = float(formula.get("low", 0.0)), float(formula.get("high", 1.0))
        edges = _edges(cast(Any, starts.array), cast(Any, stops.array), sizes)
        bins = _Run(at[i], at[i + 1], (share.output,))
        found = cls(bins, edges, first, numbers, take.inputs[0], s, W, ops, runs)
        return found if found._leaves_the_bins_alone(users) else None

    @classmethod
    def _around(cls, share: Op, users: dict[Operand, list[Op]]) -> dict[str, Op] | None:
        """The operations that use the bins, one after the other."""
        ops: dict[str, Op] = {}
        value = share.output
        if [op.verb for op in users[value]] == ["joined"]:
            ops["joined"] = users[value][0]
            value = ops["joined"].output
        match users[value]:
            case [Op("times", _, _, (a, s)) as scaled] if a is value and _is_vector(s):
                ops["scaled"] = scaled
            case [Op("times", _, _, (a, s)) as scaled, Op("times", _, _, (_, b)) as slope] if (
                a is value and b is value and _is_vector(s)
            ):
                ops |= {"scaled": scaled, "share": slope}
            case _:
                return None
        scaled_value = ops["scaled"].output
        match users[scaled_value]:
            case [Op("product", _, _, (a, W)) as z] if a is scaled_value and _is_turned(W):
                ops["z"] = z
                return None if "share" in ops else ops
            case [Op("product", _, _, (a, W)) as z, Op("product", _, _, (d, b), out) as grad] if (
                a is scaled_value and b is scaled_value and _is_turned(W) and d.kind == TRANSPOSED
                and out.kind == GRADIENT
            ):  # fmt: skip
                ops |= {"z": z, "grad_W": grad}
        if "share" not in ops or "z" not in ops:
            return None
        back = ops["share"].inputs[0]
        uses = [op for op in users[ops["z"].inputs[1].root] if op.output is back]
        of_share = users[ops["share"].output]
        if len(uses) != 1 or uses[0].verb != "product" or [op.verb for op in of_share] != ["total"]:
            return None
        ops |= {"back": uses[0], "grad_s": of_share[0]}
        others = [op for op in users[back] if op is not ops["share"]]
        if ops["grad_s"].output.kind != GRADIENT or len(others) > 1:
            return None
        if others:
            if others[0].verb != "times" or others[0].inputs[1] is not ops["scaled"].inputs[1]:
                return None
            ops["down"] = others[0]
        return ops

    def _leaves_the_bins_alone(self, users: dict[Operand, list[Op]]) -> bool:
        """Whether what is handed down goes to neighbours of the bins alone, column by column."""
        self.asked: list[_Run] = []
        if "down" not in self.ops:
            return True
        value = self.ops["down"].output
        views = [
            v for op in users[value] for operand in op.inputs for v in _views(operand) if v.base is value
        ]
        ends = [(view.start, view.start + view.shape[-1]) for view in views if view.kind == COLUMNS]
        inside = all(any(run.start <= a and b <= run.stop for run in self.runs) for a, b in ends)
        self.asked = [run for run in self.runs if any(run.start <= a < run.stop for a, _ in ends)]
        return len(ends) == len(views) > 0 and inside

    # --- the new tape ------------------------------------------------------------------------------------------------

    def rewritten(self, tape: Tape) -> Tape:
        """The tape with the bins by their edges."""
        self.where = Operand(ROWS, (N, 2 * len(self.first[:-1])), "where", dtype=self.x.dtype)
        self.starts = Operand(CONSTANT, self.first.shape, "first", array=self.first, dtype=self.first.dtype)
        names = {id(op): name for name, op in self.ops.items()}
        self.down: Operand | None = None
        forward = [new for op in tape.forward for new in self._instead(op, names.get(id(op)))]
        if "down" in self.ops:
            self.down = self.ops["down"].output
        backward = [new for op in tape.backward for new in self._instead(op, names.get(id(op)))]
        return replace(tape, forward=forward, backward=backward)

    def _instead(self, op: Op, name: str | None) -> Iterator[Op]:
        if name is None:
            yield replace(op, inputs=tuple(map(self._based, op.inputs)))
            return
        yield from getattr(self, f"_{name}")(op)

    def _repeated(self, op: Op) -> Iterator[Op]:
        return iter(())

    def _bins(self, op: Op) -> Iterator[Op]:
        edges = Operand(CONSTANT, self.edges.shape, "edges", array=self.edges, dtype=self.edges.dtype)
        yield Op("locate", None, (), (self.x, edges, self.starts), self.where)

    def _joined(self, op: Op) -> Iterator[Op]:
        for run in self.runs:
            run.new["joined"] = run.parts[0]
            if len(run.parts) > 1:
                yield self._made("joined", run, run.parts, "joined", run.stop - run.start)

    def _scaled(self, op: Op) -> Iterator[Op]:
        for run in self.runs:
            inputs = (run.new["joined"], run.of(self.s))
            yield self._made("times", run, inputs, "scaled", run.stop - run.start)

    def _z(self, op: Op) -> Iterator[Op]:
        units = self.W.shape[0]
        values = Operand(SUM, (int(self.first[-1]), units), "values", dtype=op.output.dtype)
        of_bins = self.bins.of(self.W), self.bins.of(self.s)
        yield Op("edge_values", None, self.numbers, (*of_bins, self.starts), values)
        base: Operand | None = None
        for run in self.runs:
            yield self._made("product", run, (run.new["scaled"], run.of(self.W).T), "z", units)
            if base is not None:
                run.new["z"], one = self._value("z", units), run.new["z"]
                yield Op("add", None, (), (base, one), run.new["z"])
            base = run.new["z"]
        given = () if base is None else (base,)
        yield Op("interpolate", None, (), (self.where, values, *given, self.starts), op.output)

    def _grad_W(self, op: Op) -> Iterator[Op]:
        delta = cast(Operand, op.inputs[0].base)
        sums = Operand(SUM, (int(self.first[-1]), self.W.shape[0]), "sums", dtype=op.output.dtype)
        yield Op("edge_sums", None, (), (self.where, delta, self.starts), sums)
        of_bins = self.bins.of(self.W), self.bins.of(self.s), self.bins.of(self.ops["grad_s"].output)
        yield Op("edge_gradients", None, self.numbers, (sums, *of_bins, self.starts), self.bins.of(op.output))
        for run in self.runs:
            yield Op("product", None, (), (op.inputs[0], run.new["scaled"]), run.of(op.output))

    def _back(self, op: Op) -> Iterator[Op]:
        for run in self.runs:
            yield self._made("product", run, (op.inputs[0], run.of(self.W)), "back", run.stop - run.start)

    def _share(self, op: Op) -> Iterator[Op]:
        for run in self.runs:
            inputs = (run.new["back"], run.new["joined"])
            yield self._made("times", run, inputs, "share", run.stop - run.start)

    def _grad_s(self, op: Op) -> Iterator[Op]:
        for run in self.runs:
            yield Op("total", None, (), (run.new["share"],), run.of(op.output))

    def _down(self, op: Op) -> Iterator[Op]:
        for run in self.asked:
            inputs = (run.new["back"], run.of(self.s))
            yield self._made("times", run, inputs, "down", run.stop - run.start)

    def _made(self, verb: str, run: _Run, inputs: tuple[Operand, ...], name: str, width: int) -> Op:
        run.new[name] = self._value(name, width)
        return Op(verb, None, (), inputs, run.new[name])

    def _value(self, name: str, width: int) -> Operand:
        return Operand(ROWS, (N, width), name, dtype=self.x.dtype)

    def _based(self, operand: Operand) -> Operand:
        """A view of what is handed down, as a view of its run's part of it."""
        if self.down is None or operand.root is not self.down or operand.base is None:
            return operand
        if operand.base is not self.down:
            return replace(operand, base=self._based(operand.base))
        run = next(run for run in self.asked if run.start <= operand.start < run.stop)
        return replace(operand, start=operand.start - run.start, base=run.new["down"])


def _views(operand: Operand) -> Iterator[Operand]:
    """The operand, and what it is a view of."""
    yield operand
    if operand.base is not None:
        yield from _views(operand.base)


def _is_vector(operand: Operand) -> bool:
    return operand.kind == PARAMETER and len(operand.shape) == 1


def _is_turned(operand: Operand) -> bool:
    return operand.kind == TRANSPOSED and operand.base is not None and operand.base.kind == PARAMETER


def _edges(starts: NDArray[Any], stops: NDArray[Any], sizes: list[int]) -> NDArray[Any]:
    """The edges of all columns, one after the other: where each bin begins, and where the last one ends."""
    ends = np.cumsum(sizes)
    parts = [np.append(starts[a:b], stops[b - 1]) for a, b in zip([0, *ends[:-1]], ends, strict=True)]
    return np.concatenate(parts)
