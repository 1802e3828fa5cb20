"""What each column of a table is for, and why: the answer of `infer`, as data and as a readable table."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import numpy as np
import numpy.typing as npt

from tasou.messages import Message, Sentence
from tasou.shown import fragment, html_table
from tasou.tables import steps
from tasou.tables.role import MISSING, ColumnRole, joint
from tasou.tables.table import Table
from tasou.tables.targets import TARGETS
from tasou.text import aligned, clip

Task = Literal["classification", "regression"]
FEATURES = tuple(steps.names())
"""roles that the network learns from"""

_TITLES: dict[str, Message] = {
    "target": Message("role.target", en="target", ja="目的変数"),
    "id": Message("role.id", en="id (not used)", ja="ID（使わない）"),
    "constant": Message("role.constant", en="constant (not used)", ja="定数（使わない）"),
    "empty": Message("role.empty", en="empty (not used)", ja="空（使わない）"),
    "repeats": Message("role.repeats", en="repeats target (not used)", ja="目的変数と同じ内容（使わない）"),
    "text": Message("role.text", en="free text (not used)", ja="自由記述（使わない）"),
    "dropped": Message("role.dropped", en="dropped", ja="除外"),
}
NAMES = (*_TITLES, *FEATURES)
"""every role"""
HEAD = Message("roles.head", en="column|role|seen|reason", ja="列|役割|内容|理由")
GROUP = Message("roles.group", en="{n} columns", ja="{n} 列")


@dataclass(frozen=True, repr=False)
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
    without_target: tuple[str, ...] = ()
    """the cells of the target that stand for no value, the most frequent first"""

    def __repr__(self) -> str:
        goal = f"{self.task} of {self.target!r}" if self.task else "no target"
        read = f"{len(self.features)} of {len(self.columns)} columns to learn from"
        return f"Roles({goal}, {read}; print(roles.table()) shows them)"

    def _repr_html_(self) -> str:
        head, *rows = self.cells()
        return fragment("", html_table(head, rows))

    def __getitem__(self, name: str) -> ColumnRole:
        return next(column for column in self.columns if column.name == name)

    def names(self, role: str) -> list[str]:
        """The columns of one role, in the table's order."""
        return [column.name for column in self.columns if column.role == role]

    @property
    def target(self) -> str | None:
        """The name of the target column."""
        return next(iter(self.names("target")), None)

    def known(self, table: Table) -> npt.NDArray[np.bool_]:
        """(n,) True where the target has a value; everywhere if there is no target."""
        if self.task is None or self.target is None:
            return np.ones(len(table), dtype=bool)
        return TARGETS[self.task].known(table, self.target)

    @property
    def features(self) -> list[str]:
        """The names of the columns the network learns from."""
        return [column.name for column in self.columns if column.role in FEATURES]

    @property
    def notes(self) -> list[Sentence]:
        """What is left out, merged, read in another way than it stands, or in doubt, in the columns that are used."""
        return [note for column in self.columns for note in column.notes]

    def table(self, lang: str | None = None, *, most: tuple[int, int, int, int] = (36, 28, 46, 60)) -> str:
        """The roles as aligned lines: column, role, what was seen, reason; in English or Japanese.

        ``most`` limits how many terminal cells each of the four may fill. In a table of more than 40 columns,
        neighbours of the same kind share a line.
        """
        return aligned(self.cells(lang), most=most)

    def cells(self, lang: str | None = None, *, fold: int = 40) -> list[tuple[str, str, str, str]]:
        """The same table as rows of four texts, the header first; beyond ``fold`` columns, neighbours share a row."""
        a, b, c, d = HEAD.text(lang).split("|")
        key = _kind if len(self.columns) > fold else id
        groups = [list(group) for _, group in groupby(self.columns, key)]
        return [(a, b, c, d), *(_cells(group, lang) for group in groups)]


def title(role: str) -> Message:
    """What people call a role."""
    return _TITLES[role] if role in _TITLES else steps.get(role).title


def _kind(column: ColumnRole) -> object:
    alike = column.reason in ("numbers", "few_texts", "dates", "one_value")
    return (column.role, column.reason, *column.because.parts.values()) if alike else column.name


def _cells(group: list[ColumnRole], lang: str | None) -> tuple[str, str, str, str]:
    first, last = group[0], group[-1]
    role = title(first.role).text(lang)
    if first is last:
        return first.name, role, first.seen.text(lang), first.why(lang)
    missing = sum(column.seen.missing for column in group)
    told = joint(lang) + MISSING(n=f"{missing:,}").text(lang) if missing else ""
    seen = GROUP(n=len(group)).text(lang) + told
    return f"{clip(first.name, 16)} … {clip(last.name, 16)}", role, seen, first.why(lang)
