"""A table: named columns of equal length that remember which file and which lines they came from."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tasou.errors import NEAREST, TableError
from tasou.messages import Message, Said, Sentence
from tasou.shown import fragment, html_table
from tasou.tables import frames
from tasou.tables.column import Array, Column
from tasou.tables.headings import plain_name
from tasou.tables.spelling.habits import USUAL, Habits

FIRST_ROWS, FIRST_COLUMNS = 6, 12
"""of a table that a notebook shows"""

LENGTHS = Message(
    "table.lengths",
    en="{source}: columns differ in length: {lengths:list}",
    ja="{source}：列の長さが違います：{lengths:list}",
)
LENGTH = Message("table.length", en="{name!r} has {n}", ja="{name!r} は {n}")
DIMENSIONS = Message(
    "table.dimensions",
    en="column {name!r} has {n} dimensions; a column has one",
    ja="列 {name!r} が {n} 次元です。列は1次元にしてください",
)
COMPLEX = Message(
    "table.complex",
    en="column {name!r} holds complex numbers, which have no order: give two columns, its real and its imaginary part",
    ja="列 {name!r} は複素数です。実部と虚部の2列に分けて渡してください",
)
UNNAMED = Message("table.unnamed", en="the table", ja="この表")
NO_COLUMN = Message(
    "table.no_column",
    en="{source} has no column {name!r}{hint}",
    ja="{source} に列 {name!r} はありません{hint}",
)
IN_A_ROW = Message(
    "table.name_in_a_row",
    en=", but {where} does: {question}",
    ja="が、{where}にその値があります。{question}",
)
HOLDS = Message(
    "table.row_of_names",
    en="; {where} holds such names: {question}",
    ja="。{where}にその名前があります。{question}",
)
HEADER = Message("table.is_it_a_header", en="is it a header row?", ja="これは見出しの行ですか？")
HEADERS = Message(
    "table.are_there_headers",
    en="{n:is|are} there {n} header {n:row|rows}? (--header-rows {n})",
    ja="見出しが {n} 行あるなら --header-rows {n} を付けてください",
)
IT_HAS = Message("table.it_has", en="; it has {names}", ja="。あるのは {names} です")
LISTED = Message("table.listed", en="{names:names}", ja="{names:names}")
LISTED_MORE = Message("table.listed_more", en="{names:names} and {n} more", ja="{names:names} ほか {n} 個")
ROW = Message("table.row", en="row {row}", ja="{row} 行目")
LINE = Message("table.line", en="line {line}", ja="{line} 行目")

NUMBERED = Message(
    "note.numbered_names",
    en="the name {name!r} stands {n} times (columns {columns:list}): the later ones are called {new:list}",
    ja="列名 {name!r} が {n} 回あります（{columns:list} 列目）。2つ目からは {new:list} と呼びます",
)
TWICE = Message(
    "table.name_twice",
    en="{source}: the name {name!r} stands above several columns ({columns:list}): rename all but one",
    ja="{source}：列名 {name!r} が複数の列（{columns:list} 列目）にあります。1つだけ残して名前を変えてください",
)


class Table:
    """Named columns of equal length.

    Parameters
    ----------
    columns
        name -> (n,) array-like; text becomes dtype object, everything else keeps its numbers, booleans or dates
    source
        what the table is called in messages, e.g. the file name
    lines
        for each row the line of the file it starts on; without it rows are counted from 1
    habits
        what is known about how the table writes its values

    Attributes
    ----------
    notes
        what was left out, merged or read otherwise than it stands, for the user to know: see `note`
    header_rows
        how many rows stand above the data in the file
    repeated
        the names that the file has more than once, and which columns, from 1, they stand above

    Examples
    --------
    >>> table = Table({"age": ["31", "?"], "fare": [7.25, 8.0]})
    >>> table.names, len(table), table.column("age").numbers
    (['age', 'fare'], 2, array([31., nan]))
    """

    def __init__(
        self,
        columns: Mapping[str, Any],
        *,
        source: str = "the table",
        lines: Sequence[int] | Array | None = None,
        habits: Habits = USUAL,
    ) -> None:
        self._columns = {plain_name(str(n)): _column(values, str(n), habits) for n, values in columns.items()}
        self.habits = habits
        self.source = source
        self.lines = lines
        self.notes: list[Sentence] = []
        self.header_rows = 0
        self.repeated: Mapping[str, list[int]] = {}
        lengths = {name: len(column) for name, column in self._columns.items()}
        if len(set(lengths.values())) > 1:
            raise TableError(LENGTHS, source=source, lengths=_lengths(lengths))

    @classmethod
    def from_frame(cls, frame: Any, *, source: str = "the table") -> Table:
        """A table from a pandas, Polars or Arrow frame, a dict of columns, dicts of rows, a structured or 2-D array.

        >>> Table.from_frame(np.array([[1, 2], [3, 4]])).names
        ['x0', 'x1']
        """
        own = isinstance(frame, Table)
        found = ((name, frame.column(name)) for name in frame) if own else frames.columns(frame)
        return cls(dict(found), source=source)

    @property
    def called(self) -> Said:
        """Its source, as a message tells it: a table of no file is just "the table"."""
        return UNNAMED() if self.source == UNNAMED.en else self.source

    @property
    def names(self) -> list[str]:
        """The column names in order."""
        return list(self._columns)

    def __len__(self) -> int:
        return next((len(column) for column in self._columns.values()), 0)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and plain_name(name) in self._columns

    def __getitem__(self, name: str) -> Array:
        return self.column(name).array

    def __repr__(self) -> str:
        return f"Table({self.source!r}, {len(self)} rows x {len(self.names)} columns)"

    def _repr_html_(self) -> str:
        """The first rows, of the first columns, as they stand; rows are counted from 1."""
        columns = [[str(cell) for cell in self[name][:FIRST_ROWS]] for name in self.names[:FIRST_COLUMNS]]
        more = ["…"] if len(self.names) > FIRST_COLUMNS else []
        rows = [[i, *cells, *more] for i, cells in enumerate(zip(*columns, strict=True), 1)]
        return fragment(repr(self), html_table(["", *self.names[:FIRST_COLUMNS], *more], rows, right=(0,)))

    def column(self, name: str) -> Column:
        """The column called ``name``; `TableError` with the nearest name if there is none."""
        found = self._columns.get(plain_name(name))
        if found is None:
            raise TableError(NO_COLUMN, source=self.called, name=name, hint=self._instead_of(name))
        return found

    def told(self, habits: Habits) -> Table:
        """The same table, its cells read with other habits."""
        if habits == self.habits:
            return self
        columns = {name: column.told(habits) for name, column in self._columns.items()}
        table = self._with(columns, self.lines)
        table.habits = habits
        return table

    def note(self, message: Message, **parts: object) -> None:
        """Tell the user something about these rows: the commands print it, the report shows it; said once only."""
        if (sentence := message(**parts)) not in self.notes:
            self.notes.append(sentence)

    def check_once(self, name: str) -> None:
        """`TableError` where the file has several columns of this name, which `read` has numbered."""
        if (places := self.repeated.get(plain_name(name))) is not None:
            raise TableError(TWICE, source=self.called, name=name, columns=[str(j) for j in places])

    def note_repeated(self, repeated: Mapping[str, list[int]]) -> None:
        """Remember the names that the file has more than once, and say how their later columns are called."""
        self.repeated, names = repeated, self.names
        for name, places in repeated.items():
            new = [names[place - 1] for place in places[1:]]
            self.note(NUMBERED, name=name, n=len(places), columns=[str(j) for j in places], new=new)

    def select(self, names: Iterable[str]) -> Table:
        """The named columns only, in the order given."""
        return self._with({plain_name(name): self.column(name) for name in names}, self.lines)

    def drop(self, *names: str) -> Table:
        """All columns but the named ones."""
        gone = {plain_name(name) for name in names if self.column(name) is not None}
        return self._with({n: c for n, c in self._columns.items() if n not in gone}, self.lines)

    def take(self, rows: Array) -> Table:
        """Some rows only, by index or mask."""
        rows = np.asarray(rows) if len(rows) else np.zeros(0, np.intp)
        if rows.dtype == np.bool_ and len(rows) == len(self) and rows.all():
            return self._with(self._columns, self.lines)  # nobody changes cells: they need not be there twice
        lines = None if self.lines is None else np.asarray(self.lines)[rows]
        return self._with({name: column.take(rows) for name, column in self._columns.items()}, lines)

    def where(self, row: int) -> str:
        """Where row ``row`` (counted from 0) is found in the source: ``"line 17"`` or ``"row 16"``."""
        return str(self.place(row))

    def place(self, row: int) -> Sentence:
        """The same for a message."""
        return ROW(row=row + 1) if self.lines is None else LINE(line=int(self.lines[row]))

    def _as_header(self, row: int) -> Sentence:
        return HEADER() if self.lines is None else HEADERS(n=self.header_rows + row + 1)

    def _with(self, columns: Mapping[str, Column], lines: Sequence[int] | Array | None) -> Table:
        table = Table({}, source=self.source, lines=lines, habits=self.habits)
        table._columns = dict(columns)
        table.header_rows, table.repeated = self.header_rows, self.repeated
        table.notes = self.notes  # one list: what is noticed about a part is told with the whole
        return table

    def _nearest(self, name: str) -> str | None:
        """The column whose name looks most like ``name``, letter case and full-width forms apart."""
        plain = {unicodedata.normalize("NFKC", known).casefold(): known for known in self.names}
        wanted = unicodedata.normalize("NFKC", name).casefold()
        return next((plain[near] for near in difflib.get_close_matches(wanted, plain, n=1, cutoff=0.5)), None)

    def _instead_of(self, name: str) -> Sentence:
        """What may have been meant by a name that no column has."""
        near = self._nearest(name)
        if near is not None:
            return NEAREST(nearest=near)
        row = self._heading_below([name])
        if row is not None:
            return IN_A_ROW(where=self.place(row), question=self._as_header(row))
        return IT_HAS(names=listed(self.names))

    def headed_below(self, names: Sequence[str]) -> Sentence | None:
        """Where the first rows hold names that no column has, whole or as the last part of several rows joined."""
        row = self._heading_below(names)
        return None if row is None else HOLDS(where=self.place(row), question=self._as_header(row))

    def _heading_below(self, names: Sequence[str]) -> int | None:
        wanted = {part for name in names for part in (name, name.rpartition(" ")[2])}
        for row in range(min(10, len(self))):
            if any(column.cell(row) in wanted for column in self._columns.values()):
                return row
        return None


def listed(names: Sequence[Said], most: int = 8) -> Sentence:
    """Names for a message: quoted, and not more than a reader wants.

    >>> print(listed(["a", "b", "c"], most=2))
    'a', 'b' and 1 more
    """
    shown = list(names[:most])
    return LISTED(names=shown) if len(names) <= most else LISTED_MORE(names=shown, n=len(names) - most)


def _lengths(lengths: Mapping[str, int]) -> list[Sentence]:
    return [LENGTH(name=name, n=n) for name, n in list(lengths.items())[:4]]


def _column(values: Any, name: str, habits: Habits) -> Column:
    if isinstance(values, Column):
        return values.told(habits)
    texts_alone = isinstance(values, list | tuple) and all(type(cell) is str for cell in values)
    array = np.asarray(values, object if texts_alone else None)  # NumPy's texts lose a NUL at their end
    if array.ndim != 1:
        raise TableError(DIMENSIONS, name=name, n=array.ndim)
    if array.dtype.kind in "fiubM":
        return Column(array, habits=habits)
    if array.dtype.kind == "c":
        raise TableError(COMPLEX, name=name)
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8")
    texts = [cell if type(cell) is str else _text(cell) for cell in array.tolist()]
    return Column(np.array(texts, dtype=object), habits=habits)


def _text(cell: object) -> str:
    """An object as text; what stands for no value (None, NaN, pandas' NA and NaT) as an empty cell."""
    nothing = cell is None or type(cell).__name__ in ("NAType", "NaTType")
    if nothing or (isinstance(cell, float) and cell != cell):
        return ""
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
