"""A numeric column: one standardised feature, and a second that says where the number was missing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from tasou.errors import TableError
from tasou.messages import Message, Sentence
from tasou.tables.cell import Cell
from tasou.tables.column import Array, Column
from tasou.tables.counts import Counts
from tasou.tables.kind import Kind
from tasou.tables.reader import Numbers
from tasou.tables.readings import of_numbers, sample
from tasou.tables.role import ASKED, ColumnRole, range_of
from tasou.tables.scaling import Scaling
from tasou.tables.schema import Fields
from tasou.tables.spelling.habits import PLAIN, Notation
from tasou.tables.table import Table

TITLE = Message("role.numeric", en="numeric", ja="数値")
NUMBERS = Message("role.numbers", en="all cells are numbers", ja="すべて数値")
SPELLED = Message("role.spelled_numbers", en="numbers: {cell} is {value}", ja="数値：{cell} は {value}")
MOSTLY = Message(
    "role.mostly_numbers",
    en="numbers; {n} other {n:cell|cells} ({example}, {where}) taken as missing",
    ja="数値。数値でない {n} セル（{example}、{where}）は欠損とみなす",
)
RUNNING = Message("role.running_number", en="counts the rows", ja="行の通し番号")
ID_NAME = Message("role.id_name", en="named like an id, no value twice", ja="名前がIDで、値に重複がない")
NO_NUMBER = Message(
    "table.no_number",
    en="column {column!r} has no number at all, e.g. {cell!r} ({where}): it cannot be numeric",
    ja="列 {column!r} には数値がありません（例：{where}の {cell!r}）。数値の列にはできません",
)
MUST_BE_NUMBERS = Message(
    "table.must_be_numbers",
    en="{source}, {where}: column {column!r} must hold numbers, but here it says {cell!r}",
    ja="{source}、{where}：列 {column!r} は数値でなければなりませんが、{cell!r} と書かれています",
)
SCALED = Message(
    "step.scaled", en="(x − {mean:.4g}) / {scale:.4g}{missing}", ja="(x − {mean:.4g}) / {scale:.4g}{missing}"
)
LOGGED = Message(
    "step.logged",
    en="(log(1 + x / {unit:.4g}) − {mean:.4g}) / {scale:.4g}{missing}",
    ja="(log(1 + x / {unit:.4g}) − {mean:.4g}) / {scale:.4g}{missing}",
)
IMPUTED = Message("step.imputed", en=", missing → {impute:.4g}", ja="、欠損 → {impute:.4g}")

SMALL = 20
_ID_NAME = re.compile(
    r"(?i:^(id|index|no|key|code|uuid)$|[_\s.-](id|no|key)$)|[a-z]I[Dd]$|(番号|コード|ＩＤ)$"
)


@dataclass(frozen=True)
class NumericStep:
    """One numeric column.

    Parameters
    ----------
    column
        its name
    scaling
        how its numbers are imputed and scaled
    indicator
        whether a 0/1 feature tells the missing cells (there were some in training)
    lenient
        whether a cell that is no number is taken as missing (the whole table had a few) instead of refused
    notation
        how the training table wrote the numbers
    """

    column: str
    scaling: Scaling
    indicator: bool
    lenient: bool
    notation: Notation = PLAIN
    kind: ClassVar[str] = "numeric"
    title: ClassVar[Message] = TITLE
    asked_after: ClassVar[int] = 10
    examples: ClassVar[tuple[str, ...]] = ("0,5", "1,25", "-3", "12,5", "1.000,5", "", "40.000,75")

    @classmethod
    def recognise(cls, table: Table, name: str) -> ColumnRole | None:
        """Numbers, up to 5 % of other cells taken as missing; an *id* where they count the rows or are named so."""
        column = table.column(name)
        if not column.is_numeric:
            return None
        role = _role(table, name, column, column.as_numbers())
        seen = role.seen
        if role.reason not in ("numbers", "spelled_numbers") or seen.missing or len(table) < SMALL:
            return role
        values = column.numbers
        if _counts_rows(values):
            return ColumnRole(name, "id", seen, RUNNING())
        if _ID_NAME.search(name) and seen.distinct == len(values) and (values == np.round(values)).all():
            return ColumnRole(name, "id", seen, ID_NAME())
        return role

    @classmethod
    def by_hand(cls, table: Table, name: str) -> ColumnRole:
        """Numbers, however few the cells are that are some."""
        column = table.column(name)
        read = column.as_numbers(column.as_numbers().notation)
        if np.isnan(read.values).all():
            row = int(np.argmax(read.other))
            raise TableError(NO_NUMBER, column=name, cell=column.cell(row), where=table.place(row))
        return _role(table, name, column, read, by_hand=True)

    @classmethod
    def seen(cls, table: Table, role: ColumnRole) -> Counts:
        """The numbers, NaN where there is none."""
        return Counts(table.column(role.name).as_numbers(role.decided.get("notation", PLAIN)).values)

    @classmethod
    def learn(cls, role: ColumnRole, seen: Counts, *, robust: bool = False) -> NumericStep:
        """The scaling of the numbers; robust: by median and quartiles."""
        scaling = Scaling.robust(seen) if robust else Scaling.fit(seen)
        missing, lenient = bool(np.isnan(seen.values).any()), role.reason == "mostly_numbers"
        notation = role.decided.get("notation", PLAIN)
        return cls(role.name, scaling, missing, lenient, notation)

    def unscaled(self) -> NumericStep:
        """The same column in its own unit."""
        return replace(self, scaling=self.scaling.unscaled())

    @property
    def feature_names(self) -> list[str]:
        """The column's own name, and ``"<name> missing"``."""
        return [self.column, f"{self.column} missing"] if self.indicator else [self.column]

    @property
    def kinds(self) -> list[Kind]:
        """A number, and the flag of a missing one."""
        return [Kind("number"), Kind("flag")][: len(self.feature_names)]

    def apply(self, table: Table) -> list[Array]:
        """The features, one (n,) array each."""
        column = table.column(self.column)
        read = column.as_numbers(self.notation)
        if not self.lenient and read.other.any():
            row = int(np.argmax(read.other))
            place = {"source": table.source, "where": table.place(row)}
            raise TableError(MUST_BE_NUMBERS, **place, column=self.column, cell=column.cell(row))
        return self.features(read.values, np)

    @property
    def cell(self) -> Cell:
        """The number."""
        far = [self.scaling.back(z) for z in (self.scaling.low, 0.0, 0.5, self.scaling.high, 99.0)]
        return Cell(self.column, "number", made_up=(*(f"{x:.6g}" for x in far), ""))

    def features(self, cell: Any, xp: Any) -> list[Any]:
        """x̃, and where training rows had none, whether there is no x."""
        missing = [xp.astype(xp.isnan(cell), np.float64)] if self.indicator else []
        return [self.scaling.apply(cell, xp), *missing]

    def notes(self, table: Table) -> list[Sentence]:
        """What is left out, and what is written in another way than in training."""
        return of_numbers(
            table, self.column, table.column(self.column).as_numbers(self.notation), self.notation
        )

    def describe(self) -> Sentence:
        """The formula of the feature."""
        parts: dict[str, Any] = self.scaling.to_dict()
        missing = IMPUTED(**parts) if self.indicator else ""
        return (SCALED if self.scaling.unit is None else LOGGED)(**parts, missing=missing)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        flags = {"indicator": self.indicator, "lenient": self.lenient}
        written = self.notation.to_dict()
        return {"kind": self.kind, "column": self.column, **flags, **self.scaling.to_dict(), **written}

    @classmethod
    def take(cls, fields: Fields) -> NumericStep:
        """The same from the fields of a JSON object."""
        name, indicator, lenient = fields.text("column"), fields.flag("indicator"), fields.flag("lenient")
        return cls(name, Scaling.take(fields), indicator, lenient, fields.notation())


step = NumericStep


def _role(table: Table, name: str, column: Column, read: Numbers, *, by_hand: bool = False) -> ColumnRole:
    seen = range_of(read.values, column.different_numbers if read.values is column.numbers else None)
    decided = {"notation": read.notation}
    notes = tuple(of_numbers(table, name, read))
    if read.other.any():
        row = int(np.argmax(read.other))
        because = MOSTLY(n=int(read.other.sum()), example=column.cell(row), where=table.place(row))
    else:
        because = ASKED() if by_hand else _how_written(column, read)
    return ColumnRole(name, "numeric", seen, because, notes, decided)


def _how_written(column: Column, read: Numbers) -> Sentence:
    """All numbers; and where they are not written as Python does, how one of them reads."""
    found = sample(column, read)
    return NUMBERS() if found is None else SPELLED(**found)


def _counts_rows(values: npt.NDArray[np.float64]) -> bool:
    return bool(values[0] in (0, 1) and (np.diff(values) == 1).all())
