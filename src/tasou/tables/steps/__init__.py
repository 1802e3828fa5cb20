"""The steps of a preparation, one kind of column each: plain numbers in, plain numbers out, nothing hidden in code.

A step is fitted on one column of the training table, turns that column into features, and is written to and read
from JSON. Every step is made of comparison, affine maps, log and clip alone, so that other run times can repeat it.
"""

from __future__ import annotations

from tasou.tables.schema import Fields
from tasou.tables.steps.categorical import CategoricalStep
from tasou.tables.steps.date import DateStep
from tasou.tables.steps.numeric import NumericStep

Step = NumericStep | CategoricalStep | DateStep
STEPS: dict[str, type[NumericStep] | type[CategoricalStep] | type[DateStep]] = {
    step.kind: step for step in (NumericStep, CategoricalStep, DateStep)
}


def step_from_dict(data: object, where: str) -> Step:
    """The step that ``to_dict`` described."""
    with Fields(data, where) as fields:
        return STEPS[fields.text("kind", tuple(STEPS))].take(fields)
