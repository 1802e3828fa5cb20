"""Columns of text that line up in a terminal, with Japanese characters two cells wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence


def width(text: str) -> int:
    """How many cells a text takes in a terminal.

    >>> width("層 l"), width("ŷ")
    (4, 1)
    """
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    marks = sum(unicodedata.combining(c) != 0 for c in text)
    return len(text) + wide - marks


def aligned(rows: Sequence[Sequence[str]], *, right: Collection[int] = (), gap: str = "  ") -> str:
    """Rows of cells as lines with aligned columns; the columns in ``right`` are set flush right."""
    widths = [max(width(row[c]) for row in rows) for c in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = []
        for c, cell in enumerate(row):
            pad = " " * (widths[c] - width(cell))
            cells.append(pad + cell if c in right else cell + pad)
        lines.append(gap.join(cells).rstrip())
    return "\n".join(lines)
