"""How JavaScript writes numbers, arrays and loops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from tasou.exporting.listing import folded, numbers
from tasou.exporting.loops import Array
from tasou.exporting.spelling import InBraces


class JavaScript(InBraces):
    """Loops in JavaScript."""

    language = "JavaScript"
    indent = "  "
    functions: ClassVar[Mapping[str, str]] = {
        **{
            name: f"Math.{name}"
            for name in (
                "exp",
                "expm1",
                "log",
                "log1p",
                "tanh",
                "sqrt",
                "abs",
                "sign",
                "floor",
                "sin",
                "cos",
                "pow",
            )
        },
        "maximum": "Math.max",
        "minimum": "Math.min",
        "draw": "random.random",
        "row": "rowOf",
    }

    def literal(self, number: float) -> str:
        """A number."""
        return quoted_number(float(number))

    def local(self, name: str, value: str) -> str:
        """A name for a value."""
        return f"const {name} = {value};"

    def head(self, variable: str, size: str) -> str:
        """The head of a loop."""
        return f"for (let {variable} = 0; {variable} < {size}; {variable}++) {{"

    def sum_begins(self, start: str) -> str:
        """The sum."""
        return f"let s = {start};"


def quoted_number(number: float) -> str:
    """A number as JavaScript writes it.

    >>> quoted_number(1.0), quoted_number(0.1), quoted_number(1e300)
    ('1', '0.1', '1e+300')
    """
    text = repr(number)
    return text.removesuffix(".0") if "e" not in text else text


def declared(array: Array) -> list[str]:
    """A constant array."""
    values = array.values
    assert values is not None
    if values.dtype.kind in "iu":
        kind, texts = "Int32Array", numbers(array)
    elif values.dtype == np.float32:
        kind, texts = "Float32Array", [_single(value) for value in values]
    else:
        kind, texts = "Float64Array", [quoted_number(value) for value in values.tolist()]
    return [
        f"const {array.name} = new {kind}([",
        *folded(texts, "  "),
        "]);",
    ]  # a call has 65,535 arguments at most


def _single(value: np.float32) -> str:
    """As few digits as give the same number in single precision."""
    text = str(value)
    return quoted_number(float(text)) if np.float32(float(text)) == value else quoted_number(float(value))
