"""A table, or the answer to a query, of an SQLite file, which is read as data: it is copied into memory first.

So nothing can be written to the file, no other file is opened, and no lock is taken. A query may select, and nothing
else: no ATTACH, no PRAGMA, no extension.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from math import isfinite
from typing import Any

from tasou.errors import TableError
from tasou.messages import Message
from tasou.tables.blocks import Block, block_of
from tasou.tables.delimited import assembled
from tasou.tables.parquet import DAMAGED
from tasou.tables.spelling.numbers import spelled
from tasou.tables.table import Table

MAGIC = b"SQLite format 3\0"
WHICH = Message(
    "table.sqlite_which",
    en="{source} has the tables {known:names}: choose one with --table, or ask with --query",
    ja="{source} には表 {known:names} があります。--table で選ぶか、--query で問い合わせてください",
)
NO_TABLES = Message("table.sqlite_none", en="{source} has no table", ja="{source} には表がありません")
NO_SUCH = Message(
    "table.sqlite_no_table",
    en="{source} has no table {table!r}; it has {known:names}",
    ja="{source} に表 {table!r} はありません（あるのは {known:names}）",
)
FORBIDDEN = Message(
    "table.sqlite_forbidden",
    en="{source}: a query may only SELECT from the file's own tables",
    ja="{source}：問い合わせでは、このファイルの表からの SELECT だけが使えます",
)
BAD_QUERY = Message(
    "table.sqlite_query",
    en="{source}: the query is no SQL that fits its tables {known:names}: {query!r}",
    ja="{source}：表 {known:names} に対する SQL として読めません：{query!r}",
)
BINARY = Message(
    "table.sqlite_binary",
    en="{source}, row {row}: column {name!r} holds binary data",
    ja="{source} の {row} 行目：列 {name!r} がバイナリデータです",
)
BOTH = Message(
    "table.sqlite_both",
    en="give --table or --query, not both",
    ja="--table と --query は一方だけ指定してください",
)
UNSAVED = Message(
    "table.sqlite_wal",
    en="{source}: changes lie in {wal} still; close the program that uses the file, or copy it with VACUUM INTO",
    ja="{source}：変更がまだ {wal} に残っています。使用中のプログラムを閉じるか、VACUUM INTO で写してください",
)
_ROWS = 5_000
_MAY = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, 33}  # 33: a recursive WITH


def parse(
    data: bytes,
    source: str = "the file",
    *,
    table: str | None = None,
    query: str | None = None,
    path: str | os.PathLike[str] | None = None,
) -> Table:
    """A table by its name, or the rows that a query selects; the only table if neither is given.

    ``path`` is where the file lies: beside it, changes may wait that are not in it yet.
    """
    if table is not None and query is not None:
        raise TableError(BOTH)
    wal = f"{os.fspath(path)}-wal" if path is not None else ""
    if wal and os.path.exists(wal) and os.path.getsize(wal):
        raise TableError(UNSAVED, source=source, wal=os.path.basename(wal))
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.deserialize(
                data[:18] + b"\x01\x01" + data[20:]
            )  # no log file: there is none in memory
            connection.execute("PRAGMA trusted_schema = OFF")
            known = [name for (name,) in connection.execute(_TABLES)]
        except sqlite3.Error:
            raise TableError(DAMAGED, source=source, format="SQLite") from None
        connection.set_authorizer(_only_selecting)
        return _selected(connection, source, known, query or _select(table, known, source))


_TABLES = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"


def _only_selecting(action: int, first: str | None, second: str | None, *_: object) -> int:
    allowed = action in _MAY and not (action == sqlite3.SQLITE_FUNCTION and second == "load_extension")
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _select(table: str | None, known: list[str], source: str) -> str:
    if not known:
        raise TableError(NO_TABLES, source=source)
    if table is None and len(known) > 1:
        raise TableError(WHICH, source=source, known=known)
    name = known[0] if table is None else table
    if name not in known:
        raise TableError(NO_SUCH, source=source, table=name, known=known)
    quoted = name.replace('"', '""')
    return f'SELECT * FROM "{quoted}"'


def _selected(connection: sqlite3.Connection, source: str, known: list[str], query: str) -> Table:
    try:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description or ()]
        if not names:
            raise TableError(FORBIDDEN, source=source)
        found = assembled(_blocks(cursor, names, source), names, source)
    except (sqlite3.Error, sqlite3.Warning) as error:
        forbidden = getattr(error, "sqlite_errorname", "") == "SQLITE_AUTH"
        told = FORBIDDEN(source=source) if forbidden else BAD_QUERY(source=source, known=known, query=query)
        raise TableError(told) from None
    found.lines = None
    return found


def _blocks(cursor: sqlite3.Cursor, names: Sequence[str], source: str) -> Iterator[Block]:
    before = 0
    while rows := list(islice(cursor, _ROWS)):
        texts = [
            [_text(cell, names[j], source, i) for j, cell in enumerate(row)]
            for i, row in enumerate(rows, start=before + 1)
        ]
        yield block_of(texts, range(before + 1, before + 1 + len(rows)))
        before += len(rows)


def _text(cell: Any, name: str, source: str, row: int) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return spelled(cell) if isfinite(cell) else str(cell)
    if isinstance(cell, bytes) or (isinstance(cell, str) and "\0" in cell):
        raise TableError(BINARY, source=source, row=row, name=name)
    return str(cell)
