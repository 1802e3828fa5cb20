"""Rows that are no data but sums of the others: 合計, Total. They are not left out, but the user is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from tasou.messages import Message
from tasou.tables.cells import Cells
from tasou.tables.column import Column
from tasou.tables.table import Table

TOTAL = Message(
    "note.total_row",
    en="{where}: {label} looks like a total of the other rows; it is learnt like one of them unless you take it out",
    ja="{where}の {label} はほかの行の合計のようです。取り除かなければ1行のデータとして扱います",
)
_LABEL = re.compile(
    r"(合\s*計|総\s*合\s*計|総\s*計|総\s*数|小\s*計|全\s*体|全\s*国|計|(grand |sub)?totals?|sum|all)\s*[:：]?",
    re.IGNORECASE,
)
_CLOSE = 1e-3
_FAR_ABOVE = 2.0
_MOST = 3
_FEWEST_ROWS = 4


def note(table: Table) -> None:
    """Note the rows whose label in the first column of texts says total, and whose numbers agree.

    They do if half of the numbers (and one at least) are the sums of the other rows', or far above all of them.

    >>> table = Table({"town": ["a", "b", "c", "Total"], "people": ["10", "20", "30", "60"]})
    >>> note(table)
    >>> table.notes[0].text("en").partition(";")[0]
    'row 4: Total looks like a total of the other rows'
    """
    if len(table) < _FEWEST_ROWS:
        return
    for row, label in _labelled(table):
        seen = [_is_total(table.column(name), row) for name in table.names]
        known = [total for total in seen if total is not None]
        if any(known) and 2 * sum(known) >= len(known):
            table.note(TOTAL, where=table.place(row), label=label)


def _labelled(table: Table) -> Iterator[tuple[int, str]]:
    """Rows, and their labels in the first column that holds texts."""
    for name in table.names:
        stored = table.column(name).stored
        if isinstance(stored, Cells) and 2 * len(stored.rows) > len(stored):
            labels = [code for code, text in enumerate(stored.texts) if _LABEL.fullmatch(text.strip())]
            for code in labels:
                rows = stored.rows[stored.codes == code].tolist()
                if len(rows) <= _MOST:
                    yield from ((row, stored.texts[code].strip()) for row in rows)
            return


def _is_total(column: Column, row: int) -> bool | None:
    """Whether the number in ``row`` is a total of the others; ``None`` where there is nothing to compare."""
    if column.kind == "date" or column.not_numbers.sum() * 2 > len(column):
        return None
    value, others = column.numbers[row], np.delete(column.numbers, row)
    others = others[~np.isnan(others)]
    if np.isnan(value) or len(others) < _FEWEST_ROWS - 1 or not others.any():
        return None
    total, most = others.sum(), np.abs(others).max()
    return bool(abs(value - total) <= _CLOSE * abs(total) or abs(value) > _FAR_ABOVE * most)
