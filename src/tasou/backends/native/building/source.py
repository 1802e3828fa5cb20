"""The source of a formula: its file, its functions, its constants; read as text, never imported."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

SCALARS = {"t", "lr", "alpha", "weight_decay", "norm", "limit", "draw", "share"}
"""positional arguments that are numbers, not arrays"""


class Unprintable(Exception):
    """A formula that is not straight-line; it runs in NumPy."""


class Module:
    """The source of one formula file: its functions, its constants, and what it takes from other files."""

    def __init__(self, root: Path, path: str) -> None:
        self.root, self.path = root, path
        self.source = (root / f"{path}.py").read_text(encoding="utf-8")
        self.functions: dict[str, ast.FunctionDef] = {}
        self.constants: dict[str, float] = {}
        self.imports: dict[str, tuple[str, str]] = {}
        for node in ast.parse(self.source).body:
            self._read(node)

    def _read(self, node: ast.stmt) -> None:
        match node:
            case ast.FunctionDef(name=name):
                self.functions[name] = node
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=int() | float() as value)):
                self.constants[name] = float(value)
            case ast.ImportFrom(module=str(module), names=names) if module.startswith("tasou.formulas."):
                home = module.removeprefix("tasou.formulas.").replace(".", "/")
                self.imports |= {alias.asname or alias.name: (home, alias.name) for alias in names}

    @cached_property
    def digest(self) -> str:
        """A checksum of the source and of every file it takes functions from."""
        parts = [
            self.source,
            *(Module(self.root, home).digest for home in sorted({h for h, _ in self.imports.values()})),
        ]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


class Function:
    """One formula: its arguments, the parameters with their defaults, and its body."""

    def __init__(self, module: Module, name: str) -> None:
        self.module, self.name = module, name
        self.node = node = module.functions[name]
        self.arguments = [a.arg for a in node.args.args if a.arg != "xp"]
        self.arrays = [a for a in self.arguments if a not in SCALARS]
        self.scalars = [a for a in self.arguments if a in SCALARS]
        self.parameters = {
            a.arg: float(ast.literal_eval(default))
            for a, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            if default is not None
        }
        self.body = [
            s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
        ]

    @property
    def symbol(self) -> str:
        """Its name in C, e.g. ``activations_relu_slope``."""
        return f"{self.module.path.replace('/', '_')}_{self.name}"

    @property
    def reduces(self) -> bool:
        """Whether it takes a maximum or a sum over the outputs of a sample."""
        return any(isinstance(n, ast.keyword) and n.arg == "axis" for n in ast.walk(self.node))

    def statements(self) -> Iterator[tuple[str, ast.expr]]:
        """Each assignment as (name, expression); the name of what is returned is empty."""
        for statement in self.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    yield name, value
                case ast.Return(value=ast.expr() as value):
                    yield "", value
                case _:
                    raise Unprintable(f"{self.symbol}: {ast.unparse(statement)}")
