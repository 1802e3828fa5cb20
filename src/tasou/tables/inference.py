"""Find out what each column of a table is for.

The rules, in order (whatever the caller names explicitly comes first):

1. no value at all: *empty*; one value only: *constant*
2. numbers (up to 5 % of other cells are taken as missing): *numeric*; unless they count the rows from 0 or 1, or
   are unique integers in a column named like an id: *id*
3. dates in an unmistakable spelling: *date*
4. text that is different in every row: *id*; in more than half of the rows: *free text*, not used; otherwise
   *categorical*, where levels rarer than 5 rows (fewer in small tables) or beyond the 50 most frequent are pooled
5. a column that tells the target one to one *repeats* it and would leak the answer: not used
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.errors import TableError, UnknownName
from tasou.tables.column import Column
from tasou.tables.headings import plain_name
from tasou.tables.numbers import spelled
from tasou.tables.roles import FEATURES, ColumnRole, Role, Roles, Seen, Task
from tasou.tables.steps.categorical import kept_levels
from tasou.tables.table import Table, listed
from tasou.tables.targets import infer_task

NUMERIC_SHARE = 0.95
FREE_TEXT_SHARE = 0.5
SMALL = 20
_ID_NAME = re.compile(
    r"(?i:^(id|index|no|key|code|uuid)$|[_\s.-](id|no|key)$)|[a-z]I[Dd]$|(番号|コード|ＩＤ)$"
)


def infer(
    table: Table,
    target: str | None = None,
    *,
    drop: Collection[str] = (),
    categorical: Collection[str] = (),
    numeric: Collection[str] = (),
    task: str | None = None,
) -> Roles:
    """The role of every column of ``table``.

    Parameters
    ----------
    target
        the column to predict
    drop, categorical, numeric
        columns whose role is set by hand
    task
        ``"classification"`` or ``"regression"``; seen from the target if not given

    Raises
    ------
    TableError
        no such column (the nearest name is suggested), a target that cannot be learnt, nothing to learn from

    >>> infer(Table({"x": [1.5, 2.5, 1.0], "y": ["a", "b", "a"]}), "y")["y"].reason
    'text_classes'
    """
    target = None if target is None else plain_name(target)
    asked = _asked(table, target, drop, categorical, numeric)
    if target is None:
        columns = [_role(table, name, asked) for name in table.names]
        return Roles(tuple(columns), None, len(table))
    goal, kind = _target(table, target, task)
    known = ~table.column(target).missing
    used = table.take(known) if not known.all() else table
    columns = [goal if name == target else _role(used, name, asked) for name in table.names]
    columns = [_unless_repeating(used, column, target, kind, asked) for column in columns]
    return Roles(tuple(_learnable(columns, table)), kind, len(table), int((~known).sum()))


def _asked(table: Table, target: str | None, *lists: Collection[str]) -> dict[str, Role]:
    asked: dict[str, Role] = {}
    roles: tuple[Role, ...] = ("dropped", "categorical", "numeric")
    for role, names in zip(roles, lists, strict=True):
        for name in [names] if isinstance(names, str) else names:
            table.column(name)
            name = plain_name(name)
            if name in asked and asked[name] != role:
                raise TableError(f"column {name!r} cannot be both {asked[name]} and {role}")
            asked[name] = role
    if target is not None and asked.get(target) == "dropped":
        raise TableError(f"column {target!r} is the target and cannot be dropped")
    return asked


def _target(table: Table, name: str, task: str | None) -> tuple[ColumnRole, Task]:
    if task not in (None, "classification", "regression"):
        raise UnknownName("task", task, ("classification", "regression"))
    table.check_once(name)
    column = table.column(name)
    kind, reason, values = infer_task(table, name, task)
    seen = _levels(column) if kind == "classification" else _range(column.numbers)
    return ColumnRole(name, "target", seen, reason, values), kind


def _role(table: Table, name: str, asked: Mapping[str, Role]) -> ColumnRole:
    column = table.column(name)
    role = asked.get(name)
    if role == "dropped":
        return ColumnRole(name, role, _seen(column), "asked")
    if column.missing.all():
        if role:
            raise TableError(
                f"column {name!r} of {table.source} has no value in any row: it cannot be {role}"
            )
        return ColumnRole(name, "empty", Seen(len(table)), "no_value")
    if role == "numeric":
        return _forced_numeric(table, name, column)
    if role == "categorical":
        return ColumnRole(name, role, _levels(column), "asked")
    return _natural_role(table, name, column)


def _forced_numeric(table: Table, name: str, column: Column) -> ColumnRole:
    if np.isnan(column.numbers).all():
        row = int(np.argmax(column.not_numbers))
        raise TableError(
            f"column {name!r} has no number at all, e.g. {column.cell(row)!r} ({table.where(row)}): "
            "it cannot be numeric"
        )
    return _numeric(table, name, column, "asked")


def _natural_role(table: Table, name: str, column: Column) -> ColumnRole:
    distinct = column.different
    if distinct == 1 and not column.missing.any():
        return ColumnRole(name, "constant", _seen(column), "one_value", {"value": column.distinct.texts[0]})
    if column.kind == "bool":
        return ColumnRole(name, "categorical", _levels(column), "booleans")
    present = ~column.missing
    if column.kind != "date" and column.not_numbers.sum() <= (1 - NUMERIC_SHARE) * present.sum():
        return _numeric(table, name, column, "numbers")
    if not column.not_dates.any():
        days = column.dates[present].astype("datetime64[D]")
        seen = Seen(int((~present).sum()), distinct, str(days.min()), str(days.max()))
        return ColumnRole(name, "date", seen, "dates")
    return _text(name, column, distinct)


def _numeric(table: Table, name: str, column: Column, reason: str) -> ColumnRole:
    values = column.numbers
    seen = _range(values)
    if column.not_numbers.any():
        row = int(np.argmax(column.not_numbers))
        example: dict[str, object] = {"example": column.cell(row), "where": table.where(row)}
        return ColumnRole(
            name, "numeric", seen, "mostly_numbers", {"n": int(column.not_numbers.sum()), **example}
        )
    if reason == "numbers" and not seen.missing and len(values) >= SMALL:
        if _counts_rows(values):
            return ColumnRole(name, "id", seen, "running_number")
        if _ID_NAME.search(name) and seen.distinct == len(values) and (values == np.round(values)).all():
            return ColumnRole(name, "id", seen, "id_name")
    return ColumnRole(name, "numeric", seen, reason)


def _counts_rows(values: npt.NDArray[np.float64]) -> bool:
    return bool(values[0] in (0, 1) and (np.diff(values) == 1).all())


def _text(name: str, column: Column, distinct: int) -> ColumnRole:
    seen = _levels(column)
    filled = len(column) - seen.missing
    many = distinct > SMALL // 2
    if many and distinct == filled:
        return ColumnRole(name, "id", seen, "all_different")
    if many and distinct > FREE_TEXT_SHARE * filled:
        return ColumnRole(name, "text", seen, "too_many_texts", {"n": distinct, "rows": len(column)})
    rare = distinct - sum(level != "" for level in kept_levels(column))
    if rare:
        return ColumnRole(name, "categorical", seen, "pooled", {"rare": rare})
    return ColumnRole(name, "categorical", seen, "few_texts")


def _unless_repeating(
    table: Table, column: ColumnRole, target: str, task: Task, asked: Mapping[str, Role]
) -> ColumnRole:
    if column.role not in FEATURES or column.name in asked or len(table) < SMALL:
        return column  # in a handful of rows it may be chance
    repeats = _same_classes if task == "classification" else _same_numbers
    if repeats(table.column(column.name), table.column(target)):
        return replace(column, role="repeats", reason="same_as_target", values={})
    return column


def _same_classes(column: Column, target: Column) -> bool:
    """Whether each level goes with one class and each class with one level (where the column has a value)."""
    if column.different != target.different:
        return False
    here = ~column.missing
    levels, classes = column.distinct.codes[here], target.distinct.codes[here]
    n_classes = len(np.unique(classes))
    if n_classes < target.different or len(np.unique(levels)) != n_classes:
        return False
    return len(np.unique(levels * len(target.distinct.texts) + classes)) == n_classes


def _same_numbers(column: Column, target: Column) -> bool:
    """Whether the target is the column times a factor plus a constant, to the last digits."""
    x, y = column.numbers, target.numbers
    here = ~np.isnan(x)
    if column.not_numbers.any() or here.mean() < 0.5 or np.ptp(x[here]) == 0:
        return False
    slope, intercept = np.polyfit(x[here], y[here], 1)
    error = np.abs(slope * x[here] + intercept - y[here]).max()
    return bool(error <= 1e-9 * np.ptp(y[here]))


def _learnable(columns: list[ColumnRole], table: Table) -> list[ColumnRole]:
    if any(column.role in FEATURES for column in columns):
        return columns
    counting = [column for column in columns if column.reason == "running_number"]
    if counting:
        kept = replace(counting[0], role="numeric", reason="only_column")
        return [kept if column is counting[0] else column for column in columns]
    unused = listed([f"{c.name} ({c.why('en')})" for c in columns if c.role != "target"])
    raise TableError(f"{table.source} has no column to learn from: {unused or 'there is only the target'}")


def _seen(column: Column) -> Seen:
    is_text = column.kind in ("text", "date") and (column.not_numbers.any() or column.missing.all())
    return _levels(column) if is_text or column.kind == "bool" else _range(column.numbers)


def _range(values: npt.NDArray[np.float64]) -> Seen:
    finite = values[~np.isnan(values)]
    if not len(finite):
        return Seen(len(values))
    low, high = (_short(v) for v in (finite.min(), finite.max()))
    return Seen(len(values) - len(finite), len(np.unique(finite)), low, high)


def _short(value: Any) -> str:
    text = spelled(value)
    return text if len(text) <= 8 else f"{value:.6g}" if "." in text else f"{int(value):,}"


def _levels(column: Column) -> Seen:
    counts = dict(zip(column.distinct.texts, column.distinct.counts.tolist(), strict=True))
    missing = counts.pop("", 0)
    frequent: Iterable[str] = sorted(counts, key=lambda text: (-counts[text], text))[:4]
    return Seen(missing, len(counts), levels=tuple(frequent))
