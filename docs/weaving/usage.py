"""Where the pages use an object of the reference, and the pictures of a gallery as small ones to choose from."""

from __future__ import annotations

import importlib
import re
from functools import cache
from typing import TYPE_CHECKING

from weaving.blocks import FENCE, Block, blocks
from weaving.marks import COMMA

if TYPE_CHECKING:
    from weaving.page import Page

MOST = 4
WORDS = {"en": "Examples using it: ", "ja": "使用例："}
CODE = ("python", "{picture}", "{html}", "{page}", "{cell}", "{compute}")


@cache
def pages(lang: str) -> list[tuple[str, str, str]]:
    """Every page but the reference: its name, its title, its code."""
    from weaving.page import DOCS

    found = []
    for path in sorted((DOCS / lang).rglob("*.md")):
        name = str(path.relative_to(DOCS / lang).with_suffix(""))
        text = path.read_text("utf-8")
        title = re.search(r"^# (.*)$", text, re.M)
        if title and not name.startswith(("reference", "design", "changes", "_woven")):
            code = "\n".join(block.text for block in blocks(text) if block.kind in CODE)
            found.append((name, title[1], code))
    return found


def examples(name: str, lang: str) -> list[tuple[str, str]]:
    """The pages that use the object called by its dotted name, and their titles.

    >>> any(page == "guides/gallery" for page, _ in examples("tasou.plots.decision_boundary", "en"))
    True
    >>> any(page == "guides/gallery" for page, _ in examples("tasou.save", "en"))
    False
    """
    own = name.rsplit(".", 1)[-1]
    called = re.compile(rf"{_ahead(name)}\b{re.escape(own)}\(")
    return [(page, title) for page, title, code in pages(lang) if called.search(code)][:MOST]


def _ahead(name: str) -> str:
    """What may stand before the call: of two `save` the one of plots is called by its package."""
    import tasou

    package, own = name.rsplit(".", 1)
    other = getattr(tasou, own, None)
    if package == "tasou":
        return r"(?<!plots\.)"
    shared = other is not None and other is not getattr(importlib.import_module(package), own, other)
    return rf"(?<=\b{package.rsplit('.', 1)[-1]}\.)" if shared else ""


def line(name: str, lang: str) -> str:
    """The line of links in reStructuredText; empty where no page uses the object."""
    links = COMMA[lang].join(f":doc:`{title} </{page}>`" for page, title in examples(name, lang))
    return WORDS[lang] + links if links else ""


def thumbnails(block: Block, page: Page) -> str:
    """The first picture below each heading of the page, small, leading to it."""
    from weaving.page import DOCS

    text = (DOCS / page.lang / f"{page.name}.md").read_text("utf-8")
    heading, drawn, seen, parts = "", 0, set(), []
    for found in re.finditer(rf"^## (?P<head>[^\n]*)$|{FENCE.pattern}", text, re.M | re.S):
        if found["head"]:
            heading = found["head"]
        elif found["info"].startswith("{picture}"):
            drawn += 1
            if heading and heading not in seen:
                seen.add(heading)
                parts.append(_thumbnail(page, drawn, heading))
    inside = "\n\n".join(parts)
    return f"::::{{container}} thumbnails\n{inside}\n::::"


def _thumbnail(page: Page, number: int, heading: str) -> str:
    """The picture, and below it the heading, whose link covers both."""
    name = f"/{page.pictures.name}/{page.name.replace('/', '-')}-{number}"
    images = (
        f"```{{image}} {name}-{theme}.png\n:class: only-{theme}\n:alt:\n```" for theme in ("light", "dark")
    )
    inside = "\n\n".join([*images, f"[{heading}](#{slug(heading)})"])
    return f":::{{container}} thumbnail\n{inside}\n:::"


def slug(heading: str) -> str:
    """A heading as the place that links lead to, as GitHub and MyST make it.

    >>> slug("決定境界"), slug("What was learnt")
    ('決定境界', 'what-was-learnt')
    """
    return re.sub(r"[^\w\u4e00-\u9fff\- ]", "", heading.strip().lower()).replace(" ", "-")
