"""Pages that stand alone (the ledger to click through, the film of a training), shown within a page."""

from __future__ import annotations

import ast
import contextlib
import html
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weaving.pictures import THEMES, speaking

if TYPE_CHECKING:
    from weaving.blocks import Block
    from weaving.page import Page

FOLDER = "embedded"
"""where the files lie in the built pages, and under ``_woven/pages``"""
LARGEST = 1_500_000
"""letters: what a reader fetches at once without noticing"""
ALONE = {"en": "Open it in a page of its own", "ja": "単独のページとして開く"}


def make(block: Block, page: Page) -> str:
    """The code, and in a frame the HTML that its last line gives: the text itself, or the file it was written to.

    ``:code: no`` leaves the code out, ``:link: words`` makes a link in place of the frame, and ``:paper:`` is an
    expression for the HTML that stands there in the printed chapter. ``:pictures: yes``: there are pictures in it,
    which are drawn for light and for dark pages.
    """
    code = "" if block.options.get("code") == "no" else f"```python\n{block.text}\n```\n\n"
    if "link" in block.options:
        link = f'<p class="alone"><a href="{_file(block, page)}">{block.options["link"]}</a></p>'
        return f"```{{raw}} html\n{link}\n```"
    if "pictures" in block.options:
        frame = "\n".join(_drawn(block, page, theme) for theme in THEMES)
    else:
        frame = _frame(block, page, _file(block, page))
    if "paper" in block.options:
        with speaking(page.lang), contextlib.chdir(page.folder):
            paper = made_by(block.options["paper"], page.names)
        frame += f'\n<template class="paper">{_within(paper)}</template>'
    return f"{code}```{{raw}} html\n{frame}\n```"


def _drawn(block: Block, page: Page, theme: str) -> str:
    """The frame that is seen on light or on dark pages."""
    from matplotlib import pyplot

    with pyplot.style.context(THEMES[theme]):
        return f'<div class="only-{theme}">{_frame(block, page, _file(block, page, f"-{theme}"))}</div>'


def _frame(block: Block, page: Page, source: str) -> str:
    return (
        f'<iframe class="embedded" src="{source}" loading="lazy" sandbox="allow-scripts" '
        f'title="{html.escape(block.options["title"])}" style="height: {int(block.options["height"])}px"></iframe>\n'
        f'<p class="alone"><a href="{source}">{ALONE[page.lang]}</a></p>'
    )


def _file(block: Block, page: Page, ending: str = "") -> str:
    """Write what the code makes beside the pages; the way there from the page."""
    with speaking(page.lang), contextlib.chdir(page.folder):
        text = made_by(block.text, page.names)
    if len(text) > LARGEST:
        raise ValueError(f"{block.argument}: a page of {len(text)} letters is too large for a frame")
    name = f"{page.name.replace('/', '-')}-{block.argument}{ending}.html"
    file = page.pictures / "pages" / FOLDER / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return "../" * page.name.count("/") + f"{FOLDER}/{name}"


def _within(page: str) -> str:
    """What a page shows below its title, its style kept to it; no empty lines, at which Markdown would end it."""
    style, body = re.search(r"<style>(.*?)</style>", page, re.S), re.search(r"<body>(.*)</body>", page, re.S)
    assert style is not None and body is not None
    shown = re.sub(r"<h1>.*?</h1>", "", body[1], flags=re.S)
    return re.sub(r"\n\s*\n", "\n", f"<style>.paper{{{style[1]}}}</style>{shown}")


def made_by(code: str, names: dict[str, Any]) -> str:
    """Run the code in the names that the page has so far; the HTML of its last line."""
    os.environ.setdefault("MPLBACKEND", "agg")
    tree = ast.parse(code)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr), "the last line must be an expression"
    exec(compile(tree, "<page>", "exec"), names)
    made = eval(compile(ast.Expression(last.value), "<page>", "eval"), names)
    return made.read_text("utf-8") if isinstance(made, Path) else str(made)
