"""The glossary (docs/glossary.toml) and the index of the chapter, which is made from it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from weaving.blocks import FENCE

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


def glossary(block: Block, page: Page) -> str:
    """A table of all terms, sorted as the language sorts."""
    lang, other = page.lang, {"en": "ja", "ja": "en"}[page.lang]
    rows = [f"| {' | '.join(HEADS[lang])} |", "|---|---|---|---|---|"]
    for term in ordered(lang):
        places = found_at(term, lang)
        first = f"[{places[0][1]}]({places[0][0]}.md)" if places else ""
        means = str(term[f"{lang}_means"]).replace("|", "\\|")
        name = f"**{term[lang]}**" + (f"（{term['yomi']}）" if lang == "ja" else "")
        rows.append(f"| {name} | {term[other]} | {term.get('symbol', '')} | {means} | {first} |")
    return "\n".join(rows)


def index(block: Block, page: Page) -> str:
    """Each term with the sections of the chapter that speak of it."""
    lines = []
    for term in ordered(page.lang):
        links = ", ".join(f"[{section}]({name}.md)" for name, section in found_at(term, page.lang))
        if links:
            lines.append(f"- {term[page.lang]}: {links}")
    return "\n".join(lines)


def ordered(lang: str) -> list[dict[str, Any]]:
    """English by the alphabet, Japanese by the reading."""
    return terms() if lang == "en" else sorted(terms(), key=lambda term: str(term["yomi"]))


def found_at(term: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """The pages and sections (2.1) in whose prose the term stands."""
    word = re.escape(str(term[lang]))
    pattern = re.compile(word.replace(r"\ ", r"[\s-]+"), re.I)
    return [(name, section) for name, section, text in sections(lang) if pattern.search(text)]


@cache
def sections(lang: str) -> list[tuple[str, str, str]]:
    """Every numbered section of the chapter: its page, its number, its prose."""
    from weaving.page import DOCS, joined

    found = []
    for name in CHAPTER:
        text = (DOCS / lang / "lecture" / f"{name}.md").read_text("utf-8")
        text = FENCE.sub(lambda match: match["body"] if "solution" in match["info"] else "", text)
        parts = re.split(r"^##? (.*)$", joined(text) if lang == "ja" else text, flags=re.M)
        section = name[0]
        for heading, body in zip(parts[1::2], parts[2::2], strict=True):
            number = re.match(r"\d(\.\d)?", heading)
            section = number[0] if number else section
            found.append((name, section, f"{heading}\n{body}"))
    merged: dict[tuple[str, str], str] = {}
    for name, section, body in found:
        merged[name, section] = merged.get((name, section), "") + body
    return [(name, section, body) for (name, section), body in merged.items()]
