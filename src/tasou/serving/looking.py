"""A column of rows beside what the model knows of its training: missing, no number, unseen, out of range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.messages import Message, Sentence
from tasou.tables.marginals import Marginal
from tasou.tables.scaling import FARTHEST, Scaling
from tasou.tables.spelling import dates
from tasou.tables.steps import Step
from tasou.tables.table import Table

TAKEN_AS_MISSING = Message(
    "serving.taken_as_missing",
    en="column {column!r}: {cell!r} is taken as missing",
    ja="列 {column!r}：{cell!r} は欠損とみなします",
)
KINDS = ("missing", "strange", "unseen", "outside")

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

    def counts(self) -> dict[str, int]:
        """How many cells are each."""
        masks = {kind: getattr(self, kind) for kind in KINDS}
        return {kind: int(mask.sum()) for kind, mask in masks.items() if mask is not None}


def look(step: Any, seen: Marginal | None, table: Table) -> Look:
    """Look at the column that a step of the preparation reads; ``seen``: what training saw of it."""
    column = table.column(step.column)
    if step.cell.kind == "level":
        missing = column.missing
        return Look(missing, unseen=(column.places(step.known) < 0) & ~missing)
    if step.cell.kind == "date":
        moments = column.as_dates(step.order)
        days = dates.days(moments.values)
        return Look(np.isnan(days) & ~moments.other, moments.other, None, outside(step, seen, days))
    numbers = column.as_numbers(step.notation)
    missing = np.isnan(numbers.values) & ~numbers.other
    return Look(missing, numbers.other, None, outside(step, seen, numbers.values), missing & ~column.missing)


def outside(step: Any, seen: Marginal | None, cells: npt.NDArray[np.float64]) -> Mask | None:
    """(n,) which cells of a column lie beyond its range in training; None for levels, which have none."""
    if step.cell.kind == "level":
        return None
    if seen is not None:
        found: Mask = seen.beyond(cells)
        return found
    if step.cell.kind == "date":
        parts = [beyond(scaling, dates.part_of_days(cells, part, np)) for part, scaling in step.parts]
        return np.any(parts, axis=0) if parts else np.zeros(len(cells), bool)
    return beyond(step.scaling, cells)


def beyond(scaling: Scaling, x: npt.NDArray[np.float64]) -> Mask:
    """Which numbers lie beyond the ends of a scaling: the range of training, in files that hold no counts."""
    with np.errstate(invalid="ignore", over="ignore"):
        z = scaling.standardise(x)
        found: Mask = (z < scaling.low) | (z > scaling.high)
    return found


def taken_as_missing(step: Any, cell: str) -> Sentence:
    """What is said of a cell that is no number or date, where that is no reason to refuse it."""
    return TAKEN_AS_MISSING(column=step.column, cell=short(cell))


def unseen(step: Any, cell: str) -> Sentence:
    """What is said of a text that no level is, as ``tasou predict`` says it."""
    told: Sentence = step.of_unseen([short(cell)])
    return told


def short(cell: Any, most: int = 80) -> str:
    """A cell for a message."""
    text = str(cell)
    return text if len(text) <= most else f"{text[:most]}…"


@dataclass(frozen=True)
class Known:
    """What a model file tells of one column in training; None where it does not.

    A share of 0 is told where there was nothing of the kind, or the file would say so; how much there was it does not.
    """

    missing: float | None
    unseen: float | None = None
    outside: float | None = None
    range: tuple[float, float] | None = None


def known(step: Step, seen: Marginal | None) -> Known:
    """The training's side of a column."""
    it: Any = step
    if seen is not None and seen.kind == "level":
        return Known(seen.missing, seen.rest)
    if seen is not None:
        return Known(seen.missing, None, 0.0, None if seen.kind == "date" else seen.ends)
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
