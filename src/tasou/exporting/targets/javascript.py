"""JavaScript: one ES module with ``predict``, which is a program under node too, and may train."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from tasou.exporting import words
from tasou.exporting.loops import CONSTANT, WORK, Array, Loop
from tasou.exporting.plan import Plan
from tasou.exporting.prediction import prediction
from tasou.exporting.spelling import Spelling
from tasou.exporting.targets.python import folded, numbers, quoted

SUFFIX = ".mjs"
PARTS = Path(__file__).parent.parent / "parts"


class JavaScript(Spelling):
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

    def lines(self, loop: Loop) -> list[str]:
        """The loop, its names in a block of their own."""
        found = super().lines(loop)
        bare = loop.summed == len(loop.sizes) and len(found) > 1
        return ["{", *(self.indent + line for line in found), "}"] if bare else found


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
    return [f"const {array.name} = {kind}.of(", *folded(texts, "  "), ");"]


def _single(value: np.float32) -> str:
    """As few digits as give the same number in single precision."""
    text = str(value)
    return quoted_number(float(text)) if np.float32(float(text)) == value else quoted_number(float(value))


def write(plan: Plan, name: str, *, training: Any = None, **options: Any) -> str:
    """The module as text."""
    found, spell = prediction(plan), JavaScript()
    used = found.program.used()
    body = [line for loop in found.program.loops for line in spell.lines(loop)]
    parts = (PARTS / "reading.mjs").read_text("utf-8").split("// --- 8< ---\n")
    uses = [
        f'In JavaScript:  import {{ predict }} from "./{name}.mjs"; predict({{…}})   (a cell for each of columns)',
        f"As a program:   node {name}.mjs < rows.csv > answers.csv",
        "",
        "Needs nothing else. The program reads plain UTF-8 CSV with a header line: numbers with a decimal point, dates",
        "as 2024-03-01, nothing in a cell without a value; whatever else is refused by its line.",
    ]
    trained: list[str] = []
    if training is not None:
        from tasou.exporting import learning

        uses += ["", *learning.USES]
        trained = learning.write(training, JavaScript())
    answer = plan.answer
    lines = [
        "/*",
        *(f" * {line}".rstrip().replace("*/", "* /") for line in words.head(plan, uses)),
        " */",
        "",
    ]
    levels = [
        f"  {j}: new Map([{', '.join(f'[{quoted(text)}, {k}]' for text, k in cell.levels.items())}]),"
        for j, cell in enumerate(plan.cells)
        if cell.kind == "level"
    ]
    lines += [
        "/** The name of each column, and what its cells are. */",
        "export const columns = [",
        *(f"  [{quoted(cell.column)}, {quoted(cell.kind)}]," for cell in plan.cells),
        "];",
        "const levels = {",
        *levels,
        "};",
        f"const missing = new Set([{', '.join(quoted(text) for text in sorted(plan.missing))}]);",
        f"export const kind = {quoted(answer.kind)};",
        "/** The classes, in the order of the answers. */",
        f"export const classes = [{', '.join(_value(value) for value in answer.classes)}];",
        f"const labels = [{', '.join(quoted(words.csv_cell(value)) for value in answer.classes)}];",
        f"const header = {quoted(words.header(plan))};",
        "",
    ]
    for array in found.program.of_kind(CONSTANT):
        if id(array) in used:
            lines += declared(array)
    lines += [
        "",
        *(
            f"const {a.name} = new Float64Array({a.size});"
            for a in found.program.of_kind(WORK)
            if id(a) in used
        ),
    ]
    lines += [
        "",
        "/** The probability of each class, or the numbers expected, of a number for each of columns (see cell). */",
        "export function answers(cells) {",
        f"  const {found.answer.name} = new Float64Array({found.answer.size});",
        *(f"  {line}" for line in body),
        f"  return {found.answer.name};",
        "}",
        "",
        parts[1].strip("\n"),
        *(["", *trained] if trained else []),
        "",
        parts[2].strip("\n"),
        "",
    ]
    return "\n".join(lines)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) > 2**53:
        return f"{value}n"
    return quoted_number(float(value)) if isinstance(value, int | float) else quoted(str(value))
