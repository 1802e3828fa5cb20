"""A scaled input of a dense layer: the gradients of s and W from one product, without the error of the input.

With z = W (s ⊙ a) and G = δᵀ a, ∂L/∂W = G ⊙ s and ∂L/∂s = Σ G ⊙ W, summed over the units. So where nobody in front of
the scale wants to know the error of its input, the product δ W is not needed: a third of what the layer costs.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from tasou.backends.recording import COLUMNS, GRADIENT, PARAMETER, SUM, TRANSPOSED, Op, Operand, Tape


def folded(tape: Tape) -> Tape:
    """The tape, with the gradients of scales and of the weights behind them from one product."""
    users: dict[Operand, list[Op]] = defaultdict(list)
    for op in tape:
        for root in {operand.root for operand in op.inputs}:
            users[root].append(op)
    made = {op.output: op for op in tape}
    instead: dict[int, list[Op]] = {}
    for op in tape.backward:
        if op.verb == "total" and op.output.root.kind == GRADIENT:
            instead |= _of_scale(op, made, users)
    backward = [new for op in tape.backward for new in instead.get(id(op), [op])]
    return replace(tape, backward=backward)


def _of_scale(grad_s: Op, made: dict[Operand, Op], users: dict[Operand, list[Op]]) -> dict[int, list[Op]]:
    """For ∂L/∂s = Σ (δ W) ⊙ a, by the operation: what takes its place; nothing, where it is not so."""
    share = made.get(grad_s.inputs[0])
    if share is None or share.verb != "times" or users[share.output] != [grad_s]:
        return {}
    value, a = share.inputs
    back = made.get(value)
    if back is None or back.verb != "product" or users[value] != [share]:
        return {}
    delta, W = back.inputs
    scaled = [op for op in users[a.root] if op.verb == "times" and op.inputs[0] is a and op is not share]
    if len(scaled) != 1 or not _is_part(W, PARAMETER) or not _is_part(scaled[0].inputs[1], PARAMETER):
        return {}
    s = scaled[0].inputs[1]
    found = [
        op for op in users[scaled[0].output] if op.verb == "product" and op.inputs[1] is scaled[0].output
    ]
    if len(found) != 1 or not _same(s, grad_s.output) or not _same(W, found[0].output):
        return {}
    grad_W = found[0]
    if grad_W.inputs[0].kind != TRANSPOSED or grad_W.inputs[0].base is not delta:
        return {}
    G, share_of_s = (Operand(SUM, W.shape, name, dtype=W.dtype) for name in ("G", "G⊙W"))
    return {
        id(grad_W): [
            Op("product", None, (), (grad_W.inputs[0], a), G),
            Op("times", None, (), (G, s), grad_W.output),
            Op("times", None, (), (G, W), share_of_s),
            Op("total", None, (), (share_of_s,), grad_s.output),
        ],
        **{id(op): [] for op in (back, share, grad_s)},
    }


def _is_part(operand: Operand, kind: str) -> bool:
    """Whether it is a parameter (or a gradient), or columns of one."""
    return operand.root.kind == kind and (operand.base is None or operand.kind == COLUMNS)


def _same(parameter: Operand, gradient: Operand) -> bool:
    """Whether the one is the gradient of the other."""
    places = [(each.root.start, each.shape, each.base and each.start) for each in (parameter, gradient)]
    return places[0] == places[1] and _is_part(gradient, GRADIENT)
