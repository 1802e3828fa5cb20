"""Which rows ``tasou train`` learns from and which it tests on; groups and times are never cut."""

from __future__ import annotations

import argparse
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tasou.ensembles.folds import partition, periods
from tasou.errors import TasouError
from tasou.messages import Message
from tasou.tables import Roles, Table, split
from tasou.tabular.moments import PERIODS, moments_of

NO_COLUMN = Message(
    "command.no_column",
    en="{source} has no column {name!r} ({option}); it has {known:list}",
    ja="{source} に列 {name!r}（{option}）がありません。あるのは {known:list} です",
)
NO_MOMENT = Message(
    "command.no_moment",
    en="{name!r} tells no time: {where} holds {cell!r}, which is neither a date nor a number",
    ja="{name!r} は時刻の列として読めません：{where}の {cell!r} は日付でも数値でもありません",
)
NO_TIME = Message(
    "command.no_time",
    en="{where} has no value of {name!r} (--time): leave out the rows whose time is unknown",
    ja="{where}に {name!r}（--time）の値がありません。時刻のない行は除いてください",
)
ONE_OR_OTHER = Message(
    "command.group_or_time",
    en="rows are kept together by --group or by --time, not by both",
    ja="--group と --time は一緒に使えません。どちらか一方を指定してください",
)
ONE_TIME = Message(
    "command.one_time",
    en="every row has the same {option} in {name!r}: nothing can be kept apart",
    ja="{name!r}（{option}）がすべての行で同じなので、分けられません",
)
FEWEST_ROWS_TO_TEST = 20

Array = npt.NDArray[Any]


class Split(NamedTuple):
    """Rows to train on, rows to test on or None, and the number of the group of each row to train on."""

    train: Table
    test: Table | None
    groups: Array | None = None


def parts(table: Table, roles: Roles, args: argparse.Namespace, seed: int) -> Split:
    """The rows with a target, in a part to train on and a part to test on; a small table is all to train on.

    Rows of one ``--group`` are on one side; by ``--time`` the last ones are tested on.
    """
    goal = str(roles.target)
    table = table.take(roles.known(table))
    size = args.test_size
    share = (0.2 if len(table) >= FEWEST_ROWS_TO_TEST else 0.0) if size is None else size
    codes = together(table, args)
    if codes is None:
        classes = table.column(goal).distinct.codes if roles.task == "classification" else None
        train, test = split(len(table), share, rng=seed, stratify=classes)
        return Split(table.take(train), table.take(test) if len(test) else None)
    tested = _latest(codes, share) if args.time else _dealt(codes, share, seed)
    kept = codes[~tested]
    groups = periods(kept, PERIODS) if args.time else kept
    return Split(table.take(~tested), table.take(tested) if tested.any() else None, groups)


def together(table: Table, args: argparse.Namespace) -> Array | None:
    """(n,) the number of the group, or of the moment in the order of time, of each row."""
    if args.group and args.time:
        raise TasouError(ONE_OR_OTHER)
    option, name = ("--group", args.group) if args.group else ("--time", args.time)
    if not name:
        return None
    if name not in table:
        raise TasouError(
            NO_COLUMN, source=table.source, name=name, option=option, known=list(table.names)[:8]
        )
    codes = table.column(name).distinct.codes if args.group else _moments(table, name)
    if len(np.unique(codes)) < 2:
        raise TasouError(ONE_TIME, option=option, name=name)
    return np.asarray(codes, np.int64)


def _moments(table: Table, name: str) -> Array:
    """The place of each row's moment in the order of time."""
    column = table.column(name)
    values, row = moments_of(column)
    if row is not None and column.missing[row]:
        raise TasouError(NO_TIME, name=name, where=table.place(row))
    if row is not None:
        raise TasouError(NO_MOMENT, name=name, where=table.place(row), cell=str(column.cell(row)))
    return np.unique(values, return_inverse=True)[1]


def _latest(codes: Array, share: float) -> npt.NDArray[np.bool_]:
    """The last moments, of about that share of the rows; the first is never among them."""
    counts = np.bincount(codes)
    later = len(codes) - np.cumsum(counts)  # rows after each moment
    wanted = share * len(codes)
    last = min(int(np.argmin(np.abs(later - wanted))), counts.size - 2)
    return np.asarray(codes > (last if share else counts.size))


def _dealt(codes: Array, share: float, seed: int) -> npt.NDArray[np.bool_]:
    """Whole groups, of about that share of the rows."""
    if not share:
        return np.zeros(len(codes), bool)
    folds = min(max(2, round(1 / share)), len(np.unique(codes)))
    return np.asarray(partition(len(codes), folds, np.random.default_rng(seed), groups=codes) == 0)
