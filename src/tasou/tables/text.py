"""Text tables in a terminal: columns line up also where characters are two cells wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """How many terminal cells a text fills: East Asian wide characters fill two, combining marks none.

    >>> width("age"), width("年齢")
    (3, 4)
    """
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def clip(text: str, cells: int) -> str:
    """The text, cut with an ellipsis if it fills more than ``cells``.

    >>> clip("総人口と世帯数", 7)
    '総人口…'
    """
    if width(text) <= cells:
        return text
    kept = ""
    for character in text:
        if width(kept + character) > cells - 1:
            break
        kept += character
    return kept + "…"


def aligned(rows: Sequence[Sequence[str]], *, most: Sequence[int] | None = None) -> str:
    """Rows as lines whose fields stand under each other; ``most`` limits the cells of each field.

    >>> print(aligned([("column", "role"), ("年齢", "numeric")]))
    column  role
    年齢    numeric
    """
    rows = [[" ".join(field.splitlines()) for field in row] for row in rows]
    if most:
        rows = [[clip(field, cells) for field, cells in zip(row, most, strict=True)] for row in rows]
    widths = [max(width(field) for field in column) for column in zip(*rows, strict=True)]
    lines = ("  ".join(f + " " * (w - width(f)) for f, w in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)
