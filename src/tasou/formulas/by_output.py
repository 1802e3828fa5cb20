"""A loss whose constant is another for each output: several quantiles of one number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ByOutput:
    """``func(z, y, xp, *, name)`` with ``values[k]`` for output k, the last axis of the arrays.

    Native code walks output after output, each with its own number.

    >>> import numpy as np
    >>> from tasou.formulas.losses.quantile import value
    >>> ByOutput(value, "quantile", (0.1, 0.9))(np.zeros((1, 2)), np.ones((1, 2)), np)
    array([[0.1, 0.9]])
    """

    func: Callable[..., Any]
    name: str
    """the constant"""
    values: tuple[float, ...]
    """what it is for each output"""

    def __call__(self, *arrays: Any) -> Any:
        """The formula of its arrays; the last is the array namespace."""
        *own, xp = arrays
        return self.func(*own, xp, **{self.name: xp.asarray(self.values, dtype=own[0].dtype)})
