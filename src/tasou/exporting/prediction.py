"""A plan as loops: cells to features, features through each network, predictions to the answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from tasou.exporting.loops import INPUT, WORK, Array, Place, Program
from tasou.exporting.lowering import Lowering, View
from tasou.exporting.plan import Plan
from tasou.exporting.tracing import Graph, Namespace, returned, traced


@dataclass(frozen=True)
class Prediction:
    """The loops that predict one row."""

    program: Program
    cells: Array
    """what is handed in: a number for each column"""
    answer: Array
    """what comes out: the probabilities of the classes, or numbers"""


def prediction(plan: Plan) -> Prediction:
    """The loops of a plan."""
    program = Program()
    cells = program.array("cells", INPUT, len(plan.cells))
    answer = program.array("answer", INPUT, plan.answer.width)
    x = _features(plan, program, cells)
    members = [_member(plan, program, x, k) for k in range(len(plan.members))]
    _answer(plan, program, members, View(answer, (1, answer.size), (answer.size, 1)))
    return Prediction(program, cells, answer)


def _features(plan: Plan, program: Program, cells: Array) -> View:
    """The features: (1, d)."""
    if not plan.features:
        return View(cells, (1, cells.size), (cells.size, 1))
    write, found = Lowering(program), []
    for j, formula in enumerate(plan.features):
        graph = Graph()
        parts = returned(formula, partial(formula, graph.input(0), Namespace(graph)), graph)
        found += [(part, Place(cells, j)) for part in parts]
    x = program.array("x", WORK, len(found))
    for k, (part, place) in enumerate(found):
        write.loop((), Place(x, k), part, [place])
    return View(x, (1, x.size), (x.size, 1))


def _member(plan: Plan, program: Program, x: View, k: int) -> View:
    """ŷ of a network: (1, K)."""
    network = plan.members[k].network
    tape: Any = network.tape(learning=False)
    prefix = f"m{k + 1}_" if len(plan.members) > 1 else ""
    write = Lowering(program, network.theta, prefix=prefix)
    write.views[id(tape.x)] = x
    for op in tape.forward:
        write.write(op)
    raw = write.view(tape.output)
    y_hat = write.new("y_hat", raw.shape)
    write.elementwise(y_hat, traced(network.loss.predict, 1, width=raw.shape[-1])[0], [raw])
    return y_hat


def _answer(plan: Plan, program: Program, members: list[View], answer: View) -> None:
    """The weighted sum of the predictions, as probabilities of classes or in the target's unit."""
    write, graph = Lowering(program), Graph()
    y = graph.input(0) if len(members) == 1 and plan.members[0].weight == 1 else graph.constant(0.0)
    if y.op == "constant":
        for k, member in enumerate(plan.members):
            part = graph.input(k) * float(member.weight)
            y = part if k == 0 else y + part
    if plan.answer.kind == "classes" and members[0].shape[-1] == 1:
        for k, value in enumerate((1 - y, y)):
            one = View(answer.array, (1, 1), (1, 1), k)
            write.elementwise(one, value, members)
        return
    if plan.answer.unit is not None:
        y = returned(plan.answer.unit, lambda: plan.answer.unit(y, Namespace(graph)), graph)[0]  # type: ignore[misc]
    write.elementwise(answer, y, members)
