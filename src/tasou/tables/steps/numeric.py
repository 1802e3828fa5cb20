"""A numeric column: one standardised feature, and a second that says where the number was missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tasou.errors import TableError
from tasou.tables.column import Array
from tasou.tables.roles import ColumnRole
from tasou.tables.schema import Fields
from tasou.tables.steps.scaling import Scaling
from tasou.tables.table import Table


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
    """

    column: str
    scaling: Scaling
    indicator: bool
    lenient: bool
    kind = "numeric"

    @classmethod
    def fit(cls, table: Table, role: ColumnRole) -> NumericStep:
        """Read the scaling from the column's numbers."""
        x = table.column(role.name).numbers
        return cls(role.name, Scaling.fit(x), bool(np.isnan(x).any()), role.reason == "mostly_numbers")

    def unscaled(self) -> NumericStep:
        """The same column in its own unit."""
        return replace(self, scaling=self.scaling.unscaled())

    @property
    def feature_names(self) -> list[str]:
        """The column's own name, and ``"<name> missing"``."""
        return [self.column, f"{self.column} missing"] if self.indicator else [self.column]

    def apply(self, table: Table) -> list[Array]:
        """The features, one (n,) array each."""
        column = table.column(self.column)
        if not self.lenient and column.not_numbers.any():
            row = int(np.argmax(column.not_numbers))
            raise TableError(
                f"{table.source}, {table.where(row)}: column {self.column!r} must hold numbers, "
                f"but here it says {column.cell(row)!r}"
            )
        x = column.numbers
        missing = [np.isnan(x).astype(np.float64)] if self.indicator else []
        return [self.scaling.apply(x), *missing]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        flags = {"indicator": self.indicator, "lenient": self.lenient}
        return {"kind": self.kind, "column": self.column, **flags, **self.scaling.to_dict()}

    @classmethod
    def take(cls, fields: Fields) -> NumericStep:
        """The same from the fields of a JSON object."""
        name, indicator, lenient = fields.text("column"), fields.flag("indicator"), fields.flag("lenient")
        return cls(name, Scaling.take(fields), indicator, lenient)
