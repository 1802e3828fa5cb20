"""What a layer's parameters are handed out as: a tuple with their names."""

from __future__ import annotations

from functools import cache
from operator import itemgetter
from typing import Any, ClassVar


class LayerParameters(tuple[Any, ...]):
    """The parameters of one layer by name, ``.W``, ``.b``; of a layer that is made of layers, by part.

    >>> p = named(("W", "1.b"))(["w", "inner b"])
    >>> p.W, p.part(1).b, p.part(2)
    ('w', 'inner b', ())
    """

    __slots__ = ()
    names: ClassVar[tuple[str, ...]] = ()

    def part(self, i: int) -> LayerParameters:
        """The parameters of the i-th layer within, from 1."""
        kind, places = _inside(self.names, i)
        return kind(self[place] for place in places)

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self.names, self, strict=True))


@cache
def named(names: tuple[str, ...]) -> type[LayerParameters]:
    """The kind of tuple whose entries are called so."""
    own = {name: property(itemgetter(i)) for i, name in enumerate(names) if "." not in name}
    return type("LayerParameters", (LayerParameters,), {"__slots__": (), "names": names, **own})


@cache
def _inside(names: tuple[str, ...], i: int) -> tuple[type[LayerParameters], list[int]]:
    places = [k for k, name in enumerate(names) if name.startswith(f"{i}.")]
    return named(tuple(names[k].partition(".")[2] for k in places)), places
