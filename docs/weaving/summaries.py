"""A Japanese line for each object of the reference, whose docstrings are English."""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Mapping
from functools import cache

FILE = "ja/reference/summaries.toml"
ASKED = re.compile(r"auto(?:class|function|exception):: ([\w.]+)(\n   :members:(.*))?")


@cache
def summaries() -> dict[str, dict[str, str]]:
    """The table beside the Japanese pages, section by section."""
    from weaving.page import DOCS

    return tomllib.loads((DOCS / FILE).read_text("utf-8"))


def summary(name: str) -> str | None:
    """The line for an object called by its dotted name; what a method means in every class stands under ``*``.

    >>> summary("tasou.Network.forward")
    '順伝播。各層の z[l] と a[l] を計算し、記録を返す。'
    """
    parts = name.removeprefix("tasou.").split(".")
    for k in range(len(parts) - 1, -1, -1):
        found = summaries().get(".".join(parts[:k]), {}).get(".".join(parts[k:]))
        if found:
            return found
    return summaries()["*"].get(parts[-1]) if len(parts) > 1 else None


def documented() -> set[str]:
    """The names that the reference shows, with the public methods where all are asked for."""
    from tasou import plots
    from weaving.page import DOCS

    names = {f"tasou.plots.{name}" for name in plots.__all__ if not name.startswith("check_")}
    pages = "\n".join(path.read_text("utf-8") for path in sorted((DOCS / "en").glob("[!_]*/**/*.md")))
    for name, asked, members in ASKED.findall(pages):
        names.add(name)
        if asked:
            module, _, own = name.rpartition(".")
            found = vars(getattr(importlib.import_module(module), own))
            names |= {f"{name}.{member}" for member in members.replace(",", " ").split() or _public(found)}
    return names


def _public(found: Mapping[str, object]) -> list[str]:
    """The public methods and properties of a class."""
    return [
        key
        for key, value in found.items()
        if key[0] != "_" and (callable(value) or isinstance(value, property | classmethod))
    ]
