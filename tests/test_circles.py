"""No module needs, even for its types or in a function, a module that needs it: who imports whom has no circle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import tasou

ROOT = Path(tasou.__file__).parent


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in ROOT.rglob("*.py")}


SHOWING = re.compile(r"__(str|repr|getattr|dir)__|_repr_\w+_")
"""a thing shows itself by what stands above it, and packages find their names when they are asked"""


def imported(module: str) -> Iterator[str]:
    """What a module imports, at its top, for its types, or when a function is called (save to show a thing)."""
    for node in walked(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name != "tasou")
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


def walked(tree: ast.AST) -> Iterator[ast.AST]:
    """All statements but those of functions that show a thing: imports stand nowhere else."""
    left = [tree]
    while left:
        for node in ast.iter_child_nodes(left.pop()):
            if not isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
                continue
            if not (isinstance(node, ast.FunctionDef) and SHOWING.fullmatch(node.name)):
                yield node
                left.append(node)


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Modules that lie on circles: those that nobody left needs, or that need nobody left, are cut away in turn."""
    left = {node: set(targets) & set(graph) - {node} for node, targets in graph.items()}
    changed = True
    while changed:
        leaves = [node for node, targets in left.items() if not targets & set(left)]
        roots = set(left).difference(*left.values())
        changed = bool(leaves or roots)
        for node in {*leaves, *roots}:
            left.pop(node, None)
        left = {node: targets & set(left) for node, targets in left.items()}
    return [sorted(left)] if left else []


def test_no_circle_even_in_typing_or_when_a_function_is_called():
    assert circles({module: set(imported(module)) for module in MODULES}) == []


def test_a_circle_is_seen():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]


def test_files_are_small():
    long = {
        name: lines for name, path in MODULES.items() if (lines := path.read_text("utf-8").count("\n")) > 350
    }
    assert long == {}, "a file is one idea; split it"
