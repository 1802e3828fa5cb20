"""Which task a target column asks for, and whether it can be learnt."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from tasou.errors import TableError
from tasou.messages import Message, Sentence
from tasou.tables.column import Column
from tasou.tables.role import ASKED
from tasou.tables.spelling.numerals import Is
from tasou.tables.table import Table

FEW_INTEGERS = 20
MOST_CLASSES = 1000
Task = Literal["classification", "regression"]

TEXT_CLASSES = Message("role.text_classes", en="text: classification", ja="文字列 → 分類")
TRUTH = Message("role.booleans_target", en="yes or no: classification", ja="真偽値 → 分類")
FEW = Message("role.few_integers", en="{n} different integers: classification", ja="{n} 通りの整数 → 分類")
MANY = Message(
    "role.many_numbers", en="numbers with {n} different values: regression", ja="{n} 通りの数値 → 回帰"
)
NO_VALUE = Message(
    "target.no_value",
    en="target {target!r} has no value in any row of {source}",
    ja="目的変数 {target!r} は {source} のどの行にも値がありません",
)
ONE_VALUE = Message(
    "target.one_value",
    en="target {target!r} has one value only ({value!r}): there is nothing to tell apart",
    ja="目的変数 {target!r} の値は {value!r} だけです。区別するものがありません",
)
TOO_MANY = Message(
    "target.too_many_classes",
    en="target {target!r} has {n} different values in {rows} rows: too many to be classes{example}",
    ja="目的変数 {target!r} には {rows} 行に {n} 通りの値があり、クラスにするには多すぎます{example}",
)
NO_NUMBER = Message(
    "target.mostly_numbers",
    en="; {other} of them {other:is|are} no number, e.g. {cell!r} ({where})",
    ja="（数値でない値が {other} あります。例：{where}の {cell!r}）",
)
MUST_BE_NUMBER = Message(
    "target.must_be_number",
    en="{source}, {where}: target {target!r} must be a number, but says {cell!r}",
    ja="{source}、{where}：目的変数 {target!r} は数値でなければなりませんが、{cell!r} と書かれています",
)


class Asked(NamedTuple):
    """What a target asks for, and why."""

    task: Task
    because: Sentence


def infer_task(table: Table, name: str, asked: str | None = None) -> Asked:
    """The task of a target column and the reason for it, or a `TableError` if it cannot be learnt.

    Text and booleans are classes; so are integers of at most 20 different values; other numbers are regression.
    """
    column = table.column(name)
    if column.missing.all() or (column.is_numeric and np.isnan(column.numbers).all()):
        raise TableError(NO_VALUE, target=name, source=table.called)
    if column.different == 1:
        value = next(text for text in column.distinct.texts if text != "")
        raise TableError(ONE_VALUE, target=name, value=value)
    natural = _natural_task(column)
    if asked == "classification" or (asked is None and natural.task == "classification"):
        _check_classes(table, name)
        return natural if asked is None else Asked("classification", ASKED())
    check_numbers(table, name)
    return natural if asked is None else Asked("regression", ASKED())


def _natural_task(column: Column) -> Asked:
    if column.kind == "bool":
        return Asked("classification", TRUTH())
    if not column.is_numeric:
        return Asked("classification", TEXT_CLASSES())
    x = column.numbers[~np.isnan(column.numbers)]
    n = column.different
    if n <= FEW_INTEGERS and (x == np.round(x)).all() and (n < 3 or n <= len(x) / 5):
        return Asked("classification", FEW(n=n))
    return Asked("regression", MANY(n=n))


def _check_classes(table: Table, name: str) -> None:
    column = table.column(name)
    rows, n = int((~column.missing).sum()), column.different
    if n > MOST_CLASSES or (n > 20 and n > rows / 2):
        raise TableError(TOO_MANY, target=name, n=n, rows=rows, example=_no_number(table, name))


def _no_number(table: Table, name: str) -> Sentence | str:
    """A cell that keeps the target from being numbers, where most cells are some."""
    column = table.column(name)
    other = column.not_numbers
    if not other.any() or other.sum() > len(column.as_numbers().rows(Is.NUMBER)):
        return ""
    row = int(np.argmax(other))
    return NO_NUMBER(other=int(other.sum()), cell=column.cell(row), where=table.place(row))


def check_numbers(table: Table, name: str) -> None:
    """Raise `TableError` where a cell of a numeric target is no number."""
    column = table.column(name)
    wrong = column.not_numbers
    if wrong.any():
        row = int(np.argmax(wrong))
        place = {"source": table.source, "where": table.place(row)}
        raise TableError(MUST_BE_NUMBER, **place, target=name, cell=column.cell(row))
