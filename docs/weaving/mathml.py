"""Formulas as MathML, which every browser sets by itself, without scripts; ``static/fonts`` has the letters for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
TALL = ("mfrac", "msup", "msubsup", "mover", "munder", "munderover", "mtable")
BARS = {"ˉ": "¯"}
"""accents of which the font has another letter than the one that docutils writes"""
ENDED = {")", "]", "|", "‖", "!", "′", "⊤"}
"""signs behind which + and − join two things; behind any other they are the sign of a number"""
BEHIND = re.compile(r"[,.;:!?)%’”、。，）」：；]+")
"""what may not begin a line"""


SIGN = re.compile(r"\\(?:left|right)(?=[^a-zA-Z])|\\[A-Za-z]+|\\.|:=|[{}()\[\]=&]")
OPENS = {"{", "(", "[", r"\left", r"\begin"}
CLOSES = {"}", ")", "]", r"\right", r"\end"}
SPACES = {r"\quad": 1, r"\qquad": 2}
ARROWS = {r"\Rightarrow", r"\Leftrightarrow"}
RELATIONS = {"=", r"\le", r"\leq", r"\ge", r"\geq", r"\approx"}
"""what a long formula may break before"""
BETWEEN = '</span><span class="gap-{}"> </span><span class="part">'
LONG = 24
"""signs of a formula within a sentence that fit on a line of a phone"""


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
    if _text(element) in BARS:
        element.text = BARS[_text(element)]
    if _is(element, "msqrt") and not any(
        _is(part, *TALL) or _text(part) in ("(", "/", "[") for part in element.iter()
    ):
        element.set(
            "class", "low"
        )  # the style sheet takes away the room that Chromium leaves behind a short root
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
    latex, stop = node.astext(), self.encode(node.get("stop", ""))
    before = str(self.body[-1]) if self.body else ""
    opened = before[-1:] if before.endswith(("(", "（", "「")) else ""
    if opened:
        self.body[-1] = before[:-1]
    formulas = [_part(part, display=False) for part, _ in parts(latex, whole=0)] if _is_long(latex) else []
    first, *others = formulas or [mathml(latex, as_block=False)]
    if others and stop:
        others[-1] = f'<span class="held">{others[-1]}{stop}</span>'
        stop = ""
    held = f'<span class="held">{opened}{first}{stop}</span>' if opened or stop else first
    held = "<wbr>".join([held, *others])
    self.body.append(held)
    raise nodes.SkipNode


def block(self: HTML5Translator, node: nodes.math_block) -> None:
    """A formula on a line of its own, which may break between its parts where the page is narrow."""
    latex = node.astext()
    formulas = list(parts(latex))
    if len(formulas) == 1:
        self.body.append(f'<div class="math">{mathml(latex, as_block=True)}</div>')
    else:
        between = [BETWEEN.format(space) if space else "<wbr>" for _, space in formulas]
        made = [_part(part, display=True) for part, _ in formulas]
        lines = "".join(gap + formula for gap, formula in zip(between, made, strict=True))
        self.body.append(f'<div class="math parts"><span class="part">{lines}</span></div>')
    raise nodes.SkipNode


def parts(latex: str, *, whole: int = 1) -> Iterator[tuple[str, int]]:
    r"""A formula cut at its wide spaces and before its relations but the first ``whole``, with the space before each.

    >>> list(parts(r"z = Wx + b = c \qquad a = f(z)"))
    [('z = Wx + b', 0), ('= c', 0), ('a = f(z)', 2)]
    >>> list(parts(r"y = 1 \iff z = 0"))
    [('y = 1', 0), ('\\Leftrightarrow\\quad z = 0', 1)]
    """
    latex = latex.replace(r"\iff", OTHERWISE[r"\iff"])
    begin = depth = space = relations = 0
    arrow = False  # an arrow keeps what follows it, with the space between
    for sign in SIGN.finditer(latex):
        name = sign[0].strip()
        depth += (name in OPENS) - (name in CLOSES)
        if depth == 0 and name in ("&", r"\\"):  # columns that stand below each other stay together
            yield latex, 0
            return
        cut = 0
        if depth == 0 and name in SPACES and not arrow:
            cut, relations = SPACES[name], 0
        elif depth == 0 and name in RELATIONS:
            relations += 1
            if relations > whole and not arrow:
                cut = -1
        if cut and latex[begin : sign.start()].strip():
            yield latex[begin : sign.start()].strip(), space
            begin, space = (sign.end(), cut) if cut > 0 else (sign.start(), 0)
        if name in ARROWS:
            arrow = True
        elif name not in SPACES:
            arrow = False
    yield latex[begin:].strip(), space


def _is_long(latex: str) -> bool:
    """Whether a formula of a sentence should be able to break; what has wide spaces in it is left alone."""
    return len(re.sub(r"\\[A-Za-z]+|[{}^_ ]", "", latex)) > LONG and "quad" not in latex


def _part(latex: str, *, display: bool) -> str:
    """A part as it stands in its line: a relation at its head is spaced as inside."""
    root = ElementTree.fromstring(mathml(latex, as_block=False))
    if display:
        root.set("displaystyle", "true")
    first: ElementTree.Element | None = root
    while first is not None and not _is(first, "mo", "mi", "mn"):
        first = first[0] if len(first) else None
    if first is not None and first.text in ("=", "≤", "≥", "≈", "⇒", "⇔"):
        first.attrib.update({"form": "infix", "lspace": "0.28em", "rspace": "0.28em"})
    return ElementTree.tostring(root, encoding="unicode")


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
