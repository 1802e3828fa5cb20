"""How a row is to be read: so many numbers, or an image or a sequence of them."""

from __future__ import annotations

from math import prod
from typing import Any

from tasou.backends.verbs import Verbs

Size = int | tuple[int, ...]
"""a number of numbers, or a shape: (height, width, channels) of an image, (time, features) of a sequence"""


def numbers(n: Size) -> int:
    """How many numbers a row is.

    >>> numbers(5), numbers((8, 8, 3))
    (5, 192)
    """
    return n if isinstance(n, int) else prod(n)


def features(n: Size) -> int:
    """How many numbers stand at each place: the channels of an image; all, where a row has no places.

    >>> features(5), features((8, 8, 3))
    (5, 3)
    """
    return n if isinstance(n, int) else n[-1]


def of_features(n: Size, m: int) -> Size:
    """The size with m features at each place."""
    return m if isinstance(n, int) else (*n[:-1], m)


def by_place(do: Verbs, a: Any, n: Size) -> Any:
    """The rows of a batch cut into their places: a row of features for each place of each sample."""
    return a if isinstance(n, int) else do.reshaped(a, -1, n[-1])


def by_sample(do: Verbs, a: Any, n: Size) -> Any:
    """The way back: a row for each sample."""
    return a if isinstance(n, int) else do.reshaped(a, -1, prod(n))
