"""The chapter on paper: the built pages of the lecture in one document, printed by Chromium.

``python docs/printed.py docs/_build ja`` writes ``docs/_build/tasou-lecture-ja.pdf``, twice or more: a print tells on
which page each section begins, the next has these numbers in its contents, until both agree. The chapter's first page
gets a link to it. Chromium sets the formulas and the pictures as on the screen. Formulas are set in STIX Two Math,
which lies in ``static/fonts``; the text in the machine's Noto Sans (for Japanese Noto Sans CJK JP) or DejaVu Sans. All
are free to be embedded in documents, and the second page of the document says so.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

PAGES = (
    "1-why", "2-parts", "3-forward", "4-activations", "5-backpropagation", "6-numpy", "7-summary", "glossary",
    "index-of-terms",
)  # fmt: skip
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)  # fmt: skip
WORDS = {
    "en": (
        "The multilayer perceptron",
        "A chapter to learn from: derivations, numbers, experiments, exercises",
        "Contents",
        "tasou {version}. © The tasou authors, BSD 3-Clause licence. All numbers and pictures were computed by tasou "
        "when this file was made; {page} shows the same pages with experiments to click through. Set and printed by "
        "Chromium. Formulas: STIX Two Math, © The STIX Fonts Project Authors, SIL Open Font License 1.1. Text: Noto "
        "Sans or DejaVu Sans, free to be embedded in documents (SIL Open Font License 1.1; Bitstream Vera licence).",
    ),
    "ja": (
        "多層パーセプトロン",
        "導出、数値、実験、練習問題で学ぶ",
        "目次",
        "tasou {version}。© The tasou authors、BSD 3-Clause ライセンス。"
        "数値と図はすべて、このファイルを作るときに tasou が計算したものです。"
        "同じ内容は、クリックでたどれる実験とともにドキュメント（{page}）でも読めます。"
        "組版と印刷は Chromium によります。"
        "数式の書体は STIX Two Math（© The STIX Fonts Project Authors、SIL Open Font License 1.1）、"
        "本文の書体は Noto Sans CJK JP（SIL Open Font License 1.1）で、文書への埋め込みが認められています。",
    ),
}
LINK = {
    "en": "The whole chapter as a PDF to print ({pages} pages)",
    "ja": "この章の全体を印刷用の PDF で（{pages}ページ）",
}
PLACE = {"en": "docs/en/lecture", "ja": "docs/ja/lecture"}
TRIES = 4
STYLE = Path(__file__).parent / "static" / "print.css"


def document(built: Path, lang: str, begins: Mapping[str, int] | None = None) -> str:
    """All pages as one: the articles, without what the screen has around them, solutions opened.

    ``begins`` says on which page a place is; each article stands on pages of its own that carry its title at the top.
    """
    from tasou import __version__

    title, about, contents, colophon = WORDS[lang]
    articles = {name: article(built / lang / "lecture" / f"{name}.html", name) for name in PAGES}
    listed = "".join(f"<li>{contained(text, begins or {})}</li>" for text in articles.values())
    running = "".join(running_head(name, text, title) for name, text in articles.items())
    style = STYLE.read_text("utf-8") + running
    head = f'<meta charset="utf-8"><title>{title}</title><style>{style}</style>'
    cover = re.search(r'<img[^>]*class="[^"]*only-light[^>]*>', articles["6-numpy"])
    body = "".join(f'<div style="page: {page_name(name)}">{text}</div>' for name, text in articles.items())
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head>{head}</head><body>'
        f'<div class="title"><h1>{title}</h1><p>{about}</p>{cover[0] if cover else ""}<p>tasou {__version__}</p></div>'
        f'<div class="colophon"><p>{colophon.format(version=__version__, page=PLACE[lang])}</p></div>'
        f'<div class="contents"><h2>{contents}</h2><ul>{listed}</ul></div>{body}</body></html>'
    )


def page_name(name: str) -> str:
    """A CSS name for the pages of an article.

    >>> page_name("1-why")
    'on-1-why'
    """
    return f"on-{name}"


def running_head(name: str, text: str, title: str) -> str:
    """The rule that puts the article's title at the top of its pages."""
    head = re.search(r"<h1>(.*?)</h1>", text, re.S)
    plain = html.unescape(re.sub(r"<a .*?</a>|<[^>]*>", "", head[1], flags=re.S)).strip() if head else title
    said = plain.replace("\\", "").replace('"', "'")
    return f'@page {page_name(name)} {{ @top-left {{ content: "{title}"; }} @top-right {{ content: "{said}"; }} }}'


def contained(text: str, begins: Mapping[str, int]) -> str:
    """The headings of a page as lines of the contents: the first, and below it the numbered sections."""
    found = re.findall(
        r'<section [^>]*?id="([^"]*)">(?:\s*<span[^>]*></span>)*\s*<h([12])>(.*?)</h', text, re.S
    )
    first, below = "", ""
    for place, level, head in found:
        said = re.sub(r"<a .*?</a>|<(?!/?math|/?m[a-z]+).*?>", "", head, flags=re.S)
        link = f'<a href="#{place}"><span>{said}</span><span class="on">{begins.get(place, "")}</span></a>'
        if level == "1":
            first += link
        elif said[:1].isdigit():
            below += f"<li>{link}</li>"
    return first + (f"<ul>{below}</ul>" if below else "")


def article(file: Path, name: str) -> str:
    """The article of a built page: pictures are found from the language's folder, places begin with the page's name.

    Solutions stand open, and where the screen has a page in a frame, paper has what was made for it.
    """
    text = file.read_text("utf-8")
    inside = re.search(r'<article[^>]*role="main"[^>]*>(.*?)</article>', text, re.S)
    if inside is None:
        raise SystemExit(f"docs: {file} has no article")
    body = inside[1].replace('src="../', 'src="').replace("<details", "<details open")
    body = body.replace("<template", "<div").replace("</template>", "</div>")
    body = re.sub(r' id="([^"]*)"', rf' id="{name}--\1"', body)
    body = re.sub(r' href="([^"]*)"', lambda link: led(link[1], name), body)
    return re.sub(r'<img(?=[^>]*class="[^"]*(?:only-dark|narrow))[^>]*>', "", body)


def led(target: str, name: str) -> str:
    """Links within the chapter lead within the document; others, but for those to the web, are none on paper."""
    page, _, place = target.partition("#")
    page = page.removesuffix(".html") or name
    if target.startswith("http"):
        return f' href="{target}"'
    return f' href="#{page}--{place}"' if place and page in PAGES else ""


def write(built: Path, lang: str) -> Path:
    """Print the document, with the numbers of its pages; gives the PDF."""
    target = built / f"tasou-lecture-{lang}.pdf"
    page, begins = built / lang / "_printed.html", None
    for _ in range(TRIES):
        print_to(target, page, document(built, lang, begins))
        before, (begins, pages) = begins, places(target)
        if begins == before:
            break
    else:
        raise SystemExit(f"docs: {target}: the contents name other pages than those where sections begin")
    index = built / lang / "lecture" / "index.html"
    index.write_text(linked(index.read_text("utf-8"), lang, pages), "utf-8")
    return target


def linked(page: str, lang: str, pages: int) -> str:
    """The chapter's first page with a link to the PDF in the place that is kept for it.

    >>> linked('<p class="printed"></p>', "en", 3)
    '<p class="printed"><a href="../../tasou-lecture-en.pdf">The whole chapter as a PDF to print (3 pages)</a></p>'
    """
    link = f'<a href="../../tasou-lecture-{lang}.pdf">{LINK[lang].format(pages=pages)}</a>'
    return re.sub(r'<p class="printed">.*?</p>', f'<p class="printed">{link}</p>', page, flags=re.S)


def places(pdf: Path) -> tuple[dict[str, int], int]:
    """The page, from 1, of each place that a link of the PDF leads to, and how many pages there are."""
    from pypdf import PdfReader

    read = PdfReader(pdf)
    found = read.named_destinations.items()
    numbers = {name.lstrip("/"): (read.get_destination_page_number(place) or 0) + 1 for name, place in found}
    return numbers, len(read.pages)


def print_to(target: Path, page: Path, text: str) -> None:
    """Print HTML into a PDF; the page lies beside the pictures that it shows, as long as it is needed."""
    browser = os.environ.get("CHROME") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise SystemExit("docs: --pdf needs Chromium or Chrome (CHROME=/path/to/it)")
    page.write_text(text, "utf-8")
    with tempfile.TemporaryDirectory(prefix="tasou-print-") as profile:
        command = [
            browser,
            *FLAGS,
            f"--user-data-dir={profile}",
            f"--print-to-pdf={target.resolve()}",
            page.resolve().as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    page.unlink()
    if done.returncode or not target.is_file() or target.stat().st_size < 50_000:
        raise SystemExit(f"docs: {browser} could not print: {done.stderr.strip()[-300:]}")


if __name__ == "__main__":
    for chosen in sys.argv[2:]:
        print(f"docs: {write(Path(sys.argv[1]), chosen)}")
