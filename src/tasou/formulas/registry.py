"""Find every formula of a family by its folder: adding one is adding a file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import Generic, TypeVar

from tasou.errors import UnknownName

T = TypeVar("T")


class Registry(Generic[T]):
    """The formulas of one folder, imported when first asked for.

    Parameters
    ----------
    package
        dotted name of the folder, e.g. ``"tasou.formulas.activations"``
    kind
        what one of them is called in error messages, e.g. ``"activation"``
    build
        makes the object handed out from the module found
    """

    def __init__(self, package: str, kind: str, build: Callable[[str, ModuleType], T]) -> None:
        self.package, self.kind = package, kind
        self._build = build
        self._load = cache(self._import)

    def names(self) -> list[str]:
        """All registered names, in alphabetical order."""
        folder = importlib.import_module(self.package)
        return sorted(m.name for m in pkgutil.iter_modules(folder.__path__) if not m.name.startswith("_"))

    def __contains__(self, name: object) -> bool:
        return name in self.names()

    def __iter__(self) -> Iterator[T]:
        return (self[name] for name in self.names())

    def __getitem__(self, name: str) -> T:
        return self._load(name)

    def _import(self, name: str) -> T:
        if not isinstance(name, str) or name not in self:
            raise UnknownName(self.kind, name, self.names())
        return self._build(name, importlib.import_module(f"{self.package}.{name}"))
