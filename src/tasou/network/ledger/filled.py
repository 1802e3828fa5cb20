"""A formula in plain text filled with numbers, the way one writes it by hand.

Of a formula by cases only the case that applies is written, letters for constants become their values, and terms
that are multiplied by zero are left out.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tasou.network.ledger.quantity import Pen

LETTERS = {"threshold": "c", "quantile": "q"}
"""parameters that their formula calls by a letter"""
CLAUSE = re.compile(r", (?P<name>\w) = (?P<what>.*)$")
NEGATED = re.compile(r"-\((?P<what>[\w.\[\]]+)\)")
NEEDLESS = re.compile(
    r"(?:^|(?<=[(|])|(?<=, ))\((?P<first>-[\d.e+-]+)\)(?!\^)|(?<=· )\((?P<factor>[\d.e+]+)\)"
)
"""parentheses around a number that begins an expression, or that has no sign"""
NOTHING = re.compile(r"0$|(?:0|\(1 - 1\)) (?=log|\()")
ONCE = re.compile(r"(?:1|\(1 - 0\)) (?=log)")
OPERATORS: dict[type, Any] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Lt: operator.lt, ast.LtE: operator.le,
}  # fmt: skip


def symbolic(plain: str, **symbols: str) -> str:
    """The formula with symbols in it.

    >>> symbolic("1 / (1 + exp(-({z})))", z="z[1]")
    '1 / (1 + exp(-z[1]))'
    """
    return NEGATED.sub(r"-\g<what>", plain.format(**symbols)).replace(" * ", " · ")


def filled(plain: str, pen: Pen, constants: Mapping[str, Any], **values: float) -> str:
    """The formula with numbers in it, negative ones in parentheses where an operator stands before them.

    >>> filled("{z} if {z} > 0 else alpha * {z}", Pen(), {"alpha": 0.01}, z=-1.5)
    '0.01 · (-1.5)'
    """
    letters = {LETTERS.get(name, name): value for name, value in constants.items()}
    text = _case(_without_clause(plain), letters, values)
    text = _lettered(text, {name: pen.num(value) for name, value in letters.items() if _is_number(value)})
    text = symbolic(text, **{name: pen.factor(value) for name, value in values.items()})
    return NEEDLESS.sub(lambda found: found["first"] or found["factor"], text)


def total(plain: str, **symbols: str) -> str:
    """The sum over the outputs.

    >>> total("-{y} log {y_hat}", y="y", y_hat="ŷ"), total("{y_hat} - {y} log {y_hat}", y="y", y_hat="ŷ")
    ('-Σ y log ŷ', 'Σ (ŷ - y log ŷ)')
    """
    clause = CLAUSE.search(plain)
    body, rest = (plain[: clause.start()], clause[0]) if clause else (plain, "")
    several = len(list(terms(body))) > 1 or " if " in body
    text, rest = symbolic(body, **symbols), symbolic(rest, **symbols)
    if several:
        return f"Σ ({text}){rest}"
    return f"-Σ {text[1:]}{rest}" if text.startswith("-") else f"Σ {text}{rest}"


def tidy(text: str) -> str:
    """A sum without the terms that are zero and without the factor 1 before a logarithm.

    >>> tidy("-0 log 0.3 - (1 - 0) log(1 - 0.3)")
    '-log(1 - 0.3)'
    """
    kept = [(sign, ONCE.sub("", term)) for sign, term in terms(text) if not NOTHING.match(term)]
    first = "".join(kept[0]).removeprefix("+") if kept else "0"
    return first + "".join(f" {sign} {term}" for sign, term in kept[1:])


def terms(text: str) -> Iterator[tuple[str, str]]:
    """The terms of a sum with their signs; what stands in parentheses or bars is left whole.

    >>> list(terms("-a (b - c) + d"))
    [('-', 'a (b - c)'), ('+', 'd')]
    """
    sign, start, depth, inside = "+", 0, 0, False
    if text.startswith("-"):
        sign, start = "-", 1
    for i, letter in enumerate(text):
        inside ^= letter == "|"
        depth += (letter == "(") - (letter == ")")
        if not depth and not inside and text[i : i + 3] in (" + ", " - "):
            yield sign, text[start:i]
            sign, start = text[i + 1], i + 3
    yield sign, text[start:]


def _without_clause(plain: str) -> str:
    """``r^2, r = a - b`` with r written out."""
    clause = CLAUSE.search(plain)
    if clause is None:
        return plain
    text = re.sub(rf"\b{clause['name']}\b", f"({clause['what']})", plain[: clause.start()])
    return re.sub(r"\|\(([^|]*)\)\|", r"|\1|", text)


def _case(plain: str, letters: Mapping[str, Any], values: Mapping[str, float]) -> str:
    """``A if condition else B``: the one that holds; as it stands where that cannot be told."""
    at = plain.find(" if ")
    if at < 0 or " else " not in plain[at:]:
        return plain
    start, end = _edge(plain, at, -1), _edge(plain, plain.index(" else ", at), +1)
    condition, _, otherwise = plain[at + 4 : end].partition(" else ")
    exact = _lettered(condition, {name: repr(value) for name, value in letters.items()})
    holds = _holds(exact.format(**{name: f"({float(value)!r})" for name, value in values.items()}))
    return plain if holds is None else plain[:start] + (plain[start:at] if holds else otherwise) + plain[end:]


def _edge(text: str, at: int, step: int) -> int:
    """Where the parentheses around a place open (step -1) or close (+1)."""
    depth, i = 0, at
    opening, closing = ("(", ")") if step > 0 else (")", "(")
    while 0 <= i < len(text):
        depth += (text[i] == opening) - (text[i] == closing)
        if depth < 0:
            return i if step > 0 else i + 1
        i += step
    return len(text) if step > 0 else 0


def _holds(condition: str) -> bool | None:
    """Whether a comparison of numbers is true; None where it is anything else."""
    try:
        return bool(_value(ast.parse(re.sub(r"\|(.*?)\|", r"abs(\1)", condition), mode="eval").body))
    except (KeyError, SyntaxError, TypeError, ZeroDivisionError):
        return None


def _value(node: ast.expr) -> Any:
    """Arithmetic on numbers, and nothing else."""
    if isinstance(node, ast.Compare):
        return OPERATORS[type(node.ops[0])](_value(node.left), _value(node.comparators[0]))
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand)
    if isinstance(node, ast.Call):
        return abs(_value(node.args[0]))
    if isinstance(node, ast.Constant):
        return node.value
    raise TypeError(type(node).__name__)


def _lettered(text: str, values: Mapping[str, str]) -> str:
    """Constants in the place of their letters."""
    for name, value in values.items():
        text = re.sub(rf"(?<![\w{{])-{name}\b(?![\w(}}])", f"-{value}", text)
        text = re.sub(rf"(?<![\w{{]){name}\b(?![\w(}}])", value, text)
    return text


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)
