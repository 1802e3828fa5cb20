"""Verbs that write into nothing: whatever is computed on the way stays as it was, to be looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Fresh:
    """The verbs of a backend, each with memory of its own for what it returns.

    >>> import numpy as np
    >>> from tasou.backends import NumpyBackend
    >>> g = np.ones(2)
    >>> Fresh(NumpyBackend()).times(g, g + 1, into=g), g
    (array([2., 2.]), array([1., 1.]))
    """

    def __init__(self, do: Any) -> None:
        self._do = do

    def __getattr__(self, name: str) -> Callable[..., Any]:
        verb = getattr(self._do, name)

        def fresh(*arrays: Any, into: Any = None, **how: Any) -> Any:
            return verb(*arrays, **how)

        return fresh
