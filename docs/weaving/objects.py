"""What a page of the reference shows, as a table: each name with the first line of what is said of it."""

from __future__ import annotations

import importlib
import inspect
import re
from typing import TYPE_CHECKING

from weaving.summaries import ASKED, summary

if TYPE_CHECKING:
    from weaving.blocks import Block
    from weaving.page import Page

SIGNS = re.compile(r"([\\|*_\[\]<>$@{}])")


def make(block: Block, page: Page) -> str:
    """The table of the page, or of the pages named in the block, each below its title."""
    from weaving.page import DOCS

    folder, parts = (DOCS / page.lang / page.name).parent, []
    for name in block.text.split() or [page.name.rsplit("/", 1)[-1]]:
        text = (folder / f"{name}.md").read_text("utf-8")
        title = re.search(r"^# (.*)$", text, re.M)
        rows = [row(name, page.lang) for name in names(text)]
        if block.text.strip() and title:
            parts.append(f"## [{title[1]}]({name}.md)")
        parts.append(":::{container} objects\n| | |\n|---|---|\n" + "\n".join(rows) + "\n:::")
    return "\n\n".join(parts)


def names(text: str) -> list[str]:
    r"""The dotted names that a page documents, in its order.

    >>> names("```{eval-rst}\n.. autofunction:: tasou.save\n```")
    ['tasou.save']
    """
    found = [match[1] for match in ASKED.finditer(text)]
    for module in re.findall(r"automodule:: ([\w.]+)", text):
        public = importlib.import_module(module).__all__
        found += [
            f"{module}.{name}" for name in public if f" {name}," not in text and f", {name}\n" not in text
        ]
    return found


def row(name: str, lang: str) -> str:
    """A line of the table: the name, which leads to the object, and what it is."""
    said = (summary(name) if lang == "ja" else None) or first(name)
    return f"| {{py:obj}}`{name.removeprefix('tasou.')} <{name}>` | {shown(said)} |"


def first(name: str) -> str:
    """The first paragraph of an object's docstring, as one line.

    >>> first("tasou.datasets.names")
    'All data sets there are, in alphabetical order.'
    """
    module, _, own = name.rpartition(".")
    text = inspect.getdoc(getattr(importlib.import_module(module), own)) or ""
    return " ".join(text.split("\n\n")[0].split())


def shown(text: str) -> str:
    r"""Text in which W[1] and |r| are no marks; what is in backquotes is code.

    >>> shown("`W[l]` of |z|_1")
    '`W[l]` of \\|z\\|\\_1'
    """
    parts = re.split(r"`+([^`]*)`+", text)
    return "".join(f"`{part}`" if k % 2 else SIGNS.sub(r"\\\1", part) for k, part in enumerate(parts))
