"""A table of one's own: read from the bytes that were handed in, its columns understood by `tasou.tables`."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tasou.errors import TableError
from tasou.language import LANGUAGES
from tasou.messages import Message
from tasou.play.digits import pictures_in
from tasou.play.rows import Rows, split, told
from tasou.tables import Preparation, Roles, Table, infer, read
from tasou.tables.roles import title
from tasou.tables.targets import TARGETS

MOST_BYTES = 64 << 20
MOST_UNPACKED = 512 << 20
MOST_COLUMNS, MOST_FEATURES, MOST_CLASSES = 1_100, 1_024, 100
MOST_PICTURES = 20_000
HELD = 0.2
BY_HAND = ("drop", "categorical", "numeric")

TOO_LARGE = Message(
    "play.table_too_large",
    en="the file is larger than {most} MB: train on it with tasou train, or hand in a part of its rows",
    ja="ファイルが {most} MB を超えています。tasou train で学習させるか、行の一部だけを読み込んでください",
)
TOO_MANY = Message(
    "play.table_too_many",
    en="{what}: {n} are more than the {most} that can be shown here",
    ja="{what}：{n} 個あります。ここで表示できるのは {most} 個までです",
)
SOME_PICTURES = Message(
    "play.some_pictures",
    en="of {n} pictures {most}, taken evenly, are learnt here",
    ja="{n} 枚の画像のうち、等間隔に選んだ {most} 枚で学習します",
)
COLUMNS = Message("play.columns", en="columns", ja="列")
FEATURES = Message("play.features", en="features of the network", ja="ネットワークの特徴量")
CLASSES = Message("play.classes", en="classes of the target", ja="目的変数のクラス")
FEW_ROWS = Message(
    "play.few_rows",
    en="only {n} rows have a value of {target}: too few to learn from",
    ja="{target} の値がある行が {n} 行しかなく、学習できません",
)


class _Named(io.BytesIO):
    """Bytes that are called something, for what is told of them."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self.name = name


def parse(data: bytes, name: str) -> Table:
    """The table in these bytes; its name is only shown.

    Raises
    ------
    TableError
        in one line: too large, nothing in it, cells that cannot be read, …
    """
    if len(data) > MOST_BYTES or _unpacks_to_more(data):
        raise TableError(TOO_LARGE, most=MOST_BYTES >> 20)
    table = read(_Named(data, name))
    if len(table.names) > MOST_COLUMNS:
        raise TableError(TOO_MANY, what=COLUMNS, n=len(table.names), most=MOST_COLUMNS)
    return table


def _unpacks_to_more(data: bytes) -> bool:
    """Whether a compressed file would fill the memory; it is unpacked a piece at a time and thrown away."""
    if not data.startswith(b"\x1f\x8b"):
        return False
    unpacking, size, rest = zlib.decompressobj(31), 0, data
    try:
        while rest and size <= MOST_UNPACKED:
            size += len(unpacking.decompress(rest, 1 << 20))
            rest = unpacking.unconsumed_tail
    except zlib.error:
        return False  # who reads it says what is wrong
    return size > MOST_UNPACKED


@dataclass
class Source:
    """A table that was handed in, and what it is called."""

    table: Table
    name: str
    made: dict[str, Rows] = field(default_factory=dict)
    """rows by what was asked for, so that runs of the same data share them"""

    def roles(self, target: str | None = None, **asked: Any) -> Roles:
        """The role of each column, those set by hand first."""
        by_hand = {role: [n for n in asked.get(role) or () if n != target] for role in BY_HAND}
        return infer(self.table, target, task=asked.get("task"), **by_hand)

    def described(self, target: str | None = None, **asked: Any) -> dict[str, Any]:
        """The columns as the page shows them."""
        roles = self.roles(target, **asked)
        cells = {lang: roles.cells(lang, fold=MOST_COLUMNS + 1)[1:] for lang in LANGUAGES}
        columns = [
            {
                "name": column.name,
                "role": column.role,
                "title": told(title(column.role)),
                "seen": {lang: cells[lang][k][2] for lang in LANGUAGES},
                "why": {lang: cells[lang][k][3] for lang in LANGUAGES},
            }
            for k, column in enumerate(roles.columns)
        ]
        return {
            "name": self.name,
            "rows": len(self.table),
            "columns": columns,
            "target": target,
            "task": roles.task,
            "notes": [told(note) for note in (*self.table.notes, *roles.notes)][:8],
            "asked": {role: list(asked.get(role) or ()) for role in BY_HAND},
        }

    def rows(self, description: Mapping[str, Any]) -> Rows:
        """The rows that a description asks for: target, roles by hand, share held back, seed."""
        key = repr(sorted(description.items(), key=lambda pair: pair[0]))
        if key not in self.made:
            self.made = {
                key: self._rows(**{k: v for k, v in description.items() if k not in ("name", "file")})
            }
        return self.made[key]

    def _rows(self, target: str, held: float = HELD, seed: int = 0, **asked: Any) -> Rows:
        roles = self.roles(target, **asked)
        table = self.table.take(roles.known(self.table))
        if len(table) < 2:
            raise TableError(FEW_ROWS, n=len(table), target=target)
        if (pictures := self._pictures(table, roles, target, held, seed, asked)) is not None:
            return pictures
        preparation = Preparation.fit(table, roles)
        goal: Any = preparation.goal
        features = preparation.feature_names
        if len(features) > MOST_FEATURES:
            raise TableError(TOO_MANY, what=FEATURES, n=len(features), most=MOST_FEATURES)
        classes = tuple(map(str, goal.classes)) if roles.task == "classification" else ()
        if len(classes) > MOST_CLASSES:
            raise TableError(TOO_MANY, what=CLASSES, n=len(classes), most=MOST_CLASSES)
        X, y = preparation.transform(table, np.float64), goal.encode(table)
        kept, kept_y, held_X, held_y = split(X, y, held, seed)
        return Rows(
            "table", {lang: f"{self.name}: {target}" for lang in LANGUAGES}, kept, kept_y, held_X, held_y,
            roles.task or "classification", classes, tuple(features), notes=tuple(roles.notes),
        )  # fmt: skip

    def _pictures(
        self, table: Table, roles: Roles, target: str, held: float, seed: int, asked: Mapping[str, Any]
    ) -> Rows | None:
        """The rows as pictures, where the columns are pixels of a square: no column is left out or scaled by itself."""
        if roles.task != "classification":
            return None
        notes = []
        if len(table) > MOST_PICTURES:
            notes.append(SOME_PICTURES(n=len(table), most=MOST_PICTURES))
            table = table.take(np.linspace(0, len(table) - 1, MOST_PICTURES).round().astype(int))
        found = pictures_in(table, target, asked.get("drop") or ())
        if found is None:
            return None
        X, (side, _) = found
        goal: Any = TARGETS[roles.task].fit(table, target, roles[target])
        features = tuple(f"{i // side + 1},{i % side + 1}" for i in range(side * side))
        named: dict[str, str] = {lang: f"{self.name}: {target}" for lang in LANGUAGES}
        kept = split(X, goal.encode(table), held, seed)
        return Rows(
            "table", named, *kept, classes=tuple(map(str, goal.classes)), features=features, image=(side, side),
            notes=tuple(notes),
        )  # fmt: skip


def suggested(rows: Rows) -> dict[str, Any]:
    """Settings that do well on a table of so many rows and features."""
    batch = int(min(max(2 ** round(np.log2(max(rows.n, 1) / 100)), 16), 256))
    if rows.image is not None:  # few enough units for their weights to be looked at
        return {
            "hidden": [24],
            "activation": "relu",
            "optimizer": "adam",
            "lr": 0.003,
            "batch_size": 64,
            "epochs": 30,
            "seed": 0,
        }
    wide = 16 if rows.n < 5_000 else 32
    return {
        "hidden": [wide, wide // 2], "activation": "relu", "optimizer": "adam", "lr": 0.005, "batch_size": batch,
        "epochs": 100, "seed": 0,
    }  # fmt: skip
