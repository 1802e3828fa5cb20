"""``tasou predict --ledger``: one row on its way through a model, number by number."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import numpy as np

from tasou.errors import TasouError
from tasou.language import say
from tasou.messages import Message

if TYPE_CHECKING:
    from tasou.models.table_model import TableModel
    from tasou.tables import Table

NO_ROW = Message(
    "command.ledger_row",
    en="{source} has {n:,} {n:row|rows}: there is no row {row} for --ledger",
    ja="{source} は {n:,} 行なので、--ledger の {row} 行目はありません",
)
NO_MEMBER = Message(
    "command.ledger_member",
    en="the model has {n} {n:member|members}: there is no --member {j}",
    ja="モデルのメンバーは {n} 個なので、--member {j} はありません",
)
NO_LEDGER = Message(
    "command.member_alone",
    en="--member says of which member --ledger shows the numbers: name a row with --ledger, too",
    ja="--member は --ledger でどのメンバーの数値を示すかを指定するものです。--ledger で行も指定してください",
)
NOT_WITH = Message(
    "command.not_with_ledger",
    en="--ledger shows one row and writes no predictions: {option} cannot be given with it",
    ja="--ledger は1行だけを示し、予測は書き出さないので、{option} とは同時に使えません",
)
TEXTS = {
    "row": {"en": "{source}, row {row}{line}", "ja": "{source}、データの {row} 行目{line}"},
    "line": {"en": " ({where})", "ja": "（ファイルの {where}）"},
    "head": {"en": "column|cell|becomes", "ja": "列|セル|変換後"},
    "many": {"en": "{first} to {last}: {shown}", "ja": "{first} 〜 {last}：{shown}"},
    "zeros": {"en": "all 0", "ja": "すべて 0"},
    "member": {
        "en": "member {j} of {n}, as it stands at {moment}",
        "ja": "メンバー {j}（全 {n} 個）、{moment}",
    },
    "end": {"en": "the last of its {m} moments", "ja": "{m} 時点のうち最後のもの"},
    "one": {"en": "its end", "ja": "学習の終わり"},
    "more": {
        "en": "note: --member 1 shows the numbers within member 1",
        "ja": "注：--member 1 でメンバー 1 の中の数値を示す",
    },
}
ALONE = ("proba", "contributions", "keep", "excel_safe")
"""options that are for predictions"""
MOST_COLUMNS, MOST_SHOWN = 40, 4


def check(args: argparse.Namespace) -> None:
    """Refuse what cannot go together, before anything is read."""
    if args.ledger is None and args.member is not None:
        raise TasouError(NO_LEDGER)
    for name in ALONE:
        if args.ledger is not None and getattr(args, name):
            raise TasouError(NOT_WITH, option="--" + name.replace("_", "-"))


def written(model: TableModel, table: Table, row: int, member: int | None) -> str:
    """Row ``row`` (from 1): its cells as numbers, then each stage of the answer, or all numbers of one member.

    Where the file knows the target of the row, a member's numbers go on with the loss and the way back.

    Raises
    ------
    TasouError
        there is no such row, or no such member
    """
    if row > len(table):
        raise TasouError(NO_ROW, source=table.called, n=len(table), row=row)
    one, members = model.preparation.told(table).take(np.array([row - 1])), model.members
    if member is not None and member > len(members):
        raise TasouError(NO_MEMBER, n=len(members), j=member)
    line = "" if table.lines is None else say(TEXTS["line"], where=table.where(row - 1))
    parts = [say(TEXTS["row"], source=table.called, row=row, line=line), _cells(model, one)]
    if member is None and len(members) > 1:
        return "\n\n".join([*parts, model.forward(one).stages(0)])
    chosen = members[(member or 1) - 1]
    moment = say(TEXTS["end" if len(chosen) > 1 else "one"], m=len(chosen))
    if len(members) > 1:
        parts.append(say(TEXTS["member"], j=chosen.number, n=len(members), moment=moment))
    return "\n\n".join([*parts, chosen.forward(one, _target(model, one)).table(0).text()])


def _cells(model: TableModel, one: Table) -> str:
    """What becomes of each cell that the model reads: the places of x in the ledger, and their numbers."""
    from tasou.text import aligned

    x, start = model.preparation.transform(one, model.ensemble.dtype)[0], 0
    rows = [tuple(say(TEXTS["head"]).split("|"))]
    for step in model.preparation.steps:
        end = start + len(step.feature_names)
        cell = str(one.column(step.column).cell(0))
        rows.append((step.column, cell, _numbers(x[start:end], start + 1)))
        start = end
    if len(rows) > MOST_COLUMNS + 1:
        rows[MOST_COLUMNS + 1 :] = [("…", "", "")]
    return aligned(rows, most=(36, 24, 80))


def _numbers(x: Any, first: int) -> str:
    """``x_3 = 0.375``; of several those that are not 0."""
    if len(x) == 1:
        return f"x_{first} = {x[0]:.4g}"
    told = [f"x_{first + j} = {value:.4g}" for j, value in enumerate(x.tolist()) if value]
    shown = ", ".join(told[:MOST_SHOWN]) + (", …" if len(told) > MOST_SHOWN else "")
    return say(
        TEXTS["many"],
        first=f"x_{first}",
        last=f"x_{first + len(x) - 1}",
        shown=shown or say(TEXTS["zeros"]),
    )


def _target(model: TableModel, one: Table) -> Any:
    """The row's class or number, if the file tells it and the model knows it."""
    from tasou.tables.targets import ClassTarget

    goal = model.goal
    if goal.column not in one or not model.preparation.known(one).any():
        return None
    try:
        if isinstance(goal, ClassTarget):
            return np.array(goal.classes, object)[goal.encode(one)]
        return goal.values(one)
    except TasouError:  # a class that was not learnt
        return None
