"""What each column of a table is for, and why: the answer of `infer`, as data and as a readable table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from tasou.language import language, say
from tasou.tables.text import aligned, clip

Role = Literal[
    "target", "numeric", "categorical", "date", "id", "constant", "empty", "repeats", "text", "dropped"
]
Task = Literal["classification", "regression"]
FEATURES: tuple[Role, ...] = ("numeric", "categorical", "date")

ROLE_NAMES: dict[str, dict[Role, str]] = {
    "en": {
        "target": "target",
        "numeric": "numeric",
        "categorical": "categorical",
        "date": "date",
        "id": "id (not used)",
        "constant": "constant (not used)",
        "empty": "empty (not used)",
        "repeats": "repeats target (not used)",
        "text": "free text (not used)",
        "dropped": "dropped",
    },
    "ja": {
        "target": "目的変数",
        "numeric": "数値",
        "categorical": "カテゴリ",
        "date": "日付",
        "id": "ID（使わない）",
        "constant": "定数（使わない）",
        "empty": "空（使わない）",
        "repeats": "目的変数の写し（使わない）",
        "text": "自由記述（使わない）",
        "dropped": "除外",
    },
}

REASONS: dict[str, dict[str, str]] = {
    "numbers": {"en": "all cells are numbers", "ja": "すべて数値"},
    "mostly_numbers": {
        "en": "numbers; {n} other cells ({example}, {where}) taken as missing",
        "ja": "数値。数値でない {n} セル（{example}、{where}）は欠損とみなす",
    },
    "few_texts": {"en": "text with few levels", "ja": "水準の少ない文字列"},
    "pooled": {
        "en": "{rare} rare levels pooled as “other”",
        "ja": "まれな {rare} 水準を「その他」にまとめる",
    },
    "booleans": {"en": "yes or no", "ja": "真偽値"},
    "dates": {"en": "all cells are dates", "ja": "すべて日付"},
    "all_different": {"en": "every row has its own text", "ja": "すべての行で異なる文字列"},
    "running_number": {"en": "counts the rows", "ja": "行の通し番号"},
    "id_name": {"en": "named like an id, no value twice", "ja": "名前がIDで、値に重複がない"},
    "only_column": {
        "en": "counts the rows, but is all there is to learn from",
        "ja": "通し番号だが、ほかに使える列がない",
    },
    "one_value": {"en": "always {value}", "ja": "常に {value}"},
    "no_value": {"en": "no cell has a value", "ja": "値のあるセルがない"},
    "same_as_target": {"en": "tells the target one to one", "ja": "目的変数と一対一に対応"},
    "too_many_texts": {"en": "{n} different texts in {rows} rows", "ja": "{rows} 行に {n} 通りの文字列"},
    "asked": {"en": "as asked", "ja": "指定による"},
    "text_classes": {"en": "text: classification", "ja": "文字列 → 分類"},
    "few_integers": {"en": "{n} different integers: classification", "ja": "{n} 通りの整数 → 分類"},
    "many_numbers": {"en": "numbers with {n} different values: regression", "ja": "{n} 通りの数値 → 回帰"},
}

TEXTS = {
    "header": {"en": "column|role|seen|reason", "ja": "列|役割|内容|理由"},
    "range": {"en": "{low} to {high}", "ja": "{low} 〜 {high}"},
    "levels": {"en": "{n} levels: {shown}", "ja": "{n} 水準：{shown}"},
    "missing": {"en": "{n} missing", "ja": "欠損 {n}"},
    "group": {"en": "{n} columns", "ja": "{n} 列"},
    "nothing": {"en": "nothing", "ja": "なし"},
}


@dataclass(frozen=True)
class Seen:
    """What a column holds: a range of numbers or dates, or its most frequent levels; and how many cells are missing."""

    missing: int = 0
    distinct: int = 0
    low: str | None = None
    high: str | None = None
    levels: tuple[str, ...] = ()

    def text(self, lang: str | None = None) -> str:
        """One short line, e.g. ``"0.42 to 80, 177 missing"``."""
        parts = []
        if self.low is not None:
            parts.append(say(TEXTS["range"], lang, low=self.low, high=self.high))
        elif self.levels:
            more = ", …" if self.distinct > len(self.levels) else ""
            parts.append(say(TEXTS["levels"], lang, n=self.distinct, shown=", ".join(self.levels) + more))
        if self.missing:
            parts.append(say(TEXTS["missing"], lang, n=f"{self.missing:,}"))
        return _joint(lang).join(parts) or say(TEXTS["nothing"], lang)


@dataclass(frozen=True)
class ColumnRole:
    """The role of one column, what was seen in it, and the reason (a key of ``REASONS`` with its values)."""

    name: str
    role: Role
    seen: Seen
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)

    def why(self, lang: str | None = None) -> str:
        """The reason in words."""
        return say(REASONS[self.reason], lang, **self.values)


@dataclass(frozen=True)
class Roles:
    """The role of every column, the task, and what had to be left out.

    >>> from tasou.tables import Table, infer
    >>> roles = infer(Table({"x": [0.5, 1.5, 2.0, 0.1], "kind": ["a", "a", "b", "b"]}), "kind")
    >>> roles.task, roles.features
    ('classification', ['x'])
    """

    columns: tuple[ColumnRole, ...]
    task: Task | None = None
    rows: int = 0
    rows_without_target: int = 0

    def __getitem__(self, name: str) -> ColumnRole:
        return next(column for column in self.columns if column.name == name)

    def names(self, role: Role) -> list[str]:
        """The columns of one role, in the table's order."""
        return [column.name for column in self.columns if column.role == role]

    @property
    def target(self) -> str | None:
        """The name of the target column."""
        return next(iter(self.names("target")), None)

    @property
    def features(self) -> list[str]:
        """The names of the columns the network learns from."""
        return [column.name for column in self.columns if column.role in FEATURES]

    def table(self, lang: str | None = None, *, most: tuple[int, int, int, int] = (36, 28, 46, 60)) -> str:
        """The roles as aligned lines: column, role, what was seen, reason; in English or Japanese.

        ``most`` limits how many terminal cells each of the four may fill. In a table of more than 40 columns,
        neighbours of the same kind share a line.
        """
        return aligned(self.cells(lang), most=most)

    def cells(self, lang: str | None = None, *, fold: int = 40) -> list[tuple[str, str, str, str]]:
        """The same table as rows of four texts, the header first; beyond ``fold`` columns, neighbours share a row."""
        a, b, c, d = say(TEXTS["header"], lang).split("|")
        key = _kind if len(self.columns) > fold else id
        groups = [list(group) for _, group in groupby(self.columns, key)]
        return [(a, b, c, d), *(_cells(group, lang) for group in groups)]


def _kind(column: ColumnRole) -> object:
    alike = column.reason in ("numbers", "few_texts", "dates", "one_value")
    return (column.role, column.reason, *column.values.values()) if alike else column.name


def _cells(group: list[ColumnRole], lang: str | None) -> tuple[str, str, str, str]:
    first, last = group[0], group[-1]
    role = ROLE_NAMES[language(lang)][first.role]
    if first is last:
        return first.name, role, first.seen.text(lang), first.why(lang)
    missing = sum(column.seen.missing for column in group)
    seen = say(TEXTS["group"], lang, n=len(group)) + (missing > 0) * (
        _joint(lang) + say(TEXTS["missing"], lang, n=f"{missing:,}")
    )
    return f"{clip(first.name, 16)} … {clip(last.name, 16)}", role, seen, first.why(lang)


def _joint(lang: str | None) -> str:
    return "、" if language(lang) == "ja" else ", "
