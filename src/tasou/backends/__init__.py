"""How formulas are evaluated over memory: NumPy always; native code where it was built."""

from __future__ import annotations

from tasou.backends.numpy import NumpyBackend

__all__ = ["NumpyBackend"]
