"""The docstrings of the reference in Japanese: what an object does, its parameters, what it returns, what it raises.

The table docs/ja/reference/docstrings.toml holds them by object and name, what is the same everywhere under ``*``; the
parameters of the estimators are told by the recipe that declares them. What has no Japanese stays English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache

FILE = "ja/reference/docstrings.toml"
SECTIONS = ("Parameters", "Attributes", "Returns", "Raises")
KINDS = {"MLPClassifier": "classifier", "MLPRegressor": "regressor"}


@cache
def table() -> dict[str, dict[str, str]]:
    """The table beside the Japanese pages."""
    from weaving.page import DOCS

    return tomllib.loads((DOCS / FILE).read_text("utf-8"))


@cache
def of_estimator(name: str) -> dict[str, str]:
    """The Japanese of an estimator's parameters, as its recipe declares them."""
    if name not in KINDS:
        return {}
    from tasou.estimators._signature import parameters_of

    told = parameters_of(KINDS[name]).items()
    return {key: knob.help["ja"] for key, knob in told if isinstance(getattr(knob, "help", None), dict)}


def japanese(name: str, entry: str) -> str | None:
    """The Japanese for an entry of a section: several names that share a line are looked up together, then each."""
    shorter = name.removeprefix("tasou.")
    last = shorter.rsplit(".", 1)[-1]
    tables = [table().get(shorter, {}), table().get(last, {}), of_estimator(last), table()["*"]]
    return next((found[entry] for found in tables if entry in found), None)


def translated(lines: list[str], name: str, *, summary: bool) -> list[str]:
    """The lines of a docstring, its known entries in Japanese; the first paragraph is left out where a summary says it.

    >>> translated(["Do it.", "", "Parameters", "----------", "ax", "    where to draw"], "tasou.plots.x", summary=True)
    ['Parameters', '----------', 'ax', '    描く場所（Axes）。省略すると新しい図に描く']
    """
    if summary:
        end = next((i for i, line in enumerate(lines) if not line.strip()), len(lines))
        lines = lines[end + 1 :]
    return list(_entries(lines, name))


def _entries(lines: list[str], name: str) -> Iterator[str]:
    section, skipping = "", False
    for i, line in enumerate(lines):
        under = lines[i + 1] if i + 1 < len(lines) else ""
        if line.strip() and under and set(under.strip()) == {"-"}:
            section, skipping = line.strip(), False
        if (
            line[:1].strip()
            and section in SECTIONS
            and set(line.strip()) != {"-"}
            and line.strip() != section
        ):
            found = japanese(name, line.split(" : ")[0].strip())
            skipping = found is not None
            yield line
            if found is not None:
                yield f"    {found}"
        elif not (skipping and line.startswith(" ")):
            skipping = skipping and line.startswith(" ")
            yield line
