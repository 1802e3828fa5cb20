"""A plan as loops: cells to features, features through each network, predictions to the answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tasou.exporting.loops import INPUT, WORK, Array, Place, Program
from tasou.exporting.lowering import Lowering, View
from tasou.exporting.plan import Member, Plan
from tasou.exporting.tracing import Graph, Namespace, returned, traced
from tasou.network import Network


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
    mean = _average(plan, program, x)
    if plan.second:
        names = (
            ["linear_"] if len(plan.second) == 1 else [f"linear{j}_" for j in range(1, len(plan.second) + 1)]
        )
        networks = zip(names, plan.second, strict=True)
        other = _summed(program, ((_network(n, program, x, name), 1 / len(names)) for name, n in networks))
        mean = _blended(plan, program, [mean, other])
    elif plan.blend is not None:
        mean = _blended(plan, program, [mean])
    _answer(plan, program, mean, View(answer, (1, answer.size), (answer.size, 1)))
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


def _average(plan: Plan, program: Program, x: View) -> View:
    """What the members say, each times its weight, added: (1, K)."""
    write = Lowering(program)
    alone = len(plan.members) == len(plan.members[0].networks) == 1

    def said(k: int, member: Member) -> View:
        share = 1 / len(member.networks)
        networks = enumerate(member.networks, start=1)
        y = _summed(
            program, ((_network(n, program, x, "" if alone else f"m{k}_{j}_"), share) for j, n in networks)
        )
        if plan.link is None:
            return y
        linked = write.new("linked", y.shape)
        write.elementwise(linked, traced(plan.link, 1, width=y.shape[-1])[0], [y])
        return linked

    return _summed(
        program, ((said(k, member), member.weight) for k, member in enumerate(plan.members, start=1))
    )


def _summed(program: Program, parts: Iterable[tuple[View, float]]) -> View:
    """Views, each times its weight, added; a single one of weight 1 is itself."""
    write, graph, total = Lowering(program), Graph(), None
    for view, weight in parts:
        if total is not None:
            write.elementwise(total, graph.input(0) * weight, [view], how="+=")
        elif weight == 1:
            return view
        else:
            total = write.new("total", view.shape)
            write.elementwise(total, graph.input(0) * weight, [view])
    assert total is not None
    return total


def _network(network: Network, program: Program, x: View, prefix: str = "") -> View:
    """ŷ of a network: (1, K)."""
    tape: Any = network.tape(learning=False)
    write = Lowering(program, network.theta, prefix=prefix)
    write.views[id(tape.x)] = x
    for op in tape.forward:
        write.write(op)
    raw = write.view(tape.output)
    y_hat = write.new("y_hat", raw.shape)
    write.elementwise(y_hat, traced(network.loss.predict, 1, width=raw.shape[-1])[0], [raw])
    return y_hat


def _blended(plan: Plan, program: Program, said: list[View]) -> View:
    """What the ensemble says: (1, K)."""
    write, shape = Lowering(program), said[0].shape
    out = write.new("blended", shape)
    write.elementwise(out, traced(plan.blend, len(said), width=shape[-1])[0], said)  # type: ignore[arg-type]
    return out


def _answer(plan: Plan, program: Program, y: View, answer: View) -> None:
    """Probabilities of classes, or numbers in the target's unit."""
    write, graph = Lowering(program), Graph()
    width = y.shape[-1]
    if plan.answer.kind == "classes" and width == 1:
        p = graph.input(0)
        for k, value in enumerate((1 - p, p)):
            write.elementwise(View(answer.array, (1, 1), (1, 1), k), value, [y])
        return
    if not plan.answer.units:
        write.elementwise(answer, graph.input(0), [y])
        return
    parts = [graph.input(k) for k in range(width)]
    places = [Place(y.array, y.offset + k * y.strides[-1]) for k in range(width)]
    for k, unit in enumerate(plan.answer.units):
        (value,) = returned(unit, partial(unit, parts, Namespace(graph)), graph)
        write.loop((), Place(answer.array, k), value, places)
