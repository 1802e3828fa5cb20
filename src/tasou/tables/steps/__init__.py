"""The steps of a preparation, one kind of column each: how it is recognised, learnt, applied, stored and described.

One file a kind, found in this folder. A file holds ``step``, a frozen dataclass as `Step` describes it; everything
else (the order of asking, names of roles, the model file, ``tasou info``) follows. Every step is made of comparison,
affine maps, log and clip alone, so that other run times can repeat it.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any, ClassVar, Protocol, Self

from tasou.messages import Message, Said
from tasou.tables.cell import Cell
from tasou.tables.column import Array
from tasou.tables.kind import Kind
from tasou.tables.role import ColumnRole
from tasou.tables.schema import Fields
from tasou.tables.table import Table


class Step(Protocol):
    """What turns one column of a table into features, after it was fitted on a training table."""

    kind: ClassVar[str]
    """what the role and the model file call it"""
    title: ClassVar[Message]
    """what people call it"""
    asked_after: ClassVar[int]
    """kinds of lower numbers are asked first whether a column is theirs"""

    @property
    def column(self) -> str:
        """The column it reads."""

    @classmethod
    def recognise(cls, table: Table, name: str) -> ColumnRole | None:
        """The role of a column that is of this kind, else None; it may also be a role that is not used."""

    @classmethod
    def by_hand(cls, table: Table, name: str) -> ColumnRole:
        """The role of a column that somebody says is of this kind; `TableError` where it cannot be."""

    @classmethod
    def fit(cls, table: Table, role: ColumnRole, *, robust: bool = False) -> Self:
        """Learn from the training table what the step needs.

        ``robust`` prepares for layers that squash, cut into bins and embed: far values stay where they are.
        """

    @property
    def feature_names(self) -> list[str]:
        """The names of the features."""

    @property
    def cell(self) -> Cell:
        """What it reads of a cell."""

    def features(self, cell: Any, xp: Any) -> list[Any]:
        """The features, one array each, of what was read of the cells: formulas over an array namespace.

        So they can be printed in other languages, and whatever runs is what is printed.
        """

    @property
    def kinds(self) -> list[Kind]:
        """What kind of number each feature is."""

    def apply(self, table: Table) -> list[Array]:
        """The features, one (n,) array each."""

    def notes(self, table: Table) -> list[Any]:
        """What a user should know of how the column of ``table`` was read: sentences."""

    def unscaled(self) -> Self:
        """The same without standardising."""

    def describe(self) -> Any:
        """What becomes of the column, in a line: a sentence."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""

    @classmethod
    def take(cls, fields: Fields) -> Self:
        """The same from the fields of a JSON object."""


def _found() -> dict[str, type[Step]]:
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    steps = [module.step for module in modules if hasattr(module, "step")]
    return {step.kind: step for step in sorted(steps, key=lambda step: step.asked_after)}


STEPS: dict[str, type[Step]] = _found()


def step_from_dict(data: object, where: Said) -> Step:
    """The step that ``to_dict`` described."""
    with Fields(data, where) as fields:
        return STEPS[fields.text("kind", tuple(STEPS))].take(fields)
