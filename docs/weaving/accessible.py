"""What a screen reader and a keyboard miss in the pages that the theme makes, added when all are written."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from weaving.folding import folding

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LABELS = {
    "sidebar-drawer": {"en": "All pages", "ja": "すべてのページ"},
    "toc-drawer": {"en": "On this page", "ja": "このページの内容"},
}
BUTTONS = {
    "Toggle site navigation sidebar": "ページ一覧の表示を切り替える",
    "Toggle table of contents sidebar": "目次の表示を切り替える",
    "Toggle Light / Dark / Auto color theme": "配色を切り替える（明るい・暗い・自動）",
    "Toggle navigation of ": "下位のページを開閉：",
}
"""what the theme says in English alone"""
TITLES = {
    "Link to this heading": "この見出しへのリンク",
    "Link to this code": "このコードへのリンク",
    "Link to this definition": "この定義へのリンク",
    "Keyword-only parameters separator (PEP 3102)": "これより後の引数は、名前を付けて渡す（PEP 3102）",
    "Positional-only parameter separator (PEP 570)": "これより前の引数は、位置で渡す（PEP 570）",
}
"""and what Sphinx says so"""
COPIED = re.compile(r'aria-label="Copy (?P<name>\w+) to clipboard"')
HEADER = re.compile(r"<th(?P<rest>[^>]*)><p><math(?P<inside>.*?</math>)</p></th>", re.S)
CODE = re.compile(r'<span class="pre">(?P<word>[^<]{1,18})</span>')
CONSOLE = re.compile(r'<div class="highlight-(?:console|sh)\b.*?</pre>', re.S)
OPTION = re.compile(r'(?<![\w-])(?<!held">)--[a-z][\w-]*(?![^<]*>)')
CELL = re.compile(r"<td(?: [^>]*)?>.*?</td>", re.S)
NAME = re.compile(r'<span class="pre(?: held)?">(?P<word>[^<]{25,})</span>')
BREAK = re.compile(r"(?<=[./_(=])(?=[\w\[{])")
SIGNATURE = re.compile(r"<dl>\s*(?P<lines>(?:<dd>.*?</dd>\s*)+)</dl>", re.S)


def mended(html: str, lang: str) -> str:
    """A page with what it lacked.

    >>> mended('<p class="caption" role="heading">', "en")
    '<p class="caption" role="heading" aria-level="2">'
    >>> mended('<th class="head"><p></p></th><th><p>a</p></th>', "en")
    '<td></td><th><p>a</p></th>'
    >>> mended('<span class="pre">--early-stopping</span>', "en")
    '<span class="pre held">--early-stopping</span>'
    """
    html = html.replace('role="heading">', 'role="heading" aria-level="2">')
    for name, texts in LABELS.items():
        html = re.sub(
            rf'<aside class="({name}[^"]*)">', rf'<aside class="\1" aria-label="{texts[lang]}">', html
        )
    if lang == "ja":
        for word, says in BUTTONS.items():
            html = html.replace(f'aria-label="{word}', f'aria-label="{says}')
        for word, says in TITLES.items():
            html = html.replace(f'title="{word}"', f'title="{says}"')
        html = COPIED.sub(r'aria-label="\g<name> をコピー"', html)
        html = html.replace('<span class="colon">:</span>', '<span class="colon">：</span>')
        html = re.sub(r"(</strong>(?:</a>)?) -- ", r"\1：", html).replace("<p>\u200b</p>", "")
    html = re.sub(r"<th(?: [^>]*)?>(<p></p>)?</th>", "<td></td>", html)
    html = SIGNATURE.sub(_lines, html)
    html = CODE.sub(r'<span class="pre held">\g<word></span>', html)
    html = CELL.sub(lambda cell: NAME.sub(_breaking, cell[0]), html)
    html = CONSOLE.sub(lambda box: OPTION.sub(r'<span class="held">\g<0></span>', box[0]), html)
    return folding(HEADER.sub(_named, html))


def _lines(signature: re.Match[str]) -> str:
    """A long signature, which is no list of definitions."""
    lines = signature["lines"].replace("<dd>", '<span class="sig-line">').replace("</dd>", "</span>")
    return f'<span class="sig-lines">{lines}</span>'


def _breaking(name: re.Match[str]) -> str:
    """A long name in a table may break behind its dots, strokes and underscores, where the page is narrow.

    >>> _breaking(NAME.fullmatch('<span class="pre">formulas/losses/NAME.py</span>'))
    '<span class="pre">formulas/<wbr>losses/<wbr>NAME.<wbr>py</span>'
    """
    broken = BREAK.sub("<wbr>", name["word"])
    return f'<span class="pre">{broken}</span>'


def _named(header: re.Match[str]) -> str:
    """A column headed by a formula alone has the formula's signs as its name."""
    name = " ".join(re.sub(r"<[^>]*>", " ", "<" + header["inside"]).split())
    heard = f'<span class="spoken">{name}</span>'
    return f'<th{header["rest"]}><p>{heard}<math aria-hidden="true"{header["inside"]}</p></th>'


def mend_all(folder: Path, lang: str, mend: Callable[[str, str], str] = mended) -> None:
    """Every page in the folder."""
    for file in folder.rglob("*.html"):
        if "embedded" not in file.parts:
            file.write_text(mend(file.read_text("utf-8"), lang), "utf-8")


def finished(app: Sphinx, error: Exception | None) -> None:
    """Called when all pages are written."""
    if error is None and app.builder.format == "html":
        mend_all(Path(app.outdir), app.config.language)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("build-finished", finished)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
