"""C99: one file, no allocation, no mathematics from elsewhere; with ``main`` a program that reads CSV."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from tasou.backends.native import building
from tasou.errors import TasouError
from tasou.exporting import words
from tasou.exporting.listing import commented, folded, numbers
from tasou.exporting.loops import CONSTANT, WORK, Array
from tasou.exporting.plan import Plan
from tasou.exporting.prediction import Prediction, prediction
from tasou.exporting.spelling import InBraces
from tasou.messages import Message

NOT_SINGLE = Message(
    "export.not_single",
    en="column {column!r} tells the time of day, which single precision cannot hold: export C in double precision",
    ja="列 {column!r} には時刻があり、単精度では表せません。C は倍精度で書き出してください",
)

SUFFIX = ".c"
PARTS = Path(__file__).parent.parent / "parts"
MATHS = building.HERE / "c" / "maths.h"
_FUNCTION = re.compile(r"(?:^/\*(?:(?!\*/).)*?\*/\n)?^INLINE \w+ (\w+)\([^)]*\)\n\{\n.*?^\}\n", re.M | re.S)


class C(InBraces):
    """Loops in C."""

    language = "C"
    functions: ClassVar[Mapping[str, str]] = {
        name: f"xp_{name}"
        for name in (
            *("exp", "expm1", "log", "log1p", "tanh", "sqrt", "abs", "sign", "floor", "sin", "cos"),
            *("maximum", "minimum", "row"),
        )
    }

    def __init__(self, *, single: bool) -> None:
        super().__init__()
        self.single = single

    def literal(self, number: float) -> str:
        """A number."""
        text = repr(float(np.float32(number)) if self.single and abs(number) < 3e38 else float(number))
        text = str(np.float32(number)) if self.single and abs(number) < 3e38 else text
        return f"{text}f" if self.single else text

    def local(self, name: str, value: str) -> str:
        """A name for a value."""
        return f"const real {name} = {value};"

    def head(self, variable: str, size: str) -> str:
        """The head of a loop."""
        return f"for (int {variable} = 0; {variable} < {size}; {variable}++) {{"

    def sum_begins(self, start: str) -> str:
        """The sum."""
        return f"real s = {start};"


def write(plan: Plan, name: str, *, single: bool = False, main: bool = False, **options: Any) -> str:
    """The file as text."""
    if single and (exact := [cell.column for cell in plan.cells if cell.exact]):
        raise TasouError(NOT_SINGLE, column=exact[0])
    found, spell = prediction(plan), C(single=single)
    body = [line for loop in found.program.loops for line in spell.lines(loop)]
    parts = (PARTS / "reading.c").read_text("utf-8").split("/* --- 8< --- */\n")
    lines = [
        *commented(words.head(plan, _uses(plan, name, found, single=single, main=main))),
        *_begin(spell, main=main),
        *_tables(plan, name, found.answer.size),
        *_threshold(plan, spell),
        *(line for array in found.program.of_kind(CONSTANT) for line in _declared(array, single)),
        *_function(plan, name, found, body),
        parts[1].replace("MODEL", name).strip("\n"),
        *(_program(plan, parts[2].replace("MODEL", name)) if main else []),
    ]
    return "\n".join([*lines, ""])


def _uses(plan: Plan, name: str, found: Prediction, *, single: bool, main: bool) -> list[str]:
    """What is told at the head of the file: how it is called."""
    kinds, bytes_each = ("float", 4) if single else ("double", 8)
    as_program = [
        "",
        f"As a program:   cc -std=c99 -O2 {name}.c -o {name} && ./{name} < rows.csv > answers.csv",
        "It reads plain UTF-8 CSV with a header line: numbers with a decimal point, dates as 2024-03-01,",
        "nothing in a cell without a value; whatever else is refused by its line.",
    ]
    return [
        f"{name}_predict(cells, answers) predicts one row, from {len(plan.cells)} numbers to {found.answer.size}.",
        f"{name}_cell(j, text) is the number that column j makes of a text, as a file has it;",
        f"{name}_columns are the names of the columns, {name}_choose(answers) is the class that is meant,",
        f"{name}_classes are the names of the classes.",
        "",
        f"C99 in {kinds}; nothing is allocated, nothing of the mathematical library is called, nothing is kept",
        f"between calls: the work takes {_memory(found)[0] * bytes_each} bytes of the stack.",
        *(as_program if main else []),
    ]


def _begin(spell: C, *, main: bool) -> list[str]:
    """What is included, the type of the numbers, and the functions that are called."""
    return [
        "#include <math.h> /* for NAN and INFINITY alone */",
        "#include <stdint.h>",
        "#include <stdlib.h>",
        "#include <string.h>",
        *(["#include <stdio.h>"] if main else []),
        "",
        f"typedef {'float' if spell.single else 'double'} real;",
        f"#define REAL_BITS {32 if spell.single else 64}",
        "#define INLINE static inline",
        "",
        maths(spell.called),
        "",
    ]


def _tables(plan: Plan, name: str, answers: int) -> list[str]:
    """The columns, their levels, the texts that stand for no value, and the classes."""
    kinds, classes = ", ".join(cell.kind.upper() for cell in plan.cells), plan.answer.classes
    return [
        "enum { NUMBER, DATE, LEVEL };",
        f"enum {{ COLUMNS = {len(plan.cells)}, ANSWERS = {answers}, CLASSES = {len(classes)} }};",
        f"const char *const {name}_columns[] = {{{', '.join(quoted(cell.column) for cell in plan.cells)}}};",
        f"static const char kinds[] = {{{kinds}}};",
        *_levels(plan),
        _texts("missing", sorted(plan.missing)),
        _texts(f"*const {name}_classes", [words.spelled(value) for value in classes], static=False),
        "",
    ]


def _threshold(plan: Plan, spell: C) -> list[str]:
    """From which probability on the second of two classes is named; -1 where the largest says which."""
    threshold = plan.answer.threshold
    return [f"static const real threshold = {spell.literal(-1.0 if threshold is None else threshold)};", ""]


def _function(plan: Plan, name: str, found: Prediction, body: list[str]) -> list[str]:
    """The function that predicts a row."""
    size, places = _memory(found)
    return [
        "",
        f"void {name}_predict(const real cells[{len(plan.cells)}], real answer[{found.answer.size}])",
        "{",
        *([f"    real work[{size}];"] if size else []),
        *(f"    real *const {array.name} = work + {places[id(array)]};" for array in _worked(found)),
        *(f"    {line}" for line in body),
        "}",
        "",
    ]


def _program(plan: Plan, text: str) -> list[str]:
    """What makes a program of it: the header of what it writes, how labels are written, and ``main``."""
    return [
        "",
        f"static const char header[] = {quoted(words.header(plan))};",
        _texts("labels", [words.csv_cell(value) for value in plan.answer.classes]),
        f"enum {{ OF_CLASSES, OF_SIDES, OF_LABELS, OF_NUMBERS, KIND = OF_{plan.answer.kind.upper()} }};",
        "",
        text.strip("\n"),
    ]


def _worked(found: Prediction) -> list[Array]:
    used = found.program.used()
    return [array for array in found.program.of_kind(WORK) if id(array) in used]


def _memory(found: Prediction) -> tuple[int, dict[int, int]]:
    """How many numbers of memory the work takes, and where each array begins: what is done with gives way to others."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for t, loop in enumerate(found.program.loops):
        places = [loop.out, *loop.inputs, *(e.place for p in (loop.out, *loop.inputs) for e in p.entries)]
        for place in places:
            first.setdefault(id(place.array), t)
            last[id(place.array)] = t
    at: dict[int, int] = {}
    placed: list[tuple[int, int, int, int]] = []
    for array in _worked(found):
        begin, end = first[id(array)], last[id(array)]
        taken = sorted((start, stop) for start, stop, a, b in placed if a <= end and begin <= b)
        free = 0
        for start, stop in taken:
            if free + array.size <= start:
                break
            free = max(free, stop)
        at[id(array)] = free
        placed.append((free, free + array.size, begin, end))
    return max((stop for _, stop, _, _ in placed), default=0), at


def _levels(plan: Plan) -> list[str]:
    """A table of texts for each column of levels."""
    lines = ["typedef struct { const char *text; int level; } Level;"]
    names = []
    for j, cell in enumerate(plan.cells):
        if cell.kind == "level":
            entries = [f"{{{quoted(text)}, {level}}}" for text, level in cell.levels.items()]
            lines += [f"static const Level levels_{j}[] = {{", *folded([*entries, "{0, -1}"]), "};"]
        names.append(f"levels_{j}" if cell.kind == "level" else "0")
    return [*lines, f"static const Level *const levels[] = {{{', '.join(names)}}};"]


def _texts(name: str, texts: list[str], *, static: bool = True) -> str:
    """A list of texts that ends with none."""
    begin = f"static const char *const {name}[]" if static else f"const char {name}[]"
    return "\n".join([f"{begin} = {{", *folded([*map(quoted, texts), "0"]), "};"])


def _declared(array: Array, single: bool) -> list[str]:
    values = array.values
    assert values is not None
    if values.dtype.kind in "iu":
        kind, texts = "int", numbers(array)
    elif single:
        kind, texts = "real", [f"{np.float32(value)!s}f" for value in values]
    else:
        kind, texts = "real", numbers(array)
    return [f"static const {kind} {array.name}[] = {{", *folded(texts), "};"]


def quoted(text: str) -> str:
    r"""A text as C writes it: UTF-8, byte by byte where it is not ASCII.

    >>> print(quoted('a"?'), quoted("é"))
    "a\"\?" "\303\251"
    """
    found = []
    for byte in text.encode():
        letter = chr(byte)
        if letter in '"\\?':
            found.append(f"\\{letter}")
        else:
            found.append(letter if 32 <= byte < 127 else f"\\{byte:03o}")
    return f'"{"".join(found)}"'


def maths(called: set[str]) -> str:
    """The functions that are called, with all that they need: the native backend's own, and a few beside."""
    more = (PARTS / "maths.c").read_text("utf-8")
    whole = MATHS.read_text("utf-8")
    known = {m[1]: m[0] for text in (more, whole) for m in _FUNCTION.finditer(text)}
    known |= {m[1]: m[0] for m in _FUNCTION.finditer(more)}
    wanted: list[str] = []

    def want(name: str) -> None:
        if name in wanted:
            return
        for other in re.findall(r"\b(\w+)\(", known[name].partition("{")[2]):
            if other in known:
                want(other)
        wanted.append(name)

    for name in known:
        if name.removeprefix("xp_") in called:
            want(name)
    if not wanted:
        return ""
    begin = whole[whole.index("#if REAL_BITS") : whole.index("INLINE")].strip()
    return "\n".join([begin, "", *(known[name] for name in wanted)])
