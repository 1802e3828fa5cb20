"""Find out what each column of a table is for.

The rules, in order (whatever the caller names explicitly comes first):

1. no value at all: *empty*; one value only: *constant*
2. every kind of step (`tasou.tables.steps`) is asked whether the column is its own: numbers, then dates, then texts.
   A step may also find that a column is an *id*, or *free text*
3. a column that tells the target one to one *repeats* it and would leak the answer: not used; one that nearly does
   (`tasou.tables.leaks`) is used, and said to be suspicious
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.errors import TableError, UnknownName
from tasou.messages import Message, Sentence
from tasou.tables import leaks, steps
from tasou.tables.column import Column
from tasou.tables.headings import plain_name
from tasou.tables.readings import left_out, of_categories, of_target
from tasou.tables.role import ASKED, ColumnRole, Seen, levels_of, range_of
from tasou.tables.roles import FEATURES, Roles, Task
from tasou.tables.spelling.numerals import Is
from tasou.tables.table import Table, listed
from tasou.tables.targets import TARGETS
from tasou.tables.task import infer_task

SMALL = 20

ONE_VALUE = Message("role.one_value", en="always {value}", ja="常に {value}")
NO_VALUE = Message("role.no_value", en="no cell has a value", ja="値のあるセルがない")
ALL_BEYOND = Message(
    "role.all_beyond",
    en="every number is infinite or beyond 1e100, which cannot be learnt",
    ja="どの数値も無限大か 1e100 を超え、学習できない",
)
ONLY_COLUMN = Message(
    "role.only_column",
    en="counts the rows, but is all there is to learn from",
    ja="通し番号だが、ほかに使える列がない",
)
SAME = Message("role.same_as_target", en="tells the target one to one", ja="目的変数と一対一に対応")
SINGLE = Message(
    "role.single_rows",
    en="column {column!r}: there is one row alone of {names}: too few to learn such a class, or to test it",
    ja="列 {column!r}：{names} は1行しかありません。学習にもテストにも足りません",
)
TASK = Message("kind.task", en="task", ja="課題")
TWO_ROLES = Message(
    "table.two_roles",
    en="column {column!r} cannot be both {one} and {other}",
    ja="列 {column!r} を同時に {one} と {other} にはできません",
)
TARGET_DROPPED = Message(
    "table.target_dropped",
    en="column {column!r} is the target and cannot be dropped",
    ja="列 {column!r} は目的変数なので除外できません",
)
EMPTY_BY_HAND = Message(
    "table.empty_by_hand",
    en="column {column!r} of {source} cannot be {role}: {because}",
    ja="{source} の列 {column!r} は {role} にはできません：{because}",
)
NOTHING_TO_LEARN_FROM = Message(
    "table.nothing_to_learn_from",
    en="{source} has no column to learn from: {unused:list}",
    ja="{source} には学習に使える列がありません：{unused:list}",
)
UNUSED = Message("table.unused", en="'{column} ({because})'", ja="「{column}（{because}）」")
TARGET_ALONE = Message("table.target_alone", en="there is only the target", ja="目的変数しかありません")


def infer(
    table: Any,
    target: str | None = None,
    *,
    drop: Collection[str] = (),
    categorical: Collection[str] = (),
    numeric: Collection[str] = (),
    task: str | None = None,
) -> Roles:
    """The role of every column of ``table``, which is a `Table` or what `Table.from_frame` takes.

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

    Examples
    --------
    >>> infer(Table({"x": [1.5, 2.5, 1.0], "y": ["a", "b", "a"]}), "y")["y"].reason
    'text_classes'
    """
    table = table if isinstance(table, Table) else Table.from_frame(table)
    target = None if target is None else plain_name(target)
    asked = _asked(table, target, dropped=drop, categorical=categorical, numeric=numeric)
    table = _agreed(table)
    if target is None:
        columns = []
        for name in table.names:
            columns.append(_role(table, name, asked))
            table.column(name).spare()
        return Roles(tuple(columns), None, len(table))
    goal, kind = _target(table, target, task)
    known = TARGETS[kind].known(table, target)
    used = table.take(known) if not known.all() else table
    columns = [goal if name == target else _role(used, name, asked) for name in table.names]
    columns = [_unless_repeating(used, column, target, kind, asked) for column in columns]
    unknown = table.column(target).texts_of(~known)
    return Roles(
        tuple(_learnable(columns, table)), kind, len(table), int((~known).sum()), tuple(filter(None, unknown))
    )


def _agreed(table: Table) -> Table:
    """The table, its doubtful decimal marks decided by the columns in which a cell shows them."""
    if table.habits.decimal is not None:
        return table
    text = [column for name in table.names if (column := table.column(name)).kind == "text"]
    if not any(column.as_numbers().doubt is not None for column in text if column.is_numeric):
        return table
    shown = any(column.is_numeric and column.as_numbers().shown is not None for column in text)
    return table.told(replace(table.habits, decimal=",")) if shown else table


def _asked(table: Table, target: str | None, **lists: Collection[str]) -> dict[str, str]:
    asked: dict[str, str] = {}
    for role, names in lists.items():
        for name in [names] if isinstance(names, str) else names:
            table.column(name)
            name = plain_name(name)
            if name in asked and asked[name] != role:
                raise TableError(TWO_ROLES, column=name, one=asked[name], other=role)
            asked[name] = role
    if target is not None and asked.get(target) == "dropped":
        raise TableError(TARGET_DROPPED, column=target)
    return asked


def _target(table: Table, name: str, task: str | None) -> tuple[ColumnRole, Task]:
    if task not in (None, "classification", "regression"):
        raise UnknownName(TASK, task, ("classification", "regression"))
    table.check_once(name)
    column = table.column(name)
    kind, because = infer_task(table, name, task)
    if kind == "classification":
        known = TARGETS[kind].known(table, name)
        seen = replace(levels_of(column if known.all() else column.take(known)), missing=int((~known).sum()))
        told = [*of_categories(name, column), *(left_out(table, name) if column.is_numeric else ())]
        told += _singles(name, column)
        decided = {"notation": column.notation}
        return ColumnRole(name, "target", seen, because, tuple(told), decided), kind
    read = column.as_numbers()
    notes = tuple(of_target(table, name, read))
    decided = {"notation": read.notation}
    return ColumnRole(name, "target", range_of(read.values), because, notes, decided), kind


def _singles(name: str, column: Column) -> list[Sentence]:
    """What is said of classes of which there is one row."""
    texts, counts = column.distinct.texts, column.distinct.counts.tolist()
    alone = [text for text, n in zip(texts, counts, strict=True) if text and n == 1]
    return [SINGLE(column=name, names=listed(alone, most=4))] if alone else []


def _role(table: Table, name: str, asked: Mapping[str, str]) -> ColumnRole:
    column = table.column(name)
    role = asked.get(name)
    if role == "dropped":
        return ColumnRole(name, role, _seen(column), ASKED())
    if (nothing := _nothing(column)) is not None:
        if role:
            raise TableError(EMPTY_BY_HAND, column=name, source=table.called, role=role, because=nothing)
        return ColumnRole(name, "empty", Seen(len(table)), nothing)
    if role:
        return steps.get(role).by_hand(table, name)
    if column.different_up_to(1) == 1 and not _any_missing(column):
        return ColumnRole(name, "constant", _seen(column), ONE_VALUE(value=column.distinct.texts[0]))
    found = (step.recognise(table, name) for step in steps.every())
    return next(one for one in found if one is not None)


def _nothing(column: Column) -> Sentence | None:
    """Why no cell can be learnt from; None where one can."""
    if not column.missing.all() and not (column.is_numeric and np.isnan(column.numbers).all()):
        return None
    return ALL_BEYOND() if len(column.as_numbers().rows(Is.BEYOND)) else NO_VALUE()


def _any_missing(column: Column) -> bool:
    """Whether a cell has no value, or no number that can be used."""
    return bool(column.missing.any() or (column.is_numeric and np.isnan(column.numbers).any()))


def _unless_repeating(
    table: Table, column: ColumnRole, target: str, task: Task, asked: Mapping[str, str]
) -> ColumnRole:
    if column.role not in FEATURES or column.name in asked or len(table) < SMALL:
        return column  # in a handful of rows it may be chance
    repeats = _same_classes if task == "classification" else _same_numbers
    if repeats(table.column(column.name), table.column(target)):
        return replace(column, role="repeats", because=SAME())
    told = leaks.suspicion(column.name, table.column(column.name), table.column(target), task)
    return replace(column, notes=(*column.notes, *told)) if told else column


def _same_classes(column: Column, target: Column) -> bool:
    """Whether each level goes with one class and each class with one level (where the column has a value)."""
    if column.different_up_to(target.different) != target.different:
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
    slope, intercept = _line(x[here], y[here])
    error = np.abs(slope * x[here] + intercept - y[here]).max()
    return bool(error <= 1e-9 * np.ptp(y[here]))


def _line(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> tuple[float, float]:
    slope, intercept = np.polyfit(x, y, 1)
    return float(slope), float(intercept)


def _learnable(columns: list[ColumnRole], table: Table) -> list[ColumnRole]:
    if any(column.role in FEATURES for column in columns):
        return columns
    counting = [column for column in columns if column.reason == "running_number"]
    if counting:
        kept = replace(counting[0], role="numeric", because=ONLY_COLUMN())
        return [kept if column is counting[0] else column for column in columns]
    unused: list[Sentence | Message] = [
        UNUSED(column=c.name, because=c.because) for c in columns if c.role != "target"
    ]
    raise TableError(NOTHING_TO_LEARN_FROM, source=table.called, unused=unused[:8] or [TARGET_ALONE])


def _seen(column: Column) -> Seen:
    return range_of(column.numbers) if column.is_numeric and not column.missing.all() else levels_of(column)
