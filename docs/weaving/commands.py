"""Run command lines of a page and show what they print."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from weaving.printing import printed

if TYPE_CHECKING:
    from weaving.blocks import Block
    from weaving.page import Page

WIDTH = 86


def make(block: Block, page: Page) -> str:
    """Each line with what it prints; ``:exit: 1`` is the exit code expected, ``:head: 12`` the lines shown at most."""
    wanted, head = int(block.options.get("exit", 0)), int(block.options.get("head", 0))
    parts = []
    for line in block.text.splitlines():
        output = [part for said in run(line, page, wanted).splitlines() for part in as_in_a_terminal(said)]
        cut = [*output[:head], "…"] if head and len(output) > head else output
        parts.append("\n".join([f"$ {line}", *cut]))
    return "```console\n" + "\n".join(parts) + "\n```"


def as_in_a_terminal(line: str) -> list[str]:
    """A line of prose, broken where a terminal's window ends, what follows set in; tables stay as they are.

    >>> [len(part) for part in as_in_a_terminal("  Why: " + "because " * 20)]
    [86, 85]
    >>> as_in_a_terminal("column" + " " * 99 + "role") == ["column" + " " * 99 + "role"]
    True
    """
    from tasou.text import folded, width

    inside = line.strip()
    if width(line) <= WIDTH or re.search(r"\S {2,}\S", inside):
        return [line]
    margin = line[: len(line) - len(line.lstrip())]
    first, *_ = folded(inside, WIDTH - len(margin))
    rest = inside.removeprefix(first).strip()
    return (
        [margin + first, *(f"{margin}    {part}" for part in folded(rest, WIDTH - len(margin) - 4))]
        if rest
        else [line]
    )


def arguments(line: str) -> list[str]:
    """The arguments behind ``tasou``; nothing else is run."""
    command, *rest = shlex.split(line, comments=True)
    if command != "tasou":
        raise ValueError(f"only tasou's commands are run: {line!r}")
    return rest


def run(line: str, page: Page, wanted: int) -> str:
    """Run a line in the folder of the page and give everything it prints."""
    from tasou.cli import main

    own = {"TASOU_LANG": page.lang, "COLUMNS": str(WIDTH), "MPLBACKEND": "agg"}
    with printed(page.folder, own) as text:
        code = main(arguments(line))
    said = text.getvalue().decode()
    if code != wanted:
        raise ValueError(f"{page.name}: {line!r} ended with {code}, not {wanted}:\n{said}")
    return said
