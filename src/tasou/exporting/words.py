"""Words that every printed file has: what it is, whose it is, and what its program writes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from tasou.exporting.plan import Plan
from tasou.version import __version__


def head(plan: Plan, uses: Sequence[str]) -> list[str]:
    """The lines that a file begins with."""
    title = " ".join(plan.title.split())
    return [
        f"{title[:100]}{'…' if len(title) > 100 else ''}",
        "",
        *uses,
        "",
        f"Printed by tasou {__version__}. This file is yours: use, change and pass it on as you like, without any",
        "condition and without naming anybody. It comes without warranty.",
    ]


def header(plan: Plan) -> str:
    """The first line of what the program writes."""
    answer = plan.answer
    if answer.kind == "numbers" and len(answer.names) > 1:
        names = [f"predicted_{name}" for name in answer.names]
    else:
        names = [f"predicted_{answer.target}"]
    if answer.kind in ("classes", "labels"):
        names += [f"p_{spelled(value)}" for value in answer.classes]
    free: list[str] = []
    for name in names:
        new, number = name, 2
        while new in free:
            new, number = f"{name}_{number}", number + 1
        free.append(new)
    return csv_line(free)


def spelled(value: Any) -> str:
    """A class as a file writes it: whole numbers without a point."""
    from tasou.tables.spelling.numbers import spelled as number

    return number(value) if isinstance(value, float) else str(value)


def csv_line(cells: Sequence[str]) -> str:
    """Cells side by side, quoted where they must be.

    >>> csv_line(["a", "b,c"])
    'a,"b,c"'
    """
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()[:-1]


def csv_cell(value: Any) -> str:
    """A class as a cell behind which others follow."""
    return csv_line([spelled(value), ""])[:-1]


def identifier(stem: str) -> str:
    """A name that every language takes.

    >>> identifier("my-model 2"), identifier("3d"), identifier("模型")
    ('my_model_2', 'm_3d', 'model')
    """
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", stem).strip("_")
    if not plain:
        return "model"
    return plain if plain[0].isalpha() else f"m_{plain}"
