"""The lecture's notation, read from plain text and written as LaTeX or MathML.

The formulas exist once, as plain text (``a[1] = max(0, z[1]_2)``); here each sign of them becomes a token, and each
token a piece of either language. Nothing is evaluated, so whatever a user's own formula says can be shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?|\binf\b|\bnan\b)"
    r"|(?P<word>[∇∂]?[^\W\d_ᵀ]+(?:_[^\W\d_ᵀ]+)*)(?P<prime>')?(?:\[(?P<layer>\d+(?:\.\d+)*)\])?(?P<transposed>ᵀ)?"
    r"|(?P<operator>:=|<=|>=|[^\s\w])"
    r"|(?P<space>\s+)"
)
TIGHT = re.compile(r"([(\[]) +|(?<=\S) +([)\],])|(?<= ) +")
SUFFIX = re.compile(r"(?:_(?P<sub>\d+))?(?:\^(?P<power>\d+))?")

GREEK = {"alpha": "α", "lambda": "λ", "Phi": "Φ", "sigma": "σ"}
TEX_GREEK = {
    "α": r"\alpha",
    "λ": r"\lambda",
    "Φ": r"\Phi",
    "σ": r"\sigma",
    "δ": r"\delta",
    "θ": r"\theta",
    "Σ": r"\sum",
    "ŷ": r"\hat{y}",
    "Ŷ": r"\hat{Y}",
}
TEX_OPERATORS = {
    "·": r"\cdot ",
    "*": r"\cdot ",
    "⊙": r"\odot ",
    "<=": r"\le ",
    ">=": r"\ge ",
    "…": r"\dots ",
    "−": "-",
    ":=": r"\mathrel{:=}",
    "⋯": r"\cdots",
    "⋮": r"\vdots",
    "–": r"\text{–}",
}
MATHML_OPERATORS = {"*": "·", "-": "−", "<=": "≤", ">=": "≥", "'": "′"}
CONNECTIVES = ("if", "else")
HATS = {"ŷ": "y", "Ŷ": "Y"}
FENCES = ("(", ")", "[", "]", "|")
CLOSING = (")", "]", "|")


@dataclass(frozen=True)
class Token:
    """One sign: a number, a symbol or an operator, with what hangs on it."""

    kind: str
    body: str
    mark: str = ""
    """∇ or ∂ before it"""
    layer: str = ""
    transposed: bool = False
    prime: bool = False
    sub: str = ""
    power: str = ""


def tokens(text: str) -> Iterator[Token]:
    """The signs of a formula in plain text, one by one.

    >>> [token.body for token in tokens("max(0, z[1]_2)")]
    ['max', '(', '0', ',', 'z', ')']
    """
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:  # a lone underscore or a sign of a script without letters
            yield Token("operator", text[at])
            at += 1
            continue
        at = found.end()
        if found["space"]:
            continue
        suffix = SUFFIX.match(text, at)
        assert suffix is not None  # it matches the empty text
        at = suffix.end()
        yield _token(found, sub=suffix["sub"] or "", power=suffix["power"] or "")


def _token(found: re.Match[str], sub: str, power: str) -> Token:
    if found["number"]:
        return Token("number", found["number"], sub=sub, power=power)
    if found["operator"]:
        return Token("operator", found["operator"], sub=sub, power=power)
    word = found["word"]
    mark = word[0] if word[0] in "∇∂" else ""
    word = word.removeprefix(mark)
    word = GREEK.get(word, word)
    return Token(
        "word", word, mark, found["layer"] or "", bool(found["transposed"]), bool(found["prime"]), sub, power
    )


# --- LaTeX -------------------------------------------------------------------------------------------------------


def latex(text: str) -> str:
    r"""Plain text as LaTeX, to stand in math mode.

    >>> latex("W[1] x + b[1]")
    'W^{[1]} x + b^{[1]}'
    >>> latex("δ[2] a[1]ᵀ")
    '\\delta^{[2]} a^{[1]\\top}'
    """
    return TIGHT.sub(r"\1\2", " ".join("".join(_latex(token)) for token in tokens(text)))


def _latex(token: Token) -> Iterator[str]:
    yield {"∇": r"\nabla ", "∂": r"\partial "}.get(token.mark, "")
    if token.kind == "number":
        yield _latex_number(token.body)
    elif token.kind == "operator":
        yield TEX_OPERATORS.get(token.body, token.body)
    else:
        yield _latex_word(token.body)
    yield "'" if token.prime else ""
    above = (f"[{token.layer}]" if token.layer else "") + (r"\top" if token.transposed else "") + token.power
    yield f"^{{{above}}}" if above else ""
    yield f"_{{{token.sub}}}" if token.sub else ""


def _latex_number(number: str) -> str:
    mantissa, e, exponent = number.partition("e")
    if number in ("inf", "nan"):
        return r"\infty" if number == "inf" else r"\mathrm{nan}"
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if e else mantissa


def _latex_word(word: str) -> str:
    if word in CONNECTIVES:
        return rf"\;\text{{{word}}}\;"
    if word in TEX_GREEK:
        return TEX_GREEK[word]
    if word in ("max", "min", "exp", "log", "tanh", "cosh"):
        return f"\\{word}"
    return word if len(word) == 1 else rf"\mathrm{{{word.replace('_', chr(92) + '_')}}}"


def latex_matrix(cells: tuple[tuple[str, ...], ...]) -> str:
    r"""A matrix in brackets.

    >>> latex_matrix((("1", "⋯"), ("⋮", "⋮")))
    '\\begin{bmatrix} 1 & \\cdots \\\\ \\vdots & \\vdots \\end{bmatrix}'
    """
    rows = r" \\ ".join(" & ".join(map(latex, row)) for row in cells)
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


# --- MathML ------------------------------------------------------------------------------------------------------


def mathml(text: str) -> str:
    """Plain text as a MathML element, which browsers show without any script.

    >>> mathml("b[1]")
    '<math><msup><mi>b</mi><mrow><mo>[</mo><mn>1</mn><mo>]</mo></mrow></msup></math>'
    """
    return f"<math>{mathml_row(text)}</math>" if text else ""


def mathml_row(text: str) -> str:
    """The signs of a formula, without the element around them."""
    parts, signs = [], list(tokens(text))
    for k, token in enumerate(signs):
        before = signs[k - 1] if k else Token("operator", "(")
        sign = token.body in "-−" and before.kind == "operator" and before.body not in CLOSING
        parts.append('<mo form="prefix">−</mo>' if sign else _mathml(token))
        if token.body == "log" and signs[k + 1 : k + 2] != [Token("operator", "(")]:
            parts.append('<mspace width="0.2em"/>')
    return "".join(parts)


def _mathml(token: Token) -> str:
    body = _mathml_body(token) + ("<mo>′</mo>" if token.prime else "")
    above = f"<mo>[</mo><mn>{token.layer}</mn><mo>]</mo>" if token.layer else ""
    above += "<mi>⊤</mi>" if token.transposed else ""
    above += f"<mn>{token.power}</mn>" if token.power else ""
    below = f"<mn>{token.sub}</mn>" if token.sub else ""
    if token.prime:
        body = f"<mrow>{body}</mrow>"
    if above and below:
        body = f"<msubsup>{body}{below}<mrow>{above}</mrow></msubsup>"
    elif above:
        body = f"<msup>{body}<mrow>{above}</mrow></msup>"
    elif below:
        body = f"<msub>{body}{below}</msub>"
    return (f"<mo>{token.mark}</mo>" if token.mark else "") + body


def _mathml_body(token: Token) -> str:
    if token.kind == "number":
        return _mathml_number(token.body)
    if token.kind == "operator":
        rigid = ' stretchy="false"' if token.body in FENCES else ""
        return f"<mo{rigid}>{escape(MATHML_OPERATORS.get(token.body, token.body))}</mo>"
    if token.body in HATS:  # as a letter with an accent, for which fonts have no slanted form
        return f'<mover accent="true"><mi>{HATS[token.body]}</mi><mo stretchy="false">ˆ</mo></mover>'
    if token.body in CONNECTIVES:
        return f"<mtext>\N{NO-BREAK SPACE}{token.body}\N{NO-BREAK SPACE}</mtext>"
    return f"<mo>{token.body}</mo>" if token.body == "Σ" else f"<mi>{escape(token.body)}</mi>"


def _mathml_number(number: str) -> str:
    mantissa, e, exponent = number.partition("e")
    if not e:
        return f"<mn>{number}</mn>"
    power = f"<msup><mn>10</mn><mn>{int(exponent)}</mn></msup>".replace(">-", ">−")
    return f"<mrow><mn>{mantissa}</mn><mo>×</mo>{power}</mrow>"


def mathml_matrix(cells: tuple[tuple[str, ...], ...]) -> str:
    """A matrix in brackets."""
    rows = "".join(
        "<mtr>" + "".join(f"<mtd>{mathml_row(cell)}</mtd>" for cell in row) + "</mtr>" for row in cells
    )
    return f"<math><mrow><mo>[</mo><mtable>{rows}</mtable><mo>]</mo></mrow></math>"
