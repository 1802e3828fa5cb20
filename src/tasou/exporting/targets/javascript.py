"""JavaScript: one ES module with ``predict``, which is a program under node too, and may train."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tasou.exporting import learning, words
from tasou.exporting.javascript import JavaScript, declared, quoted_number
from tasou.exporting.listing import commented, quoted
from tasou.exporting.loops import CONSTANT, WORK
from tasou.exporting.plan import Plan
from tasou.exporting.prediction import Prediction, prediction

SUFFIX = ".mjs"
PARTS = Path(__file__).parent.parent / "parts"


def write(plan: Plan, name: str, *, training: Any = None, **options: Any) -> str:
    """The module as text."""
    found, spell = prediction(plan), JavaScript()
    body = [line for loop in found.program.loops for line in spell.lines(loop)]
    parts = (PARTS / "reading.mjs").read_text("utf-8").split("// --- 8< ---\n")
    uses, trained = _uses(name), list[str]()
    if training is not None:
        uses += ["", *learning.USES]
        trained = ["", *learning.write(training, JavaScript())]
    lines = [
        *commented(words.head(plan, uses)),
        "",
        *_tables(plan),
        *_memory(found),
        *_function(found, body),
        "",
        parts[1].strip("\n"),
        *trained,
        "",
        parts[2].strip("\n"),
        "",
    ]
    return "\n".join(lines)


def _uses(name: str) -> list[str]:
    """What is told at the head of the file: how it is called."""
    return [
        f'In JavaScript:  import {{ predict }} from "./{name}.mjs"; predict({{…}})   (a cell for each of columns)',
        f"As a program:   node {name}.mjs < rows.csv > answers.csv",
        "",
        "Needs nothing else. The program reads plain UTF-8 CSV with a header line: numbers with a decimal point, dates",
        "as 2024-03-01, nothing in a cell without a value; whatever else is refused by its line.",
    ]


def _tables(plan: Plan) -> list[str]:
    """The columns, their levels, the texts that stand for no value, and the classes."""
    answer = plan.answer
    levels = [
        f"  {j}: new Map([{', '.join(f'[{quoted(text)}, {k}]' for text, k in cell.levels.items())}]),"
        for j, cell in enumerate(plan.cells)
        if cell.kind == "level"
    ]
    return [
        "/** The name of each column, and what its cells are. */",
        "export const columns = [",
        *(f"  [{quoted(cell.column)}, {quoted(cell.kind)}]," for cell in plan.cells),
        "];",
        "const levels = {",
        *levels,
        "};",
        f"const missing = new Set([{', '.join(quoted(text) for text in sorted(plan.missing))}]);",
        f"export const kind = {quoted(answer.kind)};",
        f"const threshold = {'null' if answer.threshold is None else quoted_number(answer.threshold)};",
        "/** The classes, in the order of the answers. */",
        f"export const classes = [{', '.join(_value(value) for value in answer.classes)}];",
        f"const labels = [{', '.join(quoted(words.csv_cell(value)) for value in answer.classes)}];",
        f"const header = {quoted(words.header(plan))};",
        "",
    ]


def _memory(found: Prediction) -> list[str]:
    """The constants, and room for what is computed."""
    program, used = found.program, found.program.used()
    constants = [array for array in program.of_kind(CONSTANT) if id(array) in used]
    work = [array for array in program.of_kind(WORK) if id(array) in used]
    return [
        *(line for array in constants for line in declared(array)),
        "",
        *(f"const {array.name} = new Float64Array({array.size});" for array in work),
    ]


def _function(found: Prediction, body: list[str]) -> list[str]:
    """The function that predicts a row."""
    return [
        "",
        "/** The probability of each class, or the numbers expected, of a number for each of columns (see cell). */",
        "export function answers(cells) {",
        f"  const {found.answer.name} = new Float64Array({found.answer.size});",
        *(f"  {line}" for line in body),
        f"  return {found.answer.name};",
        "}",
    ]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) > 2**53:
        return f"{value}n"
    return quoted_number(float(value)) if isinstance(value, int | float) else quoted(str(value))
