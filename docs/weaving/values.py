"""Numbers within the prose: ``@{expression}`` is replaced by what it gives when the page is made.

The expression sees what the page's ``{compute}`` blocks have defined, and the helpers below, which write LaTeX.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from tasou.lecture import Result
    from weaving.blocks import Block
    from weaving.page import Page


def make(block: Block, page: Page) -> str:
    """Run the code of a ``{compute}`` block; nothing of it is shown, and an assertion that fails stops the build."""
    exec(compile(block.text, page.name, "exec"), page.names)
    return ""


def solution(block: Block, page: Page) -> str:
    """A ``{solution}`` behind a click."""
    word = {"en": "Solution", "ja": "解答"}[page.lang]
    opened = f'```{{raw}} html\n<details class="solution"><summary>{word}</summary>\n```'
    return f"{opened}\n\n{filled(block.text, page.names)}\n\n```{{raw}} html\n</details>\n```"


def filled(text: str, names: dict[str, Any]) -> str:
    """The text with its ``@{expressions}`` replaced.

    >>> filled("@{1 + 1} of @{f'{2.5:g}'}", {})
    '2 of 2.5'
    """
    parts, at = [], 0
    for begin, end in _places(text):
        parts += [text[at:begin], str(eval(text[begin + 2 : end], HELPERS | names))]
        at = end + 1
    return "".join([*parts, text[at:]])


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where each expression begins and where its last brace stands."""
    begin = text.find("@{")
    while begin >= 0:
        end, depth = begin + 2, 1
        while depth:
            depth += (text[end] == "{") - (text[end] == "}")
            end += 1
        yield begin, end - 1
        begin = text.find("@{", end)


# --- helpers -----------------------------------------------------------------------------------------------------


@cache
def result(number: str) -> Result:
    """An experiment of the lecture, run once for all pages."""
    from tasou import lecture

    (experiment,) = [e for e in lecture.all_experiments() if e.number == number]
    return lecture.run(experiment)


def m(number: str, name: str) -> str:
    """What an experiment has measured, as it is shown."""
    return result(number).outcome[name].number


def pct(number: str, name: str) -> str:
    """A measured share in percent.

    >>> pct("1.1", "softmax_train")
    '100.0%'
    """
    return f"{100 * result(number).outcome[name].value:.1f}%"


def num(value: float) -> str:
    r"""A number with four digits, in LaTeX.

    >>> num(-0.25), num(3.2e-7)
    ('-0.25', '3.2 \\times 10^{-7}')
    """
    digits, e, power = f"{round(float(value), 12) + 0.0:.4g}".partition("e")
    return rf"{digits} \times 10^{{{int(power)}}}" if e else digits


def _signed(value: float) -> str:
    return f"({num(value)})" if value < 0 else num(value)


def dot(w: Any, a: Any, b: float) -> str:
    r"""A dot product written out, and the bias.

    >>> dot([0.5, -1], [2, 3], 0.1)
    '0.5 \\cdot 2 + (-1) \\cdot 3 + 0.1'
    """
    terms = [rf"{_signed(v)} \cdot {_signed(x)}" for v, x in zip(w, a, strict=True)]
    return " + ".join([*terms, _signed(b)])


def matrix(values: Any) -> str:
    r"""A matrix.

    >>> matrix([[1, 2]])
    '\\begin{pmatrix} 1 & 2 \\end{pmatrix}'
    """
    rows = r" \\ ".join(" & ".join(num(v) for v in row) for row in np.asarray(values))
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


def column(values: Any) -> str:
    """A vector, upright."""
    return matrix(np.asarray(values)[:, None])


HELPERS: dict[str, Any] = {
    "np": np, "m": m, "pct": pct, "num": num, "dot": dot, "matrix": matrix, "column": column,
}  # fmt: skip
