"""The body of a request as rows of texts: JSON or CSV."""

from __future__ import annotations

import io
import json
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from tasou.messages import Message
from tasou.serving.limits import Limits
from tasou.serving.problems import RequestError, RowsError, Told
from tasou.tables import Table, read
from tasou.tables.headings import plain_name
from tasou.tables.jsonlines import Number, text_of

BAD_JSON = Message(
    "serving.bad_json", en="the body is not JSON: {reason}", ja="本文が JSON ではありません：{reason}"
)
NO_CONSTANT = Message(
    "serving.no_constant",
    en="{constant} is no JSON; write null",
    ja="{constant} は JSON にありません。null と書いてください",
)
NO_ROWS = Message(
    "serving.no_rows",
    en='the body must be {{"rows": […]}} with at least one row and nothing else',
    ja='本文は {{"rows": […]}} の形で、1行以上を書き、ほかのキーは書かないでください',
)
TOO_MANY = Message(
    "serving.too_many_rows",
    en="{n} rows; at most {most} go into a request",
    ja="{n} 行あります。1回の上限は {most} 行です",
)
PACKED = Message(
    "serving.packed",
    en="the body is compressed: send it as it is",
    ja="本文が圧縮されています。圧縮せずに送ってください",
)
NOT_A_ROW = Message(
    "serving.not_a_row",
    en="a row is an object, column by column, or a list of {n} values in the order of the columns",
    ja="行は、列名をキーとするオブジェクトか、列の順に {n} 個の値を並べたリストです",
)
MISSING = Message(
    "serving.missing_column",
    en="the column {column!r} is missing; write null where it has no value",
    ja="列 {column!r} がありません。値がなければ null と書いてください",
)
UNKNOWN = Message(
    "serving.unknown_column",
    en="the model does not know a column {column!r}; it is not used",
    ja="列 {column!r} はモデルにないので、使いません",
)
TWICE = Message("serving.key_twice", en="the key {column!r} stands twice", ja="キー {column!r} が2回あります")
NOT_ONE = Message(
    "serving.not_one_value",
    en="{column!r} holds a list, an object or a zero byte, not one value",
    ja="{column!r} の値がリスト、オブジェクト、またはゼロバイト（NUL）を含むもので、1つの値ではありません",
)

SOURCE = "the request"


class _Twice(dict[str, Any]):
    """An object in which a key stands twice."""


@dataclass
class Rows:
    """The cells of a body, column by column."""

    columns: Sequence[str]
    cells: list[list[str]]

    def __len__(self) -> int:
        return len(self.cells[0])

    def table(self, commas: Container[str] = ()) -> Table:
        """As a table; a number of JSON's is written with a comma in columns that write their numbers so."""
        found = {}
        for name, texts in zip(self.columns, self.cells, strict=True):
            if name in commas:
                texts = [text.replace(".", ",") if isinstance(text, Number) else text for text in texts]
            found[name] = np.array(texts, dtype=object)
        return Table(found, source=SOURCE)


def from_json(data: bytes, columns: Sequence[str], known: set[str], limits: Limits, notes: Told) -> Rows:
    """The rows of a JSON body; `RowsError` names each row that does not fit the columns.

    ``known`` are columns that need not be there and are not used; any other goes into ``notes``.
    """
    rows = _rows(data, limits)
    wrong, needed = Told(), dict.fromkeys(columns)
    cells: list[list[str]] = [[] for _ in columns]
    for i, row in enumerate(rows):
        if isinstance(row, dict):
            values = _by_column(row, i, needed, known, wrong, notes)
        elif isinstance(row, list) and len(row) == len(columns):
            values = row
        else:
            wrong.say(i, None, NOT_A_ROW, n=len(columns))
            continue
        for column, value, texts in zip(columns, values, cells, strict=True):
            text = text_of(value)
            if text is None or "\0" in text:
                wrong.say(i, column, NOT_ONE, column=column)
            texts.append(text or "")
    if wrong:
        raise RowsError(wrong)
    return Rows(columns, cells)


def _rows(data: bytes, limits: Limits) -> list[Any]:
    try:
        body = json.loads(
            data.decode(),
            object_pairs_hook=_pairs,
            parse_int=Number,
            parse_float=Number,
            parse_constant=_refuse,
        )
    except RequestError:
        raise
    except RecursionError:
        raise RequestError(NO_ROWS, status=400) from None
    except ValueError as error:
        raise RequestError(BAD_JSON, status=400, reason=str(error)[:200]) from None
    if not isinstance(body, dict) or isinstance(body, _Twice) or list(body) != ["rows"]:
        raise RequestError(NO_ROWS, status=422)
    rows = body["rows"]
    if not isinstance(rows, list) or not rows:
        raise RequestError(NO_ROWS, status=422)
    if len(rows) > limits.rows:
        raise RequestError(TOO_MANY, status=413, n=len(rows), most=limits.rows)
    return rows


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Twice(pairs)


def _refuse(constant: str) -> NoReturn:
    raise RequestError(BAD_JSON, status=400, reason=NO_CONSTANT(constant=constant))


def _by_column(
    row: dict[str, Any], i: int, needed: dict[str, None], known: set[str], wrong: Told, notes: Told
) -> list[Any]:
    if isinstance(row, _Twice):
        wrong.say(i, None, TWICE, column=next(iter(row)))
    if row.keys() == needed.keys():
        return [row[name] for name in needed]
    named: dict[str, Any] = {}
    for key, value in row.items():
        name = plain_name(key)
        if name in named:
            wrong.say(i, name, TWICE, column=name)
        if name not in needed and name not in known:
            notes.say(i, name[:200], UNKNOWN, column=name[:200])
        named[name] = value
    for name in needed:
        if name not in named:
            wrong.say(i, name, MISSING, column=name)
    return [named.get(name) for name in needed]


def from_csv(data: bytes, columns: Sequence[str], known: set[str], limits: Limits, notes: Told) -> Table:
    """The table of a CSV body with a header, read as ``tasou predict`` reads it; never unpacked."""
    if data.startswith(b"\x1f\x8b"):
        raise RequestError(PACKED, status=415)
    table = read(io.BytesIO(data), format="csv")
    if len(table) > limits.rows:
        raise RequestError(TOO_MANY, status=413, n=len(table), most=limits.rows)
    wrong = Told()
    for name in columns:
        if name not in table:
            wrong.say(0, name, MISSING, column=name)
    if wrong:
        raise RowsError(wrong)
    if not len(table):
        raise RequestError(NO_ROWS, status=422)
    for name in table.names:
        if name not in columns and name not in known:
            notes.say(0, name[:200], UNKNOWN, column=name[:200])
    table.source = SOURCE
    return table
