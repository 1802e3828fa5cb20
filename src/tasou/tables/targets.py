"""The target column: its classes with their type, or its numbers with their scale."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from tasou.errors import TableError
from tasou.messages import Message, Said
from tasou.tables.column import Array, Column
from tasou.tables.role import ColumnRole
from tasou.tables.scaling import Scaling
from tasou.tables.schema import Fields, is_number
from tasou.tables.spelling.categories import Levels
from tasou.tables.spelling.habits import PLAIN, Notation
from tasou.tables.spelling.numbers import spelled
from tasou.tables.spelling.numerals import Is
from tasou.tables.table import Table
from tasou.tables.task import MUST_BE_NUMBER

CLASSES = Message(
    "preparation.classes",
    en="a list of at least two different classes of type {kind}",
    ja="互いに異なる2つ以上の {kind} 型のクラスのリスト",
)

UNKNOWN_CLASS = Message(
    "target.unknown_class",
    en="{source}, {where}: {cell!r} is no class of {target!r}",
    ja="{source}、{where}：{cell!r} は {target!r} のクラスにありません",
)
MISSING = Message(
    "target.missing",
    en="{source}, {where}: target {target!r} is missing",
    ja="{source}、{where}：目的変数 {target!r} の値がありません",
)

ClassType = Literal["text", "int", "float", "bool"]
_FITS: dict[str, Any] = {
    "text": lambda v: isinstance(v, str),
    "int": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "float": is_number,
    "bool": lambda v: isinstance(v, bool),
}
_INTEGER = re.compile(r"-?(?:0|[1-9]\d*)", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class ClassTarget:
    """The classes of a target column, in order, with the type that predictions come back in.

    >>> ClassTarget.fit(Table({"y": ["10", "9", "10"]}), "y").classes
    (9, 10)
    """

    column: str
    type: ClassType
    classes: tuple[Any, ...]
    notation: Notation = PLAIN
    task = "classification"

    @classmethod
    def fit(cls, table: Table, name: str, role: ColumnRole | None = None) -> ClassTarget:
        """Read the classes; numbers in order of size, text in order of code points."""
        column = table.column(name)
        texts = [text for text in column.distinct.texts if text != ""]
        kind = _class_type(column, texts)
        notation = column.notation if role is None else role.decided.get("notation", PLAIN)
        return cls(name, kind, tuple(sorted({_typed(text, kind) for text in texts})), notation)

    @staticmethod
    def known(table: Table, name: str) -> npt.NDArray[np.bool_]:
        """(n,) True where the target has a value."""
        column = table.column(name)
        infinite = column.as_numbers().kinds == Is.BEYOND if column.is_numeric else False
        found: npt.NDArray[np.bool_] = ~(column.missing | infinite)
        return found

    @cached_property
    def _levels(self) -> Levels:
        return Levels([_written(value) for value in self.classes], self.notation)

    def values(self, table: Table) -> Array:
        """(n,) the class of every row, in the classes' own type; a missing or unknown one is an error with its line."""
        return self.decode(self.encode(table))

    def encode(self, table: Table) -> npt.NDArray[np.int64]:
        """(n,) the number of the class of every row, from 0: what a network learns."""
        column = table.column(self.column)
        places = column.places(self._levels)
        if (places < 0).any():
            row = int(np.argmin(places))
            place = {"source": table.source, "where": table.place(row)}
            raise TableError(UNKNOWN_CLASS, **place, cell=str(column.cell(row)), target=self.column)
        return places

    def decode(self, numbers: npt.NDArray[np.integer]) -> Array:
        """(n,) the class of each number, in the classes' own type."""
        dtype: Any = {"text": object, "int": np.int64, "float": np.float64, "bool": np.bool_}[self.type]
        if self.type == "int" and not all(-(2**63) <= value < 2**63 for value in self.classes):
            dtype = object  # ids of 25 digits
        classes: Array = np.array(self.classes, dtype=dtype)[numbers]
        return classes

    def unscaled(self) -> ClassTarget:
        """Classes have no scale."""
        return self

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        found = {"task": self.task, "column": self.column, "type": self.type, "classes": list(self.classes)}
        return {**found, **self.notation.to_dict()}

    @classmethod
    def take(cls, fields: Fields) -> ClassTarget:
        """The same from the fields of a JSON object."""
        column, kind = fields.text("column"), fields.text("type", tuple(_FITS))
        fits = _FITS[kind]
        what = CLASSES(kind=kind)
        classes = fields.take(
            "classes",
            what,
            lambda v: isinstance(v, list) and all(map(fits, v)) and len(set(v)) == len(v) > 1,
        )
        return cls(column, kind, tuple(classes), fields.notation())  # type: ignore[arg-type]


@dataclass(frozen=True)
class NumberTarget:
    """The scale of a numeric target: the network learns standardised values, predictions come back in the unit."""

    column: str
    scaling: Scaling
    notation: Notation = PLAIN
    task = "regression"

    @classmethod
    def fit(cls, table: Table, name: str, role: ColumnRole | None = None) -> NumberTarget:
        """Read the scale; a heavy-tailed target without negative values goes through a log first."""
        column = table.column(name)
        notation = column.as_numbers().notation if role is None else role.decided.get("notation", PLAIN)
        y = column.as_numbers(notation).values
        scaling = Scaling.fit(y)
        if scaling.unit is not None and np.nanmin(y) < 0:
            scaling = Scaling.fit(y, log=False)
        return cls(name, scaling, notation)

    @staticmethod
    def known(table: Table, name: str) -> npt.NDArray[np.bool_]:
        """(n,) True where the target has a value: no missing, withheld or infinite one."""
        read = table.column(name).as_numbers()
        return np.isin(read.kinds, (Is.NUMBER, Is.NOTED, Is.OTHER))

    def unscaled(self) -> NumberTarget:
        """The same target in its own unit."""
        return replace(self, scaling=self.scaling.unscaled())

    def values(self, table: Table) -> npt.NDArray[np.float64]:
        """(n,) the numbers in their own unit; a missing one is an error with its line."""
        column = table.column(self.column)
        read = column.as_numbers(self.notation)
        if np.isnan(read.values).any():
            other = bool(read.other.any())
            row = int(np.argmax(read.other if other else np.isnan(read.values)))
            place = {"source": table.source, "where": table.place(row), "target": self.column}
            if other:
                raise TableError(MUST_BE_NUMBER, **place, cell=str(column.cell(row)))
            raise TableError(MISSING, **place)
        return read.values

    def encode(self, table: Table) -> npt.NDArray[np.float64]:
        """(n,) the standardised numbers: what a network learns."""
        return self.scaling.standardise(self.values(table))

    def decode(self, z: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """(n,) the numbers, in their own unit, of what a network predicts."""
        return self.scaling.undo(z.astype(np.float64))

    def unit(self, z: Any, xp: Any) -> Any:
        """The same as `decode`, as a formula over an array namespace."""
        return self.scaling.undo(z, xp)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return {"task": self.task, "column": self.column, **self.scaling.to_dict(), **self.notation.to_dict()}

    @classmethod
    def take(cls, fields: Fields) -> NumberTarget:
        """The same from the fields of a JSON object."""
        return cls(fields.text("column"), Scaling.take(fields), fields.notation())


Target = ClassTarget | NumberTarget
TARGETS: dict[str, type[ClassTarget] | type[NumberTarget]] = {
    "classification": ClassTarget,
    "regression": NumberTarget,
}


def target_from_dict(data: object, where: Said) -> Target:
    """The target that ``to_dict`` described."""
    with Fields(data, where) as fields:
        return TARGETS[fields.text("task", tuple(TARGETS))].take(fields)


def _class_type(column: Column, texts: list[str]) -> ClassType:
    if set(texts) <= {"False", "True"}:
        return "bool"
    if column.kind == "date" or column.holds_codes:
        return "text"
    if all(_INTEGER.fullmatch(text) for text in texts):
        return "int"
    return "float" if all(_NUMBER.fullmatch(text) for text in texts) else "text"


def _typed(text: str, kind: ClassType) -> Any:
    if kind == "bool":
        return text == "True"
    if kind == "int":
        return int(text)
    return float(text) if kind == "float" else text


def _written(value: Any) -> str:
    if isinstance(value, float):
        return spelled(value)
    return str(value)
