"""Where NumPy's Mersenne Twister lies in memory, for C to draw from (random.h)."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np

WORDS = 624
"""in its state"""


class State(ctypes.Structure):
    """NumPy's struct: the words, and how many of them are drawn."""

    _fields_ = [("key", ctypes.c_uint32 * WORDS), ("at", ctypes.c_int)]


def of(bits: Any) -> int | None:
    """The address of a bit generator's state; None if it is no twister, or lies as we do not know it."""
    return bits.ctypes.state_address if isinstance(bits, np.random.MT19937) and as_expected() else None


@cache
def as_expected() -> bool:
    """Whether the memory of a twister holds what NumPy says is its state: how it lies is NumPy's own affair."""
    bits = np.random.MT19937(1)
    bits.random_raw(5)
    said, found = bits.state["state"], State.from_address(bits.ctypes.state_address)
    return int(said["pos"]) == found.at and bool(np.array_equal(said["key"], np.array(found.key)))
