"""The HTML page around the sections: one file, no script, nothing loaded from anywhere, light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

STYLE = Path(__file__).with_name("style.css")


def page(title: str, lang: str, parts: Sequence[str]) -> str:
    """A whole HTML document."""
    head = (
        f'<!doctype html>\n<html lang="{lang}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE.read_text('utf-8')}</style>\n<main>\n"
    )
    return head + "\n".join(parts) + "\n</main>\n</html>\n"


def section(heading: str, *parts: str) -> str:
    """A card with a heading."""
    return f"<section>\n<h2>{escape(heading)}</h2>\n" + "\n".join(parts) + "\n</section>"


def paragraph(text: str, kind: str = "") -> str:
    """A line of text."""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def grid(rows: Sequence[Sequence[str]], kind: str = "", row_kinds: Sequence[str] = ()) -> str:
    """A table whose first row is its head; ``row_kinds`` are CSS classes of the other rows."""
    head, *body = rows
    kinds = [*row_kinds, *[""] * (len(body) - len(row_kinds))]
    lines = [f"<tr>{''.join(f'<th>{escape(c)}</th>' for c in head)}</tr>"]
    for row, row_kind in zip(body, kinds, strict=True):
        lines.append(f'<tr class="{row_kind}">{"".join(f"<td>{escape(c)}</td>" for c in row)}</tr>')
    return f'<table class="{kind}">{"".join(lines)}</table>'
