"""JavaScript: one ES module with ``predict``, which is a program under node too, and may train."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from tasou.exporting import words
from tasou.exporting.listing import commented, folded, numbers, quoted
from tasou.exporting.loops import CONSTANT, WORK, Array
from tasou.exporting.plan import Plan
from tasou.exporting.prediction import Prediction, prediction
from tasou.exporting.spelling import InBraces

SUFFIX = ".mjs"
PARTS = Path(__file__).parent.parent / "parts"


class JavaScript(InBraces):
    """Loops in JavaScript."""

    language = "JavaScript"
    indent = "  "
    functions: ClassVar[Mapping[str, str]] = {
        **{
            name: f"Math.{name}"
            for name in (
                "exp",
                "expm1",
                "log",
                "log1p",
                "tanh",
                "sqrt",
                "abs",
                "sign",
                "floor",
                "sin",
                "cos",
                "pow",
            )
        },
        "maximum": "Math.max",
        "minimum": "Math.min",
        "draw": "random.random",
        "row": "rowOf",
    }

    def literal(self, number: float) -> str:
        """A number."""
        return quoted_number(float(number))

    def local(self, name: str, value: str) -> str:
        """A name for a value."""
        return f"const {name} = {value};"

    def head(self, variable: str, size: str) -> str:
        """The head of a loop."""
        return f"for (let {variable} = 0; {variable} < {size}; {variable}++) {{"

    def sum_begins(self, start: str) -> str:
        """The sum."""
        return f"let s = {start};"


def quoted_number(number: float) -> str:
    """A number as JavaScript writes it.

    >>> quoted_number(1.0), quoted_number(0.1), quoted_number(1e300)
    ('1', '0.1', '1e+300')
    """
    text = repr(number)
    return text.removesuffix(".0") if "e" not in text else text


def declared(array: Array) -> list[str]:
    """A constant array."""
    values = array.values
    assert values is not None
    if values.dtype.kind in "iu":
        kind, texts = "Int32Array", numbers(array)
    elif values.dtype == np.float32:
        kind, texts = "Float32Array", [_single(value) for value in values]
    else:
        kind, texts = "Float64Array", [quoted_number(value) for value in values.tolist()]
    return [
        f"const {array.name} = new {kind}([",
        *folded(texts, "  "),
        "]);",
    ]  # a call has 65,535 arguments at most


def _single(value: np.float32) -> str:
    """As few digits as give the same number in single precision."""
    text = str(value)
    return quoted_number(float(text)) if np.float32(float(text)) == value else quoted_number(float(value))


def write(plan: Plan, name: str, *, training: Any = None, **options: Any) -> str:
    """The module as text."""
    found, spell = prediction(plan), JavaScript()
    body = [line for loop in found.program.loops for line in spell.lines(loop)]
    parts = (PARTS / "reading.mjs").read_text("utf-8").split("// --- 8< ---\n")
    uses, trained = _uses(name), list[str]()
    if training is not None:
        from tasou.exporting import learning

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
