"""Notebooks of our own: a page whose ``{cell}`` blocks are run and shown, and the same as a file for Jupyter."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
from typing import TYPE_CHECKING, Any

from weaving import html, narrow
from weaving.blocks import FENCE, Block
from weaving.pictures import DPI, ENDINGS, THEMES, image, speaking

if TYPE_CHECKING:
    from weaving.page import Page

NOTEBOOKS = ("first-steps", "look-inside", "your-own-table")
FOLDER = "embedded"
DOWNLOAD = {"en": "Download this page as a notebook", "ja": "このページをノートブックとしてダウンロード"}


def cell(block: Block, page: Page) -> str:
    """The code, and below it what a notebook would show: what was printed, the last line, the pictures.

    A last line that draws is taken twice, for light and for dark pages.
    """
    import matplotlib
    from matplotlib import pyplot

    matplotlib.use("agg")
    tree = ast.parse(block.text)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    with speaking(page.lang), contextlib.chdir(page.folder), contextlib.redirect_stdout(printed):
        exec(compile(tree, page.name, "exec"), page.names)
        value = _value(last, page)
        pictures = []
        if drawn := len(pyplot.get_fignums()):
            names = [page.picture_name() for _ in range(drawn)]
            wide = any(narrow.needed(pyplot.figure(number)) for number in pyplot.get_fignums())
            pictures += _pictures(names, "light", page, "wide" if wide else "alone")
            with pyplot.style.context(THEMES["dark"]):
                _value(last, page)
                pictures += _pictures(names, "dark", page, "wide" if wide else "alone")
            for theme in THEMES if wide else ():
                with narrow.drawing(), pyplot.style.context(THEMES[theme]):
                    _value(last, page)
                    pictures += _pictures(names, theme, page, "narrow")
        shown = _shown(value) if not pictures else ""
    text = printed.getvalue().rstrip()
    outputs = [f"```text\n{text}\n```" if text else "", shown, *pictures]
    return "\n\n".join([f"```python\n{block.text}\n```", *(output for output in outputs if output)])


def _value(last: ast.Expr | None, page: Page) -> Any:
    """What the last line of a cell gives."""
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), page.name, "eval"), page.names)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "_repr_html_") and value._repr_html_():
        return html.shown_by(value)
    return f"```text\n{value!r}\n```"


def _pictures(names: list[str], theme: str, page: Page, form: str) -> list[str]:
    """The figures there are, saved and closed; they are seen on light or on dark pages, all or wide or narrow ones."""
    from matplotlib import pyplot

    from tasou.plots.save import describe

    page.pictures.mkdir(parents=True, exist_ok=True)
    parts = []
    for name, number in zip(names, pyplot.get_fignums(), strict=True):
        figure, file = pyplot.figure(number), page.pictures / f"{name}-{theme}{ENDINGS[form]}.png"
        narrow.finish(figure)
        figure.savefig(file, dpi=DPI)
        parts.append(image(file, theme, describe(figure), figure.get_figwidth(), form))
    pyplot.close("all")
    return parts


def download(block: Block, page: Page) -> str:
    """A link to the page as a notebook, which is written where the link leads."""
    name = f"{page.name.rsplit('/', 1)[-1]}-{page.lang}.ipynb"
    file = page.pictures / "pages" / FOLDER / name
    file.parent.mkdir(parents=True, exist_ok=True)
    found = notebook(page.name.rsplit("/", 1)[-1], page.lang)
    file.write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    source = "../" * page.name.count("/") + f"{FOLDER}/{name}"
    return f'```{{raw}} html\n<p><a href="{source}" download>{DOWNLOAD[page.lang]}</a></p>\n```'


def notebook(name: str, lang: str) -> dict[str, Any]:
    """The page as the content of an .ipynb file: prose as Markdown, each ``{cell}`` as code, no outputs yet."""
    from weaving.page import DOCS, joined

    text = (DOCS / lang / "notebooks" / f"{name}.md").read_text("utf-8")
    text = joined(text) if lang == "ja" else text
    cells: list[dict[str, Any]] = []
    at = 0
    for match in FENCE.finditer(text):
        block = Block.read(match)
        _prose(cells, text[at : match.start()])
        at = match.end()
        if block.kind == "{cell}":
            code = {"cell_type": "code", "execution_count": None, "outputs": [], "source": block.text}
            cells.append({"id": f"c{len(cells)}", "metadata": {}, **code})
        elif block.kind != "{notebook}":
            _prose(cells, match[0])
    _prose(cells, text[at:])
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _prose(cells: list[dict[str, Any]], text: str) -> None:
    """Links between the pages mean nothing in a file that stands alone: their words stay."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\.md[^)]*\)", r"\1", text).strip()
    if text:
        cells.append({"id": f"c{len(cells)}", "metadata": {}, "cell_type": "markdown", "source": text})
