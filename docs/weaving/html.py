"""Show the HTML that an object has for notebooks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from weaving import narrow
from weaving.pictures import THEMES, speaking

if TYPE_CHECKING:
    from weaving.blocks import Block
    from weaving.page import Page

PICTURE = re.compile(r'<img (?=[^>]*src="data:image/png)')


def make(block: Block, page: Page) -> str:
    """The code, and what a notebook would show for its last line; names last to the end of the page."""
    tree = ast.parse(block.text)
    last = tree.body.pop()
    names: dict[str, Any] = page.names
    with speaking(page.lang):
        exec(compile(tree, page.name, "exec"), names)
        shown = shown_by(eval(compile(ast.Expression(last.value), page.name, "eval"), names))
    return f"```python\n{block.text}\n```\n\n{shown}"


def shown_by(value: Any) -> str:
    """The HTML of an object as Markdown; pictures in it are drawn for light and dark pages, and for phones."""
    html = value._repr_html_() or ""
    if PICTURE.search(html):
        drawn = [(" ".join(form), PICTURE.split(again)) for form, again in _forms(value, html)]
        # What stands between two pictures is the same in all forms; a picture ends with its tag.
        parts = [drawn[0][1][0]]
        for k in range(1, len(drawn[0][1])):
            tags = [pieces[k].partition(">") for _, pieces in drawn]
            parts += [
                f'<img class="{form}" {tag}>' for (form, _), (tag, _, _) in zip(drawn, tags, strict=True)
            ]
            parts.append(tags[0][2])
        html = "".join(parts)
    return f'```{{raw}} html\n<div class="notebook">{html}</div>\n```'


def _forms(value: Any, light: str) -> Iterator[tuple[tuple[str, str], str]]:
    """What the object shows on light and dark pages, wide and narrow ones."""
    from matplotlib import pyplot

    yield ("only-light", "wide"), light
    with pyplot.style.context(THEMES["dark"]):
        yield ("only-dark", "wide"), value._repr_html_()
    with narrow.drawing():
        yield ("only-light", "narrow"), value._repr_html_()
        with pyplot.style.context(THEMES["dark"]):
            yield ("only-dark", "narrow"), value._repr_html_()
