"""CSV and its relatives: text to columns, with the line number in every complaint."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import numpy as np

from tasou.errors import TableError
from tasou.tables.table import Table

DELIMITERS = ",\t;|"
_SAMPLE = 50


def parse(
    text: str,
    *,
    delimiter: str | None = None,
    header_rows: int = 1,
    names_row: int | None = None,
    source: str = "text",
) -> Table:
    r"""A table from delimited text.

    Parameters
    ----------
    delimiter
        one character; found by itself among comma, tab, semicolon and bar if not given
    header_rows
        how many records stand above the data; 0 means none, and columns are called ``x0``, ``x1``, …
    names_row
        which of the header rows holds the names, counted from 1; the last if not given

    >>> parse("a;b\n1;x\n2;y\n").names
    ['a', 'b']
    """
    if not text.strip():
        raise TableError(f"{source} is empty")
    _check_header(header_rows, names_row, source)
    rows = _records(text, delimiter or sniff(text), source)
    header, data = rows[:header_rows], rows[header_rows:]
    if len(header) < header_rows or not data:
        raise TableError(f"{source} has no data: only {len(header)} header row{'s' * (len(header) != 1)}")
    names = _names(header[(names_row or header_rows) - 1] if header else len(data[0]), source)
    first_line = _Lines(text, delimiter or sniff(text), header_rows)
    _check_width(data, len(names), first_line, source)
    cells = (np.array(column, dtype=object) for column in zip(*data, strict=True))
    return Table(dict(zip(names, cells, strict=True)), source=source, lines=first_line.of(len(data)))


def sniff(text: str) -> str:
    r"""The delimiter that cuts the first lines into the most fields of equal number; a comma if none does.

    >>> sniff('name;note\n"a;b";1,5\n')
    ';'
    """
    sample = text[: 1 << 16]
    scores = {delimiter: _evenness(sample, delimiter) for delimiter in DELIMITERS}
    return max(scores, key=lambda d: (scores[d], -DELIMITERS.index(d)))


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    """(share of records with the usual number of fields, that number), or nothing if it cuts nothing."""
    try:
        widths = Counter(len(row) for row in islice(_reader(sample, delimiter, strict=False), _SAMPLE) if row)
    except csv.Error:
        return 0.0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 1))
    return (count / widths.total(), width) if width > 1 else (0.0, 0)


def _reader(text: str, delimiter: str, strict: bool = True) -> Iterator[list[str]]:
    try:
        return csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter, strict=strict, skipinitialspace=True
        )
    except TypeError:
        raise TableError(f"the delimiter must be one character, not {delimiter!r}") from None


def _records(text: str, delimiter: str, source: str) -> list[list[str]]:
    reader = _reader(text, delimiter)
    rows: list[list[str]] = []
    try:
        rows.extend(row for row in reader if row)
    except csv.Error as error:
        line = reader.line_num  # type: ignore[attr-defined]
        raise TableError(f"{source}, line {line}: {_reworded(str(error))}") from None
    return rows


def _reworded(error: str) -> str:
    if "field larger" in error:
        return f"a field is larger than {csv.field_size_limit():,} characters (is a quote never closed?)"
    if "unexpected end" in error:
        return "the file ends inside a quoted field: a quote is never closed"
    return error


def _check_header(header_rows: int, names_row: int | None, source: str) -> None:
    if header_rows < 0:
        raise TableError(f"header_rows must be 0 or more, not {header_rows}")
    if names_row is not None and not 1 <= names_row <= header_rows:
        raise TableError(f"names_row must lie between 1 and header_rows ({header_rows}), not {names_row}")


def _names(header: list[str] | int, source: str) -> list[str]:
    """The column names: stripped, a nameless column called by its position, each only once."""
    if isinstance(header, int):
        return [f"x{j}" for j in range(header)]
    names = [name.strip() or f"column_{j}" for j, name in enumerate(header, start=1)]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        positions = [j for j, name in enumerate(names, start=1) if name == twice[0]]
        where = " and ".join(str(j) for j in positions[:3])
        raise TableError(f"{source}: column name {twice[0]!r} appears twice (columns {where}): rename one")
    return names


def _check_width(data: list[list[str]], width: int, lines: _Lines, source: str) -> None:
    ragged = [row for row, record in enumerate(data) if len(record) != width]
    if ragged:
        found = len(data[ragged[0]])
        more = f" (and {len(ragged) - 1} more rows)" if len(ragged) > 1 else ""
        line = lines.of(len(data))[ragged[0]]
        raise TableError(f"{source}, line {line}: {found} fields where the header has {width}{more}")


class _Lines:
    """On which line of the text each data record starts."""

    def __init__(self, text: str, delimiter: str, header_rows: int) -> None:
        self._text, self._delimiter, self._header_rows = text, delimiter, header_rows

    def of(self, count: int) -> range | list[int]:
        """One number per record; an arithmetic row where no record spans lines and no line is blank."""
        stripped = self._text.rstrip("\r\n")
        breaks = stripped.count("\n") or stripped.count("\r")
        if breaks + 1 == count + self._header_rows:
            return range(self._header_rows + 1, self._header_rows + 1 + count)
        return list(self._counted())[self._header_rows :]

    def _counted(self) -> Iterator[int]:
        reader = _reader(self._text, self._delimiter)
        before = 0
        for row in reader:
            if row:
                yield before + 1
            before = reader.line_num  # type: ignore[attr-defined]
