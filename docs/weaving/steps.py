"""Show a file of the staircase and what it prints."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from weaving.printing import printed

if TYPE_CHECKING:
    from weaving.blocks import Block
    from weaving.page import Page

STEPS = Path(__file__).parents[1] / "steps"
OUTPUT = {"en": "It prints:", "ja": "実行結果："}


def make(block: Block, page: Page) -> str:
    """The source of the step (its docstring is what the page says), and its output."""
    file = STEPS / f"{block.argument}.py"
    source = file.read_text("utf-8").split('"""', 2)[2].strip("\n")
    return (
        f"```{{code-block}} python\n:caption: docs/steps/{file.name}\n\n{source}\n```\n\n"
        f"{OUTPUT[page.lang]}\n\n```text\n{run(file, page.folder)}\n```"
    )


def run(file: Path, folder: Path) -> str:
    """What the step prints; files it writes land in ``folder``."""
    if str(STEPS) not in sys.path:
        sys.path.insert(0, str(STEPS))  # for the steps before, which it imports
    given, sys.argv = sys.argv, [str(file)]
    try:
        with printed(folder, {"MPLBACKEND": "agg"}) as text:
            runpy.run_path(str(file), run_name="__main__")
    finally:
        sys.argv = given
    return text.getvalue().decode().rstrip("\n")
