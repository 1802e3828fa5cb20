"""Load the compiled library, and find a formula in it."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends.native.building import FORMULAS, LIBRARY, Function, Module, structs_digest

Array = NDArray[Any]
SUFFIX = {np.dtype(np.float32): "f32", np.dtype(np.float64): "f64"}


class NotNative(Exception):
    """Why something runs in NumPy instead."""


@dataclass(frozen=True)
class Printed:
    """A formula that the library holds."""

    index: int
    path: str
    """its file in ``formulas/``"""
    form: str
    """map, block or rule"""
    defaults: tuple[tuple[str, float], ...]
    """its parameters"""

    def constants(self, given: dict[str, Any]) -> tuple[float, ...]:
        """The parameters' values in the order in which the C function reads them."""
        return tuple(float(given.get(name, default)) for name, default in self.defaults)


class Library:
    """The C functions, and the table of formulas they were printed from.

    Raises
    ------
    NotNative
        there is no library, or it cannot be loaded
    """

    def __init__(self, path: Path = LIBRARY) -> None:
        if not path.exists():
            raise NotNative("no native library was built (a C compiler at installation makes one)")
        try:
            self._dll = ctypes.CDLL(str(path))
        except OSError as error:
            raise NotNative(f"the native library cannot be loaded: {error}") from None
        if self._text("TASOU_STRUCTS") != structs_digest():
            raise NotNative("the native library was built from older sources; install again to build it anew")
        self.path = path
        lines = [line.split() for line in self._text("TASOU_FORMULAS").splitlines()]
        self.table = {
            (path, name): (index, form, digest) for index, (form, path, name, _, digest) in enumerate(lines)
        }
        refused = [line.split(" ", 3) for line in self._text("TASOU_UNPRINTABLE").splitlines()]
        self._refused = {(path, name): (digest, why) for path, name, digest, why in refused}
        self._find = cache(self._looked_up)

    def _text(self, symbol: str) -> str:
        """A text of the library; empty where it has none of this name."""
        try:
            return ctypes.string_at(ctypes.addressof(ctypes.c_char.in_dll(self._dll, symbol))).decode()
        except ValueError:
            return ""

    @property
    def unprintable(self) -> list[str]:
        """Formulas that could not be printed as C, with the file, the line and the reason."""
        return [f"{path}.py, {why}" for (path, _), (_, why) in self._refused.items()]

    def function(self, name: str, dtype: np.dtype[Any], restype: Any = None) -> Any:
        """The C function of this name for an array type."""
        function = getattr(self._dll, f"tasou_{name}_{SUFFIX[dtype]}")
        function.restype = restype
        return function

    def formula(self, function: Callable[..., Any]) -> tuple[Printed, tuple[float, ...]]:
        """What was printed from this function of ``formulas/``, and the values of its parameters.

        Raises
        ------
        NotNative
            it is none of the formulas the library was built from, or its file has changed since
        """
        given: dict[str, Any] = {}
        while isinstance(function, partial):
            if function.args:
                raise NotNative("a formula with bound arguments")
            given = {**function.keywords, **given}
            function = function.func
        module = getattr(function, "__module__", "") or ""
        if not module.startswith("tasou.formulas."):
            raise NotNative(f"{getattr(function, '__name__', function)!r} is not one of tasou's formulas")
        printed = self._find(module.removeprefix("tasou.formulas.").replace(".", "/"), function.__name__)
        return printed, printed.constants(given)

    def _looked_up(self, path: str, name: str) -> Printed:
        try:
            module = Module(FORMULAS, path)
        except OSError:
            raise NotNative(f"the source of {path} is not there to compare the native library with") from None
        if (path, name) not in self.table:
            raise NotNative(self._why_missing(module, name))
        index, form, digest = self.table[path, name]
        if module.digest != digest:
            raise NotNative(
                f"{path}.py has changed since the native library was built; install again to build it in"
            )
        return Printed(index, path, form, tuple(Function(module, name).parameters.items()))

    def _why_missing(self, module: Module, name: str) -> str:
        """Why a formula of ours is not in the library: what cannot be printed, or that it came later."""
        digest, reason = self._refused.get((module.path, name), ("", ""))
        if digest == module.digest:
            return f"{module.path}.py cannot be printed as C: {reason}"
        return f"{module.path} came after the native library was built; install again to build it in"
