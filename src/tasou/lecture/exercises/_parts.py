"""What the exercises share: numbers with one decimal, small networks, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.language import Texts
from tasou.lecture.exercise import Mistake
from tasou.network import Network

Array = NDArray[Any]


def tenths(rng: np.random.Generator, *shape: int, reach: int = 9) -> Array:
    """Numbers with one decimal, none of them 0."""
    return rng.choice([-1, 1], shape) * rng.integers(1, reach + 1, shape) / 10


def wholes(rng: np.random.Generator, n: int, reach: int = 3) -> Array:
    """Small whole numbers, none of them 0."""
    return (rng.choice([-1, 1], n) * rng.integers(1, reach + 1, n)).astype(float)


def network(sizes: tuple[int, ...], values: list[Array], activation: str = "relu", **options: Any) -> Network:
    """Build the network with these W[1], b[1], W[2], b[2], and so on."""
    made = Network(sizes, activation, init="zeros", **options)
    for l in range(1, made.L + 1):
        made[l].W[...], made[l].b[...] = values[2 * l - 2], values[2 * l - 1]
    return made


def written(values: Any) -> str:
    """A number or a vector as it is put on a blackboard.

    >>> written(np.array([0.5, -1.0])), written(0.25)
    ('[0.5, -1]', '0.25')
    """
    if np.ndim(values) == 0:
        return f"{float(values):.4g}"
    return f"[{', '.join(written(value) for value in values)}]"


def given(**quantities: Any) -> str:
    """What is given, a line each, matrices with their rows below one another; ``W1`` is W[1].

    >>> print(given(W1=np.array([[0.5, -1.0], [12.0, 0.25]]), x=np.array([1.0, 2.0])))
    <BLANKLINE>
        W[1] = ⎡ 0.5    -1⎤
               ⎣  12  0.25⎦
        x    = [1, 2]
    <BLANKLINE>
    """
    symbols = {name: re.sub(r"(?<=[a-zδ])(\d)$", r"[\1]", name, flags=re.I) for name in quantities}
    widest = max(map(len, symbols.values()))
    lines = []
    for name, values in quantities.items():
        first, *rest = _rows(values)
        lines += [f"    {symbols[name]:<{widest}} = {first}", *(" " * (widest + 7) + row for row in rest)]
    return "\n" + "\n".join(lines) + "\n"


def _rows(values: Any) -> list[str]:
    """The lines that a quantity takes: a matrix one for each row, with brackets around all."""
    if np.ndim(values) < 2 or len(values) == 1:
        return [written(values[0] if np.ndim(values) == 2 else values)]
    cells = [[written(cell) for cell in row] for row in values]
    width = max(len(cell) for row in cells for cell in row)
    brackets = [("⎡", "⎤"), *[("⎢", "⎥")] * (len(cells) - 2), ("⎣", "⎦")]
    return [
        f"{left}{'  '.join(f'{cell:>{width}}' for cell in row)}{right}"
        for (left, right), row in zip(brackets, cells, strict=True)
    ]


def told(values: Any) -> tuple[float, ...]:
    """An array as the numbers of an answer, row by row."""
    return tuple(float(value) for value in np.ravel(values))


def filled(texts: Texts, **values: object) -> Texts:
    """The text in each language, its ``{placeholders}`` filled."""
    return {lang: text.format(**values) for lang, text in texts.items()}


def mistakes(
    causes: Mapping[str, Texts], answers: Mapping[str, Sequence[float]], **values: object
) -> tuple[Mistake, ...]:
    """Each wrong answer with the cause of the same name, whose placeholders ``values`` fill."""
    return tuple(Mistake(filled(causes[name], **values), answer) for name, answer in answers.items())
