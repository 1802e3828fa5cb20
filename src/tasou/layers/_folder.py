"""Find every layer by its folder: ``layer_norm.py`` holds the class ``LayerNorm``, ``gru.py`` the class ``GRU``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from tasou.errors import UnknownName
from tasou.layers._card import Layer
from tasou.messages import Message
from tasou.registry import names_in

KIND = Message("kind.layer", en="layer", ja="層")
PACKAGE = __name__.rpartition(".")[0]


def names() -> list[str]:
    """All layers, in alphabetical order, none of them imported."""
    return names_in(PACKAGE)


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
    home = import_module(f"{PACKAGE}.{name}")
    own = [value for value in vars(home).values() if isinstance(value, type) and issubclass(value, Layer)]
    return next(layer for layer in own if layer.__name__.lower() == name.replace("_", ""))


def get(name: str, **how: Any) -> Layer:
    """The layer called so, made with these arguments.

    Raises
    ------
    UnknownName
        there is none (the nearest is suggested)
    """
    return kind(name)(**how)
