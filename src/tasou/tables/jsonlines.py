"""JSON Lines: one object a line, whose keys are the columns."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from tasou.errors import TableError
from tasou.messages import Message
from tasou.tables.cells import Builder
from tasou.tables.column import Column
from tasou.tables.headings import plain_name
from tasou.tables.table import Table

NO_OBJECT = Message(
    "table.json_no_object",
    en='{source}, line {line}: not a JSON object such as {{"x": 1}}',
    ja='{source} の {line} 行目：{{"x": 1}} のような JSON オブジェクトではありません',
)
NESTED = Message(
    "table.json_nested",
    en="{source}, line {line}: {name!r} holds a list or an object, not one value",
    ja="{source} の {line} 行目：{name!r} の値がリストかオブジェクトで、1つの値ではありません",
)
KEY_TWICE = Message(
    "table.json_key_twice",
    en="{source}, line {line}: the key {name!r} stands twice",
    ja="{source} の {line} 行目：キー {name!r} が2回あります",
)
ZERO = Message(
    "table.json_zero",
    en="{source}, line {line}: {name!r} holds a zero byte, which no text has",
    ja="{source} の {line} 行目：{name!r} の値にゼロバイト（NUL）があります",
)
_ROWS = 5_000
_WORDS = {None: "", True: "true", False: "false"}


class _KeyTwice(ValueError):
    """A key that stands twice in one object."""


def parse(data: bytes, source: str = "the file") -> Table:
    r"""A table from JSON Lines (UTF-8); a key that an object lacks is a missing value, numbers keep their spelling.

    >>> parse(b'{"x": 1.50, "y": "a"}\n{"y": null, "z": true}\n')["x"].tolist()
    ['1.50', '']
    """
    columns: dict[str, tuple[Builder, list[str]]] = {}
    lines: list[int] = []
    for line, text in enumerate(data.split(b"\n"), start=1):
        if not text.strip():
            continue
        values = _object(text, source, line)
        for name in [name for name in values if name not in columns]:
            columns[name] = (Builder(), [])
        filled = len(lines) % _ROWS
        for name, (builder, block) in columns.items():
            if len(builder) + len(block) < len(lines):  # a column that begins here
                builder.add_texts([""] * (len(lines) - filled))
                block += [""] * filled
            block.append(_cell(values[name], name, source, line) if name in values else "")
            if len(block) == _ROWS:
                builder.add_texts(block)
                block.clear()
        lines.append(line)
    for builder, block in columns.values():
        builder.add_texts(block)
    found = {name: Column(builder.cells()) for name, (builder, _) in columns.items()}
    return Table(found, source=source, lines=np.array(lines))


def _object(text: bytes, source: str, line: int) -> dict[str, Any]:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = {plain_name(key): value for key, value in items}
        if len(found) < len(items):
            names = [plain_name(key) for key, _ in items]
            raise _KeyTwice(next(name for name in names if names.count(name) > 1))
        return found

    try:
        value = json.loads(text.decode(), object_pairs_hook=pairs, parse_int=Number, parse_float=Number)
    except _KeyTwice as twice:
        raise TableError(KEY_TWICE, source=source, line=line, name=str(twice)) from None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise TableError(NO_OBJECT, source=source, line=line)
    return value


class Number(str):
    """A number as it is spelled."""


def text_of(value: Any) -> str | None:
    """A JSON value, its numbers read as `Number`, as a cell; None for what is no single value.

    >>> text_of(Number("1.50")), text_of(True), text_of(None), text_of([1])
    ('1.50', 'true', '', None)
    """
    if isinstance(value, dict | list):
        return None
    return value if isinstance(value, str) else _WORDS.get(value, str(value))


def _cell(value: Any, name: str, source: str, line: int) -> str:
    text = text_of(value)
    if text is None:
        raise TableError(NESTED, source=source, line=line, name=name)
    if "\0" in text:
        raise TableError(ZERO, source=source, line=line, name=name)
    return text
