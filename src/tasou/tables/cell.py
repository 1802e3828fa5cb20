"""What a step reads of a cell, for whoever reads it without the step: a printed program, an exported graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Cell:
    """A column's cell as one number, from which `Step.features <tasou.tables.steps.Step>` follow.

    Attributes
    ----------
    column
        the column's name
    kind
        ``"number"``: the number itself; ``"date"``: days since 1970-01-01, with the time of day as a fraction;
        ``"level"``: the number of the level that the text is, -1 for a text that is none. NaN is a missing number or
        date
    levels
        text -> number of its level, in every spelling that is known; ``""`` is a missing cell
    made_up
        cells that nobody has measured, as a file would write them: to try a model with
    exact
        whether single precision cannot hold the number: a moment that is told to the second
    """

    column: str
    kind: Literal["number", "date", "level"]
    levels: Mapping[str, int] = field(default_factory=dict)
    made_up: tuple[str, ...] = ()
    exact: bool = False
