"""Any data file to a table: what it is shows in its first bytes."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path
from typing import BinaryIO, Literal

from tasou.errors import TableError, UnknownName
from tasou.messages import Message
from tasou.tables import delimited, dialect, jsonlines, npz, parquet, sqlite, totals, workbook
from tasou.tables.delimited import EMPTY
from tasou.tables.encodings import to_utf8
from tasou.tables.spelling.numbers import Decimal
from tasou.tables.table import Table

Format = Literal["csv", "tsv", "npz", "parquet", "feather", "jsonl", "excel", "sqlite"]
FORMATS: tuple[Format, ...] = ("csv", "tsv", "npz", "parquet", "feather", "jsonl", "excel", "sqlite")
Source = str | PathLike[str] | BinaryIO

FORMAT = Message("kind.format", en="format", ja="形式")
STANDARD_INPUT = Message("table.standard_input", en="standard input", ja="標準入力")
NO_FILE = Message("table.no_file", en="no such file: {path}", ja="ファイルがありません：{path}")
FOLDER = Message(
    "table.folder",
    en="{path} is a directory, not a data file",
    ja="{path} はフォルダで、データファイルではありません",
)
UNREADABLE = Message(
    "table.cannot_read", en="{path} cannot be read: {reason}", ja="{path} を読めません：{reason}"
)
NO_GZIP = Message(
    "table.no_gzip",
    en="{source} is not a gzip file, whatever its name says",
    ja="{source} は名前に反して gzip ファイルではありません",
)
BAD_GZIP = Message(
    "table.bad_gzip", en="{source} is a damaged gzip file", ja="{source} は壊れた gzip ファイルです"
)
NOT_AS_NAMED = Message(
    "table.not_as_named",
    en="{source} is not {format} file, whatever its name says",
    ja="{source} は名前に反して {format} ファイルではありません",
)
ZIP = Message(
    "table.zip",
    en="{source} is a zip archive: take the data file out of it first",
    ja="{source} は zip 書庫です。中のデータファイルを取り出してください",
)
_BINARY_ENDINGS = {
    **dict.fromkeys((".parquet", ".pq"), "a Parquet"),
    **dict.fromkeys((".feather", ".arrow", ".ipc"), "a Feather"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls"), "an Excel"),
    ".ods": "an OpenDocument",
    **dict.fromkeys((".sqlite", ".sqlite3", ".db"), "an SQLite"),
}
_JSON_LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True)
class _Options:
    """What `read` was asked, for whichever format needs it."""

    encoding: str | None
    delimiter: str | None
    header_rows: int
    names_row: int | Sequence[int] | None
    sheet: str | int | None
    table: str | None
    query: str | None
    path: Path | None


def read(
    source: Source,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_rows: int = 1,
    names_row: int | Sequence[int] | None = None,
    format: str | None = None,
    missing: Iterable[str] | None = None,
    decimal: Decimal | None = None,
    sheet: str | int | None = None,
    table: str | None = None,
    query: str | None = None,
) -> Table:
    r"""A table from a data file, plain or gzip-compressed.

    Read are CSV and its relatives, JSON Lines, NPZ, SQLite; Parquet and Feather where pyarrow or Polars is installed;
    spreadsheets (.xlsx, .xlsb, .xls, .ods) where python-calamine is.

    Parameters
    ----------
    source
        a path, ``"-"`` for standard input, or a binary stream
    encoding
        of text files; found by itself among UTF-8, UTF-16, cp932 and EUC-JP if not given
    delimiter
        of text files; found by itself among comma, tab, semicolon and bar if not given; a blank stands for any run of
        blanks
    header_rows, names_row
        how many records stand above the data, and which of them (from 1) hold the names: the last if not given.
        Several are joined by blanks. Blank lines do not count
    format
        one of ``FORMATS``; seen from the content if not given
    sheet
        of a spreadsheet: its name, or its number from 1; the first if not given
    table, query
        of an SQLite file: the table, or the SELECT whose rows are meant; the only table if not given
    missing
        the texts that stand for no value, besides the empty cell; the usual ones (``NA``, ``-``, …) if not given
    decimal
        ``","`` or ``"."``: the decimal mark of columns that do not show theirs

    Returns
    -------
    Table
        its ``notes`` say what was left out or read otherwise than it stands

    Raises
    ------
    TableError
        in one line: no such file, nothing in it, rows of unequal length (line), bytes that do not decode (offset), …

    Examples
    --------
    >>> import io
    >>> read(io.BytesIO("年齢,氏名\n31,山田\n".encode("euc-jp"))).names
    ['年齢', '氏名']
    """
    if format is not None and format not in FORMATS:
        raise UnknownName(FORMAT, format, FORMATS)
    name, data = _bytes(source)
    data = _unpacked(data, name)
    if not data:
        raise TableError(EMPTY, source=name)
    path = Path(source) if isinstance(source, str | PathLike) and fspath(source) != "-" else None
    asked = _Options(encoding, delimiter, header_rows, names_row, sheet, table, query, path)
    found = _READERS[format or _kind(data, name)](data, name, asked)
    marks = None if missing is None else frozenset(missing)
    found = found.told(replace(found.habits, missing=marks, decimal=decimal))
    totals.note(found)
    return found


def _delimited(data: bytes, name: str, asked: _Options, delimiter: str | None = None) -> Table:
    text, _ = to_utf8(data, asked.encoding, name)
    if asked.delimiter is None:
        if dialect.is_json_lines(text[:_HEAD].decode(errors="ignore")) and not Path(name).suffix:
            return jsonlines.parse(text, name)
        dialect.refuse_what_is_no_table(text, name)
    return delimited.parse(
        text,
        delimiter=asked.delimiter or delimiter,
        header_rows=asked.header_rows,
        names_row=asked.names_row,
        source=name,
    )


_HEAD = 1 << 16
_READERS: Mapping[str, Callable[[bytes, str, _Options], Table]] = {
    "csv": _delimited,
    "tsv": lambda data, name, asked: _delimited(data, name, asked, "\t"),
    "jsonl": lambda data, name, asked: jsonlines.parse(to_utf8(data, asked.encoding, name)[0], name),
    "npz": lambda data, name, asked: npz.parse(data, name),
    "parquet": lambda data, name, asked: parquet.parse(data, name),
    "feather": lambda data, name, asked: parquet.parse(data, name, "Feather"),
    "excel": lambda data, name, asked: workbook.parse(
        data, name, sheet=asked.sheet, header_rows=asked.header_rows, names_row=asked.names_row
    ),
    "sqlite": lambda data, name, asked: sqlite.parse(
        data, name, table=asked.table, query=asked.query, path=asked.path
    ),
}


def _bytes(source: Source) -> tuple[str, bytes]:
    if isinstance(source, str | PathLike) and fspath(source) != "-":
        return Path(source).name, _file(Path(source))
    stream = sys.stdin.buffer if isinstance(source, str | PathLike) else source
    if stream is sys.stdin.buffer:
        return STANDARD_INPUT.text(), stream.read()
    return Path(str(getattr(stream, "name", "the data"))).name, stream.read()


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise TableError(NO_FILE, path=path) from None
    except IsADirectoryError:
        raise TableError(FOLDER, path=path) from None
    except (OSError, ValueError) as error:
        raise TableError(UNREADABLE, path=path, reason=error) from None


def _unpacked(data: bytes, name: str) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        if name.lower().endswith(".gz") and data:
            raise TableError(NO_GZIP, source=name)
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        raise TableError(BAD_GZIP, source=name) from None


def _kind(data: bytes, name: str) -> str:
    """What a file is, by its first bytes; its name only decides what to say when they disagree."""
    ending = Path(name.lower().removesuffix(".gz")).suffix
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith((b"ARROW1", b"FEA1")):
        return "feather"
    if data.startswith(sqlite.MAGIC):
        return "sqlite"
    if ending == ".npz" or (data.startswith(b"PK\x03\x04") and b".npy" in data[:256]):
        return "npz"
    if workbook.is_workbook(data):
        return "excel"
    if ending in _BINARY_ENDINGS:
        raise TableError(NOT_AS_NAMED, source=name, format=_BINARY_ENDINGS[ending])
    if data.startswith(b"PK\x03\x04"):
        raise TableError(ZIP, source=name)
    if ending in _JSON_LINES:
        return "jsonl"
    return "tsv" if ending in (".tsv", ".tab") else "csv"
