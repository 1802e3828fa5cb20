"""How the native library is made: formulas printed as C, and compiled. Runs at installation, and needs Python alone."""

from __future__ import annotations

from .compiling import FORMULAS, HERE, LIBRARY, STRUCTS, build, structs_digest
from .source import Function, Module

__all__ = ["FORMULAS", "HERE", "LIBRARY", "STRUCTS", "Function", "Module", "build", "structs_digest"]
