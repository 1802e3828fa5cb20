"""The glossary (docs/glossary.toml) and the index of the chapter, which is made from it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from weaving.blocks import FENCE
from weaving.marks import COLON, COMMA

if TYPE_CHECKING:
    from weaving.blocks import Block
    from weaving.page import Page

CHAPTER = ("1-why", "2-parts", "3-forward", "4-activations", "5-backpropagation", "6-numpy", "7-summary")
HEADS = {
    "en": ("English", "Japanese", "symbol", "meaning", "section"),
    "ja": ("日本語", "英語", "記号", "意味", "節"),
}


@cache
def terms() -> list[dict[str, Any]]:
    """All terms, in the order of the English alphabet."""
    from weaving.page import DOCS

    found: list[dict[str, Any]] = tomllib.loads((DOCS / "glossary.toml").read_text("utf-8"))["term"]
    return sorted(found, key=lambda term: term["en"].lower())


def words() -> list[dict[str, Any]]:
    """All words of which there is one for one thing: the terms, and those of the tools."""
    from weaving.page import DOCS

    more: list[dict[str, Any]] = tomllib.loads((DOCS / "glossary.toml").read_text("utf-8"))["word"]
    return [*terms(), *more]


def glossary(block: Block, page: Page) -> str:
    """A table of all terms, sorted as the language sorts."""
    lang, other = page.lang, {"en": "ja", "ja": "en"}[page.lang]
    rows = [f"| {' | '.join(HEADS[lang])} |", "|---|---|---|---|---|"]
    for term in ordered(lang):
        explained = explained_at(term, lang)
        first = linked(*explained) if explained else ""
        means = str(term[f"{lang}_means"]).replace("|", "\\|")
        name = f"**{term[lang]}**" + (
            f' <span class="yomi">（{term["yomi"]}）</span>' if lang == "ja" else ""
        )
        rows.append(f"| {name} | {term[other]} | {term.get('symbol', '')} | {means} | {first} |")
    return "\n".join([":::{container} glossary", "", *rows, ":::"])


def index(block: Block, page: Page) -> str:
    """Each term with the sections of the chapter that speak of it."""
    lines = []
    for term in ordered(page.lang):
        links = COMMA[page.lang].join(linked(*place) for place in found_at(term, page.lang))
        if links:
            lines.append(f"- {term[page.lang]}{COLON[page.lang]}{links}")
    return ":::{container} columns\n" + "\n".join(lines) + "\n:::"


def ordered(lang: str) -> list[dict[str, Any]]:
    """English by the alphabet, Japanese by the reading."""
    return terms() if lang == "en" else sorted(terms(), key=lambda term: str(term["yomi"]))


def found_at(term: dict[str, Any], lang: str) -> list[tuple[str, str, str]]:
    """The pages, sections (2.1) and their headings in whose prose the term stands."""
    pattern = re.compile(_word(term, lang), re.I)
    return [(name, section, head) for name, section, head, text in sections(lang) if pattern.search(text)]


def explained_at(term: dict[str, Any], lang: str) -> tuple[str, str, str] | None:
    """Where the term stands in bold or in a heading; else where it stands first."""
    word = _word(term, lang)
    bold = re.compile(rf"\*\*{word}\w{{0,2}}\*\*", re.I)
    places = sections(lang)
    marked = [place[:3] for place in places if bold.search(place[3])]
    headed = [place[:3] for place in places if re.search(word, place[2], re.I)]
    headed.sort(key=lambda place: "." not in place[1])  # 2.1 tells more than 2
    return next(iter([*marked, *headed, *found_at(term, lang)]), None)


def linked(name: str, section: str, head: str) -> str:
    """The number of a section, leading to it."""
    from weaving.usage import slug

    return f"[{section}]({name}.md#{slug(head)})"


def _word(term: dict[str, Any], lang: str) -> str:
    return re.escape(str(term[lang])).replace(r"\ ", r"[\s-]+")


@cache
def sections(lang: str) -> list[tuple[str, str, str, str]]:
    """Every numbered section of the chapter: its page, its number, its heading, its prose."""
    from weaving.page import DOCS, joined

    found = []
    for name in CHAPTER:
        text = (DOCS / lang / "lecture" / f"{name}.md").read_text("utf-8")
        text = FENCE.sub(lambda match: match["body"] if "solution" in match["info"] else "", text)
        parts = re.split(r"^##? (.*)$", joined(text) if lang == "ja" else text, flags=re.M)
        section = head = name[0]
        for heading, body in zip(parts[1::2], parts[2::2], strict=True):
            number = re.match(r"\d(\.\d)?", heading)
            section, head = (number[0], heading) if number else (section, head)
            found.append((name, section, head, f"{heading}\n{body}"))
    merged: dict[tuple[str, str, str], str] = {}
    for name, section, head, body in found:
        merged[name, section, head] = merged.get((name, section, head), "") + body
    return [(*place, body) for place, body in merged.items()]
