"""Formulas as MathML, which every browser sets by itself: no fonts and no scripts from outside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


ACCENTED = re.compile(r"(\\(?:hat|tilde)\{\w\}|\\hat \w)_(\w|\{[^}]*\})")
APART = re.compile(r"<mo>[:∶]</mo>\s*<mo>=</mo>")
WORD = re.compile(r"\\log\s*(?=[\\\w])")


FRACTION = re.compile(r"\\([td]?frac)\s*(\d)\s*(\d)")
OTHERWISE = {
    r"\dots": r"\ldots",
    r"\iff": r"\quad\Leftrightarrow\quad",
    r"\big": "",
    r"\Big": "",
    r"\textstyle": "",
}
"""commands that docutils does not know, and what stands for them (MathML's own brackets grow by themselves)"""
UNKNOWN = re.compile("|".join(re.escape(name) + r"(?![A-Za-z])" for name in OTHERWISE))


def mathml(latex: str, *, as_block: bool) -> str:
    """LaTeX as MathML; an accented letter has its index beside it, log x has a gap, and := is one sign."""
    latex = UNKNOWN.sub(lambda name: OTHERWISE[name[0]], FRACTION.sub(r"\\\1{\2}{\3}", latex))
    latex = ACCENTED.sub(r"{{\1}{}}_\2", WORD.sub(r"\\,\\log\\,", latex))
    return APART.sub("<mo>:=</mo>", tex2mathml(latex, as_block=as_block))


def inline(self: HTML5Translator, node: nodes.math) -> None:
    """A formula within a sentence."""
    self.body.append(mathml(node.astext(), as_block=False))
    raise nodes.SkipNode


def block(self: HTML5Translator, node: nodes.math_block) -> None:
    """A formula on a line of its own."""
    self.body.append(f'<div class="math">{mathml(node.astext(), as_block=True)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Make ``html_math_renderer = "mathml"`` known."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
