"""Show the HTML that an object has for notebooks."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from weaving.pictures import speaking

if TYPE_CHECKING:
    from weaving.blocks import Block
    from weaving.page import Page


def make(block: Block, page: Page) -> str:
    """The code, and what a notebook would show for its last line; names last to the end of the page."""
    tree = ast.parse(block.text)
    last = tree.body.pop()
    names: dict[str, Any] = page.names
    with speaking(page.lang):
        exec(compile(tree, page.name, "exec"), names)
        shown = eval(compile(ast.Expression(last.value), page.name, "eval"), names)._repr_html_()
    return f'```python\n{block.text}\n```\n\n```{{raw}} html\n<div class="notebook">{shown}</div>\n```'
