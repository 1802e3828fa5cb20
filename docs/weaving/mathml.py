"""Formulas as MathML, which every browser sets by itself, without scripts; ``static/fonts`` has the letters for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


ACCENTED = re.compile(r"(\\(?:hat|tilde)\{\w\}|\\hat \w)_(\w|\{[^}]*\})")
NAMED = r"\\(log|sin|cos|exp|tanh|cosh|max|min)(?![A-Za-z])"
BEFORE = re.compile(rf"(?<=[\w)}}])\s*(?={NAMED})")
WORD = re.compile(rf"{NAMED}\s*(?=\\(?!,|left)|[A-Za-z0-9])")


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
SPACE = "http://www.w3.org/1998/Math/MathML"
PRIMES = {1: "′", 2: "″", 3: "‴"}
ENDED = {")", "]", "|", "‖", "!", "′", "⊤"}
"""signs behind which + and − join two things; behind any other they are the sign of a number"""
BEHIND = re.compile(r"[,.;:!?)%’”、。，）」：；]+")
"""what may not begin a line"""


def mathml(latex: str, *, as_block: bool) -> str:
    """LaTeX as MathML; an accented letter has its index beside it, log x has a gap, and := is one sign."""
    latex = UNKNOWN.sub(lambda name: OTHERWISE[name[0]], FRACTION.sub(r"\\\1{\2}{\3}", latex))
    latex = WORD.sub(r"\\\1\\,", BEFORE.sub(r"\\,", latex))
    latex = ACCENTED.sub(r"{{\1}{}}_\2", latex)
    made = tex2mathml(latex, as_block=as_block).replace("&ApplyFunction;", "\u2061")
    root = ElementTree.fromstring(made)
    _mend(root)
    ElementTree.register_namespace("", SPACE)
    return ElementTree.tostring(root, encoding="unicode")


def _mend(element: ElementTree.Element) -> None:
    """What docutils leaves to be wished for, from the inside outwards."""
    for child in element:
        _mend(child)
    if (
        len(element) == 2
        and _is(element, "msub")
        and _is(element[0], "munder")
        and _text(element[0][1]) in "⏟⏞"
    ):
        element.tag = f"{{{SPACE}}}munder"  # the label stands below the brace, not beside it
        element[0][1].set("stretchy", "true")
    if _is(element, "menclose"):
        element.tag = f"{{{SPACE}}}mrow"  # browsers draw no box of their own; the style sheet does
        element.attrib.pop("notation", None)
    if not _is(element, "msub", "msup", "msubsup", "munder", "mover", "munderover", "mfrac"):
        _join(element)
        _sign(element)


def _join(element: ElementTree.Element) -> None:
    """:= is one sign, and primes hang on the letter before them."""
    signs = list(element)
    for k, sign in reversed(list(enumerate(signs))):
        if _text(sign) in (":", "∶") and _text(element[k + 1] if k + 1 < len(element) else None) == "=":
            sign.text = ":="
            element.remove(element[k + 1])
        if _text(sign) == "'" and k and _text(signs[k - 1]) != "'":
            many = 1
            while k + many < len(element) and _text(element[k + many]) == "'":
                many += 1
            base = element[k - 1]
            raised = ElementTree.Element(f"{{{SPACE}}}mrow")
            prime = ElementTree.Element(f"{{{SPACE}}}mo", {"lspace": "0", "rspace": "0"})
            prime.text = PRIMES[many]
            for gone in list(element)[k - 1 : k + many]:
                element.remove(gone)
            raised.extend([base, prime])
            element.insert(k - 1, raised)


def _sign(element: ElementTree.Element) -> None:
    """+1 and −1 have no gap behind their sign; bars stand close to what they hold."""
    before = None
    for child in element:
        signed = before is not None and _is(before, "mo") and _text(before) not in ENDED
        if signed and _text(child) in ("+", "−"):
            child.set("form", "prefix")
        if _text(child) in ("max", "min"):
            child.attrib.update({"lspace": "0", "rspace": "0"})
        bar = child[0] if _is(child, "msup", "msub") else child
        if _text(bar) in ("|", "‖"):
            bar.attrib.update({"stretchy": "false", "lspace": "0", "rspace": "0"})
        if not _is(child, "mspace"):
            before = child


def _is(element: ElementTree.Element, *names: str) -> bool:
    return element.tag.rpartition("}")[2] in names


def _text(element: ElementTree.Element | None) -> str:
    return (element.text or "").strip() if element is not None and _is(element, "mo") else ""


def inline(self: HTML5Translator, node: nodes.math) -> None:
    """A formula within a sentence, with the bracket before it and the stop behind it on the same line."""
    formula, stop = mathml(node.astext(), as_block=False), self.encode(node.get("stop", ""))
    before = str(self.body[-1]) if self.body else ""
    opened = before[-1:] if before.endswith(("(", "（", "「")) else ""
    if opened:
        self.body[-1] = before[:-1]
    held = f'<span class="held">{opened}{formula}{stop}</span>' if opened or stop else formula
    self.body.append(held)
    raise nodes.SkipNode


def block(self: HTML5Translator, node: nodes.math_block) -> None:
    """A formula on a line of its own."""
    self.body.append(f'<div class="math">{mathml(node.astext(), as_block=True)}</div>')
    raise nodes.SkipNode


def hold(app: Sphinx, tree: nodes.document, name: str) -> None:
    """Each formula takes the stop behind it along."""
    for formula in tree.findall(nodes.math):
        text = formula.next_node(descend=False, siblings=True, ascend=False)
        if isinstance(text, nodes.Text) and (stop := BEHIND.match(text)):
            formula["stop"] = stop[0]
            text.parent.replace(text, nodes.Text(text[stop.end() :]))


def setup(app: Sphinx) -> dict[str, bool]:
    """Make ``html_math_renderer = "mathml"`` known."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.connect("doctree-resolved", hold)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
