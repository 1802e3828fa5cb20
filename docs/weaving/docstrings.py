"""The docstrings of the reference in Japanese: what an object does, its parameters, what it returns, what it raises.

The table docs/ja/reference/docstrings.toml holds them by object and name, what is the same everywhere under ``*``; the
parameters of the estimators are told by the recipe that declares them. What has no Japanese stays English.
"""

from __future__ import annotations

import re
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


def japanese(name: str, entry: str, english: str = "") -> str | None:
    """The Japanese for an entry of a section (names that share a line together), or for what is said of it."""
    shorter = name.removeprefix("tasou.")
    last = shorter.rsplit(".", 1)[-1]
    tables = [table().get(shorter, {}), table().get(last, {}), of_estimator(last), table()["*"]]
    return next((found[entry] for found in tables if entry in found), table()["="].get(english))


def set_off(text: str) -> str:
    r"""Code that touches Japanese is set off from it, invisibly: reStructuredText knows no mark inside a word.

    >>> set_off("`relu`（標準）または `tanh`")
    '`relu`\\ （標準）または `tanh`'
    """
    ahead = re.sub(r"(``.+?``|`[^`]+`)(?=[^\s\x00-\x7f])", r"\1\\ ", text)
    return re.sub(r"(?<=[^\s\x00-\x7f])(``.+?``|`[^`]+`)", r"\\ \1", ahead)


def translated(lines: list[str], name: str, *, summary: bool) -> list[str]:
    """The lines of a docstring, in Japanese as far as it is known; a summary takes the place of the first paragraph.

    >>> translated(["Do it.", "", "Parameters", "----------", "ax", "    where to draw"], "tasou.plots.x", summary=True)
    ['Parameters', '----------', 'ax', '    描く場所（Axes）。省略すると新しい図に描く']
    """
    if summary:
        end = next((i for i, line in enumerate(lines) if not line.strip()), len(lines))
        lines = lines[end + 1 :]
        if (told := prose(name)) is not None:
            lines = [set_off(told), "", *lines[len(english_prose(lines)) :]]
    return list(_entries(lines, name))


def prose(name: str) -> str | None:
    """The Japanese for what stands between the first paragraph and the sections."""
    shorter = name.removeprefix("tasou.")
    own = table().get(shorter) or table().get(shorter.rsplit(".", 1)[-1], {})
    return own.get("prose")


def english_prose(lines: list[str]) -> list[str]:
    """The lines before the first section or example.

    >>> english_prose(["It is so.", "", "Raises", "------"])
    ['It is so.', '']
    """
    ends = (i for i, line in enumerate(lines) if line.startswith(">>>") or _is_heading(lines, i))
    return lines[: next(ends, len(lines))]


def _is_heading(lines: list[str], i: int) -> bool:
    under = lines[i + 1].strip() if i + 1 < len(lines) else ""
    return bool(lines[i].strip() and under) and set(under) == {"-"}


def entries(lines: list[str]) -> Iterator[tuple[str, str]]:
    """The entries of the sections, with the first line of what they say."""
    section = ""
    for i, line in enumerate(lines):
        if _is_heading(lines, i):
            section = line.strip()
        elif line.startswith((">>>", "...")):
            section = ""
        elif section in SECTIONS and line[:1].strip() and set(line.strip()) != {"-"}:
            yield line.split(" : ")[0].strip(), lines[i + 1].strip() if i + 1 < len(lines) else ""


def _entries(lines: list[str], name: str) -> Iterator[str]:
    """The lines, what is said of an entry in Japanese where that is known."""
    section, skipping = "", False
    for i, line in enumerate(lines):
        if _is_heading(lines, i):
            section, skipping = line.strip(), False
        elif line.startswith((">>>", "...")):
            section, skipping = "", False
        if (
            section in SECTIONS
            and line[:1].strip()
            and not set(line.strip()) <= {"-"}
            and line.strip() != section
        ):
            under = lines[i + 1].strip() if i + 1 < len(lines) else ""
            found = japanese(name, line.split(" : ")[0].strip(), under)
            skipping = found is not None
            yield line
            if found is not None:
                yield f"    {set_off(found)}"
        elif not (skipping and line.startswith(" ")):
            skipping = skipping and line.startswith(" ")
            yield line
