"""A date column: year, month, day, weekday, days since 1970 (and the hour), each a scaled number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from tasou.errors import TableError
from tasou.messages import Message, Said, Sentence
from tasou.tables.cell import Cell
from tasou.tables.column import NUMERIC_SHARE, Array, Column
from tasou.tables.counts import Counts
from tasou.tables.kind import Kind
from tasou.tables.reader import Moments
from tasou.tables.readings import DAY, MONTH, of_dates
from tasou.tables.role import ColumnRole, Seen, levels_of
from tasou.tables.scaling import Scaling
from tasou.tables.schema import ONE_OF, Fields
from tasou.tables.spelling import dates
from tasou.tables.spelling.dates import Order
from tasou.tables.table import Table

PART_OF_DATE = Message("preparation.part_of_date", en="{where}, a part of the date", ja="{where}、日付の要素")

TITLE = Message("role.date", en="date", ja="日付")
DATES = Message("role.dates", en="all cells are dates", ja="すべて日付")
ORDERED = Message("role.ordered_dates", en="dates, the {first} first", ja="日付（{first}が先）")
MOSTLY = Message(
    "role.mostly_dates",
    en="dates; {n} other {n:cell|cells} ({example}, {where}) taken as missing",
    ja="日付。日付でない {n} セル（{example}、{where}）は欠損とみなす",
)
NOT_ALL = Message(
    "role.not_all_dates",
    en="{n} {n:cell is a date|cells are dates}, {other} {other:is|are} not, e.g. {example} ({where})",
    ja="{n} セルは日付だが、{other} セルは日付でない（{where}の {example} など）",
)
DAY_OR_MONTH = Message(
    "role.day_or_month",
    en="day and month cannot be told apart: {example} ({where})",
    ja="日と月を区別できない：{example}（{where}）",
)
MUST_BE_DATES = Message(
    "table.must_be_dates",
    en="{source}, {where}: column {column!r} must hold dates, but here it says {cell!r}",
    ja="{source}、{where}：列 {column!r} は日付でなければなりませんが、{cell!r} と書かれています",
)
PARTS = Message("step.parts", en="{parts:list}", ja="{parts:list}")


@dataclass(frozen=True)
class DateStep:
    """One date column.

    Parameters
    ----------
    column
        its name
    parts
        the numbers taken of each date (those that differ between training rows), with their scaling
    indicator
        whether a 0/1 feature tells the missing cells (there were some in training)
    lenient
        whether a cell that is no date is taken as missing (the whole table had a few) instead of refused
    order
        whether the day or the month came first in training, where dates ended with their year
    """

    column: str
    parts: tuple[tuple[str, Scaling], ...]
    indicator: bool
    lenient: bool = False
    order: Order | None = None
    kind: ClassVar[str] = "date"
    title: ClassVar[Message] = TITLE
    asked_after: ClassVar[int] = 20
    examples: ClassVar[tuple[str, ...]] = ("1/2/2024", "28/12/2023", "13/7/2024", "", "5/5/2022", "30/4/2023")

    @classmethod
    def recognise(cls, table: Table, name: str) -> ColumnRole | None:
        """Dates, up to 5 % of other cells taken as missing; not used where half are dates, or nobody knows which."""
        column = table.column(name)
        if column.kind in ("bool", "number") or (column.kind == "text" and column.holds_codes):
            return None
        read = column.as_dates()
        found = ~np.isnat(read.values)
        n, other = int(found.sum()), int(read.other.sum())
        if read.doubt is not None:
            return _in_doubt(table, name, column, read)
        if n == 0 or n < 0.5 * (n + other):
            return None
        if n < NUMERIC_SHARE * (n + other):
            row = int(np.argmax(read.other))
            place = {"example": column.cell(row), "where": table.place(row)}
            return ColumnRole(name, "text", levels_of(column), NOT_ALL(n=n, other=other, **place))
        days = read.values[found].astype("datetime64[D]")
        seen = Seen(len(found) - n, len(np.unique(read.values[found])), str(days.min()), str(days.max()))
        notes = tuple(of_dates(table, name, read))
        return ColumnRole(name, "date", seen, _because(table, column, read), notes, {"order": read.order})

    @classmethod
    def by_hand(cls, table: Table, name: str) -> ColumnRole:
        """Dates, if the column is recognised as such."""
        role = cls.recognise(table, name)
        if role is not None and role.role == "date":
            return role
        column = table.column(name)
        row = int(np.argmax(column.not_dates))
        parts = {"source": table.source, "where": table.place(row), "column": name, "cell": column.cell(row)}
        raise TableError(MUST_BE_DATES, **parts)

    @classmethod
    def seen(cls, table: Table, role: ColumnRole) -> Counts:
        """The moments, NaT where there is none."""
        return Counts(table.column(role.name).as_dates(role.decided.get("order")).values)

    @classmethod
    def learn(cls, role: ColumnRole, seen: Counts, *, robust: bool = False) -> DateStep:
        """Which parts differ, and their scaling; robust: by median and quartiles."""
        scaling = Scaling.robust if robust else Scaling.fit
        numbers = {part: dates.part(seen.values, part) for part in dates.PARTS}
        varying = {part: x for part, x in numbers.items() if len(np.unique(x[~np.isnan(x)])) > 1}
        parts = tuple((part, scaling(seen.of(x))) for part, x in varying.items())
        missing, lenient = bool(np.isnat(seen.values).any()), role.reason == "mostly_dates"
        return cls(role.name, parts, missing, lenient, role.decided.get("order"))

    def unscaled(self) -> DateStep:
        """The same parts in their own units."""
        return replace(self, parts=tuple((part, scaling.unscaled()) for part, scaling in self.parts))

    @property
    def feature_names(self) -> list[str]:
        """``"<name> year"`` and so on, and ``"<name> missing"``."""
        names = [f"{self.column} {part}" for part, _ in self.parts]
        return [*names, f"{self.column} missing"] if self.indicator else names

    @property
    def kinds(self) -> list[Kind]:
        """Numbers, and the flag of a missing date."""
        return [Kind("number")] * len(self.parts) + [Kind("flag")] * self.indicator

    def apply(self, table: Table) -> list[Array]:
        """The features, one (n,) array each."""
        column = table.column(self.column)
        read = column.as_dates(self.order)
        if not self.lenient and read.other.any():
            row = int(np.argmax(read.other))
            place = {"source": table.source, "where": table.place(row)}
            raise TableError(MUST_BE_DATES, **place, column=self.column, cell=column.cell(row))
        return self.features(dates.days(read.values), np)

    @property
    def cell(self) -> Cell:
        """Days since 1970."""
        exact = any(part == "hour" for part, _ in self.parts)
        days = ["2000-02-29", "1969-12-31", "2024-11-03", "2100-03-01"]
        moments = ["2024-07-15T13:45:30", "2023-01-01T00:00:01"] if exact else []
        return Cell(self.column, "date", made_up=(*days, *moments, ""), exact=exact)

    def features(self, cell: Any, xp: Any) -> list[Any]:
        """The parts of the date, scaled, and where training rows had none, whether there is no date."""
        missing = [xp.astype(xp.isnan(cell), np.float64)] if self.indicator else []
        return [*(s.apply(dates.part_of_days(cell, part, xp), xp) for part, s in self.parts), *missing]

    def notes(self, table: Table) -> list[Sentence]:
        """Which cells are no dates."""
        return of_dates(table, self.column, table.column(self.column).as_dates(self.order), self.order)

    def describe(self) -> Sentence:
        """The parts."""
        return PARTS(parts=[part for part, _ in self.parts])

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        parts = [{"part": part, **scaling.to_dict()} for part, scaling in self.parts]
        found = {"kind": self.kind, "column": self.column, "parts": parts, "indicator": self.indicator}
        return (
            found
            | ({"lenient": True} if self.lenient else {})
            | ({"order": self.order} if self.order else {})
        )

    @classmethod
    def take(cls, fields: Fields) -> DateStep:
        """The same from the fields of a JSON object."""
        name, indicator = fields.text("column"), fields.flag("indicator")
        parts = tuple(_part(data, fields.where) for data in fields.objects("parts"))
        lenient = fields.optional("lenient", False, "true or false", lambda v: isinstance(v, bool))
        orders = ("day first", "month first")
        order = fields.optional("order", None, ONE_OF(known=list(orders)), lambda v: v in orders)
        return cls(name, parts, indicator, lenient, order)


step = DateStep


def _part(data: object, where: Said) -> tuple[str, Scaling]:
    with Fields(data, PART_OF_DATE(where=where)) as fields:
        return fields.text("part", dates.PARTS), Scaling.take(fields)


def _because(table: Table, column: Column, read: Moments) -> Sentence:
    if read.other.any():
        row = int(np.argmax(read.other))
        return MOSTLY(n=int(read.other.sum()), example=column.cell(row), where=table.place(row))
    if read.order is not None:
        return ORDERED(first=DAY if read.order == "day first" else MONTH)
    return DATES()


def _in_doubt(table: Table, name: str, column: Column, read: Moments) -> ColumnRole | None:
    """Dates of which nobody knows the month are not used, unless the column is mostly something else."""
    present = ~column.missing
    row = int(np.argmax(column.raw.codes == column.raw.texts.index(str(read.doubt))))
    both = [column.as_dates(order) for order in ("day first", "month first")]
    if max((~np.isnat(one.values)).sum() for one in both) < NUMERIC_SHARE * present.sum():
        return None
    because = DAY_OR_MONTH(example=column.cell(row), where=table.place(row))
    return ColumnRole(name, "text", levels_of(column), because)
