"""What kind of number a feature is: what a network does with it depends on that."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Kind(NamedTuple):
    """A measured ``"number"``, a ``"flag"`` (0 and 1, or signs), or a ``"code"``: the number of one of so many levels.

    >>> Kind("code", 12).levels
    12
    """

    name: Literal["number", "flag", "code"]
    levels: int = 0
