"""The source of a formula: its file, its functions, its constants; read as text, never imported."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

SCALARS = {"t", "lr", "alpha", "weight_decay", "norm", "limit", "draw", "share"}
"""positional arguments that are numbers, not arrays"""


BY_UNIT = "_by_unit"
"""behind the name of a formula whose learnt constants are arrays: printed beside the one in which they are numbers"""


class Unprintable(Exception):
    """Why a formula cannot be printed (the line, what stands there, what is known instead); it runs in NumPy."""

    def __init__(self, node: ast.AST, why: str) -> None:
        self.node, self.why = node, why
        written = ast.unparse(node).splitlines()[0]
        super().__init__(f"line {getattr(node, 'lineno', '?')}, {written}: {why}")


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
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)),
            ):
                self.constants[name] = -float(value)
            case ast.ImportFrom(module=str(module), names=names) if module.startswith("tasou.formulas."):
                home = module.removeprefix("tasou.formulas.").replace(".", "/")
                self.imports |= {alias.asname or alias.name: (home, alias.name) for alias in names}

    @cached_property
    def learned(self) -> set[str]:
        """The constants of an activation that a layer can learn: those whose slope stands in the file."""
        if not self.path.startswith("activations/"):
            return set()
        return {name.removeprefix("slope_of_") for name in self.functions if name.startswith("slope_of_")}

    @property
    def names(self) -> Iterator[str]:
        """All formulas; those with constants that can be learnt once more, with arrays in their places."""
        for name, node in self.functions.items():
            yield name
            if self.learned & {a.arg for a in node.args.kwonlyargs}:
                yield f"{name}{BY_UNIT}"

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
        self.node = node = module.functions[name.removesuffix(BY_UNIT)]
        self.arguments = [a.arg for a in node.args.args if a.arg != "xp"]
        numbers = (
            set() if module.path.startswith("layers/") else SCALARS
        )  # there all that is positional is an array
        self.arrays = [a for a in self.arguments if a not in numbers]
        self.scalars = [a for a in self.arguments if a in numbers]
        self.by_unit = [
            a.arg for a in node.args.kwonlyargs if name.endswith(BY_UNIT) and a.arg in module.learned
        ]
        self.arrays += self.by_unit
        self.body = [
            s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
        ]

    @cached_property
    def parameters(self) -> dict[str, float]:
        """Its keyword-only parameters with their defaults, which are numbers; none of those that are arrays."""
        found = zip(self.node.args.kwonlyargs, self.node.args.kw_defaults, strict=True)
        return {a.arg: _number(a, default) for a, default in found if a.arg not in self.by_unit}

    @property
    def symbol(self) -> str:
        """Its name in C, e.g. ``activations_relu_slope``."""
        return f"{self.module.path.replace('/', '_')}_{self.name}"

    @property
    def reduces(self) -> bool:
        """Whether it takes a maximum or a sum over the outputs of a sample."""
        return any(isinstance(n, ast.keyword) and n.arg == "axis" for n in ast.walk(self.node))

    def statements(self) -> Iterator[tuple[tuple[str, ...], list[ast.expr]]]:
        """Each assignment as (names, expressions), ``p, q = a, b`` at once; what is returned has no names."""
        for statement in self.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    yield (name,), [value]
                case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(
                    names
                ) == len(values) and all(isinstance(n, ast.Name) for n in names):
                    yield tuple(n.id for n in names if isinstance(n, ast.Name)), values
                case ast.Return(value=ast.expr() as value) if statement is self.body[-1]:
                    yield (), [value]
                case _:
                    raise Unprintable(
                        statement,
                        "a formula is assignments (name = …; p, q = a, b) and one return at its end",
                    )
        if not self.body or not isinstance(self.body[-1], ast.Return):
            raise Unprintable(self.node, "nothing is returned")


def _number(argument: ast.arg, default: ast.expr | None) -> float:
    try:
        return float(ast.literal_eval(default)) if default is not None else float("nan")
    except (ValueError, TypeError):
        raise Unprintable(argument, "a parameter's default is a number") from None
