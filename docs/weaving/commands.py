"""Run command lines of a page and show what they print."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weaving.blocks import Block
    from weaving.page import Page

WIDTH = 96


def make(block: Block, page: Page) -> str:
    """Each line with what it prints; ``:exit: 1`` is the exit code expected, ``:head: 12`` the lines shown at most."""
    wanted, head = int(block.options.get("exit", 0)), int(block.options.get("head", 0))
    parts = []
    for line in block.text.splitlines():
        output = run(line, page, wanted).splitlines()
        cut = [*output[:head], "…"] if head and len(output) > head else output
        parts.append("\n".join([f"$ {line}", *cut]))
    return "```console\n" + "\n".join(parts) + "\n```"


def arguments(line: str) -> list[str]:
    """The arguments behind ``tasou``; nothing else is run."""
    command, *rest = shlex.split(line, comments=True)
    if command != "tasou":
        raise ValueError(f"only tasou's commands are run: {line!r}")
    return rest


def run(line: str, page: Page, wanted: int) -> str:
    """Run a line in the folder of the page and give everything it prints."""
    own = {"TASOU_LANG": page.lang, "COLUMNS": str(WIDTH), "MPLBACKEND": "agg", "PYTHONUNBUFFERED": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "tasou", *arguments(line)],
        cwd=page.folder, env=os.environ | own, text=True, encoding="utf-8",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode != wanted:
        raise ValueError(f"{page.name}: {line!r} ended with {done.returncode}, not {wanted}:\n{done.stdout}")
    return done.stdout
