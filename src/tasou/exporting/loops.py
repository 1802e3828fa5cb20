"""A computation as loops over flat arrays: what C, JavaScript and Python print, each in its own spelling.

An array is a run of numbers. A `Place` says which of them a loop's variables stand for: an offset, a stride for each
variable, and where numbers are looked up, the entry of another array as well. A `Loop` walks its variables and writes
one value; the last of them may be summed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from tasou.exporting.tracing import Value

INPUT, CONSTANT, WORK = "input", "constant", "work"


@dataclass(eq=False)
class Array:
    """A run of numbers.

    Parameters
    ----------
    name
        what it is called
    kind
        ``"input"``: handed in; ``"constant"``: holds ``values``; ``"work"``: written by the loops
    size
        how many numbers; in training a multiple of `N <tasou.backends.recording.N>` stands for so many per row
    """

    name: str
    kind: str
    size: int
    values: NDArray[Any] | None = None


@dataclass(frozen=True)
class Entry:
    """A whole number that stands in an array, times ``factor``: a part of another place."""

    place: Place
    factor: int
    rows: int
    """how many there are to choose from: a number beyond them stands for the nearest"""


@dataclass(frozen=True)
class Place:
    """array[offset + Σ stride · variable + Σ factor · entry]."""

    array: Array
    offset: int = 0
    strides: tuple[int, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Loop:
    """For all variables below ``sizes``: out = value, out += value, or out = the sum (maximum) over the last ones."""

    sizes: tuple[int, ...]
    out: Place
    value: Value
    inputs: tuple[Place, ...]
    """the places of the value's inputs"""
    summed: int = 0
    """how many of the last variables are summed over"""
    how: str = "="
    """``=``, ``+=``, or, where variables are summed over, ``sum`` or ``max``"""


@dataclass
class Program:
    """Loops, one after the other, and the arrays that they read and write."""

    arrays: list[Array] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)

    def array(self, name: str, kind: str, size: int, values: NDArray[Any] | None = None) -> Array:
        """A new array, its name changed where it is taken."""
        taken = {array.name for array in self.arrays}
        plain = plain_name(name)
        chosen, number = plain, 2
        while chosen in taken:
            chosen, number = f"{plain}_{number}", number + 1
        found = Array(chosen, kind, size, values)
        self.arrays.append(found)
        return found

    def of_kind(self, kind: str) -> list[Array]:
        """The arrays of a kind, in the order in which they came."""
        return [array for array in self.arrays if array.kind == kind]

    def used(self) -> set[int]:
        """The arrays that a loop reads or writes, by their ids."""
        found: set[int] = set()
        for loop in self.loops:
            for place in (loop.out, *loop.inputs):
                found.update(_arrays(place))
        return found


def plain_name(name: str) -> str:
    """A name that every language takes.

    >>> plain_name("z[1]"), plain_name("f[2.0]"), plain_name("∂W[1]"), plain_name("given")
    ('z1', 'f2_0', 'dW1', 'given')
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "_", re.sub(r"(?<=[A-Za-z_])\[", "", name).replace("∂", "d")).strip("_")
    return plain if plain[:1].isalpha() else f"v{plain}"


def _arrays(place: Place) -> Sequence[int]:
    return [id(place.array), *(part for entry in place.entries for part in _arrays(entry.place))]


def contiguous(shape: Sequence[int]) -> tuple[int, ...]:
    """The strides of an array of this shape whose rows lie one behind the other.

    >>> contiguous((4, 3, 2))
    (6, 2, 1)
    """
    strides, step = [], 1
    for axis in reversed(shape):
        strides.append(step)
        step *= axis
    return tuple(reversed(strides))
