"""Show a program and what it prints: a file of the staircase, or an example to take along."""

from __future__ import annotations

import runpy
import shutil
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from weaving.printing import printed

if TYPE_CHECKING:
    from weaving.blocks import Block
    from weaving.page import Page

STEPS = Path(__file__).parents[1] / "steps"
EXAMPLES = Path(__file__).parents[1] / "examples"
OUTPUT = {"en": "It prints:", "ja": "実行結果："}
DOWNLOAD = {"en": "Download {}", "ja": "{} をダウンロード"}


def make(block: Block, page: Page) -> str:
    """The source of the step (its docstring is what the page says), and its output."""
    return _shown(STEPS / f"{block.argument}.py", page)


def program(block: Block, page: Page) -> str:
    """An example that needs no other file: its source, its output, and a link to take it along."""
    file = EXAMPLES / f"{block.argument}.py"
    folder = page.pictures / "pages" / "programs"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, folder)
    source = "../" * page.name.count("/") + f"programs/{file.name}"
    link = f'<p class="alone"><a href="{source}" download>{DOWNLOAD[page.lang].format(file.name)}</a></p>'
    return f"{_shown(file, page)}\n\n```{{raw}} html\n{link}\n```"


def _shown(file: Path, page: Page) -> str:
    source = file.read_text("utf-8").split('"""', 2)[2].strip("\n")
    return (
        f"```{{code-block}} python\n:caption: docs/{file.parent.name}/{file.name}\n\n{source}\n```\n\n"
        f"{OUTPUT[page.lang]}\n\n```text\n{run(file, page.folder)}\n```"
    )


def run(file: Path, folder: Path) -> str:
    """What the program prints; files it writes land in ``folder``."""
    if str(STEPS) not in sys.path:
        sys.path.insert(0, str(STEPS))  # for the steps before, which it imports
    given, sys.argv = sys.argv, [str(file)]
    try:
        with warnings.catch_warnings(), printed(folder, {"MPLBACKEND": "agg"}) as text:
            runpy.run_path(str(file), run_name="__main__")
    finally:
        sys.argv = given
    return text.getvalue().decode().rstrip("\n")
