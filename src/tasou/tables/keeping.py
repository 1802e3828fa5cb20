"""Which rows of a file are data: what is left out, what is refused, and in which words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from tasou.errors import TableError
from tasou.messages import Message, Sentence

UNEQUAL = Message(
    "table.unequal_rows",
    en="{source}, line {line}: {found} {found:field|fields} where the header has {width}{more}",
    ja="{source} の {line} 行目：見出しは {width} 列ですが {found} 列あります{more}",
)
AND_MORE = Message("table.unequal_more", en=" (and {n} more {n:row|rows})", ja="（ほかに {n} 行）")
NOTE_BELOW = Message(
    "table.note_below",
    en="{source}, line {line} has {found} {found:field|fields}, the header {width}: "
    "a note below the table? take it out",
    ja="{source} の {line} 行目は {found} 列、見出しは {width} 列です。表の下の注記なら取り除いてください",
)
TITLE_ABOVE = Message(
    "table.title_above",
    en="{source}: line {line} is the first of {width} fields; if what stands above it is a title "
    "and it holds the names, say --header-rows {rows}",
    ja="{source}：{line} 行目で初めて {width} 列になります。それより上が表題などで、この行が列名なら "
    "--header-rows {rows} を付けてください",
)
HEADER_AGAIN = Message(
    "note.header_again",
    en="{lines:line|lines} {lines:list} {lines:is|are} the header again and left out",
    ja="{lines:list} 行目は見出しの繰り返しなので除きました",
)
MARKS = Message(
    "note.marks",
    en="a byte order mark at the start of {lines:line|lines} {lines:list} is left out",
    ja="{lines:list} 行目の先頭のバイト順マーク（BOM）を除きました",
)
_MOST_LINES = 10
_SAMPLE = 50

Row = list[str]


class Unequal(Exception):
    """A row with another number of fields than the header."""

    def __init__(self, fields: int, line: int) -> None:
        self.fields, self.line = fields, line


class Keeping:
    """Keeps the rows of a table: blank ones and repetitions of the header are left out.

    Parameters
    ----------
    header
        the rows above the data
    width
        how many columns there are
    delimiter
        between the fields of a line
    """

    def __init__(self, header: Sequence[Row], width: int, delimiter: str) -> None:
        self.header, self.width = [list(row) for row in header], width
        first = header[0] if header and width > 1 else []
        needles = {quote + (quote + delimiter + quote).join(first) + quote for quote in ("", '"')}
        self.headers = tuple(needle.encode() for needle in needles) if any(first) else ()
        self._held: list[tuple[Row, int]] = []
        self._again: list[int] = []
        self._marks: list[int] = []

    def keep(self, row: Row, line: int) -> Iterator[tuple[Row, int]]:
        """The rows, with their lines, that are to be kept now that this one has come."""
        if self.headers and row == self.header[len(self._held)]:
            self._held.append((row, line))
            if len(self._held) == len(self.header):
                self._again += [line for _, line in self._held]
                self._held = []
            return
        if self._held:
            yield from self.rest()
        yield from self._checked(row, line)

    def _checked(self, row: Row, line: int) -> Iterator[tuple[Row, int]]:
        if len(row) == self.width:
            yield row, line
        elif any(cell.strip() for cell in row):
            raise Unequal(len(row), line)
        elif self.width == 1:  # in a table of one column a blank line is a missing value
            yield [""], line

    def waiting(self) -> bool:
        """Whether rows are held back: they began like the header."""
        return bool(self._held)

    def rest(self) -> Iterator[tuple[Row, int]]:
        """The rows held back, which were data."""
        held, self._held = self._held, []
        for row, line in held:
            yield from self._checked(row, line)

    def mark(self, line: int) -> None:
        """A byte order mark was left out at the start of this line."""
        self._marks.append(line)

    def notes(self) -> Iterator[Sentence]:
        """What was left out."""
        for message, lines in ((HEADER_AGAIN, self._again), (MARKS, self._marks)):
            if lines:
                shown = [str(line) for line in lines[:_MOST_LINES]] + ["…"] * (len(lines) > _MOST_LINES)
                yield message(lines=shown)


def refusal(
    source: str,
    width: int,
    first: Iterable[tuple[Row, int]],
    bad: Unequal,
    later: Iterable[tuple[Row, int]],
) -> TableError:
    """The error for a table with a row of another length, worded by what it looks like.

    Parameters
    ----------
    width
        of the header
    first
        the file's rows from its beginning, header and all, with their lines
    bad
        the first row of another length
    later
        the rows behind it
    """
    head = [(row, line) for row, line in islice(first, _SAMPLE) if any(cell.strip() for cell in row)]
    usual = Counter(len(row) for row, _ in head).most_common(1)[0][0] if head else width
    if usual > width:
        rows, line = next((n, line) for n, (row, line) in enumerate(head, start=1) if len(row) == usual)
        data = [any(_begins_with_a_digit(cell) for cell in row) for row, _ in head]
        if data[-1]:  # further rows without a number belong to the header, too
            rows = max(rows, data.index(True, rows) if any(data[rows:]) else rows)
        if rows > 1:
            return TableError(TITLE_ABOVE, source=source, line=line, width=usual, rows=rows)
    widths = [len(row) for row, _ in later if any(cell.strip() for cell in row)]
    unequal = sum(found != width for found in widths)
    where = {"source": source, "line": bad.line, "found": bad.fields, "width": width}
    if bad.fields < width and unequal == len(widths):
        return TableError(NOTE_BELOW, **where)
    return TableError(UNEQUAL, **where, more=AND_MORE(n=unequal) if unequal else "")


def _begins_with_a_digit(cell: str) -> bool:
    return cell.strip()[:1].isdecimal()
