"""The names of the columns: from one header row or several, each only once."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from tasou.errors import TableError
from tasou.messages import Message

NO_NUMBER = Message(
    "table.header_rows",
    en="header_rows must be 0 or more, not {rows}",
    ja="header_rows は0以上にしてください（指定：{rows}）",
)
NO_ROW = Message(
    "table.names_row",
    en="names_row must lie between 1 and header_rows ({rows}), not {row}",
    ja="names_row は 1 から header_rows（{rows}）までにしてください（指定：{row}）",
)


def plain_name(name: str) -> str:
    r"""A name as names are compared: in NFC, the form that keyboards type and Mac file systems do not.

    >>> len("テ\u3099"), len(plain_name("テ\u3099"))
    (2, 1)
    """
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def names_rows(header_rows: int, names_row: int | Sequence[int] | None) -> tuple[int, ...]:
    """Which header rows hold the names, from 1, in order; the last one if not said."""
    if header_rows < 0:
        raise TableError(NO_NUMBER, rows=header_rows)
    rows = [header_rows] if names_row is None else [names_row] if isinstance(names_row, int) else names_row
    for row in rows if header_rows or names_row is not None else ():
        if not 1 <= row <= header_rows:
            raise TableError(NO_ROW, rows=header_rows, row=row)
    return tuple(rows)


def joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name per column from several header rows, joined by blanks.

    An empty cell of an upper row continues the one to its left, as merged cells of a spreadsheet do, until a row above
    begins something new.

    >>> joined([["area", "2020", "", "2021", ""], ["", "men", "women", "men", "women"]])
    ['area', '2020 men', '2020 women', '2021 men', '2021 women']
    """
    width = max(map(len, rows), default=0)
    cells = [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in rows]
    begun = [False] * width  # whether a row above begins something new at this column
    for row in cells[:-1]:
        here = [bool(cell) for cell in row]
        for j in range(1, width):
            if not row[j] and not begun[j]:
                row[j] = row[j - 1]
        begun = [a or b for a, b in zip(begun, here, strict=True)]
    return [" ".join(part for part in column if part) for column in zip(*cells, strict=True)]


def numbered(names: Sequence[str]) -> tuple[list[str], Mapping[str, list[int]]]:
    """Names with a number behind those that stood before; and of each such name all its columns, from 1.

    A column without a name is called by its position.

    >>> numbered(["id", "a", "a", ""])
    (['id', 'a', 'a_2', 'column_4'], {'a': [2, 3]})
    """
    plain = [plain_name(name.strip()) or f"column_{j}" for j, name in enumerate(names, start=1)]
    places: dict[str, list[int]] = {}
    for j, name in enumerate(plain, start=1):
        places.setdefault(name, []).append(j)
    taken, found = set(plain), []
    counts: dict[str, int] = {}
    for name in plain:
        counts[name] = counts.get(name, 0) + 1
        if counts[name] > 1:
            k = counts[name]
            while f"{name}_{k}" in taken:
                k += 1
            counts[name] = k
            name = f"{name}_{k}"
            taken.add(name)
        found.append(name)
    return found, {name: columns for name, columns in places.items() if len(columns) > 1}
