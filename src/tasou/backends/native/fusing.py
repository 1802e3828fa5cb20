"""Steps that are one: z + b, the activation f and, for the way back, its slope f' in a single pass over z."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from math import prod

from tasou.backends.native.library import Library, NotNative
from tasou.backends.native.places import Place
from tasou.backends.native.steps import Step
from tasou.backends.recording import PARAMETER, Operand


def fused(steps: list[Step], library: Library) -> list[Step]:
    """The same steps, each z + b, f(z), … g ⊙ f'(z) among them turned into two: activate, and a product."""
    users: dict[Operand, list[Step]] = defaultdict(list)
    for step in steps:
        for place in step.places[1:]:
            users[place.root].append(step)
    gone: set[int] = set()
    instead: dict[int, Step] = {}
    for step in steps:
        found = _activation(step, users, library)
        if found is not None:
            apply, scaled, activate, times = found
            gone.add(id(step))
            instead |= {id(apply): activate, id(scaled): times}
    return [instead.get(id(step), step) for step in steps if id(step) not in gone]


def _activation(
    add: Step, users: dict[Operand, list[Step]], library: Library
) -> tuple[Step, Step, Step, Step] | None:
    """For a step z = v + b: the steps f(z) and g ⊙ f'(z), and what takes their places; None, where it is not so."""
    if add.verb != "add" or not _is_bias(add.places[2]) or not (add.places[0].flat and add.places[1].flat):
        return None
    z, v = add.places[0].root, add.places[1].root
    of_z = users[z]
    if len(users[v]) != 1 or len(of_z) != 2 or v.kind != "rows":
        return None
    apply, scaled = of_z
    if (apply.verb, scaled.verb) != ("apply", "scaled") or not apply.places[0].flat:
        return None
    if len(scaled.places) != 4 or [p.root for p in scaled.places[2:]] != [z, apply.places[0].root]:
        return None
    if scaled.places[2].shape != apply.places[1].shape or not scaled.places[2].flat:
        return None
    assert apply.op.formula is not None and scaled.op.formula is not None
    try:
        index, constants = library.activation(apply.op.formula, scaled.op.formula)
    except NotNative:
        return None
    slope = replace(scaled.places[2], root=v)
    width = add.shape[-1]
    activate = replace(
        apply,
        verb="activate",
        places=[apply.places[0], replace(apply.places[1], root=v), add.places[2]],
        formula=index,
        constants=constants,
        width=width,
        sizes=(prod(add.shape) // width, 0, 0),
    )
    return apply, scaled, activate, replace(scaled, verb="times", places=[*scaled.places[:2], slope])


def _is_bias(place: Place) -> bool:
    """A vector that belongs to all rows alike, one number a column."""
    steps = [step for step, size in zip(place.steps, place.shape, strict=True) if size > 1]
    wide = place.shape[-1] == 1 or place.steps[-1] == 1
    return place.root.kind == PARAMETER and place.along is None and wide and not any(steps[:-1])
