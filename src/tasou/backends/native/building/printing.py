"""Print the formulas as C: what is read in ``formulas/`` is what runs in native code.

The build reads the Python source of every formula (nothing is imported) and prints one C function for each. Numbers
that are the same for all elements (constants, parameters, lr, t) are C doubles, as Python's floats are; what belongs to
an element is of the type ``real``, float or double, in which NumPy would compute it too.

A formula is printed in one of three forms:

=============  =====================================================================================
map            each element by itself: an inline function, and a loop over it
block          sums or maxima over the K outputs of a sample (softmax): loops over BLOCK samples
rule           an optimizer's update: one loop that reads and writes theta and its state in place
=============  =====================================================================================

What can be printed (anything else runs in NumPy, and the reason is kept; the guide own-formula has examples)::

    formula     def NAME(array, …, number, …, xp, *, parameter=1.0, …): statement … return expression
    statement   name = expression   |   p, q = expression, expression
    expression  1.5 | name | -a | a + b | a - b | a * b | a / b | a < b (<=, >, >=) | a if c else b | call | a ** 2
                number ** number
    call        xp.exp(a), expm1, log, log1p, tanh, sin, cos, sqrt, abs, sign, maximum(a, b), minimum(a, b),
                where(c, a, b), ones_like(a), astype(a > b, a.dtype); min(a, b), max(a, b) of numbers; another
                formula of single elements, of this file or imported from tasou.formulas
    of a sample xp.max(a, axis=-1, keepdims=True), xp.sum(…) over its outputs, and how many they are: a.shape[-1]
    of a rule   return theta, and its state: m, v
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from .expressions import ELEMENT, NUMBER, Value, spelled
from .forms import MAX_ARRAYS, BlockPrinter, MapPrinter, RulePrinter, SumPrinter
from .source import Function, Module, Unprintable

HELPERS = ("penalties", "dropout", "edges")
"""files whose functions C calls by name"""


@dataclass(frozen=True)
class Text:
    """All formulas as C."""

    text: str
    functions: list[Function]
    """those that it holds, in their order in the tables"""
    unprintable: list[tuple[Function, str]]
    """those that it does not, and why"""


def print_formulas(root: Path) -> Text:
    """The formulas below ``root`` (the folder ``formulas``)."""
    functions: list[Function] = []
    unprintable: list[tuple[Function, str]] = []
    texts: list[str] = []
    for function in _in_order(root):
        try:
            texts.append(
                _print(
                    function, {f.symbol for f in functions if form(f) in ("map", "helper") and not f.reduces}
                )
            )
            functions.append(function)
        except Unprintable as reason:
            if function.module.path not in HELPERS:
                unprintable.append((function, f"{function.name}, {reason}"))
    parts = [
        "/* Printed from the formulas in src/tasou/formulas by building/printing.py: change those, not this. */",
        f"#define MOST_ARRAYS {MAX_ARRAYS} /* variables of a formula with a value for each element of a block */",
        *texts,
        *(_activation(f) for f in _slopes(functions) if f),
    ]
    return Text("\n\n".join(parts) + "\n", functions, unprintable)


def print_table(printed: Text) -> str:
    """The lists for Python: what was printed, in the same order as the functions for C, and what could not be."""
    formulas = [
        f"{form(f)} {f.module.path} {f.name} {len(f.arrays)} {f.module.digest}" for f in printed.functions
    ]
    refused = [f"{f.module.path} {f.name} {f.module.digest} {reason}" for f, reason in printed.unprintable]
    return _text("TASOU_FORMULAS", formulas) + _text("TASOU_UNPRINTABLE", refused)


def _text(symbol: str, lines: list[str]) -> str:
    """A text as C: json's quotation is C's too, for what stands in a line of Python."""
    quoted = "\n    ".join(json.dumps(line + "\n") for line in lines) or '""'
    return f"EXPORT const char {symbol}[] =\n    {quoted};\n"


def print_pointers(functions: list[Function]) -> str:
    """The tables of function pointers, one per form; each formula stands at its place in the list."""
    parts = []
    for kind, wanted in (("map", "map"), ("block", "block"), ("rule", "rule")):
        entries = ", ".join(f"run_{f.symbol}" if form(f) == wanted else "0" for f in functions)
        parts.append(f"static {kind}_function *const {kind}s[] = {{{entries}}};")
    for kind in ("activate", "infer"):
        entries = ", ".join(f"{kind}_{_short(f)}" if f else "0" for f in _slopes(functions))
        parts.append(f"static {kind}_function *const {kind}s[] = {{{entries}}};")
    return "\n".join(parts) + "\n"


def _slopes(functions: list[Function]) -> list[Function | None]:
    """Each function that is the slope of an activation of single elements; None in the places of all others.

    Files of other folders may have functions of these names, too: they are formulas like any other.
    """
    single = [f for f in functions if f.module.path.startswith("activations/") and form(f) == "map"]
    pairs = {f.module.path for f in single if f.name == "f"}
    return [f if f in single and f.name == "slope" and f.module.path in pairs else None for f in functions]


def form(function: Function) -> str:
    """Which of the forms a function is printed in: map, block, rule, or helper for those C calls by name."""
    if function.module.path.startswith("optimizers/"):
        return "rule"
    if function.module.path in HELPERS:
        return "helper"
    return "block" if function.reduces else "map"


def _in_order(root: Path) -> Iterator[Function]:
    """All functions, those that others use first."""
    files = sorted(
        f"{family}/{p.stem}"
        for family in ("activations", "layers", "losses", "optimizers")
        for p in (root / family).glob("*.py")
    )
    modules = [Module(root, path) for path in [*files, *HELPERS] if not path.split("/")[-1].startswith("_")]
    modules.sort(key=_depth)
    return (Function(m, name) for m in modules for name in m.names)


def _depth(module: Module) -> int:
    return 1 + max((_depth(Module(module.root, home)) for home, _ in module.imports.values()), default=0)


def _print(f: Function, inline: Set[str]) -> str:
    names = {a: Value(spelled(a), ELEMENT) for a in f.arrays} | {
        a: Value(spelled(a), NUMBER) for a in (*f.scalars, *f.parameters)
    }
    match form(f):
        case "rule":
            return _print_rule(
                f, RulePrinter(f, names | {a: Value(f"{a}_of[i]", ELEMENT) for a in f.arrays}, inline)
            )
        case "helper":
            return _print_helper(f, SumPrinter(f, names, inline))
        case "block":
            return _print_block(
                f,
                BlockPrinter(
                    f, names | {a: Value(f"{spelled(a)}[k * ld + s]", ELEMENT) for a in f.arrays}, inline
                ),
            )
    return _print_inline(f, MapPrinter(f, names, inline)) + "\n\n" + _print_loop(f)


def _print_inline(f: Function, printer: MapPrinter) -> str:
    numbers = (*f.scalars, *f.parameters)
    arguments = [*(f"real {spelled(a)}" for a in f.arrays), *(f"double {spelled(a)}" for a in numbers)]
    return f"INLINE real {f.symbol}({', '.join(arguments)})\n{{\n{_unused(f)}{printer.text()}\n}}"


def _print_loop(f: Function) -> str:
    call = ", ".join([*(f"{spelled(a)}[i]" for a in f.arrays), *map(spelled, f.parameters)])
    return (
        f"KERNEL void run_{f.symbol}(int64_t n, const real *const *in, real *out, const double *p)\n{{\n"
        f"{_constants(f)}{_inputs(f)}    EACH(i, n) out[i] = {f.symbol}({call});\n}}"
    )


def _print_block(f: Function, printer: BlockPrinter) -> str:
    return (
        f"KERNEL void run_{f.symbol}(int64_t K, int64_t ld, const real *const *in, real *out, real *work, "
        f"const double *p)\n{{\n    (void)work;\n{_constants(f)}{_inputs(f)}{printer.text()}\n}}"
    )


def _print_rule(f: Function, printer: RulePrinter) -> str:
    state = [a for a in f.arrays if a not in ("theta", "grad")]
    memory = "".join(f"    real *const {name}_of = state[{i}];\n" for i, name in enumerate(state))
    return (
        f"KERNEL void run_{f.symbol}(int64_t n, real *theta_of, const real *grad_of, real *const *state, double t, "
        f"double lr, const double *p)\n{{\n    (void)t;\n{_constants(f)}{memory}{printer.text()}\n}}"
    )


def _print_helper(f: Function, printer: SumPrinter) -> str:
    """A penalty: of an element, of a sum over all elements, or of numbers alone."""
    body = printer.text()
    element = bool(f.arrays) and not printer.term
    arguments = [
        *(f"real {spelled(a)}" for a in f.arrays if element),
        *(["double sum"] if printer.term else []),
        *(f"double {spelled(a)}" for a in f.scalars),
    ]
    text = f"INLINE {'real' if element else 'double'} {f.symbol}({', '.join(arguments)})\n{{\n{body}\n}}"
    if printer.term:
        text = (
            f"INLINE real {f.symbol}_term(real {f.arrays[0]})\n{{\n    return {printer.term};\n}}\n\n{text}"
        )
    return text


def _activation(slope: Function) -> str:
    """f and f' of one activation, for the loops that need both at once."""
    f = Function(slope.module, "f")
    both = {**f.parameters, **slope.parameters}
    constants = (
        " ".join(f"const double {spelled(name)} = p[{i}];" for i, name in enumerate(both)) or "(void)p;"
    )
    of_f, of_slope = (", ".join(["", *map(spelled, function.parameters)]) for function in (f, slope))
    return (
        f"ACTIVATION({_short(slope)}, {constants},\n"
        f"           {f.symbol}(z{of_f}), {slope.symbol}(z, a{of_slope}))"
    )


def _short(function: Function) -> str:
    return function.module.path.split("/")[-1]


def _constants(f: Function) -> str:
    lines = [f"    const double {spelled(name)} = p[{i}];\n" for i, name in enumerate(f.parameters)]
    return "".join(lines) or "    (void)p;\n"


def _inputs(f: Function) -> str:
    return "".join(f"    const real *const {spelled(a)} = in[{i}];\n" for i, a in enumerate(f.arrays))


def _unused(f: Function) -> str:
    """Arguments the formula does not look at: said aloud, or the compiler warns."""
    seen = {node.id for node in ast.walk(f.node) if isinstance(node, ast.Name)}
    return "".join(f"    (void){spelled(a)};\n" for a in (*f.arrays, *f.parameters) if a not in seen)
