"""A categorical column: one 0/1 feature per level, rare levels pooled, missing cells a level of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from tasou.messages import Message, Sentence
from tasou.tables.cell import Cell
from tasou.tables.column import Array, Column
from tasou.tables.counts import Counts
from tasou.tables.kind import Kind
from tasou.tables.readings import of_categories
from tasou.tables.role import ASKED, ColumnRole, levels_of
from tasou.tables.schema import Fields
from tasou.tables.spelling.categories import Levels, named
from tasou.tables.spelling.habits import PLAIN, Notation
from tasou.tables.table import Table, listed

TITLE = Message("role.categorical", en="categorical", ja="カテゴリ")
FEW = Message("role.few_texts", en="text with few levels", ja="水準の少ない文字列")
CODES = Message(
    "role.codes",
    en="digits that begin with 0, as {example}: codes, not numbers",
    ja="{example} のように 0 で始まる数字：数値ではなくコード",
)
POOLED = Message(
    "role.pooled", en="text, {rare} rare {rare:level|levels}", ja="文字列（まれな水準が {rare} 個）"
)
BOOLEANS = Message("role.booleans", en="yes or no", ja="真偽値")
ALL_DIFFERENT = Message("role.all_different", en="every row has its own text", ja="すべての行で異なる文字列")
TOO_MANY = Message(
    "role.too_many_texts", en="{n} different texts in {rows} rows", ja="{rows} 行に {n} 通りの文字列"
)
NOT_ALL = Message(
    "role.not_all_numbers",
    en="{because}; {n} {n:cell is a number|cells are numbers}, {other} {other:is|are} not, e.g. {example} ({where})",
    ja="{because}。{n} セルは数値だが、{other} セルは数値でない（{where}の {example} など）",
)
FEATURES = Message(
    "step.features", en="{n} {n:feature|features}: {levels:list}", ja="{n} 個の特徴量：{levels:list}"
)
UNSEEN = Message(
    "step.unseen",
    en="column {column!r}: not seen in training: {cells}",
    ja="列 {column!r}：学習データになかった値があります：{cells}",
)
SELDOM = Message(
    "step.seldom",
    en="column {column!r}: rare in training or not seen at all: {cells}",
    ja="列 {column!r}：学習データでまれか、なかった値があります：{cells}",
)
EMPTY = Message("step.empty_cell", en="(missing)", ja="（欠損）")

MOST_LEVELS = 50
MOST_FEATURES = 8
"""levels up to which each has a feature of its own, where the others are embedded"""
Coding = Literal["each", "sides", "number"]
CODINGS = ("each", "sides", "number")
RARE = 5
FREE_TEXT_SHARE = 0.5
SMALL = 20


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
    notation
        how the training table wrote numbers among them
    coding
        ``"each"``: a 0/1 feature per level; ``"sides"``: one feature, +1 for the first of two levels, −1 for the other,
        0 for what was never seen; ``"number"``: the number of the level from 1, 0 for what was never seen, which an
        `Embedding` looks up
    """

    column: str
    levels: tuple[str, ...]
    other: bool
    notation: Notation = PLAIN
    coding: Coding = "each"
    kind: ClassVar[str] = "categorical"
    title: ClassVar[Message] = TITLE
    asked_after: ClassVar[int] = 90
    examples: ClassVar[tuple[str, ...]] = ("a", "b", "c", "ａ", "", "a", "b ")

    @classmethod
    def recognise(cls, table: Table, name: str) -> ColumnRole | None:
        """Texts: an *id* if different in every row, *free text* in more than half of the rows, else categories."""
        column = table.column(name)
        seen = levels_of(column)
        filled = len(table) - seen.missing
        many = seen.distinct > SMALL // 2
        if many and seen.distinct == filled:
            return ColumnRole(name, "id", seen, _nearly(table, column, ALL_DIFFERENT()))
        if many and seen.distinct > FREE_TEXT_SHARE * filled:
            because = TOO_MANY(n=seen.distinct, rows=len(table))
            return ColumnRole(name, "text", seen, _nearly(table, column, because))
        return ColumnRole(name, "categorical", seen, _because(table, column), *_decided(name, column))

    @classmethod
    def by_hand(cls, table: Table, name: str) -> ColumnRole:
        """Any column can be categories."""
        column = table.column(name)
        return ColumnRole(name, "categorical", levels_of(column), ASKED(), *_decided(name, column))

    @classmethod
    def seen(cls, table: Table, role: ColumnRole) -> Counts:
        """The texts as they stand, ``""`` where there is none: which of them are one category, all of them tell."""
        found = table.column(role.name).present
        return Counts(np.array(found.texts, dtype=object), found.counts).only(found.counts > 0)

    @classmethod
    def learn(cls, role: ColumnRole, seen: Counts, *, robust: bool = False) -> CategoricalStep:
        """The levels of the texts; robust: all of them, and many have a number instead of features."""
        notation, levels = role.decided.get("notation", PLAIN), _levels(role, seen)
        if robust:
            every = tuple(all_levels(levels))
            return cls(role.name, every, False, notation, _coding(len(every)))
        kept = kept_levels(levels)
        return cls(role.name, tuple(kept), len(kept) < len(levels), notation)

    def unscaled(self) -> CategoricalStep:
        """Zeros and ones have no scale."""
        return self

    @property
    def feature_names(self) -> list[str]:
        """``"<name>=<level>"`` for each level, and ``"<name>=(other)"``."""
        names = [f"{self.column}={level or '(missing)'}" for level in self.levels]
        if self.coding != "each":
            return [names[0] if self.coding == "sides" else self.column]
        return [*names, f"{self.column}=(other)"] if self.other else names

    def apply(self, table: Table) -> list[Array]:
        """The features, one (n,) array each."""
        return self.features(self._places(table.column(self.column)), np)

    @property
    def cell(self) -> Cell:
        """The number of the level."""
        never = "-".join(["never", *self.levels[:1], "seen"])
        return Cell(self.column, "level", self.known.spellings(), (*self.levels, never, ""))

    def features(self, cell: Any, xp: Any) -> list[Any]:
        """Whether it is each of the levels, and where rare ones were pooled, whether it is none; or as coded."""
        if self.coding == "sides":
            return [xp.where(cell == 0, 1.0, xp.where(cell == 1, -1.0, 0.0))]
        if self.coding == "number":
            return [xp.astype(cell + 1, np.float64)]
        none = [xp.astype(cell < 0, np.float64)] if self.other else []
        return [xp.astype(cell == j, np.float64) for j in range(len(self.levels))] + none

    @property
    def kinds(self) -> list[Kind]:
        """Signs and 0/1 features are flags; the number of a level is one of so many, with that of unseen ones."""
        if self.coding == "number":
            return [Kind("code", len(self.levels) + 1)]
        return [Kind("flag")] * len(self.feature_names)

    @cached_property
    def known(self) -> Levels:
        """The levels, and how texts are found among them."""
        return Levels(self.levels, self.notation)

    def _places(self, column: Column) -> npt.NDArray[np.int64]:
        """(n,) the number of each cell's level, -1 where it is none."""
        return column.places(self.known)

    def unseen(self, table: Table) -> list[str]:
        """The texts in ``table`` that are no level."""
        column = table.column(self.column)
        return column.texts_of(self._places(column) < 0)

    def notes(self, table: Table) -> list[Sentence]:
        """Texts that were not seen in training; all features of such a cell are zero, but that of the pooled ones."""
        unseen = self.unseen(table)
        return [self.of_unseen(unseen)] if unseen else []

    def of_unseen(self, cells: Sequence[str]) -> Sentence:
        """What is said of texts that are no level."""
        shown = listed([cell or EMPTY() for cell in cells], most=4)
        return (SELDOM if self.other else UNSEEN)(column=self.column, cells=shown)

    def describe(self) -> Sentence:
        """The levels."""
        levels = [name.partition("=")[2] for name in self.feature_names]
        return FEATURES(n=len(levels), levels=levels)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        found = {"kind": self.kind, "column": self.column, "levels": list(self.levels), "other": self.other}
        coding = {} if self.coding == "each" else {"coding": self.coding}
        return {**found, **coding, **self.notation.to_dict()}

    @classmethod
    def take(cls, fields: Fields) -> CategoricalStep:
        """The same from the fields of a JSON object."""
        name, levels, other = fields.text("column"), tuple(fields.texts("levels")), fields.flag("other")
        coding = fields.text("coding", CODINGS) if fields.has("coding") else "each"
        return cls(name, levels, other, fields.notation(), coding)  # type: ignore[arg-type]


step = CategoricalStep


def kept_levels(counts: Mapping[str, int]) -> list[str]:
    """The levels frequent enough for a feature of their own, by how often each occurs.

    At most 50, each seen in 5 rows or more (in small tables: in a 50th of the rows). A level that would be pooled
    alone keeps its feature.

    >>> kept_levels({"a": 150, "b": 100, "c": 50, "d": 1, "e": 1})
    ['a', 'b', 'c']
    """
    enough = min(RARE, -(-sum(counts.values()) // 50))
    ordered = all_levels(counts)
    kept = [text for text in ordered if counts[text] >= enough][:MOST_LEVELS]
    return ordered if len(ordered) - len(kept) == 1 else kept


def _coding(n: int) -> Coding:
    """How n levels become numbers for a network that embeds."""
    if n == 2:
        return "sides"
    return "number" if n > MOST_FEATURES else "each"


def all_levels(counts: Mapping[str, int]) -> list[str]:
    """Every level, the most frequent first; ``""`` is a missing cell."""
    return sorted(counts, key=lambda text: (-counts[text], text))


def _levels(role: ColumnRole, seen: Counts) -> dict[str, int]:
    """How often each category occurs."""
    names = texts = seen.values.tolist()
    if role.decided.get("texts", True):
        names = named(texts, seen.each, role.decided.get("notation", PLAIN))
    found: dict[str, int] = {}
    for name, n in zip(names, seen.each.tolist(), strict=True):
        found[name] = found.get(name, 0) + n
    return found


def _counts(column: Column) -> dict[str, int]:
    return {t: int(n) for t, n in zip(column.distinct.texts, column.distinct.counts, strict=True) if n}


def _decided(name: str, column: Column) -> tuple[tuple[Sentence, ...], dict[str, Any]]:
    return tuple(of_categories(name, column)), {"notation": column.notation, "texts": column.kind == "text"}


def _because(table: Table, column: Column) -> Sentence:
    if column.kind == "bool":
        return BOOLEANS()
    if column.holds_codes:
        code = next(text for text in column.distinct.texts if text.startswith("0"))
        return CODES(example=code)
    rare = column.different - sum(level != "" for level in kept_levels(_counts(column)))
    return _nearly(table, column, POOLED(rare=rare) if rare else FEW())


def _nearly(table: Table, column: Column, because: Sentence) -> Sentence:
    """The reason, and where most cells are numbers nevertheless, one that is not."""
    if column.kind != "text" or column.holds_codes:
        return because
    other = column.not_numbers
    n = int((~column.missing & ~other).sum())
    if n <= other.sum():
        return because
    row = int(np.argmax(other))
    parts = {"n": n, "other": int(other.sum()), "example": column.cell(row), "where": table.place(row)}
    return NOT_ALL(because=because, **parts)
