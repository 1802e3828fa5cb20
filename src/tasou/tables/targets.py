"""The target column: which task it asks for, its classes with their type, or its numbers with their scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from tasou.errors import TableError
from tasou.tables.column import Array, Column
from tasou.tables.schema import Fields, is_number
from tasou.tables.steps.scaling import Scaling
from tasou.tables.table import Table

FEW_INTEGERS = 20
MOST_CLASSES = 1000

ClassType = Literal["text", "int", "float", "bool"]
_FITS: dict[str, Any] = {
    "text": lambda v: isinstance(v, str),
    "int": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "float": is_number,
    "bool": lambda v: isinstance(v, bool),
}


def infer_task(
    table: Table, name: str, asked: str | None = None
) -> tuple[Literal["classification", "regression"], str, Mapping[str, object]]:
    """(task, reason, values of the reason) of a target column, or a `TableError` if it cannot be learnt.

    Text and booleans are classes; so are integers of at most 20 different values; other numbers are regression.
    """
    column = table.column(name)
    if column.missing.all():
        raise TableError(f"target {name!r} has no value in any row of {table.source}")
    texts = [text for text in column.distinct.texts if text != ""]
    if len(texts) == 1:
        raise TableError(f"target {name!r} has one value only ({texts[0]!r}): there is nothing to tell apart")
    natural = _natural_task(table, name, len(texts))
    if asked == "classification" or (asked is None and natural[0] == "classification"):
        _check_classes(table, name, len(texts))
        return "classification", *((natural[1:]) if asked is None else ("asked", {}))
    _check_numbers(table, name)
    return "regression", *((natural[1:]) if asked is None else ("asked", {}))


def _natural_task(
    table: Table, name: str, n: int
) -> tuple[Literal["classification", "regression"], str, Mapping[str, object]]:
    column = table.column(name)
    if column.kind == "bool":
        return "classification", "booleans", {}
    present = ~column.missing
    if column.kind == "date" or column.not_numbers.sum() > 0.05 * present.sum():
        return "classification", "text_classes", {}
    x = column.numbers[~np.isnan(column.numbers)]
    if n <= FEW_INTEGERS and (x == np.round(x)).all() and (n < 3 or n <= len(x) / 5):
        return "classification", "few_integers", {"n": n}
    return "regression", "many_numbers", {"n": n}


def _check_classes(table: Table, name: str, n: int) -> None:
    rows = int((~table.column(name).missing).sum())
    if n > MOST_CLASSES or (n > 20 and n > rows / 2):
        raise TableError(f"target {name!r} has {n} different values in {rows} rows: too many to be classes")


def _check_numbers(table: Table, name: str) -> None:
    wrong = table.column(name).not_numbers
    if wrong.any():
        row = int(np.argmax(wrong))
        cell = table.column(name).cell(row)
        raise TableError(
            f"{table.source}, {table.where(row)}: target {name!r} must be a number, but says {cell!r}"
        )


@dataclass(frozen=True)
class ClassTarget:
    """The classes of a target column, in order, with the type that predictions come back in.

    >>> ClassTarget.fit(Table({"y": ["10", "9", "10"]}), "y").classes
    (9, 10)
    """

    column: str
    type: ClassType
    classes: tuple[Any, ...]
    task = "classification"

    @classmethod
    def fit(cls, table: Table, name: str) -> ClassTarget:
        """Read the classes; numbers in order of size, text in order of code points."""
        column = table.column(name)
        texts = [text for text in column.distinct.texts if text != ""]
        kind = _class_type(column, texts)
        return cls(name, kind, tuple(sorted({_typed(text, kind) for text in texts})))

    def values(self, table: Table) -> Array:
        """(n,) the class of every row, in the classes' own type; a missing or unknown one is an error with its line."""
        column = table.column(self.column)
        classes = set(self.classes)
        found = [_try_typed(text, self.type) for text in column.distinct.texts]
        known = np.array([value in classes for value in found], dtype=bool)[column.distinct.codes]
        if not known.all():
            row = int(np.argmin(known))
            cell = str(column.cell(row))
            raise TableError(f"{table.source}, {table.where(row)}: {cell!r} is no class of {self.column!r}")
        return self._array([found[code] for code in column.distinct.codes])

    def encode(self, table: Table) -> npt.NDArray[np.int64]:
        """(n,) the number of the class of every row, from 0: what a network learns."""
        number = {value: k for k, value in enumerate(self.classes)}
        return np.array([number[value] for value in self.values(table).tolist()], dtype=np.int64)

    def decode(self, numbers: npt.NDArray[np.integer]) -> Array:
        """(n,) the class of each number, in the classes' own type."""
        classes: Array = self._array(list(self.classes))[numbers]
        return classes

    def _array(self, values: list[Any]) -> Array:
        dtype: Any = {"text": object, "int": np.int64, "float": np.float64, "bool": np.bool_}[self.type]
        return np.array(values, dtype=dtype)

    def unscaled(self) -> ClassTarget:
        """Classes have no scale."""
        return self

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return {"task": self.task, "column": self.column, "type": self.type, "classes": list(self.classes)}

    @classmethod
    def take(cls, fields: Fields) -> ClassTarget:
        """The same from the fields of a JSON object."""
        column, kind = fields.text("column"), fields.text("type", tuple(_FITS))
        fits = _FITS[kind]
        what = f"a list of at least two different classes of type {kind}"
        classes = fields.take(
            "classes",
            what,
            lambda v: isinstance(v, list) and all(map(fits, v)) and len(set(v)) == len(v) > 1,
        )
        return cls(column, kind, tuple(classes))  # type: ignore[arg-type]


@dataclass(frozen=True)
class NumberTarget:
    """The scale of a numeric target: the network learns standardised values, predictions come back in the unit."""

    column: str
    scaling: Scaling
    task = "regression"

    @classmethod
    def fit(cls, table: Table, name: str) -> NumberTarget:
        """Read the scale; a heavy-tailed target without negative values goes through a log first."""
        y = table.column(name).numbers
        scaling = Scaling.fit(y)
        if scaling.unit is not None and np.nanmin(y) < 0:
            scaling = Scaling.fit(y, log=False)
        return cls(name, scaling)

    def unscaled(self) -> NumberTarget:
        """The same target in its own unit."""
        return replace(self, scaling=self.scaling.unscaled())

    def values(self, table: Table) -> npt.NDArray[np.float64]:
        """(n,) the numbers in their own unit; a missing one is an error with its line."""
        _check_numbers(table, self.column)
        y = table.column(self.column).numbers
        if np.isnan(y).any():
            row = int(np.argmax(np.isnan(y)))
            raise TableError(f"{table.source}, {table.where(row)}: target {self.column!r} is missing")
        return y

    def encode(self, table: Table) -> npt.NDArray[np.float64]:
        """(n,) the standardised numbers: what a network learns."""
        return self.scaling.standardise(self.values(table))

    def decode(self, z: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """(n,) the numbers, in their own unit, of what a network predicts."""
        return self.scaling.undo(z.astype(np.float64))

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return {"task": self.task, "column": self.column, **self.scaling.to_dict()}

    @classmethod
    def take(cls, fields: Fields) -> NumberTarget:
        """The same from the fields of a JSON object."""
        return cls(fields.text("column"), Scaling.take(fields))


Target = ClassTarget | NumberTarget
TARGETS: dict[str, type[ClassTarget] | type[NumberTarget]] = {
    "classification": ClassTarget,
    "regression": NumberTarget,
}


def target_from_dict(data: object, where: str) -> Target:
    """The target that ``to_dict`` described."""
    with Fields(data, where) as fields:
        return TARGETS[fields.text("task", tuple(TARGETS))].take(fields)


def _class_type(column: Column, texts: list[str]) -> ClassType:
    if column.kind == "bool":
        return "bool"
    if column.kind == "date" or column.not_numbers.any():
        return "text"
    if all(text.lstrip("+-").isdecimal() for text in texts):
        return "int"
    return "float"


def _typed(text: str, kind: ClassType) -> Any:
    if kind == "bool":
        return text == "True"
    if kind == "int":
        return int(text)
    return float(text) if kind == "float" else text


def _try_typed(text: str, kind: ClassType) -> Any:
    try:
        return _typed(text, kind) if text != "" else None
    except ValueError:
        return None
