"""What the spellings of loops have in common: expressions, places, and loops around one statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

from tasou.backends.recording import N
from tasou.errors import TasouError
from tasou.exporting.loops import Array, Loop, Place
from tasou.exporting.tracing import BINARY, COMPARISONS, Value, walked
from tasou.messages import Message

NO_FUNCTION = Message(
    "export.no_function",
    en="{language} has no {name} here",
    ja="{language} ではここで {name} を使えません",
)
VARIABLES = "ijklmopqrst"


class Spelling:
    """Prints loops in a language; what differs between languages is overridden."""

    language: ClassVar[str]
    indent: ClassVar[str] = "    "
    functions: ClassVar[Mapping[str, str]]
    """what a function is called in the language"""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        """what an array is called, where that is not its own name"""
        self.called: set[str] = set()
        """the functions that were asked for"""

    # --- the language's own ------------------------------------------------------------------------------------------

    def literal(self, number: float) -> str:
        """A number."""
        return repr(float(number))

    def conditional(self, test: str, yes: str, no: str) -> str:
        """One or the other."""
        return f"({test} ? {yes} : {no})"

    def is_nan(self, value: str) -> str:
        """Whether it is no number."""
        return f"({value} != {value})"

    def local(self, name: str, value: str) -> str:
        """A name for a value."""
        raise NotImplementedError

    def head(self, variable: str, size: str) -> str:
        """The head of a loop."""
        raise NotImplementedError

    def sum_begins(self, start: str) -> str:
        """``s``, which a sum is gathered in."""
        raise NotImplementedError

    def end(self) -> list[str]:
        """What ends a block."""
        return ["}"]

    def statement(self, text: str) -> str:
        """A statement."""
        return f"{text};"

    def whole(self, text: str, array: Array, rows: int) -> str:
        """A number of an array as a whole number below ``rows``."""
        if array.values is not None and array.values.dtype.kind in "iu":
            return text
        return self.call("row", [text, str(rows)])

    # --- expressions -------------------------------------------------------------------------------------------------

    def call(self, name: str, arguments: Sequence[str]) -> str:
        """A function of numbers."""
        if name not in self.functions:
            raise TasouError(NO_FUNCTION, language=self.language, name=name)
        self.called.add(name)
        return f"{self.functions[name]}({', '.join(arguments)})"

    def expression(self, value: Value, inputs: Sequence[str]) -> tuple[list[str], str]:
        """Names for what is needed several times, and the expression."""
        lines, (text,) = self.expressions([value], inputs)
        return lines, text

    def expressions(self, values: Sequence[Value], inputs: Sequence[str]) -> tuple[list[str], list[str]]:
        """The same of several expressions together."""
        parts = list(walked(*values))
        uses = Counter(id(arg) for part in parts for arg in part.args)
        lines: list[str] = []
        texts: dict[int, str] = {}
        for part in parts:
            text = self._text(part, [texts[id(arg)] for arg in part.args], inputs)
            if uses[id(part)] > 1 and part.args and part.op not in COMPARISONS:
                name = f"t{len(lines) + 1}"
                lines.append(self.local(name, self.bare(text)))
                text = name
            texts[id(part)] = text
        return lines, [self.bare(texts[id(value)]) for value in values]

    def written_out(self, value: Value, inputs: Sequence[str]) -> str:
        """The expression alone, what is needed several times written several times."""
        return self._text(value, [self.written_out(arg, inputs) for arg in value.args], inputs)

    @staticmethod
    def bare(text: str) -> str:
        """Without the brackets around it.

        >>> Spelling.bare("(a + b)"), Spelling.bare("(a) + (b)")
        ('a + b', '(a) + (b)')
        """
        if not text.startswith("("):
            return text
        depth = 0
        for place, letter in enumerate(text):
            depth += {"(": 1, ")": -1}.get(letter, 0)
            if depth == 0:
                return text[1:-1] if place == len(text) - 1 else text
        return text

    def _text(self, part: Value, a: list[str], inputs: Sequence[str]) -> str:
        match part.op:
            case "input":
                return inputs[int(part.detail)]
            case "constant":
                return self.literal(part.detail)
            case "neg":
                return f"(-{a[0]})"
            case "isnan":
                return self.is_nan(a[0])
            case "where":
                return self.conditional(self.bare(a[0]), a[1], a[2])
            case "draw":
                return self.call("draw", [])
            case op if op in BINARY:
                return f"({a[0]} {BINARY[op]} {a[1]})"
            case op if op in COMPARISONS:
                return f"({a[0]} {COMPARISONS[op]} {a[1]})"
        return self.call(part.op, [self.bare(text) for text in a])

    # --- places and loops --------------------------------------------------------------------------------------------

    def size(self, size: int) -> str:
        """How often a loop runs: so many times, or so many times the rows of the batch."""
        if size and size % N == 0:
            return "n" if size == N else f"{size // N} * n"
        return str(size)

    def index(self, place: Place) -> str:
        """Which number of the array."""
        terms = []
        for variable, stride in zip(VARIABLES, place.strides, strict=False):
            if stride:
                terms.append(variable if stride == 1 else f"{self.size(stride)} * {variable}")
        for entry in place.entries:
            number = self.whole(self.element(entry.place), entry.place.array, entry.rows)
            terms.append(number if entry.factor == 1 else f"{entry.factor} * {number}")
        if place.offset or not terms:
            terms.append(str(place.offset))
        return " + ".join(terms)

    def name(self, array: Array) -> str:
        """What the array is called."""
        return self.names.get(id(array), array.name)

    def element(self, place: Place) -> str:
        """One number of an array."""
        return f"{self.name(place.array)}[{self.index(place)}]"

    def lines(self, loop: Loop) -> list[str]:
        """The loop."""
        lines: list[str] = []
        outer = len(loop.sizes) - loop.summed
        for depth, size in enumerate(loop.sizes[:outer]):
            lines.append(self.indent * depth + self.head(VARIABLES[depth], self.size(size)))
        within = self.indent * outer
        locals_, value = self.expression(loop.value, [self.element(place) for place in loop.inputs])
        if loop.summed:
            lines += [within + text for text in self._gathered(loop, outer, locals_, value)]
        else:
            out = self.element(loop.out)
            lines += [within + text for text in [*locals_, self.statement(f"{out} {loop.how} {value}")]]
        for depth in reversed(range(outer)):
            lines += [self.indent * depth + text for text in self.end()]
        return lines

    def _gathered(self, loop: Loop, outer: int, locals_: list[str], value: str) -> list[str]:
        """A sum or a maximum over the last variables."""
        lines = [self.sum_begins(self.literal(0.0 if loop.how == "sum" else -3.0e38))]
        inner = loop.sizes[outer:]
        for depth, size in enumerate(inner):
            lines.append(self.indent * depth + self.head(VARIABLES[outer + depth], self.size(size)))
        step = f"s += {value}" if loop.how == "sum" else f"s = {self.call('maximum', ['s', value])}"
        lines += [self.indent * len(inner) + text for text in [*locals_, self.statement(step)]]
        for depth in reversed(range(len(inner))):
            lines += [self.indent * depth + text for text in self.end()]
        return [*lines, self.statement(f"{self.element(loop.out)} = s")]


class InBraces(Spelling):
    """Languages whose blocks stand in braces, C and its kin."""

    def lines(self, loop: Loop) -> list[str]:
        """The loop, its names in a block of their own."""
        found = super().lines(loop)
        bare = loop.summed == len(loop.sizes) and len(found) > 1
        return ["{", *(self.indent + line for line in found), "}"] if bare else found
