"""Initial weights: how far from zero W[l] starts, by the layer's number of inputs and outputs; one file each.

>>> get("glorot_uniform").size(fan_in=2, fan_out=4)
1.0
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from tasou.formulas.registry import Formula, Registry

__all__ = ["Initializer", "get", "names", "registry"]


@dataclass(frozen=True, eq=False, repr=False)
class Initializer(Formula):
    """A distribution with its size: the bound of a uniform one, the standard deviation of a normal one.

    >>> narrow = Initializer("narrow", size=lambda fan_in, fan_out: 0.1 / fan_in, distribution="normal")
    >>> narrow.size(4, 3)
    0.025
    """

    kind: ClassVar[str] = "initializer"
    functions: ClassVar[tuple[str, ...]] = ("size",)

    size: Callable[..., float]
    distribution: Literal["uniform", "normal", "zeros"] = "uniform"
    biases: bool = False
    """whether biases are drawn like the weights (as scikit-learn does) instead of starting at zero"""
    latex: str = ""

    def drawing_biases(self) -> Initializer:
        """The same initializer, with biases drawn like the weights."""
        return replace(self, biases=True)


registry = Registry(__name__, Initializer)
names = registry.names
get = registry.get
