"""Python of the standard library: a module with ``predict``, and a program that reads CSV."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from tasou.exporting import words
from tasou.exporting.listing import folded, numbers
from tasou.exporting.loops import CONSTANT, WORK
from tasou.exporting.plan import Plan
from tasou.exporting.prediction import prediction
from tasou.exporting.spelling import Spelling

SUFFIX = ".py"
PARTS = Path(__file__).parent.parent / "parts"


class Python(Spelling):
    """Loops in Python."""

    language = "Python"
    functions: ClassVar[Mapping[str, str]] = {
        **{name: f"math.{name}" for name in ("log1p", "tanh", "sin", "cos")},
        **{
            name: f"_{name}"
            for name in ("exp", "expm1", "log", "sqrt", "sign", "floor", "maximum", "minimum", "row")
        },
        "abs": "abs",
    }

    def conditional(self, test: str, yes: str, no: str) -> str:
        """One or the other."""
        return f"({yes} if {test} else {no})"

    def local(self, name: str, value: str) -> str:
        """A name for a value."""
        return f"{name} = {value}"

    def head(self, variable: str, size: str) -> str:
        """The head of a loop."""
        return f"for {variable} in range({size}):"

    def sum_begins(self, start: str) -> str:
        """The sum."""
        return f"s = {start}"

    def end(self) -> list[str]:
        """Nothing ends a block."""
        return []

    def statement(self, text: str) -> str:
        """A statement."""
        return text


def write(plan: Plan, name: str, **options: Any) -> str:
    """The module as text."""
    found, spell = prediction(plan), Python()
    used = found.program.used()
    body = [line for loop in found.program.loops for line in spell.lines(loop)]
    parts = (PARTS / "reading.py.txt").read_text("utf-8").split("# --- 8< ---\n")
    uses = [
        f"In Python:      import {name}; {name}.predict({{…}})   (a cell for each of {name}.COLUMNS)",
        f"As a program:   python {name}.py < rows.csv > answers.csv",
        "",
        "Needs Python's standard library alone. The program reads plain UTF-8 CSV with a header line: numbers with a",
        "decimal point, dates as 2024-03-01, nothing in a cell without a value; whatever else is refused by its line.",
    ]
    lines = ['"""' + words.head(plan, uses)[0].replace("\\", "\\\\").replace('"""', "'''")]
    lines += [*words.head(plan, uses)[1:], '"""', "", parts[1].strip("\n"), "", ""]
    answer = plan.answer
    columns = [(cell.column, cell.kind) for cell in plan.cells]
    levels = {j: dict(cell.levels) for j, cell in enumerate(plan.cells) if cell.kind == "level"}
    lines += [
        f"COLUMNS = {columns!r}",
        '"""the name of each column, and what its cells are"""',
        f"LEVELS = {levels!r}",
        '"""by the number of a column: the number of each text"""',
        f"MISSING = frozenset({sorted(plan.missing)!r})",
        f"KIND = {answer.kind!r}",
        f"CLASSES = {list(answer.classes)!r}",
        f"LABELS = {[words.csv_cell(value) for value in answer.classes]!r}",
        f"HEADER = {words.header(plan)!r}",
        f"ANSWERS = {found.answer.size}",
        f"THRESHOLD = {answer.threshold!r}",
        "",
    ]
    for array in found.program.of_kind(CONSTANT):
        if id(array) in used:
            lines += [f"{array.name} = [", *folded(numbers(array)), "]"]
    lines += ["", "", "def answers(cells):", f'    """{_what(plan)}"""']
    lines += [f"    {a.name} = [0.0] * {a.size}" for a in found.program.of_kind(WORK) if id(a) in used]
    lines += [f"    {found.answer.name} = [0.0] * {found.answer.size}"]
    lines += [f"    {line}" for line in body]
    lines += [f"    return {found.answer.name}", "", "", parts[2].strip("\n"), ""]
    return "\n".join(lines)


def _what(plan: Plan) -> str:
    what = {
        "classes": "The probability of each of CLASSES",
        "labels": "The probability of each of CLASSES",
        "sides": "The values by which the class is chosen",
        "numbers": "The numbers expected",
    }
    return f"{what[plan.answer.kind]}, of a number for each of COLUMNS (see cell)."
