"""A formula that somebody types, read by a grammar of its own: numbers, x1, x2, a few functions, and nothing else.

    statement = sum [ ("<" | ">") sum ]
    sum       = product { ("+" | "-") product }
    product   = factor { "*" factor | "/" factor | factor that begins with a letter or "(" }
    factor    = "-" factor | atom [ "^" factor ]
    atom      = number | name | function "(" sum { "," sum } ")" | "(" sum ")"

Nothing of it is ever run as a program; length and depth are bounded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.messages import Message

Array = NDArray[Any]
Value = Callable[[Array, Array], Array]

MOST_LETTERS, MOST_DEPTH = 200, 30
TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z]\w*)|(?P<sign>\*\*|.))"
)
WRITTEN = str.maketrans(
    {"×": "*", "·": "*", "÷": "/", "−": "-", "²": "^2 ", "³": "^3 ", "＜": "<", "＞": ">"}
)

NAMES: Mapping[str, Value] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x": lambda x1, x2: x1,
    "y": lambda x1, x2: x2,
    "pi": lambda x1, x2: np.full_like(x1, np.pi),
    "e": lambda x1, x2: np.full_like(x1, np.e),
}
FUNCTIONS: Mapping[str, tuple[int, Callable[..., Array]]] = {
    "sin": (1, np.sin), "cos": (1, np.cos), "tan": (1, np.tan), "exp": (1, np.exp), "log": (1, np.log),
    "sqrt": (1, np.sqrt), "abs": (1, np.abs), "tanh": (1, np.tanh), "sign": (1, np.sign), "floor": (1, np.floor),
    "min": (2, np.minimum), "max": (2, np.maximum),
}  # fmt: skip
"""name: how many arguments, and what it computes"""
SIGNS: Mapping[str, Callable[..., Array]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power, "**": np.power,
}  # fmt: skip

UNREADABLE = Message(
    "play.formula",
    en="the formula cannot be read at {where}: it may have x1, x2, numbers, + - * / ^, parentheses, {functions:list}, "
    "and < or > for two classes",
    ja="式を {where} のところで読めません。使えるのは x1、x2、数、+ - * / ^、かっこ、{functions:list}、"
    "2クラスに分けるための < または > です",
)
END = Message("play.formula_end", en="its end", ja="末尾")
PLACE = Message("play.formula_place", en="{token!r} (letter {place})", ja="{place} 文字目の {token!r}")
TOO_LONG = Message(
    "play.formula_long",
    en="the formula is longer than {letters} letters, or deeper than {depth} parentheses",
    ja="式が {letters} 文字を超えているか、かっこが {depth} 重を超えています",
)


class Formula(NamedTuple):
    """What a text says: the value of a point, or how far a statement on it holds."""

    value: Value
    states: bool
    """whether it is a statement, with < or >: it holds where the value is above 0"""

    def of(self, X: Array) -> Array:
        """The value at each point (n, 2); not a number where there is none."""
        with np.errstate(all="ignore"):
            found = self.value(X[:, 0], X[:, 1])
        return np.where(np.isfinite(found), found, np.nan)


def read(text: Any) -> Formula:
    """The formula in a text.

    >>> read("2x1^2 - x2/4").of(np.array([[3.0, 4.0]]))
    array([17.])
    >>> inside = read("x1² + x2² < 4"); inside.states, inside.of(np.array([[0.0, 1.0], [2.0, 2.0]]))
    (True, array([ 3., -4.]))

    Raises
    ------
    TasouError
        it is no formula of this grammar
    """
    if not isinstance(text, str) or len(text) > MOST_LETTERS:
        raise TasouError(TOO_LONG, letters=MOST_LETTERS, depth=MOST_DEPTH)
    return _Reading(unicodedata.normalize("NFKC", text.translate(WRITTEN))).statement()


class _Reading:
    """A text on its way from left to right."""

    def __init__(self, text: str) -> None:
        self.tokens = [
            (m[m.lastgroup], m.lastgroup, m.start(m.lastgroup) + 1)
            for m in TOKEN.finditer(text)
            if m.lastgroup is not None and m[m.lastgroup].strip()
        ]
        self.at = self.depth = 0

    @property
    def token(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    @property
    def kind(self) -> str | None:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else None

    def take(self, *wanted: str) -> str:
        """The next token, if it is one of these."""
        if self.token not in wanted or not self.token:
            self.refuse()
        self.at += 1
        return self.tokens[self.at - 1][0]

    def refuse(self) -> None:
        end = self.at >= len(self.tokens)
        where = END() if end else PLACE(token=self.token, place=self.tokens[self.at][2])
        raise TasouError(UNREADABLE, where=where, functions=list(FUNCTIONS))

    def statement(self) -> Formula:
        left, states = self.sum(), self.token in ("<", ">")
        if states:
            less, right = self.take("<", ">") == "<", self.sum()
            left = _both(np.subtract, right, left) if less else _both(np.subtract, left, right)
        if self.at < len(self.tokens):
            self.refuse()
        return Formula(left, states)

    def sum(self) -> Value:
        found = self.product()
        while self.token in ("+", "-"):
            found = _both(SIGNS[self.take("+", "-")], found, self.product())
        return found

    def product(self) -> Value:
        found = self.factor()
        while self.token in ("*", "/", "(") or self.kind == "name":
            sign = self.take("*", "/") if self.token in ("*", "/") else "*"
            found = _both(SIGNS[sign], found, self.factor())
        return found

    def factor(self) -> Value:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise TasouError(TOO_LONG, letters=MOST_LETTERS, depth=MOST_DEPTH)
        if self.token == "-":
            self.take("-")
            inner = self.factor()
            found: Value = lambda x1, x2: -inner(x1, x2)  # noqa: E731
        else:
            found = self.atom()
            if self.token in ("^", "**"):
                self.take("^", "**")
                found = _both(np.power, found, self.factor())
        self.depth -= 1
        return found

    def atom(self) -> Value:
        if self.kind == "number":
            number = float(self.take(self.token))
            return lambda x1, x2: np.full_like(x1, number)
        if self.token in FUNCTIONS:
            return self.call(*FUNCTIONS[self.take(self.token)])
        if self.token in NAMES:
            return NAMES[self.take(self.token)]
        self.take("(")
        found = self.sum()
        self.take(")")
        return found

    def call(self, count: int, function: Callable[..., Array]) -> Value:
        self.take("(")
        given = [self.sum()]
        while len(given) < count:
            self.take(",")
            given.append(self.sum())
        self.take(")")
        return lambda x1, x2: function(*(each(x1, x2) for each in given))


def _both(function: Callable[..., Array], left: Value, right: Value) -> Value:
    return lambda x1, x2: function(left(x1, x2), right(x1, x2))
