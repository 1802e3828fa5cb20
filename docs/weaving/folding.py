"""Wide tables on a phone: a row becomes a card, each cell with the heading of its column before it."""

from __future__ import annotations

import re
from html import escape, unescape

TABLE = re.compile(r'<table class="docutils(?! folding)[^>]*>.*?</table>', re.S)
HEAD = re.compile(r"<thead>(.*?)</thead>", re.S)
BODY = re.compile(r"<tbody>(.*?)</tbody>", re.S)
ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.S)
CELL = re.compile(r"<t([hd])(?P<given>[^>]*)>(?P<inside>.*?)</t\1>", re.S)
PHONE = 360
"""pixels that a table has on a phone of 390"""
PHRASE = 10
"""letters of Japanese that are not broken, since its cells break between phrases"""
LETTER, WIDE, AROUND, LEAST = 7.6, 14.4, 21.0, 66.0
"""about how wide in a table a letter is, one of Japanese, the room beside a cell's text, and a cell at least"""


def folding(page: str) -> str:
    """The page, its tables of words that a phone has no room for marked, their cells named.

    The glossary has a way of its own.
    """
    if 'class="glossary' in page:
        return page
    return TABLE.sub(lambda table: _named(table[0]) if folds(table[0]) else table[0], page)


def folds(table: str) -> bool:
    """Whether a table is one of words, with headings, and wider than a phone.

    >>> folds("<thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody>")
    False
    """
    head, body = HEAD.search(table), BODY.search(table)
    if not head or not body or "text-right" in table:
        return False
    heads = [_width(plain(cell["inside"]), whole=True) + AROUND for cell in CELL.finditer(head[1])]
    rows = [[least(cell["inside"]) for cell in CELL.finditer(row)] for row in ROW.findall(body[1])]
    widths = [max(column) for column in zip(heads, *rows, strict=False)]
    return any(heads) and len(widths) > 1 and sum(widths) > PHONE


def least(inside: str) -> float:
    """About how narrow a cell can be: its longest word, or its formula, which does not break."""
    formulas = re.findall(r"<math.*?</math>", inside, re.S)
    words = re.sub(r"<math.*?</math>|<wbr>", " ", inside, flags=re.S)
    whole = [plain(part).replace(" ", "") for part in formulas]
    longest = max([*map(_width, whole), *map(_width, plain(words).split())], default=0)
    return max(LEAST, longest + AROUND)


def _width(word: str, *, whole: bool = False) -> float:
    """Of a Japanese word, which breaks where it is no heading, a few letters."""
    wide = sum(letter > "\u3000" for letter in word)
    if whole and not wide:  # an English heading breaks at its spaces
        word = max(word.split(), key=len, default="")
    return (wide if whole else min(wide, PHRASE)) * WIDE + (len(word) - wide) * LETTER


def plain(inside: str) -> str:
    """The text of a cell."""
    spoken = re.sub(r'<span class="spoken">.*?</span>', "", inside, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", spoken)).split())


def _named(table: str) -> str:
    heads = [plain(cell["inside"]) for cell in CELL.finditer(HEAD.search(table)[1])]  # type: ignore[index]
    body = BODY.search(table)
    assert body is not None

    def row(found: re.Match[str]) -> str:
        names = iter(heads)
        return CELL.sub(lambda cell: _cell(cell, next(names, "")), found[0])

    marked = ROW.sub(row, body[0])
    return table.replace(body[0], marked).replace('class="docutils', 'class="docutils folding', 1)


def _cell(cell: re.Match[str], name: str) -> str:
    named = f' data-name="{escape(name)}"' if name and "data-name" not in cell["given"] else ""
    return f"<td{cell['given']}{named}>{cell['inside']}</td>"
