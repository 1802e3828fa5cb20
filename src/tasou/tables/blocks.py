"""A text file as blocks of rows: where in a buffer each cell stands. Most blocks are cut at once, some row by row.

A block of lines without quotes in which every line has the right number of delimiters is cut by NumPy. Whatever is
not that plain (quotes, blank or ragged lines, a byte order mark, the header once more) goes through Python's csv
reader, which knows the line of every row, and a `Rows` that decides what to do with it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

import numpy as np

from tasou.errors import TableError
from tasou.messages import Message
from tasou.tables.cells import SEPARATOR, laid_out
from tasou.tables.dialect import Dialect
from tasou.tables.figures import WIDEST, Bytes, Places

MARK = "\ufeff"
_MARK = MARK.encode()
_SMALLEST, _LARGEST = 1 << 19, 1 << 26
_FEWEST_ROWS = 2_000  # in a block, as far as memory allows: each block costs some work per column

UNCLOSED = Message(
    "table.unclosed_quote",
    en="{source}, line {line}: the file ends inside a quoted field: a quote is never closed",
    ja="{source} の {line} 行目：引用符が閉じられないままファイルが終わっています",
)
LARGE_FIELD = Message(
    "table.large_field",
    en="{source}, line {line}: a field is larger than {limit:,} characters (is a quote never closed?)",
    ja="{source} の {line} 行目：{limit:,} 文字より長い欄があります（引用符が閉じられていないのではありませんか）",
)
STRAY_QUOTE = Message(
    "table.stray_quote",
    en='{source}, line {line}: a quote stands inside a quoted field; write it twice ("")',
    ja='{source} の {line} 行目：引用符で囲んだ欄の中に引用符があります。2つ重ねて（""）書いてください',
)
BROKEN = Message(
    "table.broken_row",
    en="{source}, line {line}: the line cannot be cut into fields",
    ja="{source} の {line} 行目：行を欄に分けられません",
)


class Block(NamedTuple):
    """Some rows: cell (i, j) is ``lengths[i, j]`` bytes of ``data`` from ``starts[i, j]`` on."""

    data: bytes
    starts: Places
    lengths: Places
    lines: Places | range


class Rows(Protocol):
    """What decides about rows that are read one by one."""

    width: int
    headers: tuple[bytes, ...]
    """how the header may begin; a block that holds one of these is read row by row"""

    def keep(self, row: list[str], line: int) -> Iterator[tuple[list[str], int]]:
        """The rows, with their lines, that are to be kept now that this one has come."""

    def waiting(self) -> bool:
        """Whether rows are held back until more of them have come."""

    def rest(self) -> Iterator[tuple[list[str], int]]:
        """The rows held back."""

    def mark(self, line: int) -> None:
        """A byte order mark was left out at the start of this line."""


class Reader:
    """Reads a file from its beginning: first the header row by row, then blocks.

    Parameters
    ----------
    data
        the file as UTF-8
    dialect
        how its lines are cut
    line
        the number of its first line
    """

    def __init__(self, data: bytes, dialect: Dialect, source: str, line: int = 1) -> None:
        self.data, self.dialect, self.source = data, dialect, source
        self.position, self.line = 0, line

    def rows(self, on_mark: Callable[[int], None] | None = None) -> Iterator[tuple[list[str], int]]:
        """Rows and the lines they begin on, from here; ``position`` and ``line`` go along with them."""
        lines = _Lines(self, on_mark)
        reader = csv.reader(
            lines,
            delimiter=self.dialect.delimiter,
            strict=True,
            skipinitialspace=self.dialect.skip_blanks,
        )
        while True:
            line = self.line
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise self._worded(str(error)) from None
            if row is None:
                return
            yield row, line

    def blocks(self, rows: Rows) -> Iterator[Block]:
        """The rest of the file."""
        size = self._block_size()
        while self.position < len(self.data):
            end = self._end(size)
            chunk = self.data[self.position : end]
            block = self._cut(chunk, rows)
            if block is None:
                yield from self._row_by_row(end, rows)
            else:
                self.position, self.line = end, self.line + len(block.starts)
                yield block

    def _block_size(self) -> int:
        sample = self.data[self.position : self.position + _LARGEST // 16]
        per_line = len(sample) // (sample.count(b"\n") + 1) + 1
        return max(_SMALLEST, min(per_line * _FEWEST_ROWS, _LARGEST))

    def _end(self, size: int) -> int:
        """Where the block ends: behind a line's end."""
        if self.position + size >= len(self.data):
            return len(self.data)
        found = self.data.rfind(b"\n", self.position, self.position + size)
        if found < 0:
            found = self.data.find(b"\n", self.position + size)
        return found + 1 if found >= 0 else len(self.data)

    def _cut(self, chunk: bytes, rows: Rows) -> Block | None:
        """All rows of a block at once, or nothing where they are not plain."""
        if b'"' in chunk or _MARK in chunk or any(header in chunk for header in rows.headers):
            return None
        returns = chunk.count(b"\r")
        if returns and returns != chunk.count(b"\r\n"):
            return None
        n = len(chunk) + (not chunk.endswith(b"\n"))
        data = chunk + b"\n" * (n - len(chunk)) + bytes(WIDEST)
        buffer = np.frombuffer(data, np.uint8)
        letters = buffer[:n]
        delimiter = self.dialect.delimiter
        ends = _ends(letters, ord(delimiter)) if delimiter.isascii() else None
        if ends is None or len(ends) % rows.width:
            return None
        ends = ends.reshape(-1, rows.width)
        if not (letters[ends[:, -1]] == 10).all() or len(ends) != data.count(b"\n"):
            return None
        starts = np.zeros_like(ends)
        starts.ravel()[1:] = ends.ravel()[:-1] + 1
        if returns:
            ends[:, -1] -= letters[np.maximum(ends[:, -1] - 1, 0)] == 13
            np.maximum(ends, starts, out=ends)
        if self.dialect.skip_blanks:
            while (blank := (buffer[starts] == 32) & (starts < ends)).any():
                starts += blank
        lengths = ends - starts
        if lengths.max(initial=0) > csv.field_size_limit() or self._blank_among(lengths, buffer, starts):
            return None
        return Block(data, starts, lengths, range(self.line, self.line + len(ends)))

    def _blank_among(self, lengths: Places, buffer: Bytes, starts: Places) -> bool:
        """Whether the only cell of some line is made of blanks: the csv reader's way decides what it means."""
        if lengths.shape[1] > 1:
            return False
        first = buffer[starts[:, 0]]
        return bool(((lengths[:, 0] > 0) & ((first == 32) | (first == 9) | (first == 0xE3))).any())

    def _row_by_row(self, end: int, rows: Rows) -> Iterator[Block]:
        """The rows up to ``end``, or a little beyond, where one of them is not over there."""
        kept: list[list[str]] = []
        lines: list[int] = []
        for row, line in self.rows(rows.mark):
            for good, where in rows.keep(row, line):
                kept.append(good)
                lines.append(where)
            if self.position >= end and not rows.waiting():
                break
        if self.position >= len(self.data):
            for good, where in rows.rest():
                kept.append(good)
                lines.append(where)
        if kept:
            yield block_of(kept, lines)

    def _worded(self, error: str) -> TableError:
        where = {"source": self.source, "line": self.line - 1}
        if "field larger" in error:
            return TableError(LARGE_FIELD, **where, limit=csv.field_size_limit())
        if "unexpected end" in error:
            return TableError(UNCLOSED, **where)
        return TableError(STRAY_QUOTE if "expected after" in error else BROKEN, **where)


def block_of(rows: list[list[str]], lines: list[int] | range) -> Block:
    """Rows of texts, all of the same length, as a block."""
    joined = SEPARATOR.join([SEPARATOR.join(row) for row in rows])
    data, starts, lengths = laid_out(joined)
    shape = (len(rows), len(rows[0]))
    where = lines if isinstance(lines, range) else np.array(lines, dtype=np.int32)
    return Block(data, starts.reshape(shape), lengths.reshape(shape), where)


def _ends(letters: Bytes, delimiter: int) -> Places:
    return np.flatnonzero((letters == delimiter) | (letters == 10)).astype(np.int32)


class _Lines:
    """The lines of a reader's file as texts, a stretch of the file at a time; the reader's place goes along."""

    def __init__(self, reader: Reader, on_mark: Callable[[int], None] | None) -> None:
        self._reader, self._on_mark = reader, on_mark
        self._text = io.StringIO()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        reader = self._reader
        line = self._text.readline()
        if not line:
            end = reader._end(1 << 16)
            self._text = io.StringIO(reader.data[reader.position : end].decode(), newline="")
            line = self._text.readline()
            if not line:
                raise StopIteration
        reader.position += len(line) if line.isascii() else len(line.encode())
        if line[0] == MARK:
            if self._on_mark is not None:
                self._on_mark(reader.line)
            line = line.lstrip(MARK)
        reader.line += 1
        return line
