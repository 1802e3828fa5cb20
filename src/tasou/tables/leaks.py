"""A column that nearly tells the target by itself: often one that is known only once the target is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tasou.messages import Message, Sentence
from tasou.tables.column import Column

NEARLY = Message(
    "role.nearly_target",
    en="the column {column!r} nearly tells the target by itself. If it is known only once the target is, the scores "
    "promise too much: leave it out (--drop {column})",
    ja="列 {column!r} だけで、目的変数がほとんど分かります。目的変数が決まったあとでしか分からない列なら、"
    "点数は実際より良く見えています。除外してください（--drop {column}）",
)

FEWEST = 100
"""rows below which it may be chance"""
MOST = 5_000
"""rows that are looked at, spread over the table"""
AGREE = 0.995
"""rank correlation of numbers that say the same"""
LEFT = 0.03
"""share of the errors of always the same answer that are left by a column that tells the classes"""
GROUPS = 20


def suspicion(name: str, column: Column, target: Column, task: str) -> tuple[Sentence, ...]:
    """A sentence on a column that is to be learnt from, if it nearly tells the target; else nothing."""
    if len(column) < FEWEST:
        return ()
    rows = np.unique(np.linspace(0, len(column) - 1, MOST).astype(int))
    column, target = column.take(rows), target.take(rows)
    many = task == "regression" and len(target.distinct.texts) > GROUPS
    tells = _tells_number if many else _tells_class
    return (NEARLY(column=name),) if tells(column, target) else ()


def _tells_number(column: Column, target: Column) -> bool:
    """Whether larger goes with larger, or with smaller, for nearly all rows."""
    if not column.is_numeric:
        return False
    x, y = column.numbers, target.numbers
    here = ~(np.isnan(x) | np.isnan(y))
    if here.sum() < FEWEST or min(len(np.unique(x[here])), len(np.unique(y[here]))) < GROUPS:
        return False
    return bool(abs(np.corrcoef(_ranks(x[here]), _ranks(y[here]))[0, 1]) >= AGREE)


def _ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Equal values share the middle of their ranks.

    >>> _ranks(np.array([3.0, 1.0, 3.0]))
    array([1.5, 0. , 1.5])
    """
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    first: npt.NDArray[np.float64] = np.cumsum(counts) - counts + (counts - 1) / 2
    return first[inverse]


def _tells_class(column: Column, target: Column) -> bool:
    """Whether the most frequent class of each group of like cells is nearly always right, and not of all cells."""
    groups, classes = _groups(column), target.distinct.codes
    here = (groups >= 0) & ~target.missing
    if here.sum() < FEWEST:
        return False
    table = np.zeros((groups.max() + 1, classes.max() + 1), np.int64)
    np.add.at(table, (groups[here], classes[here]), 1)
    n, always = int(table.sum()), int(table.sum(axis=0).max())
    return bool(n - table.max(axis=1).sum() <= LEFT * (n - always) and n - always >= FEWEST / 10)


def _groups(column: Column) -> npt.NDArray[np.int64]:
    """(n,) A group for each cell, few enough that each has many rows: a level, or a range of numbers; -1 for none."""
    if column.is_numeric:
        x = column.numbers
        edges = np.unique(np.nanquantile(x, np.linspace(0, 1, GROUPS + 1)))
        return np.where(np.isnan(x), -1, np.searchsorted(edges[:-1], x, side="left"))
    levels = column.distinct.codes
    few = len(column.distinct.texts) <= GROUPS
    return np.where(column.missing | (not few), -1, levels).astype(np.int64)
