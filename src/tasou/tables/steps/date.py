"""A date column: year, month, day, weekday, days since 1970 (and the hour), each a scaled number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tasou.errors import TableError
from tasou.tables import dates
from tasou.tables.column import Array
from tasou.tables.roles import ColumnRole
from tasou.tables.schema import Fields
from tasou.tables.steps.scaling import Scaling
from tasou.tables.table import Table


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
    """

    column: str
    parts: tuple[tuple[str, Scaling], ...]
    indicator: bool
    kind = "date"

    @classmethod
    def fit(cls, table: Table, role: ColumnRole) -> DateStep:
        """Read which parts differ, and their scaling."""
        moments = table.column(role.name).dates
        numbers = {part: dates.part(moments, part) for part in dates.PARTS}
        varying = {part: x for part, x in numbers.items() if len(np.unique(x[~np.isnan(x)])) > 1}
        parts = tuple((part, Scaling.fit(x)) for part, x in varying.items())
        return cls(role.name, parts, bool(np.isnat(moments).any()))

    def unscaled(self) -> DateStep:
        """The same parts in their own units."""
        return replace(self, parts=tuple((part, scaling.unscaled()) for part, scaling in self.parts))

    @property
    def feature_names(self) -> list[str]:
        """``"<name> year"`` and so on, and ``"<name> missing"``."""
        names = [f"{self.column} {part}" for part, _ in self.parts]
        return [*names, f"{self.column} missing"] if self.indicator else names

    def apply(self, table: Table) -> list[Array]:
        """The features, one (n,) array each."""
        column = table.column(self.column)
        if column.not_dates.any():
            row = int(np.argmax(column.not_dates))
            raise TableError(
                f"{table.source}, {table.where(row)}: column {self.column!r} must hold dates, "
                f"but here it says {column.cell(row)!r}"
            )
        missing = [np.isnat(column.dates).astype(np.float64)] if self.indicator else []
        return [*(scaling.apply(dates.part(column.dates, part)) for part, scaling in self.parts), *missing]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        parts = [{"part": part, **scaling.to_dict()} for part, scaling in self.parts]
        return {"kind": self.kind, "column": self.column, "parts": parts, "indicator": self.indicator}

    @classmethod
    def take(cls, fields: Fields) -> DateStep:
        """The same from the fields of a JSON object."""
        name, indicator = fields.text("column"), fields.flag("indicator")
        return cls(name, tuple(_part(data, fields.where) for data in fields.objects("parts")), indicator)


def _part(data: object, where: str) -> tuple[str, Scaling]:
    with Fields(data, f"{where}, a part of the date") as fields:
        return fields.text("part", dates.PARTS), Scaling.take(fields)
