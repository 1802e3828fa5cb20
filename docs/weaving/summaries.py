"""A Japanese line for each object of the reference, whose docstrings are English."""

from __future__ import annotations

import tomllib
from functools import cache

FILE = "ja/reference/summaries.toml"


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
