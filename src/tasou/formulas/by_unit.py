"""An activation whose constants are not numbers, but one for each unit: for layers that learn them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ByUnit:
    """``func(z, xp, *, alpha)`` as a formula of two arrays: ``by_unit(z, alpha, xp)``.

    What is called so in native code was printed a second time, with arrays where else numbers stand.

    >>> import numpy as np
    >>> from tasou.formulas.activations.leaky_relu import f
    >>> ByUnit(f, ("alpha",))(np.array([-1.0, -1.0]), np.array([0.5, 2.0]), np)
    array([-0.5, -2. ])
    """

    func: Callable[..., Any]
    learned: tuple[str, ...]
    """the constants that are arrays, in the order in which the formula names them; at least one"""

    def __call__(self, *arrays: Any) -> Any:
        """The formula of its own arrays, then the constants, then the array namespace."""
        *values, xp = arrays
        own = len(values) - len(self.learned)
        return self.func(*values[:own], xp, **dict(zip(self.learned, values[own:], strict=True)))
