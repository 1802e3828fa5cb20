"""Activation functions a = f(z), each with its slope f'(z); one file each (lecture 4.1-4.3).

>>> get("leaky_relu", alpha=0.2).label
'leaky_relu(alpha=0.2)'
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from tasou.formulas.registry import Formula, Registry

__all__ = ["Activation", "get", "names", "registry"]


@dataclass(frozen=True, eq=False, repr=False)
class Activation(Formula):
    """An activation a = f(z) with its slope f'(z), as formulas over an array namespace.

    ``f(z, xp)`` and ``slope(z, a, xp)`` work elementwise; the slope may use z, or a = f(z), or both. An
    activation of your own needs just a name and these two functions:

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


registry = Registry(__name__, Activation)
names = registry.names
get = registry.get
