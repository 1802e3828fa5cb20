"""What the pages below a page have in them: their sections, or what each of its small programs adds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from weaving.blocks import FENCE, blocks
from weaving.usage import slug

if TYPE_CHECKING:
    from weaving.blocks import Block
    from weaving.page import Page


def make(block: Block, page: Page) -> str:
    """A list of the pages in the page's own table of contents, which itself may stay hidden.

    ``{contents} sections`` lists their sections below them, without headings that several pages have (exercises, a
    summary); ``{contents} programs`` are cards that say what the program on each page is.
    """
    from weaving.page import DOCS

    folder = (DOCS / page.lang / page.name).parent
    texts = {name: (folder / f"{name}.md").read_text("utf-8") for name in _listed(folder, page)}
    if block.argument == "programs":
        cards = (f"- **[{_title(text)}]({name}.md)** {_about(text, page)}" for name, text in texts.items())
        return "::::{container} cards\n" + "\n".join(cards) + "\n::::"
    inside = {name: _sections(text) for name, text in texts.items()}
    lines = []
    for name, text in texts.items():
        lines.append(f"- [{_title(text)}]({name}.md)")
        lines += [
            f"  - [{head}]({name}.md#{slug(head)})" for head in inside[name] if _count(head, inside) == 1
        ]
    return ":::{container} sections\n" + "\n".join(lines) + "\n:::"


def _listed(folder: Path, page: Page) -> list[str]:
    source = (folder / f"{Path(page.name).name}.md").read_text("utf-8")
    trees = [found.text.split() for found in blocks(source) if found.kind == "{toctree}"]
    return [name for tree in trees for name in tree]


def _title(text: str) -> str:
    return re.search(r"^# (.*)$", text, re.M)[1]  # type: ignore[index]


def _sections(text: str) -> list[str]:
    return re.findall(r"^## (.*)$", FENCE.sub("", text), re.M)


def _count(head: str, inside: dict[str, list[str]]) -> int:
    return sum(head in heads for heads in inside.values())


def _about(text: str, page: Page) -> str:
    """What the program of a page says it is, first in English, then in Japanese."""
    from weaving.steps import STEPS

    (step,) = [found.argument for found in blocks(text) if found.kind == "{step}"]
    english, japanese = (STEPS / f"{step}.py").read_text("utf-8").split('"""')[1].strip().split("\n\n")[:2]
    told = " ".join((english if page.lang == "en" else japanese).split())
    return told.removeprefix(
        _title(text).partition(" ")[2] + "。"
    )  # what the heading says need not be said again
