"""How good each member of an ensemble is alone, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tasou.tabular.singles import Single

SCHEMA = {
    "type": "array",
    "maxItems": 1024,
    "items": {"type": "array", "items": {"type": ["number", "null"]}, "minItems": 4, "maxItems": 4},
}


def describe(found: Iterable[Single]) -> list[list[Any]]:
    """The numbers of each member.

    >>> describe([Single(0.5, 0.25)])
    [[0.5, 0.25, None, None]]
    """
    return [list(single) for single in found]


def rebuild(found: Iterable[Sequence[Any]]) -> list[Single]:
    """The same from JSON."""
    return [Single(*numbers) for numbers in found]
