"""Sums and the like, as a layer writes them out for the ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Written(NamedTuple):
    """What stands for a name in a formula of `Layer.told`, where that is more than one number: a sum of products, say.

    ``symbol`` is how it is written with symbols, {x} for the layer's input and {at} for its number; ``text`` writes it
    with numbers by a pen, for the j-th number of one sample.
    """

    symbol: str
    text: Callable[[Any, int], str]
