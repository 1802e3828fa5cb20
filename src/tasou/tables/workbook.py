"""Spreadsheets (.xlsx, .xlsb, .xls, .ods), through python-calamine: values as they are stored, no formula is run."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from math import isfinite
from typing import Any

from tasou.errors import TableError
from tasou.messages import Message
from tasou.tables import headings
from tasou.tables.blocks import block_of
from tasou.tables.delimited import NO_DATA, assembled, names_of
from tasou.tables.keeping import Row
from tasou.tables.parquet import DAMAGED
from tasou.tables.spelling.numbers import spelled
from tasou.tables.table import Table

NEEDS = Message(
    "table.needs_excel",
    en="{source}: reading spreadsheets needs a library that is not installed: pip install tasou[excel]",
    ja="{source}：表計算ファイルを読むライブラリがありません。pip install tasou[excel] で入れてください",
)
SPREADSHEET = Message("table.spreadsheet", en="spreadsheet", ja="表計算")
NO_SHEET = Message(
    "table.no_sheet",
    en="{source} has no sheet {sheet!r}; it has {known:names}",
    ja="{source} にシート {sheet!r} はありません（あるのは {known:names}）",
)
FIRST_SHEET = Message(
    "note.first_sheet",
    en="of the sheets {known:names} the first is read (--sheet chooses another)",
    ja="シート {known:names} のうち最初のものを読みました（ほかは --sheet で選べます）",
)
TITLE = Message(
    "table.sheet_title",
    en="{source}: row {row} holds one cell only; if it is a title, say --header-rows {rows}",
    ja="{source}：{row} 行目には値が1つしかありません。表題なら --header-rows {rows} を付けてください",
)
_OLD = b"\xd0\xcf\x11\xe0"
_BOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are those of a spreadsheet."""
    if data.startswith(_OLD):
        return True
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return not set(_BOOKS).isdisjoint(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def parse(
    data: bytes,
    source: str = "the workbook",
    *,
    sheet: str | int | None = None,
    header_rows: int = 1,
    names_row: int | Sequence[int] | None = None,
) -> Table:
    """A table from one sheet: its name, or its number from 1; the first if not given. Blank rows do not count."""
    rows_of_names = headings.names_rows(header_rows, names_row)
    known, cells = _sheet(data, source, sheet)
    rows = [(row, line) for line, row in enumerate(map(_texts, cells), start=1) if any(row)]
    width = max((_width(row) for row, _ in rows), default=0)
    rows = [(row[:width], line) for row, line in rows]
    header, body = [row for row, _ in rows[:header_rows]], rows[header_rows:]
    if len(header) < header_rows or not body:
        raise TableError(NO_DATA, source=source, n=len(header))
    _refuse_title(rows, header_rows, source)
    names = [*names_of(header, rows_of_names, width), *[""] * width][:width]
    block = block_of([row for row, _ in body], [line for _, line in body])
    table = assembled([block], names, source)
    table.header_rows = header_rows
    if sheet is None and len(known) > 1:
        table.note(FIRST_SHEET, known=known)
    return table


def _sheet(data: bytes, source: str, sheet: str | int | None) -> tuple[list[str], list[list[Any]]]:
    """The names of all sheets, and the cells of one."""
    if not find_spec("python_calamine"):
        raise TableError(NEEDS, source=source)
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        known = list(book.sheet_names)
    except Exception:  # errors of the library and of the archive below it
        raise TableError(DAMAGED, source=source, format=SPREADSHEET()) from None
    wanted = _chosen(known, sheet)
    if wanted is None:
        raise TableError(NO_SHEET, source=source, sheet=sheet, known=known)
    try:
        return known, book.get_sheet_by_name(wanted).to_python(skip_empty_area=False)
    except Exception:
        raise TableError(DAMAGED, source=source, format=SPREADSHEET()) from None


def _chosen(known: list[str], sheet: str | int | None) -> str | None:
    if sheet is None:
        return next(iter(known), None)
    by_name = {headings.plain_name(name): name for name in known}
    if str(sheet) in by_name or not str(sheet).isdecimal():
        return by_name.get(headings.plain_name(str(sheet)))
    number = int(sheet)
    return known[number - 1] if 1 <= number <= len(known) else None


def _texts(row: Sequence[Any]) -> Row:
    return [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return spelled(cell) if isfinite(cell) else str(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return "" if cell is None else str(cell).replace("\0", "")


def _width(row: Row) -> int:
    return max(j for j, cell in enumerate(row, start=1) if cell)


def _refuse_title(rows: list[tuple[Row, int]], header_rows: int, source: str) -> None:
    """A single cell above a wider table is a title, not a header."""
    filled = [sum(map(bool, row)) for row, _ in rows]
    if header_rows and filled[header_rows - 1] == 1 and len(rows) > header_rows and filled[header_rows] > 1:
        line = rows[header_rows - 1][1]
        raise TableError(TITLE, source=source, row=line, rows=header_rows + 1)
