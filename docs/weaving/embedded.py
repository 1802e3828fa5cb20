"""Pages that stand alone (the ledger to click through, the film of a training), shown within a page."""

from __future__ import annotations

import ast
import contextlib
import html
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weaving.pictures import speaking

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
    expression for the HTML that stands there in the printed chapter.
    """
    with speaking(page.lang), contextlib.chdir(page.folder):
        text = made_by(block.text, page.names)
        paper = made_by(block.options["paper"], page.names) if "paper" in block.options else ""
    if len(text) > LARGEST:
        raise ValueError(f"{block.argument}: a page of {len(text)} letters is too large for a frame")
    file = page.pictures / "pages" / FOLDER / f"{page.name.replace('/', '-')}-{block.argument}.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    source = "../" * page.name.count("/") + f"{FOLDER}/{file.name}"
    if "link" in block.options:
        return f'```{{raw}} html\n<p class="alone"><a href="{source}">{block.options["link"]}</a></p>\n```'
    frame = (
        f'<iframe class="embedded" src="{source}" loading="lazy" sandbox="allow-scripts" '
        f'title="{html.escape(block.options["title"])}" style="height: {int(block.options["height"])}px"></iframe>\n'
        f'<p class="alone"><a href="{source}">{ALONE[page.lang]}</a></p>'
    )
    if paper:
        frame += f'\n<template class="paper">{_within(paper)}</template>'
    code = "" if block.options.get("code") == "no" else f"```python\n{block.text}\n```\n\n"
    return f"{code}```{{raw}} html\n{frame}\n```"


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
