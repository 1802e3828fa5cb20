"""Load the compiled library, and find a formula in it."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends.native.building import FORMULAS, LIBRARY, Function, Module, structs_digest
from tasou.backends.native.building.source import BY_UNIT
from tasou.formulas.by_output import ByOutput
from tasou.formulas.by_unit import ByUnit
from tasou.messages import Message, Said, Sentence, sentence

NOT_PRINTED = Message(
    "native.not_printed",
    en="{path}.py cannot be printed as C: {reason}",
    ja="{path}.py は C に書き直せません：{reason}",
)
LATER = Message(
    "native.later",
    en="{path} came after the native library was built; install again to build it in",
    ja="{path} はネイティブライブラリが作られたあとに加わりました。インストールし直すと組み込まれます",
)

NOT_BUILT = Message(
    "native.not_built",
    en="no native library was built (a C compiler at installation makes one)",
    ja="ネイティブライブラリが作られていません（インストール時に C コンパイラがあれば作られます）",
)
CANNOT_LOAD = Message(
    "native.cannot_load",
    en="the native library cannot be loaded: {reason}",
    ja="ネイティブライブラリを読み込めません：{reason}",
)
OLDER = Message(
    "native.older",
    en="the native library was built from older sources; install again to build it anew",
    ja="ネイティブライブラリが古いソースから作られています。インストールし直すと作り直されます",
)
BOUND = Message("native.bound", en="a formula with bound arguments", ja="引数を固定した式")
NOT_OURS = Message(
    "native.not_ours",
    en="{name!r} is not one of tasou's formulas",
    ja="{name!r} は tasou の式ではない",
)
TWO_FILES = Message(
    "native.two_files",
    en="an activation and a slope from different files",
    ja="活性化関数とその導関数が別々のファイルにある",
)
NOT_SINGLE = Message(
    "native.not_single",
    en="the activation {path} looks at several numbers at once",
    ja="活性化関数 {path} は複数の数をまとめて見ています",
)
NO_SOURCE = Message(
    "native.no_source",
    en="the source of {path} is not there to compare the native library with",
    ja="ネイティブライブラリと見比べる {path} のソースがありません",
)
CHANGED = Message(
    "native.changed",
    en="{path}.py has changed since the native library was built; install again to build it in",
    ja="ネイティブライブラリが作られたあとで {path}.py が変わりました。インストールし直すと組み込まれます",
)

Array = NDArray[Any]
SUFFIX = {np.dtype(np.float32): "f32", np.dtype(np.float64): "f64"}


class NotNative(Exception):
    """Why something runs in NumPy instead: a message; its sentence is made only where somebody asks."""

    def __init__(self, why: Said, **parts: object) -> None:
        super().__init__(why)
        self._parts = parts

    @property
    def sentence(self) -> Sentence:
        """The reason in words."""
        return sentence(self.args[0], self._parts)

    def __str__(self) -> str:
        return str(self.sentence)


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
            raise NotNative(NOT_BUILT)
        try:
            self._dll = ctypes.CDLL(str(path))
        except OSError as error:
            raise NotNative(CANNOT_LOAD, reason=error) from None
        if self._text("TASOU_STRUCTS") != structs_digest():
            raise NotNative(OLDER)
        self.path = path
        self.agreed: dict[Any, int] = {}
        """what was found out about products by this BLAS: rows of a tile, or 0 (description.settle)"""
        self.programs: dict[Any, Any] = {}
        """tapes that were laid out, for networks that are alike (description.set_tape)"""
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
        behind = BY_UNIT if isinstance(function, ByUnit) else ""
        function = function.func if isinstance(function, ByUnit) else function
        if isinstance(function, ByOutput):
            raise NotNative(BOUND)
        while isinstance(function, partial):
            if function.args:
                raise NotNative(BOUND)
            given = {**function.keywords, **given}
            function = function.func
        module = getattr(function, "__module__", "") or ""
        if not module.startswith("tasou.formulas."):
            raise NotNative(NOT_OURS, name=getattr(function, "__name__", function))
        found = self._find(
            module.removeprefix("tasou.formulas.").replace(".", "/"), function.__name__ + behind
        )
        if not isinstance(found, Printed):
            raise NotNative(found)
        return found, found.constants(given)

    def loss(self, function: Callable[..., Any], outputs: int) -> tuple[int, tuple[float, ...], int]:
        """A loss's place in the table, its parameters, and how many of them each output has of its own.

        Raises
        ------
        NotNative
            as `formula`; or there are parameters for other outputs, or the formula looks at all outputs at once
        """
        if not isinstance(function, ByOutput):
            printed, values = self.formula(function)
            return printed.index, values, 0
        printed, _ = self.formula(function.func)
        if printed.form != "map" or len(function.values) != outputs:
            raise NotNative(BOUND)
        each = [printed.constants({function.name: value}) for value in function.values]
        return printed.index, tuple(chain.from_iterable(each)), len(printed.defaults)

    def activation(self, f: Callable[..., Any], slope: Callable[..., Any]) -> tuple[int, tuple[float, ...]]:
        """An activation's place in the table (that of its slope), and the parameters of both functions.

        Raises
        ------
        NotNative
            one of the two is not printed, or they are not of one file
        """
        (printed_f, of_f), (printed, of_slope) = self.formula(f), self.formula(slope)
        if printed.path != printed_f.path or not printed.path.startswith("activations/"):
            raise NotNative(TWO_FILES)
        if {printed_f.form, printed.form} != {"map"}:
            raise NotNative(NOT_SINGLE, path=printed.path)
        both = dict(zip((name for name, _ in printed_f.defaults), of_f, strict=True))
        both |= dict(zip((name for name, _ in printed.defaults), of_slope, strict=True))
        return printed.index, tuple(both.values())

    def _looked_up(self, path: str, name: str) -> Printed | Sentence:
        """The formula, or why there is none: either is asked for in every step, and found out once."""
        try:
            module = Module(FORMULAS, path)
        except OSError:
            return NO_SOURCE(path=path)
        if (path, name) not in self.table:
            return self._why_missing(module, name)
        index, form, digest = self.table[path, name]
        if module.digest != digest:
            return CHANGED(path=path)
        return Printed(index, path, form, tuple(Function(module, name).parameters.items()))

    def _why_missing(self, module: Module, name: str) -> Sentence:
        """Why a formula of ours is not in the library: what cannot be printed, or that it came later."""
        digest, reason = self._refused.get((module.path, name), ("", ""))
        if digest == module.digest:
            return NOT_PRINTED(path=module.path, reason=reason)
        return LATER(path=module.path)
