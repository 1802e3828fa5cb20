"""ONNX: the whole model as one graph, preparation included, for any run time of ONNX.

A table model takes an input for each column, (rows, 1): numbers with NaN for a missing one, dates as days since
1970-01-01, texts with the empty one for a missing cell. Everything else takes one input, (rows, features).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from tasou.exporting import words
from tasou.exporting.graph import ML, OnnxGraph
from tasou.exporting.nodes import TensorWriter
from tasou.exporting.plan import Member, Plan
from tasou.exporting.tracing import Graph, Namespace, returned, traced
from tasou.tables.cell import Cell

SUFFIX = ".onnx"
DOCS = {
    "number": "a number, NaN where it is missing",
    "date": "days since 1970-01-01, with the time of day as a fraction; NaN where it is missing",
    "level": "a text, empty where it is missing",
}


def write(plan: Plan, name: str, **options: Any) -> bytes:
    """The file's bytes."""
    graph = OnnxGraph(name)
    to = TensorWriter(graph, plan.dtype)
    x = _features(plan, graph) if plan.features else graph.input("X", plan.dtype.name, len(plan.cells))
    answer(plan, to, _predictions(plan, to, x))
    doc = "\n".join(words.head(plan, ["Written as an ONNX graph."]))
    return graph.to_bytes(doc, _metadata(plan))


def _metadata(plan: Plan) -> dict[str, str]:
    answer = plan.answer
    return {
        "task": "regression" if answer.kind == "numbers" else "classification",
        "target": answer.target,
        "columns": json.dumps([[cell.column, cell.kind] for cell in plan.cells], ensure_ascii=False),
        "classes": json.dumps(list(answer.classes), ensure_ascii=False),
        "dates": "days since 1970-01-01",
        "terms": "yours, without any condition",
    }


def _features(plan: Plan, graph: OnnxGraph) -> str:
    """(rows, d): every column by its own formulas, in double precision."""
    inputs = [_input(cell, graph) for cell in plan.cells]
    cells = [_number(cell, plan, name, graph) for cell, name in zip(plan.cells, inputs, strict=True)]
    double = TensorWriter(graph, np.dtype(np.float64))
    columns = []
    for name, formula in zip(cells, plan.features, strict=True):
        values = Graph()
        parts = returned(formula, partial(formula, values.input(0), Namespace(values)), values)
        columns += double.values(parts, [name])
    x = graph.node("Concat", *columns, axis=1, name="features/1")
    return graph.node("Cast", x, to=1, name="x/1") if plan.dtype == np.float32 else x


def _input(cell: Cell, graph: OnnxGraph) -> str:
    dtype = "str" if cell.kind == "level" else "float64" if cell.exact else "float32"
    return graph.input(cell.column, dtype, 1, DOCS[cell.kind])


def _number(cell: Cell, plan: Plan, name: str, graph: OnnxGraph) -> str:
    """The cell as a number in double precision."""
    if cell.kind == "level":
        known = {**cell.levels}
        if "" in known:
            known = {**dict.fromkeys(plan.missing, known[""]), **known}
        how = {"keys_strings": list(known), "values_int64s": list(known.values()), "default_int64": -1}
        name = graph.node("LabelEncoder", name, domain=ML, name="level/1", **how)
    return graph.node("Cast", name, to=11, name="cell/1")


def _predictions(plan: Plan, to: TensorWriter, x: str) -> str:
    """ŷ: the networks' predictions, each times its weight, added; and what is blended in."""
    total = _summed(to, [(_member(plan, to, member, x), member.weight) for member in plan.members])
    if plan.blend is None:
        return total
    said = [total]
    if plan.second:
        said.append(_summed(to, [(to.network(network, x), 1 / len(plan.second)) for network in plan.second]))
    width = plan.members[0].network.sizes[-1]
    return to.values(traced(plan.blend, len(said), width=width), said)[0]


def _member(plan: Plan, to: TensorWriter, member: Member, x: str) -> str:
    """What of a member's prediction is added."""
    y = _summed(to, [(to.network(network, x), 1 / len(member.networks)) for network in member.networks])
    if plan.link is None:
        return y
    return to.values(traced(plan.link, 1, width=member.network.sizes[-1]), [y])[0]


def _summed(to: TensorWriter, parts: Sequence[tuple[str, float]]) -> str:
    """Predictions, each times its weight, added."""
    total = ""
    for name, weight in parts:
        y = name if weight == 1 else to.graph.node("Mul", name, to.constant(weight))
        total = to.graph.node("Add", total, y) if total else y
    return total


def _in_units(plan: Plan, to: TensorWriter, y: str) -> str:
    """The numbers in the target's unit, in double precision."""
    graph, values, width = to.graph, Graph(), plan.members[0].network.sizes[-1]
    z = graph.node("Cast", y, to=11)
    parts = [z]
    if width > 1:
        ends = ([k, k + 1, -1] for k in range(width))
        parts = [graph.node("Slice", z, *(graph.constant(np.array([e])) for e in end)) for end in ends]
    inputs = [values.input(k) for k in range(width)]
    found = [
        returned(unit, partial(unit, inputs, Namespace(values)), values)[0] for unit in plan.answer.units
    ]
    numbers = TensorWriter(graph, np.dtype(np.float64)).values(found, parts)
    return numbers[0] if width == 1 else graph.node("Concat", *numbers, axis=1)


def answer(plan: Plan, to: TensorWriter, y: str) -> None:
    """The outputs: the label and the probabilities of each class, or the numbers expected."""
    wanted, graph = plan.answer, to.graph
    if wanted.kind == "numbers":
        y = _in_units(plan, to, y) if wanted.units else y
        graph.output(y, "value", "float64" if wanted.units else to.dtype.name, wanted.width)
        return
    single = plan.members[0].network.sizes[-1] == 1
    if wanted.kind == "labels":
        chosen = graph.node("Cast", graph.node("Greater", y, to.constant(0.5)), to=7)
        graph.output(chosen, "label", "int64", wanted.width)
    elif single and wanted.kind == "sides":
        above = graph.node("Cast", graph.node("Greater", y, to.constant(0.0)), to=7)
        chosen = graph.node("Reshape", above, graph.constant(np.array([-1])))
        _label(plan, graph, chosen)
    else:
        if single:
            y = graph.node("Concat", graph.node("Sub", to.constant(1.0), y), y, axis=1)
        _label(plan, graph, _chosen(plan, to, y))
    names = "decision" if wanted.kind == "sides" else "probabilities"
    graph.output(y, names, to.dtype.name, len(wanted.names) if wanted.kind == "sides" else wanted.width)


def _chosen(plan: Plan, to: TensorWriter, y: str) -> str:
    """(rows,) the number of the class that is named."""
    if plan.answer.threshold is None:
        return to.graph.node("ArgMax", y, axis=1, keepdims=0)
    second = to.graph.node("Gather", y, to.graph.constant(np.array(1)), axis=1)
    above = to.graph.node("Greater", second, to.constant(plan.answer.threshold))
    return to.graph.node("Cast", above, to=7)


def _label(plan: Plan, graph: OnnxGraph, chosen: str) -> None:
    """The class of a number, in its own type; whole numbers of more than 64 bits as texts."""
    classes = plan.answer.classes
    if all(isinstance(value, bool) for value in classes):
        values, dtype = np.array(classes), "bool"
    elif all(isinstance(value, int) and -(2**63) <= value < 2**63 for value in classes):
        values, dtype = np.array(classes, np.int64), "int64"
    elif all(isinstance(value, float) for value in classes):
        values, dtype = np.array(classes), "float64"
    else:
        values, dtype = np.array([str(value) for value in classes], object), "str"
    graph.output(graph.node("Gather", graph.constant(values, "classes"), chosen, axis=0), "label", dtype)
