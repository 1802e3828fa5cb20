"""The steps of a preparation, one kind of column each: how it is recognised, learnt, applied, stored and described.

One file a kind, of its name, found in this folder. A file holds ``step``, a frozen dataclass as `Step` describes it;
everything else (the order of asking, names of roles, the model file, ``tasou info``) follows. Every step is made of
comparison, affine maps, log and clip alone, so that other run times can repeat it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, reduce
from importlib import import_module
from operator import add
from typing import Any, ClassVar, Protocol, Self

from tasou.errors import UnknownName
from tasou.messages import Message, Said
from tasou.registry import names_in
from tasou.tables.cell import Cell
from tasou.tables.column import Array
from tasou.tables.counts import Counts
from tasou.tables.kind import Kind
from tasou.tables.role import ColumnRole
from tasou.tables.schema import Fields
from tasou.tables.table import Table

KIND = Message("kind.step", en="kind of column", ja="列の種類")


class Step(Protocol):
    """What turns one column of a table into features, after it was fitted on a training table."""

    kind: ClassVar[str]
    """what the role and the model file call it"""
    title: ClassVar[Message]
    """what people call it"""
    asked_after: ClassVar[int]
    """kinds of lower numbers are asked first whether a column is theirs"""
    examples: ClassVar[tuple[str, ...]]
    """cells, as a file would write them, of a column that is of this kind: to test it with"""

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
    def seen(cls, table: Table, role: ColumnRole) -> Counts:
        """What a table, or one part of it, shows of the column; what its parts show is added."""

    @classmethod
    def learn(cls, role: ColumnRole, seen: Counts, *, robust: bool = False) -> Self:
        """What the step needs, of all that was seen; it may depend on nothing else.

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


def names() -> list[str]:
    """All kinds of columns, in alphabetical order, none of them imported."""
    return names_in(__name__)


def get(kind: str) -> type[Step]:
    """The step for this kind of column.

    Raises
    ------
    UnknownName
        there is none (the nearest is suggested)
    """
    if kind not in names():
        raise UnknownName(KIND, kind, names())
    found: type[Step] = import_module(f"{__name__}.{kind}").step
    return found


@cache
def every() -> tuple[type[Step], ...]:
    """All of them, in the order in which they are asked whether a column is theirs."""
    return tuple(sorted(map(get, names()), key=lambda step: step.asked_after))


def learn(role: ColumnRole, parts: Iterable[Table], *, robust: bool = False) -> Step:
    """The step of a column, learnt from a table or from its parts, one after the other, as if from the whole.

    >>> from tasou.tables import infer
    >>> whole = Table({"x": [1.0, 2.0, 6.0, 3.0]})
    >>> learn(infer(whole)["x"], [whole.take([0, 1]), whole.take([2, 3])]).scaling.mean
    3.0
    """
    step = get(role.role)
    return step.learn(role, reduce(add, (step.seen(part, role) for part in parts)), robust=robust)


def step_from_dict(data: object, where: Said) -> Step:
    """The step that ``to_dict`` described."""
    with Fields(data, where) as fields:
        return get(fields.text("kind", tuple(names()))).take(fields)
