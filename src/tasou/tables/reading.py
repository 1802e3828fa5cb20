"""Any data file to a table: what it is shows in its first bytes."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path
from typing import BinaryIO, Literal

from tasou.errors import TableError, UnknownName
from tasou.tables import delimited, dialect, npz, parquet
from tasou.tables.encodings import to_utf8
from tasou.tables.spelling.numbers import Decimal
from tasou.tables.table import Table

Format = Literal["csv", "tsv", "npz", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "tsv", "npz", "parquet")
Source = str | PathLike[str] | BinaryIO

_FOREIGN = {b"PK\x03\x04": "a zip archive (an Excel workbook?)", b"\xd0\xcf\x11\xe0": "an old Excel workbook"}


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
) -> Table:
    r"""A table from a CSV, TSV, Parquet or NPZ file, plain or gzip-compressed.

    Parameters
    ----------
    source
        a path, ``"-"`` for standard input, or a binary stream
    encoding
        of text files; found by itself among UTF-8, UTF-16, cp932 and EUC-JP if not given
    delimiter
        of text files; found by itself among comma, tab, semicolon and bar if not given
    header_rows, names_row
        how many records stand above the data, and which of them (from 1) holds the names: the last if not given
    format
        ``"csv"``, ``"tsv"``, ``"npz"`` or ``"parquet"``; seen from the content if not given
    missing
        the texts that stand for no value, besides the empty cell; the usual ones (``NA``, ``-``, …) if not given
    decimal
        ``","`` or ``"."``: the decimal mark of columns that do not show theirs

    Raises
    ------
    TableError
        in one line: no such file, nothing in it, rows of unequal length (line), bytes that do not decode (offset), …

    >>> import io
    >>> read(io.BytesIO("年齢,氏名\n31,山田\n".encode("euc-jp"))).names
    ['年齢', '氏名']
    """
    if format is not None and format not in FORMATS:
        raise UnknownName("format", format, FORMATS)
    name, data = _bytes(source)
    data = _unpacked(data, name)
    if not data:
        raise TableError(f"{name} is empty")
    table = _table(data, name, format, encoding, delimiter, header_rows, names_row)
    marks = None if missing is None else frozenset(missing)
    return table.told(replace(table.habits, missing=marks, decimal=decimal))


def _table(
    data: bytes,
    name: str,
    format: str | None,
    encoding: str | None,
    delimiter: str | None,
    header_rows: int,
    names_row: int | Sequence[int] | None,
) -> Table:
    kind = format or _kind(data, name)
    if kind == "npz":
        return npz.parse(data, name)
    if kind == "parquet":
        return parquet.parse(data, name)
    text, _ = to_utf8(data, encoding, name)
    del data
    if format is None and delimiter is None:
        dialect.refuse_what_is_no_table(text, name)
    tab = "\t" if kind == "tsv" else None
    return delimited.parse(
        text, delimiter=delimiter or tab, header_rows=header_rows, names_row=names_row, source=name
    )


def _bytes(source: Source) -> tuple[str, bytes]:
    if isinstance(source, str | PathLike) and fspath(source) != "-":
        return Path(source).name, _file(Path(source))
    stream = sys.stdin.buffer if isinstance(source, str | PathLike) else source
    name = (
        "standard input"
        if stream is sys.stdin.buffer
        else Path(str(getattr(stream, "name", "the data"))).name
    )
    return name, stream.read()


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise TableError(f"no such file: {path}") from None
    except IsADirectoryError:
        raise TableError(f"{path} is a directory, not a data file") from None
    except (OSError, ValueError) as error:
        raise TableError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _unpacked(data: bytes, name: str) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        if name.lower().endswith(".gz") and data:
            raise TableError(f"{name} is not a gzip file, whatever its name says")
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise TableError(f"{name} is a damaged gzip file: {error}") from None


def _kind(data: bytes, name: str) -> str:
    """What a file is, by its first bytes; its name only decides what to say when they disagree."""
    ending = Path(name.lower().removesuffix(".gz")).suffix
    if data.startswith(b"PAR1"):
        return "parquet"
    if ending == ".npz" or (data.startswith(b"PK\x03\x04") and b".npy" in data[:256]):
        return "npz"
    if ending in (".parquet", ".pq"):
        raise TableError(f"{name} is not a Parquet file, whatever its name says")
    for mark, what in _FOREIGN.items():
        if data.startswith(mark):
            raise TableError(f"{name} is {what}: save it as CSV first")
    return "tsv" if ending in (".tsv", ".tab") else "csv"
