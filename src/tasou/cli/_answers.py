"""What ``tasou predict`` writes: CSV in any encoding, the file's own columns in front if asked."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from tasou.errors import TasouError
from tasou.messages import Message

if TYPE_CHECKING:
    from tasou.models.table_model import TableModel
    from tasou.tables import Table
    from tasou.tables.column import Array, Column

RENAMED = Message(
    "predict.renamed",
    en="the file has a column {name!r} itself: the new one is called {new!r}",
    ja="ファイルに列 {name!r} が既にあるので、新しい列は {new!r} とします",
)
NO_ENCODING = Message(
    "predict.no_encoding",
    en="unknown encoding {encoding!r} for the output: try utf-8, utf-8-sig, cp932 or euc-jp",
    ja="出力の文字コード {encoding!r} はありません。utf-8、utf-8-sig、cp932、euc-jp などを指定してください",
)
DOES_NOT_FIT = Message(
    "predict.does_not_fit",
    en="{encoding} has no character {character!r} ({code}): column {column!r}, {where}; "
    "choose another --output-encoding, e.g. utf-8-sig",
    ja="{encoding} には文字 {character!r}（{code}）がありません（列 {column!r}、{where}）。"
    "--output-encoding に utf-8-sig などを指定してください",
)
THE_NAME = Message("predict.the_name", en="its name", ja="列名")

_ROWS = 10_000
_FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")


@dataclass(frozen=True)
class Format:
    """How cells go out.

    Attributes
    ----------
    encoding
        any that Python knows; ``utf-8-sig`` writes a byte order mark
    excel_safe
        whether what a spreadsheet would run as a formula is made a text by an apostrophe in front
    """

    encoding: str = "utf-8"
    excel_safe: bool = False

    def check(self) -> None:
        """Raise `TasouError` unless there is such an encoding."""
        try:
            known = codecs.lookup(self.encoding)._is_text_encoding
        except (LookupError, ValueError):
            known = False
        if not known:
            raise TasouError(NO_ENCODING, encoding=self.encoding)


Part = Callable[[int, int], Sequence[str]]


def answers(model: TableModel, table: Table, *, proba: bool, keep: bool) -> dict[str, Part]:
    """Name -> the texts of the rows from one to another; a name that the file has itself is changed, and noted."""
    found: dict[str, Part] = {}
    if keep:
        for name in table.names:
            found[name] = partial(_kept, table.column(name))
    predicted = _texts(model.predict(table).tolist(), classes=model.task == "classification")
    found[free(f"predicted_{model.goal.column}", found, table)] = lambda a, b: predicted[a:b]
    if proba:
        p = model.predict_proba(table)
        for k, label in enumerate(model.goal.classes):  # type: ignore[union-attr]
            name = free(f"p_{label}", found, table)
            found[name] = partial(numbers, p[:, k])
    return found


def _kept(column: Column, start: int, end: int) -> list[str]:
    from tasou.tables.written import written

    return written(column.take(np.arange(start, end)))


def numbers(values: Array, start: int, end: int) -> list[str]:
    """The texts of values (n,) from one row to another."""
    return [f"{value:.6g}" for value in values[start:end].tolist()]


def free(name: str, taken: Iterable[str], table: Table) -> str:
    """``name``, or with a number behind it that nothing else is called."""
    new, number = name, 2
    while new in taken:
        new, number = f"{name}_{number}", number + 1
    if new != name:
        table.note(RENAMED, name=name, new=new)
    return new


def _texts(values: list[Any], *, classes: bool) -> list[str]:
    from tasou.tables.spelling.numbers import spelled

    if classes:
        return [spelled(value) if isinstance(value, float) else str(value) for value in values]
    return [f"{value:.7g}" for value in values]


def encoded(columns: dict[str, Part], table: Table, form: Format) -> list[bytes]:
    """The CSV file as chunks of bytes, all of it before any is written."""
    encoder = codecs.getincrementalencoder(form.encoding)("strict")
    chunks = []
    for start, names, cells in _blocks(columns, len(table), form.excel_safe):
        try:
            chunks.append(encoder.encode(_csv([*names, *zip(*cells, strict=True)])))
        except UnicodeEncodeError as error:
            raise _misfit(error, form.encoding, columns, cells, table, start) from None
    return chunks


def _blocks(
    columns: dict[str, Part], n: int, excel_safe: bool
) -> Iterator[tuple[int, list[list[str]], list[Sequence[str]]]]:
    """(first row, the header or nothing, the columns' cells) of a block of rows; the header is with the first."""
    tame = (lambda cells: [_tame(cell) for cell in cells]) if excel_safe else (lambda cells: cells)
    for start in range(0, max(n, 1), _ROWS):
        header = [tame(list(columns))] if start == 0 else []
        yield start, header, [tame(part(start, min(start + _ROWS, n))) for part in columns.values()]


def _tame(cell: str) -> str:
    """A text that a spreadsheet would run as a formula, with an apostrophe in front; numbers stay.

    >>> _tame("=1+1"), _tame("-3.5"), _tame("-x")
    ("'=1+1", '-3.5', "'-x")
    """
    if not _FORMULA.match(cell):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def _csv(rows: Iterable[Sequence[str]]) -> str:
    rows = list(rows)
    alone = any("\r" in cell for row in rows for cell in row)  # the writer would leave it unquoted
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL if alone else csv.QUOTE_MINIMAL).writerows(
        rows
    )
    return text.getvalue()


def _misfit(
    error: UnicodeEncodeError,
    encoding: str,
    columns: dict[str, Part],
    cells: list[Sequence[str]],
    table: Table,
    start: int,
) -> TasouError:
    """The error that names the character, and the cell or the name it stands in."""
    character = error.object[error.start]
    place: object = THE_NAME()
    column = next((name for name in columns if character in name), "")
    if not column or start:
        for name, texts in zip(columns, cells, strict=True):
            row = next((i for i, text in enumerate(texts) if character in text), None)
            if row is not None:
                column, place = name, table.place(start + row)
                break
    return TasouError(
        DOES_NOT_FIT,
        encoding=encoding,
        character=character,
        code=f"U+{ord(character):04X}",
        column=column,
        where=place,
    )
