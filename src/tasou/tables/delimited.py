"""CSV and its relatives: text to columns, with the line number in every complaint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from tasou.errors import TableError
from tasou.messages import Message
from tasou.tables import dialect, headings, keeping
from tasou.tables.blocks import Block, Reader
from tasou.tables.cells import Builder
from tasou.tables.column import Column
from tasou.tables.keeping import Keeping, Row, Unequal
from tasou.tables.spelling.habits import Habits
from tasou.tables.table import Table

EMPTY = Message("table.empty", en="{source} is empty", ja="{source} は空です")
NO_DATA = Message(
    "table.no_data",
    en="{source} has no data: only {n} header {n:row|rows}",
    ja="{source} にはデータがありません（見出しが {n} 行だけです）",
)
_HEAD = 1 << 12
BLANK_END = Message(
    "note.blank_end",
    en="{n} blank {n:line|lines} at the end {n:is|are} left out",
    ja="末尾の空行 {n} 行を除きました",
)


def parse(
    text: str | bytes,
    *,
    delimiter: str | None = None,
    header_rows: int = 1,
    names_row: int | Sequence[int] | None = None,
    source: str = "text",
) -> Table:
    r"""A table from delimited text (bytes are UTF-8).

    Parameters
    ----------
    delimiter
        one character; a blank stands for any run of blanks. Found by itself among comma, tab, semicolon and bar if not
        given; a first line ``sep=;`` tells it, too
    header_rows
        how many records stand above the data; 0 means none, and columns are called ``x0``, ``x1``, …
    names_row
        which of the header rows hold the names, counted from 1; the last if not given. Several are joined by blanks,
        an empty cell of an upper one continuing the cell to its left

    Examples
    --------
    >>> parse("a;b\n1;x\n2;y\n").names
    ['a', 'b']
    """
    rows_of_names = headings.names_rows(header_rows, names_row)
    data = text.encode() if isinstance(text, str) else text
    if not data[:_HEAD].decode(errors="ignore").strip() and not data.decode().strip():
        raise TableError(EMPTY, source=source)
    told, skipped = dialect.sep_line(data)
    data = data[skipped:]
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    if delimiter == " ":
        data, delimiter = dialect.collapsed(data), "\t"
    found = dialect.found(data, delimiter or told, source)
    first_line = 1 + (skipped > 0)
    return _Parsing(data, found, source, first_line, header_rows, rows_of_names).table()


class _Parsing:
    """The way of one file to its table."""

    def __init__(
        self,
        data: bytes,
        found: dialect.Dialect,
        source: str,
        line: int,
        header_rows: int,
        names_rows: tuple[int, ...],
    ) -> None:
        self.data, self.dialect, self.source, self.first_line = data, found, source, line
        self.reader = Reader(data, found, source, line)
        self.header = list(islice(filled(self.reader.rows()), header_rows))
        width = 0
        if not header_rows:
            ahead = Reader(data, found, source, line)
            width = next((len(row) for row in filled(ahead.rows())), 0)
        self.names = names_of(self.header, names_rows, width)
        self.header_rows = header_rows

    def table(self) -> Table:
        """All rows."""
        blank = self._cut_blank_end() if len(self.names) == 1 else 0
        rows = Keeping(self.header, len(self.names), self.dialect.delimiter)
        try:
            table = assembled(self.reader.blocks(rows), self.names, self.source)
        except Unequal as bad:
            again = Reader(self.data, self.dialect, self.source, self.first_line)
            raise keeping.refusal(
                self.source, len(self.names), again.rows(), bad, self.reader.rows()
            ) from None
        if len(self.header) < self.header_rows or not len(table):
            raise TableError(NO_DATA, source=self.source, n=len(self.header))
        table = table.told(Habits(separator=self.dialect.delimiter))
        table.header_rows = self.header_rows
        table.notes += rows.notes()
        if blank:
            table.note(BLANK_END, n=blank)
        return table

    def _cut_blank_end(self) -> int:
        """Take the blank lines at the end away, and count them: further up such a line is a missing value."""
        lines = 0
        data = self.data[: -1 if self.data.endswith(b"\n") else None]
        while (start := data.rfind(b"\n") + 1) > self.reader.position and not data[start:].decode().strip():
            data, lines = data[: start - 1], lines + 1
        self.reader.data = data
        return lines


def filled(rows: Iterable[tuple[Row, int]]) -> Iterator[Row]:
    """The rows that are not blank altogether."""
    return (row for row, _ in rows if row and (len(row) > 1 or row[0].strip()))


def names_of(header: Sequence[Row], names_rows: Sequence[int], width: int) -> list[str]:
    """The names as they stand in the header, or made up for ``width`` columns where there is none."""
    if not names_rows or not header:
        return [f"x{j}" for j in range(width)]
    return headings.joined([header[row - 1] for row in names_rows if row <= len(header)])


def assembled(blocks: Iterable[Block], names: Sequence[str], source: str) -> Table:
    """A table from blocks of rows; names that stand twice are numbered, which is noted."""
    builders = [Builder() for _ in names]
    lines: list[np.ndarray | range] = []
    for block in blocks:
        starts, lengths = np.ascontiguousarray(block.starts.T), np.ascontiguousarray(block.lengths.T)
        for builder, start, length in zip(builders, starts, lengths, strict=True):
            builder.add(block.data, start, length)
        lines.append(block.lines)
    found, repeated = headings.numbered(names)
    columns = {name: Column(builder.cells()) for name, builder in zip(found, builders, strict=True)}
    table = Table(columns, source=source, lines=_whole(lines))
    table.note_repeated(repeated)
    return table


def _whole(lines: Sequence[np.ndarray | range]) -> np.ndarray | range:
    """The lines of all blocks: a range where they run through."""
    if not lines:
        return range(0)
    first, ends = lines[0], lines[-1]
    through = all(isinstance(part, range) for part in lines)
    if through and len(range(first[0], ends[-1] + 1)) == sum(map(len, lines)):
        return range(int(first[0]), int(ends[-1]) + 1)
    return np.concatenate([np.asarray(part) for part in lines])
