"""Numbers and texts as lists in source code, exactly and in lines that are not too long."""

from __future__ import annotations

import json

import numpy as np

from tasou.exporting.loops import Array

WIDTH = 110


def numbers(array: Array) -> list[str]:
    """The numbers of an array, exactly."""
    values = array.values
    assert values is not None
    if values.dtype.kind in "iu":
        return [str(value) for value in values.tolist()]
    return [repr(value) for value in values.astype(np.float64).tolist()]


def folded(texts: list[str], indent: str = "    ", width: int = WIDTH) -> list[str]:
    """Texts with commas between them, in lines.

    >>> folded(["1", "2", "3"], "", 6)
    ['1, 2,', '3,']
    """
    lines, line = [], indent
    for text in texts:
        if len(line) + len(text) + 1 > width and line != indent:
            lines.append(line.rstrip())
            line = indent
        line += f"{text}, "
    return [*lines, line.rstrip()] if line != indent else lines


def quoted(text: str) -> str:
    """A text as JavaScript and JSON write it."""
    return json.dumps(text, ensure_ascii=False)


def commented(lines: list[str]) -> list[str]:
    """Lines as a comment of C and its kin."""
    return ["/*", *(f" * {line}".rstrip().replace("*/", "* /") for line in lines), " */"]
