"""What is told of how the cells of a column were read: left out, taken for something else, or in doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from tasou.messages import Message, Sentence
from tasou.tables.column import Column
from tasou.tables.reader import Moments, Numbers
from tasou.tables.spelling import categories
from tasou.tables.spelling.dates import Order
from tasou.tables.spelling.habits import Notation
from tasou.tables.spelling.numbers import numeral, spelled
from tasou.tables.spelling.numerals import Is
from tasou.tables.spelling.units import PERCENT
from tasou.tables.table import Table

WITHHELD = Message(
    "reading.withheld",
    en="column {column!r}: {n} withheld {n:number|numbers} ({cells:list}; {where}) taken as missing",
    ja="列 {column!r}：秘匿などを表す {n} セル（{cells:list}、{where}）は欠損とみなします",
)
NOTED = Message(
    "reading.noted",
    en="column {column!r}: the marks of {n} {n:number|numbers} are left out: {cell} is {value} ({where})",
    ja="列 {column!r}：注などの印が付いた {n} セルは印を除いて読みます。{cell} は {value}（{where}）",
)
BEYOND = Message(
    "reading.beyond",
    en="column {column!r}: {n} {n:cell is|cells are} infinite or beyond 1e100 ({where}): taken as missing",
    ja="列 {column!r}：無限大または 1e100 を超える {n} セル（{where}）は欠損とみなします",
)
OTHERS = Message(
    "reading.others",
    en="column {column!r}: {n} {n:cell is|cells are} no number ({cell!r}, {where}): taken as missing",
    ja="列 {column!r}：数値でない {n} セル（{cell!r}、{where}）は欠損とみなします",
)
DECIMAL = Message(
    "reading.decimal",
    en="column {column!r}: the comma is a decimal mark, as {cell!r} shows",
    ja="列 {column!r}：{cell!r} から分かるように、コンマは小数点です",
)
READ = Message(
    "reading.read_as",
    en="column {column!r}: {cell!r} is read as {value}",
    ja="列 {column!r}：{cell!r} は {value} と読みます",
)
DOUBT = Message(
    "reading.doubt",
    en="column {column!r}: {cell!r} is read as {value}; if it is meant to be {other}, say --decimal ,",
    ja="列 {column!r}：{cell!r} は {value} と読みます。{other} の意味なら --decimal , を指定してください",
)
OTHER_DECIMAL = Message(
    "reading.other_decimal",
    en="column {column!r}: the decimal mark is {now!r} here, {then!r} in training",
    ja="列 {column!r}：小数点は、ここでは {now!r}、学習データでは {then!r} です",
)
OTHER_UNIT = Message(
    "reading.other_unit",
    en="column {column!r}: the numbers are written {now} here, {then} in training; they are taken as they stand",
    ja="列 {column!r}：数値の書き方が、ここでは{now}、学習データでは{then}です。書かれている数値のまま使います",
)
WITH = Message("reading.with_unit", en="with {unit}", ja=" {unit} 付き")
WITHOUT = Message("reading.without_unit", en="without a unit", ja="単位なし")
NO_DATES = Message(
    "reading.no_dates",
    en="column {column!r}: {n} {n:cell is|cells are} no date ({cell!r}, {where}): taken as missing",
    ja="列 {column!r}：日付でない {n} セル（{cell!r}、{where}）は欠損とみなします",
)
DAY = Message("reading.day", en="day", ja="日")
MONTH = Message("reading.month", en="month", ja="月")
OTHER_ORDER = Message(
    "reading.other_order",
    en="column {column!r}: the {first} comes first here, other than in training",
    ja="列 {column!r}：学習データと違い、ここでは{first}が先です",
)
MERGED = Message(
    "reading.merged",
    en="column {column!r}: {texts:names} are one category, {name!r}{more}",
    ja="列 {column!r}：{texts:names} は同じカテゴリ {name!r} とみなします{more}",
)
MORE = Message("reading.more_merged", en=" ({n} such in all)", ja="（ほかも含め {n} 組）")
RENAMED = Message(
    "reading.renamed",
    en="column {column!r}: {text!r} is taken for {name!r}",
    ja="列 {column!r}：{text!r} は {name!r} とみなします",
)
CASE = Message(
    "reading.case",
    en="column {column!r}: {names:names} differ in letter case alone and are kept apart",
    ja="列 {column!r}：{names:names} は大文字と小文字が違うだけですが、別のものとして扱います",
)


def of_numbers(table: Table, name: str, read: Numbers, trained: Notation | None = None) -> list[Sentence]:
    """What there is to tell of a column of numbers; ``trained``: beside how the training table wrote them."""
    column = table.column(name)
    found = left_out(table, name, read)
    if read.other.any():
        row = int(np.argmax(read.other))
        found.append(
            OTHERS(column=name, n=int(read.other.sum()), cell=column.cell(row), where=table.place(row))
        )
    if trained is None and read.shown is not None:
        found.append(DECIMAL(column=name, cell=read.shown.strip()))
    if trained is not None and column.kind == "text":
        found += _differences(name, read, trained)
    found += _doubt(name, read)
    return found


def left_out(table: Table, name: str, read: Numbers | None = None) -> list[Sentence]:
    """Which cells of a column of numbers are taken as missing, or are read without their marks."""
    column = table.column(name)
    read = column.as_numbers() if read is None else read
    found = []
    if len(rows := read.rows(Is.WITHHELD)):
        cells = list(dict.fromkeys(column.cell(row) for row in rows[:200].tolist()))[:4]
        found.append(WITHHELD(column=name, n=len(rows), cells=cells, where=table.place(int(rows[0]))))
    if len(rows := read.rows(Is.NOTED)):
        row = int(rows[0])
        parts = {
            "cell": column.cell(row),
            "value": spelled(float(read.values[row])),
            "where": table.place(row),
        }
        found.append(NOTED(column=name, n=len(rows), **parts))
    if len(rows := read.rows(Is.BEYOND)):
        found.append(BEYOND(column=name, n=len(rows), where=table.place(int(rows[0]))))
    return found


def sample(column: Column, read: Numbers) -> dict[str, str] | None:
    """A cell that is not written as Python writes numbers, and its number; None if there is none."""
    for code, text in enumerate(column.others.texts):
        if re.fullmatch(r"[-+\d.eE\s]*", text, re.ASCII) and read.notation.decimal == ".":
            continue
        rows = np.flatnonzero((column.others.codes == code) & (read.kinds == Is.NUMBER))
        if len(rows):
            return {"cell": text.strip(), "value": spelled(float(read.values[rows[0]]))}
    return None


def of_target(table: Table, name: str, read: Numbers) -> list[Sentence]:
    """What there is to tell of a target of numbers."""
    found = sample(table.column(name), read)
    told = of_numbers(table, name, read)
    return told if found is None or read.shown else [*told, READ(column=name, **found)]


def _doubt(name: str, read: Numbers) -> list[Sentence]:
    found = numeral(read.doubt) if read.doubt is not None else None
    if read.doubt is None or found is None or not found.point or not found.comma:
        return []
    values = {"value": spelled(float(found.point)), "other": spelled(float(found.comma))}
    return [DOUBT(column=name, cell=read.doubt.strip(), **values)]


def _differences(name: str, read: Numbers, trained: Notation) -> Iterator[Sentence]:
    now = read.notation
    if now.decimal != trained.decimal:
        yield OTHER_DECIMAL(column=name, now=now.decimal, then=trained.decimal)
    if now.unit != trained.unit and PERCENT & {now.unit, trained.unit}:
        units = {"now": now.unit, "then": trained.unit}
        yield OTHER_UNIT(column=name, **{k: WITH(unit=u) if u else WITHOUT() for k, u in units.items()})


def of_dates(table: Table, name: str, read: Moments, trained: Order | None = None) -> list[Sentence]:
    """What there is to tell of a column of dates; ``trained``: the order of day and month in the training table."""
    found = []
    if read.order is not None and trained is not None and read.order != trained:
        found.append(OTHER_ORDER(column=name, first=MONTH if read.order == "month first" else DAY))
    if read.other.any():
        row = int(np.argmax(read.other))
        cell = table.column(name).cell(row)
        found.append(NO_DATES(column=name, n=int(read.other.sum()), cell=cell, where=table.place(row)))
    return found


def of_categories(name: str, column: Column) -> list[Sentence]:
    """Which texts of a column are one category, and which are not, although they differ in letter case alone."""
    if column.kind != "text":
        return []
    found: list[Sentence] = []
    texts: dict[str, dict[str, None]] = {}
    categories_of = dict(zip(column.raw.codes.tolist(), column.distinct.codes.tolist(), strict=True))
    for code, text in enumerate(column.raw.texts):
        if code in categories_of and (category := column.distinct.texts[categories_of[code]]):
            texts.setdefault(category, {})[text.strip()] = None
    merged = [(category, list(same)) for category, same in texts.items() if len(same) > 1]
    for category, same in merged[:3]:
        more = MORE(n=len(merged)) if len(merged) > 3 and category == merged[2][0] else ""
        found.append(MERGED(column=name, texts=same[:4], name=category, more=more))
    renamed = [(next(iter(same)), category) for category, same in texts.items() if len(same) == 1]
    for text, category in [pair for pair in renamed if pair[0] != pair[1]][:1]:
        found.append(RENAMED(column=name, text=text, name=category))
    groups = categories.differ_in_case(texts)[:2]
    return found + [CASE(column=name, names=group[:4]) for group in groups]
