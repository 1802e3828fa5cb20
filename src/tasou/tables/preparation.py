"""Preprocessing as data: what was learnt from the training table, applied to any table, saved as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.errors import TableError
from tasou.tables.column import Array
from tasou.tables.headings import plain_name
from tasou.tables.roles import Roles
from tasou.tables.schema import Fields
from tasou.tables.steps import STEPS, Step, step_from_dict
from tasou.tables.steps.categorical import CategoricalStep
from tasou.tables.table import Table, listed
from tasou.tables.targets import TARGETS, Target, target_from_dict


@dataclass(frozen=True)
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

    @classmethod
    def fit(cls, table: Table, roles: Roles) -> Preparation:
        """Learn medians, scales, levels and the target's classes or scale from a training table."""
        steps = tuple(STEPS[c.role].fit(table, c) for c in roles.columns if c.role in STEPS)
        goal = TARGETS[roles.task].fit(table, roles.target) if roles.task and roles.target else None
        return cls(steps, goal)

    def unscaled(self) -> Preparation:
        """The same, but numbers stay in their own units: to see what becomes of a network that must cope with them."""
        goal = None if self.goal is None else self.goal.unscaled()
        return Preparation(tuple(step.unscaled() for step in self.steps), goal)

    @property
    def columns(self) -> list[str]:
        """The names of the columns a table must have."""
        return [step.column for step in self.steps]

    @property
    def feature_names(self) -> list[str]:
        """The names of the columns of X."""
        return [name for step in self.steps for name in step.feature_names]

    @property
    def sources(self) -> list[str]:
        """For each column of X the column of the table that it is made from."""
        return [step.column for step in self.steps for _ in step.feature_names]

    def transform(self, table: Table, dtype: npt.DTypeLike = np.float32) -> Array:
        """X (n, d) of any table that has the columns; `TableError` names those that are missing."""
        self.check(table)
        X = np.empty((len(table), len(self.feature_names)), dtype=dtype)
        features = (feature for step in self.steps for feature in step.apply(table))
        for j, feature in enumerate(features):
            X[:, j] = feature
        return X

    def target(self, table: Table) -> Array:
        """Y (n,) in its own unit or as classes; every row must have one."""
        if self.goal is None:
            raise TableError("this preparation was fitted without a target")
        return self.goal.values(table)

    def check(self, table: Table, known: tuple[str, ...] = ()) -> list[str]:
        """The columns of ``table`` that are neither needed nor ``known``; `TableError` names those missing."""
        goal = () if self.goal is None else (self.goal.column,)
        extra = [
            name for name in table.names if name not in {*map(plain_name, (*self.columns, *goal, *known))}
        ]
        missing = [name for name in self.columns if name not in table]
        if missing:
            also = f"; it has {listed(extra)} instead" if extra else ""
            many = "columns" if len(missing) > 1 else "column"
            raise TableError(f"{table.source} lacks the {many} {listed(missing)} that the model needs{also}")
        return extra

    def unseen(self, table: Table) -> dict[str, list[str]]:
        """By column, the texts that did not occur in training; all features of such a cell are zero."""
        categorical = (step for step in self.steps if isinstance(step, CategoricalStep))
        return {step.column: texts for step in categorical if (texts := step.unseen(table))}

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON; numbers are exact."""
        goal = None if self.goal is None else self.goal.to_dict()
        return {"columns": [step.to_dict() for step in self.steps], "target": goal}

    @classmethod
    def from_dict(cls, data: object) -> Preparation:
        """The preparation that `to_dict` described; `TableError` says what does not fit."""
        with Fields(data, "preparation") as fields:
            steps = fields.objects("columns")
            goal = fields.take("target", "an object or null", lambda v: v is None or isinstance(v, dict))
        found = tuple(
            step_from_dict(step, f"preparation, column {j}") for j, step in enumerate(steps, start=1)
        )
        if len({step.column for step in found}) < len(found):
            raise TableError("preparation: a column appears twice")
        return cls(found, None if goal is None else target_from_dict(goal, "preparation, target"))
