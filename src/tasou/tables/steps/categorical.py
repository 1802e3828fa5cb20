"""A categorical column: one 0/1 feature per level, rare levels pooled, missing cells a level of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tasou.tables.column import Array, Column
from tasou.tables.roles import ColumnRole
from tasou.tables.schema import Fields
from tasou.tables.table import Table

MOST_LEVELS = 50
RARE = 5


@dataclass(frozen=True)
class CategoricalStep:
    """One categorical column.

    Parameters
    ----------
    column
        its name
    levels
        the texts that have a feature of their own, most frequent first; ``""`` is a missing cell
    other
        whether one more feature stands for every other text (rare ones were pooled in training); without it a text
        that was never seen is all zeros
    """

    column: str
    levels: tuple[str, ...]
    other: bool
    kind = "categorical"

    @classmethod
    def fit(cls, table: Table, role: ColumnRole) -> CategoricalStep:
        """Read the levels from the column."""
        column = table.column(role.name)
        levels = kept_levels(column)
        return cls(role.name, tuple(levels), len(levels) < _levels_in(column))

    def unscaled(self) -> CategoricalStep:
        """Zeros and ones have no scale."""
        return self

    @property
    def feature_names(self) -> list[str]:
        """``"<name>=<level>"`` for each level, and ``"<name>=(other)"``."""
        names = [f"{self.column}={level or '(missing)'}" for level in self.levels]
        return [*names, f"{self.column}=(other)"] if self.other else names

    def apply(self, table: Table) -> list[Array]:
        """The features, one (n,) array each."""
        texts, codes = table.column(self.column).distinct
        place = {level: j for j, level in enumerate(self.levels)}
        feature = np.array([place.get(text, len(self.levels)) for text in texts], dtype=np.int64)[codes]
        return [(feature == j).astype(np.float64) for j in range(len(self.feature_names))]

    def unseen(self, table: Table) -> list[str]:
        """The texts in ``table`` that no feature stands for."""
        column = table.column(self.column).distinct
        present = [t for t, n in zip(column.texts, column.counts, strict=True) if n]
        return [] if self.other else [text for text in present if text not in self.levels]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return {"kind": self.kind, "column": self.column, "levels": list(self.levels), "other": self.other}

    @classmethod
    def take(cls, fields: Fields) -> CategoricalStep:
        """The same from the fields of a JSON object."""
        return cls(fields.text("column"), tuple(fields.texts("levels")), fields.flag("other"))


def kept_levels(column: Column) -> list[str]:
    """The levels frequent enough for a feature of their own.

    At most 50, each seen in 5 rows or more (in small tables: in a 50th of the rows). A level that would be pooled
    alone keeps its feature.

    >>> kept_levels(Column(np.array(list("aaabbc") * 50 + ["d", "e"], dtype=object)))
    ['a', 'b', 'c']
    """
    counts = {t: int(n) for t, n in zip(column.distinct.texts, column.distinct.counts, strict=True) if n}
    enough = min(RARE, -(-len(column) // 50))
    ordered = sorted(counts, key=lambda text: (-counts[text], text))
    kept = [text for text in ordered if counts[text] >= enough][:MOST_LEVELS]
    return ordered if len(ordered) - len(kept) == 1 else kept


def _levels_in(column: Column) -> int:
    return int((column.distinct.counts > 0).sum())
