"""Find every layer by its folder: the file ``layer_norm.py`` holds the class ``LayerNorm``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from tasou.errors import UnknownName
from tasou.layers._card import Layer
from tasou.messages import Message

KIND = Message("kind.layer", en="layer", ja="層")
PACKAGE = __name__.rpartition(".")[0]


def names() -> list[str]:
    """All layers, in alphabetical order, none of them imported."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


@cache
def kind(name: str) -> type[Layer]:
    """The class of the layer called so.

    Raises
    ------
    UnknownName
        there is none (the nearest is suggested)
    """
    if name not in names():
        raise UnknownName(KIND, name, names())
    found: type[Layer] = getattr(import_module(f"{PACKAGE}.{name}"), name.title().replace("_", ""))
    return found


def get(name: str, **how: Any) -> Layer:
    """The layer called so, made with these arguments.

    Raises
    ------
    UnknownName
        there is none (the nearest is suggested)
    """
    return kind(name)(**how)
