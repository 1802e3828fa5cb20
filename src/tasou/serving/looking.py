"""A column of rows beside what the model knows of its training: missing, no number, unseen, out of range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.tables.scaling import FARTHEST, Scaling
from tasou.tables.spelling import dates
from tasou.tables.steps import Step
from tasou.tables.table import Table

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Look:
    """What is the matter with the cells of one column; a mask (n,) each, None where the question makes no sense.

    Attributes
    ----------
    missing
        no value
    strange
        a value that is no number, or no date
    unseen
        a text that no level of the training is
    outside
        beyond the training rows' range, widened by one standard deviation
    beyond
        a number that is infinite or withheld, which is taken as missing
    """

    missing: Mask
    strange: Mask | None = None
    unseen: Mask | None = None
    outside: Mask | None = None
    beyond: Mask | None = None


def look(step: Any, table: Table) -> Look:
    """Look at the column that a step of the preparation reads."""
    column = table.column(step.column)
    if step.cell.kind == "level":
        missing = column.missing
        return Look(missing, unseen=(column.places(step._known) < 0) & ~missing)
    if step.cell.kind == "date":
        moments = column.as_dates(step.order)
        days = dates.days(moments.values)
        parts = [_outside(scaling, dates.part_of_days(days, part, np)) for part, scaling in step.parts]
        outside = np.any(parts, axis=0) if parts else np.zeros(len(days), bool)
        return Look(np.isnan(days) & ~moments.other, moments.other, None, outside)
    numbers = column.as_numbers(step.notation)
    missing = np.isnan(numbers.values) & ~numbers.other
    outside = _outside(step.scaling, numbers.values)
    return Look(missing, numbers.other, None, outside, missing & ~column.missing)


def _outside(scaling: Scaling, x: npt.NDArray[np.float64]) -> Mask:
    with np.errstate(invalid="ignore", over="ignore"):
        z = scaling.standardise(x)
        found: Mask = (z < scaling.low) | (z > scaling.high)
    return found


@dataclass(frozen=True)
class Known:
    """What a model file tells of one column in training; None where it does not.

    A share of 0 is told where there was nothing of the kind, or the file would say so; how much there was it does not.
    """

    missing: float | None
    unseen: float | None = None
    outside: float | None = None
    range: tuple[float, float] | None = None


def known(step: Step) -> Known:
    """The training's side of a column."""
    it: Any = step
    if step.cell.kind == "level":
        return Known(None if "" in it.levels or it.other else 0.0, None if it.other else 0.0)
    missing = None if it.indicator or it.lenient else 0.0
    scalings = [s for _, s in it.parts] if step.cell.kind == "date" else [it.scaling]
    cut = any(s.unit is None and s.scale == 1.0 and s.mean == 0.0 for s in scalings) or any(
        max(-s.low, s.high) >= FARTHEST for s in scalings
    )  # beyond ten standard deviations training rows were clipped, too
    ends = None
    if step.cell.kind == "number":
        ends = it.scaling.back(it.scaling.low), it.scaling.back(it.scaling.high)
    return Known(missing, None, None if cut else 0.0, ends)
