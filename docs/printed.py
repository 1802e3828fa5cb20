"""The chapter on paper: the built pages of the lecture in one document, printed by Chromium.

``python docs/printed.py docs/_build ja`` writes ``docs/_build/tasou-lecture-ja.pdf``. Chromium sets the formulas and
the pictures as on the screen. The letters are those of the machine's sans-serif fonts; for Japanese Noto Sans CJK JP is
asked for first, which is free to be embedded in documents (SIL Open Font License 1.1).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PAGES = (
    "1-why", "2-parts", "3-forward", "4-activations", "5-backpropagation", "6-numpy", "7-summary", "glossary",
    "index-of-terms",
)  # fmt: skip
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--no-pdf-header-footer",
)  # fmt: skip
WORDS = {
    "en": (
        "The multilayer perceptron",
        "A chapter to learn from: derivations, numbers, experiments, exercises",
        "Contents",
    ),
    "ja": ("多層パーセプトロン", "導出、数値、実験、練習問題で学ぶ", "目次"),
}
STYLE = Path(__file__).parent / "static" / "print.css"


def document(built: Path, lang: str) -> str:
    """All pages as one: the articles, without what the screen has around them, solutions opened."""
    title, about, contents = WORDS[lang]
    articles = [article(built / lang / "lecture" / f"{name}.html") for name in PAGES]
    heads = [
        re.sub(r"<a class=\"headerlink.*?</a>|<.*?>", "", re.search(r"<h1>(.*?)</h1>", text, re.S)[1])
        for text in articles
    ]
    listed = "".join(f'<li><a href="#part-{k}">{head}</a></li>' for k, head in enumerate(heads))
    parts = "".join(f'<div id="part-{k}">{text}</div>' for k, text in enumerate(articles))
    style = STYLE.read_text("utf-8")
    head = f'<meta charset="utf-8"><title>{title}</title><style>{style}</style>'
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head>{head}</head><body>'
        f'<div class="title"><h1>{title}</h1><p>{about}</p><p>tasou</p></div>'
        f'<div class="contents"><h2>{contents}</h2><ul>{listed}</ul></div>{parts}</body></html>'
    )


def article(file: Path) -> str:
    """The article of a built page; its pictures are found from the folder of the language, its solutions stand open."""
    text = file.read_text("utf-8")
    inside = re.search(r'<article[^>]*role="main"[^>]*>(.*?)</article>', text, re.S)
    if inside is None:
        raise SystemExit(f"docs: {file} has no article")
    body = inside[1].replace('src="../', 'src="').replace("<details", "<details open")
    body = re.sub(r'href="(?!#|http)[^"]*"', "", body)
    return re.sub(r'<img(?=[^>]*class="[^"]*only-dark)[^>]*>', "", body)


def write(built: Path, lang: str) -> Path:
    """Print the document; gives the PDF."""
    browser = os.environ.get("CHROME") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise SystemExit("docs: --pdf needs Chromium or Chrome (CHROME=/path/to/it)")
    page, target = built / lang / "_printed.html", built / f"tasou-lecture-{lang}.pdf"
    page.write_text(document(built, lang), "utf-8")
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
    return target


if __name__ == "__main__":
    for chosen in sys.argv[2:]:
        print(f"docs: {write(Path(sys.argv[1]), chosen)}")
