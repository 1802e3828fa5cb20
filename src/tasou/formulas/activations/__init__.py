"""Activation functions a = f(z), each with its slope f'(z); one file each (lecture 4.1-4.3).

>>> get("leaky_relu", alpha=0.2).label
'leaky_relu(alpha=0.2)'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import ModuleType
from typing import Any, ClassVar, Self

from tasou.formulas.by_unit import ByUnit
from tasou.formulas.registry import Formula, Registry
from tasou.registry import accepted, keywords

__all__ = ["Activation", "get", "names", "registry"]


@dataclass(frozen=True, eq=False, repr=False)
class Activation(Formula):
    """An activation a = f(z) with its slope f'(z), as formulas over an array namespace.

    ``f(z, xp)`` and ``slope(z, a, xp)`` work elementwise; the slope may use z, or a = f(z), or both. A constant can be
    learnt, one for each unit (`Parametric <tasou.layers.Parametric>`), if the slope by it is there, too: in a file
    ``slope_of_alpha(z, a, xp, *, alpha)`` = ∂f/∂α, in an object an entry of ``slopes_of``. An activation of your own
    needs just a name and the first two functions:

    >>> import numpy as np
    >>> square = Activation("square", f=lambda z, xp: z * z, slope=lambda z, a, xp: 2 * z)
    >>> square.slope(np.array([3.0]), np.array([9.0]), np)
    array([6.])
    """

    kind: ClassVar[str] = "activation"
    functions: ClassVar[tuple[str, ...]] = ("f", "slope")

    f: Callable[..., Any]
    slope: Callable[..., Any]
    latex: str = ""
    slope_latex: str = ""
    plain: str = ""
    """the formula as plain text, ``{z}`` to be filled with the letter or with a number"""
    slope_plain: str = ""
    onnx: str = ""
    """the ONNX operator(s) that compute it"""
    spelling: str = ""
    """the name as it is written in text; empty for the name itself"""
    suitable: str = "glorot_uniform"
    """the initial weights that suit it"""
    slopes_of: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    """∂f/∂constant by the constant's name, a function of z and a like the slope"""
    slope_of_latex: Mapping[str, str] = field(default_factory=dict)
    slope_of_plain: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, name: str, module: ModuleType) -> Self:
        """The activation of a file, with the ``slope_of_`` of its constants."""
        card = super().read(name, module)
        slopes = {of: getattr(module, f"slope_of_{of}", None) for of in card.parameters}
        return replace(card, slopes_of={of: slope for of, slope in slopes.items() if slope})

    @property
    def by_unit(self) -> dict[str, ByUnit | Callable[..., Any]]:
        """``f``, ``slope``, and by its name each of `slopes_of`, the constants of `slopes_of` handed in as arrays."""
        others = {name: value for name, value in self.parameters.items() if name not in self.slopes_of}
        found: dict[str, ByUnit | Callable[..., Any]] = {}
        for name, function in {"f": self.f, "slope": self.slope, **self.slopes_of}.items():
            given = accepted(function, others)
            function = partial(function, **given) if given else function
            learned = tuple(constant for constant in keywords(function) if constant in self.slopes_of)
            found[name] = ByUnit(function, learned) if learned else function
        return found


registry = Registry(__name__, Activation)
names = registry.names
get = registry.get
