"""Find every plot by its folder: the file ``loss_curve.py`` holds ``loss_curve``, ``loss_curve_display.py`` a class."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tasou.registry import names_in

PACKAGE = __name__.rpartition(".")[0]


def found() -> dict[str, Any]:
    """The plots by their names: of each file the function called like it, or the class."""
    plots = {}
    for file in names_in(PACKAGE):
        module = import_module(f"{PACKAGE}.{file}")
        for name in (file, file.title().replace("_", "")):
            if getattr(vars(module).get(name), "__module__", "") == module.__name__:
                plots[name] = vars(module)[name]
    return plots


def stub() -> str:
    """The file ``__init__.pyi``: the plots as type checkers see them."""
    plots = found()
    homes: dict[str, list[str]] = {f"{PACKAGE}._film": ["check_path as check_film_path"]}
    for name, home in [
        ("check_path", f"{PACKAGE}.save"),
        *((name, plots[name].__module__) for name in plots),
    ]:
        homes.setdefault(home, []).append(name)
    lines = ['"""Made by ``scripts/stub``: the plots of this folder as type checkers see them."""', ""]
    lines += [f"from {home} import {', '.join(names)}" for home, names in sorted(homes.items())]
    lines += ["", "__all__ = ["]
    lines += [f'    "{name}",' for name in sorted([*plots, "check_film_path", "check_path"])]
    return "\n".join([*lines, "]"]) + "\n"
