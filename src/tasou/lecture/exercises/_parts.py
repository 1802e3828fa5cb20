"""What the exercises share: numbers with one decimal, small networks, and how they are written."""

from __future__ import annotations

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
    """A number, a vector or a matrix as it is put on a blackboard.

    >>> written(np.array([[0.5, -1.0], [2.0, 0.25]]))
    '[[0.5, -1], [2, 0.25]]'
    """
    if np.ndim(values) == 0:
        return f"{float(values):.4g}"
    return f"[{', '.join(written(value) for value in values)}]"


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
