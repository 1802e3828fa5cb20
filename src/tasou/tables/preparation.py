"""Preprocessing as data: what was learnt from the training table, applied to any table, saved as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.errors import TableError
from tasou.language import language
from tasou.messages import Message, Sentence
from tasou.shown import fragment, html_table
from tasou.tables.column import Array
from tasou.tables.headings import plain_name
from tasou.tables.kind import Kind
from tasou.tables.marginals import Marginal, Marginals
from tasou.tables.roles import FEATURES, Roles
from tasou.tables.schema import Fields
from tasou.tables.spelling.missing import Marks
from tasou.tables.steps import Step, get, step_from_dict
from tasou.tables.steps.categorical import CategoricalStep
from tasou.tables.table import Table, listed
from tasou.tables.targets import TARGETS, Target, target_from_dict

TARGET = Message("preparation.target", en="preparation, target", ja="前処理、目的変数")

TWICE = Message(
    "preparation.twice",
    en="preparation: a column appears twice",
    ja="前処理：同じ列が2回あります",
)
PREPARATION = Message("preparation.preparation", en="preparation", ja="前処理")
COLUMN = Message("preparation.column", en="preparation, column {j}", ja="前処理、{j} 列目")
COUNTED = "seen"
"""what files held of a column before they held its distribution"""
OBJECT_OR_NULL = Message("preparation.object_or_null", en="an object or null", ja="オブジェクトか null ")

NO_TARGET = Message(
    "preparation.no_target",
    en="this preparation was fitted without a target",
    ja="この前処理は目的変数なしで学習されています",
)
LACKS = Message(
    "preparation.lacks",
    en="{source} lacks the {n:column|columns} {missing} that the model needs{also}",
    ja="{source} には、モデルに必要な {n} 列（{missing}）がありません{also}",
)
INSTEAD = Message("preparation.instead", en="; it has {extra} instead", ja="。代わりに {extra} があります")


@dataclass(frozen=True, repr=False)
class Preparation:
    """One step per feature column, and the target.

    >>> from tasou.tables import infer
    >>> table = Table({"size": [1.0, 3.0], "kind": ["a", "b"], "y": [5.5, 7.5]})
    >>> preparation = Preparation.fit(table, infer(table, "y", categorical=["kind"]))
    >>> preparation.feature_names
    ['size', 'kind=a', 'kind=b']
    >>> preparation.transform(table)
    array([[-1.,  1.,  0.],
           [ 1.,  0.,  1.]], dtype=float32)
    """

    steps: tuple[Step, ...]
    goal: Target | None = None
    missing: Marks | None = None
    """the texts that stand for no value besides the empty cell, if somebody has said so"""
    seen: Marginals | None = field(default=None, compare=False)
    """what training saw of each column by itself; None where nobody knows, less of it in files of older versions"""

    def __repr__(self) -> str:
        goal = f", target {self.goal.column!r}" if self.goal else ""
        return f"Preparation({len(self.feature_names)} features of {len(self.steps)} columns{goal})"

    def _repr_html_(self) -> str:
        """What becomes of each column."""
        rows = [
            (step.column, step.title.text(language()), step.describe().text(language()))
            for step in self.steps
        ]
        return fragment(repr(self), html_table(("", "", ""), rows))

    @classmethod
    def fit(cls, table: Table, roles: Roles, *, robust: bool = False) -> Preparation:
        """Learn medians, scales, levels and the target's classes or scale from a training table.

        ``robust`` scales by median and quartiles, cuts nothing off, and gives the levels of a large category numbers:
        for networks that squash, cut into bins and embed them (see `tasou.tabular`). A number to predict
        keeps its unit.
        """
        steps, seen = [], []
        for column in roles.columns:
            if column.role in FEATURES:
                kind = get(column.role)
                cells = kind.seen(table, column)
                steps.append(kind.learn(column, cells, robust=robust))
                seen.append(Marginal.of(steps[-1], cells))
                table.column(column.name).spare()
        goal = None
        if roles.task and roles.target:
            goal = TARGETS[roles.task].fit(table, roles.target, roles[roles.target])
            goal = goal.unscaled() if robust else goal
        return cls(tuple(steps), goal, table.habits.missing, Marginals.of(seen))

    def unscaled(self) -> Preparation:
        """The same, but numbers stay in their own units: to see what becomes of a network that must cope with them."""
        goal = None if self.goal is None else self.goal.unscaled()
        return Preparation(tuple(step.unscaled() for step in self.steps), goal, self.missing, self.seen)

    def told(self, table: Table) -> Table:
        """The table, read with the habits of the training table where somebody has said something about them."""
        if self.missing is None or table.habits.missing is not None:
            return table
        return table.told(replace(table.habits, missing=self.missing))

    def known(self, table: Table) -> npt.NDArray[np.bool_]:
        """(n,) True where the target has a value."""
        if self.goal is None:
            raise TableError(NO_TARGET)
        return self.goal.known(self.told(table), self.goal.column)

    @property
    def columns(self) -> list[str]:
        """The names of the columns a table must have."""
        return [step.column for step in self.steps]

    @property
    def feature_names(self) -> list[str]:
        """The names of the columns of X."""
        return [name for step in self.steps for name in step.feature_names]

    @property
    def kinds(self) -> list[Kind]:
        """What kind of number each column of X is."""
        return [kind for step in self.steps for kind in step.kinds]

    @property
    def sources(self) -> list[str]:
        """For each column of X the column of the table that it is made from."""
        return [step.column for step in self.steps for _ in step.feature_names]

    def transform(self, table: Table, dtype: npt.DTypeLike = np.float32, *, forget: bool = False) -> Array:
        """X (n, d) of any table that has the columns; `TableError` names those that are missing.

        ``forget`` gives back what a column has remembered of its cells (`Column.forget`) as soon as its features are
        there: for large tables that are not asked again.
        """
        self.check(table)
        table = self.told(table)
        X = np.empty((len(table), len(self.feature_names)), dtype=dtype)
        j = 0
        for step in self.steps:
            for feature in step.apply(table):
                X[:, j] = feature
                j += 1
            if forget:
                table.column(step.column).forget()
        return X

    def target(self, table: Table) -> Array:
        """Y (n,) in its own unit or as classes; every row must have one."""
        if self.goal is None:
            raise TableError(NO_TARGET)
        return self.goal.values(self.told(table))

    def check(self, table: Table, known: tuple[str, ...] = ()) -> list[str]:
        """The columns of ``table`` that are neither needed nor ``known``; `TableError` names those missing."""
        goal = () if self.goal is None else (self.goal.column,)
        used = {plain_name(name) for name in (*self.columns, *goal, *known)}
        extra = [name for name in table.names if name not in used]
        missing = [name for name in self.columns if name not in table]
        if missing:
            also = table.headed_below(missing) or (INSTEAD(extra=listed(extra)) if extra else "")
            raise TableError(LACKS, source=table.called, n=len(missing), missing=listed(missing), also=also)
        return extra

    def unseen(self, table: Table) -> dict[str, list[str]]:
        """By column, the texts that did not occur in training; all features of such a cell are zero."""
        table = self.told(table)
        categorical = (step for step in self.steps if isinstance(step, CategoricalStep))
        return {step.column: texts for step in categorical if (texts := step.unseen(table))}

    def notes(self, table: Table) -> list[Sentence]:
        """What a user should know of how the columns of ``table`` were read."""
        table = self.told(table)
        return [note for step in self.steps for note in step.notes(table)]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON; numbers are exact. What was ``seen`` of the columns is not among it."""
        goal = None if self.goal is None else self.goal.to_dict()
        found = {"columns": [step.to_dict() for step in self.steps], "target": goal}
        return found if self.missing is None else {**found, "missing": sorted(self.missing)}

    @classmethod
    def from_dict(cls, data: object) -> Preparation:
        """The preparation that `to_dict` described; `TableError` says what does not fit."""
        with Fields(data, PREPARATION) as fields:
            steps = fields.objects("columns")
            goal = fields.take("target", OBJECT_OR_NULL, lambda v: v is None or isinstance(v, dict))
            marks = fields.texts("missing") if fields.has("missing") else None
        steps = [dict(step) if isinstance(step, dict) else step for step in steps]
        counts = [step.pop(COUNTED, None) if isinstance(step, dict) else None for step in steps]
        found = tuple(step_from_dict(step, COLUMN(j=j)) for j, step in enumerate(steps, start=1))
        if len({step.column for step in found}) < len(found):
            raise TableError(TWICE)
        target = None if goal is None else target_from_dict(goal, TARGET)
        seen = None
        if found and all(one is not None for one in counts):
            parts = zip(found, counts, strict=True)
            seen = Marginals.of([Marginal.counted(step.column, step.cell.kind, one) for step, one in parts])
        return cls(found, target, None if marks is None else frozenset(marks), seen)
