"""What a layer holds of a batch, by the names that its card gives it: ``t.z``, ``t.delta`` and others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np

from tasou.errors import TasouError
from tasou.messages import Message

PART = "part"
OWN = frozenset({"a", "grad", "shape", "first", "hold", "nested", "part", "parts", "rows"})
"""names of a record that are not the layer's: what the engine keeps there, and what a record can do"""
TAKEN = Message(
    "layer.taken",
    en="{name!r} is a name that the engine needs itself in the record of a layer, as it needs {own:list} and part1, "
    "part2, …: let the layer note this under another name",
    ja="{name!r} は、層の記録の中でエンジン自身が使う名前です（ほかに {own:list}、part1、part2、…）。"
    "層が記録する値には別の名前を付けてください",
)


class Record:
    """Arrays by name, each along the rows of the batch; what has not been computed yet is None.

    A record is also the layer's working memory: a card hands what stands here to a verb as the place to write into.
    The first axis of every array has one entry per sample, or the same number of them for each (where a batch of
    sequences is walked as a longer batch of steps). ``shape`` is how a row of the layer's input is to be read. The
    names ``a`` (what the layer gives), ``shape`` and ``grad`` (its gradients) belong to whoever runs the layer, who
    writes them by `hold`; a layer that notes something of its own there, or in place of a method, is refused.

    >>> t = Record(z=np.zeros((3, 2)))
    >>> t.delta is None, t.first(2, of=3).z.shape
    (True, (2, 2))
    """

    def __init__(self, **arrays: Any) -> None:
        self.__dict__.update(arrays)

    @classmethod
    def nested(cls, names: Iterable[str], arrays: Iterable[Any]) -> Self:
        """A record of arrays whose names say in which part they lie: ``1.W`` is the W of part 1."""
        record = cls()
        for name, array in zip(names, arrays, strict=True):
            *path, leaf = name.split(".")
            inner = record
            for i in path:
                inner = inner.part(int(i))
            inner.__dict__[leaf] = array
        return record

    def __repr__(self) -> str:
        arrays = (item for item in vars(self).items() if isinstance(item[1], np.ndarray))
        return f"Record({', '.join(f'{name} {array.shape}' for name, array in arrays)})"

    def __setattr__(self, name: str, value: Any) -> None:
        if is_own(name):
            raise TasouError(TAKEN, name=name, own=sorted(OWN - {name}))
        self.__dict__[name] = value

    def hold(self, **own: Any) -> None:
        """Note what the engine keeps here: ``a``, ``grad``, ``shape``."""
        self.__dict__.update(own)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None

    def part(self, i: int) -> Self:
        """The record of the i-th layer within a layer that is made of layers, from 1."""
        found: Self = self.__dict__.setdefault(f"{PART}{i}", type(self)())
        return found

    def parts(self) -> dict[int, Self]:
        """The records of the layers within, by their numbers."""
        return {int(name[len(PART) :]): part for name, part in self.__dict__.items() if is_part(name)}

    def first(self, n: int, of: int) -> Self:
        """The arrays of the first n rows of a batch of so many, in the same memory."""
        return self.rows(0, n, of)

    def rows(self, start: int, stop: int, of: int) -> Self:
        """The arrays of some rows of a batch of so many, in the same memory."""
        part = type(self)(**self.__dict__)
        for name, value in self.__dict__.items():
            if isinstance(value, np.ndarray):
                each = len(value) // of  # entries per row: one, or one per step of a sequence
                part.__dict__[name] = value[start * each : stop * each]
            elif isinstance(value, Record) and name != "grad":
                part.__dict__[name] = value.rows(start, stop, of)
        return part


def is_own(name: str) -> bool:
    """Whether a layer must not call something of its own so."""
    return name in OWN or is_part(name)


def is_part(name: str) -> bool:
    """Whether it is what the record of a layer within is called: part1."""
    return name.startswith(PART) and name[len(PART) :].isdecimal()
