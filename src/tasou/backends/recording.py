"""Verbs that write down what they are asked: a network's layers run once, on symbols, and leave a tape of operations.

The tape is plain data. It holds no numbers of a batch, so that any engine can play it on any batch (the native code
does), and whoever knows the verbs can print it in another language:

>>> from tasou.network import Network
>>> print(Network((2, 3, 1), "tanh", loss="squared_error").tape())
forward, from x: (n, 2)
  v1 = x W[1]ᵀ
  z[1] = v1 + b[1]
  f[1] = activations/tanh.f(z[1])
  v4 = f[1] W[2]ᵀ
  z[2] = v4 + b[2]
backward, from g: (n, 1)
  ∂W[2] = gᵀ f[1]
  ∂b[2] = Σ g
  back[2] = g W[2]
  delta[1] = back[2] ⊙ activations/tanh.slope(z[1], f[1])
  ∂W[1] = delta[1]ᵀ x
  ∂b[1] = Σ delta[1]

A batch of n rows is a symbol whose first axis is n, or a multiple of it; nothing is overwritten: what is computed has a
name of its own, and whoever plays the tape finds by its last use when its memory is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import prod
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tasou.backends.verbs import Formula, Random
from tasou.formulas.by_unit import ByUnit

N = 1 << 40
"""the number of rows of a batch, as long as it is a symbol: any axis that is a multiple of it goes along the rows"""

ROWS, SUM, PARAMETER, GRADIENT, CONSTANT = "rows", "sum", "parameter", "gradient", "constant"
TRANSPOSED, COLUMNS, RESHAPED = "transposed", "columns", "reshaped"


class NotRecorded(Exception):
    """Why a layer cannot be written down: it computes something itself, or asks for what is no verb."""

    def __init__(self, layer: str, why: object) -> None:
        super().__init__(f"{layer}: {why}")
        self.layer, self.why = layer, str(why)


@dataclass(eq=False)
class Operand:
    """What an operation reads or writes: an array that is known by its kind and shape, not by its numbers.

    ===========  ==========================================================================================
    kind         what it is
    ===========  ==========================================================================================
    rows         computed for the rows of the batch, or given (x, and the error of the output)
    sum          computed, and not along the rows: a sum over them, or something made of parameters alone
    parameter    a part of θ, that begins at ``start``
    gradient     a part of the gradient of θ, that begins at ``start``
    constant     the numbers in ``array``: indices, edges of bins
    transposed   a view of ``base``: its last two axes exchanged
    columns      a view of ``base``: the entries ``start``, … of its last axis
    reshaped     a view of ``base``: the same numbers in another shape
    ===========  ==========================================================================================
    """

    kind: str
    shape: tuple[int, ...]
    """where an axis goes along the rows it is a multiple of `N`"""
    name: str = ""
    start: int = 0
    base: Operand | None = None
    array: NDArray[Any] | None = None
    dtype: np.dtype[Any] = field(default=np.dtype(np.float64), repr=False)

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """How many numbers it is: a multiple of `N`, if it goes along the rows."""
        return prod(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def T(self) -> Operand:
        """Its last two axes exchanged."""
        if self.kind == TRANSPOSED and self.base is not None:
            return self.base
        shape = (*self.shape[:-2], self.shape[-1], self.shape[-2])
        return Operand(TRANSPOSED, shape, base=self, dtype=self.dtype)

    mT = T

    @property
    def root(self) -> Operand:
        """What it is a view of; itself, where it is none."""
        return self if self.base is None else self.base.root

    @property
    def along_rows(self) -> bool:
        """Whether it has an axis along the rows."""
        return any(axis % N == 0 for axis in self.shape if axis)

    @property
    def per_row(self) -> tuple[int, ...]:
        """The shape for a batch of one row."""
        return tuple(axis // N if axis and axis % N == 0 else axis for axis in self.shape)

    def __str__(self) -> str:
        match self.kind:
            case "transposed":
                return f"{self.base}ᵀ"
            case "columns":
                return f"{self.base}[…, {self.start}:{self.start + self.shape[-1]}]"
            case "reshaped":
                return f"{self.base}{said(self.shape)}"
            case "constant":
                return self.name or f"constant{said(self.shape)}"
        return self.name


@dataclass(frozen=True)
class Op:
    """One operation: output = verb(formula, inputs…, numbers…)."""

    verb: str
    """as in `Verbs <tasou.backends.verbs.Verbs>`"""
    formula: Formula | None
    numbers: tuple[float, ...]
    """what the verb is told beside arrays: a share, a width"""
    inputs: tuple[Operand, ...]
    output: Operand

    def __str__(self) -> str:
        a = [str(operand) for operand in self.inputs]
        match self.verb:
            case "product":
                text = " ".join(a)
            case "add":
                text = " + ".join(a)
            case "times":
                text = " ⊙ ".join(a)
            case "total":
                text = f"Σ {a[0]}"
            case "scaled":
                text = f"{a[0]} ⊙ {spelt(self.formula)}({', '.join(a[1:])})"
            case "apply":
                text = f"{spelt(self.formula)}({', '.join(a)})"
            case verb:
                said_of = [spelt(self.formula)] if self.formula else []
                text = f"{verb}({', '.join([*said_of, *a, *map(str, self.numbers)])})"
        return f"{self.output} = {text}"


@dataclass(repr=False)
class Tape:
    """What a network's layers ask of a backend in a step; `str` of it has a line for each operation."""

    x: Operand
    """the rows of the batch: (n, inputs)"""
    forward: list[Op] = field(default_factory=list)
    output: Operand | None = None
    """what the loss is taken of: (n, outputs), without the output function that belongs to the loss"""
    error: Operand | None = None
    """∂L/∂output, from which the way back begins"""
    backward: list[Op] = field(default_factory=list)

    def __repr__(self) -> str:
        forward, backward = len(self.forward), len(self.backward)
        return f"Tape({forward} operations forward, {backward} backward; print it to see them)"

    def __str__(self) -> str:
        lines = [f"forward, from {self.x}: {said(self.x.shape)}", *(f"  {op}" for op in self.forward)]
        if self.error is not None:
            lines += [f"backward, from {self.error}: {said(self.error.shape)}"]
            lines += [f"  {op}" for op in self.backward]
        return "\n".join(lines)

    def __iter__(self) -> Iterator[Op]:
        yield from self.forward
        yield from self.backward


def said(shape: tuple[int, ...]) -> str:
    """A shape in words: (n, 3), (4n, 3)."""
    axes = [
        ("" if axis == N else str(axis // N)) + "n" if axis and axis % N == 0 else str(axis) for axis in shape
    ]
    return f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"


def spelt(formula: Formula | None) -> str:
    """The name of a formula, with its file and its constants: ``activations/elu.f[alpha=0.5]``."""
    given: dict[str, Any] = {}
    learned = formula.learned if isinstance(formula, ByUnit) else ()
    formula = formula.func if isinstance(formula, ByUnit) else formula
    while isinstance(formula, partial):
        given, formula = {**formula.keywords, **given}, formula.func
    home = (getattr(formula, "__module__", None) or "").removeprefix("tasou.formulas.").replace(".", "/")
    constants = ", ".join(f"{name}={value:g}" for name, value in given.items() if name not in learned)
    return f"{home}.{getattr(formula, '__name__', formula)}" + (f"[{constants}]" if constants else "")


class Recording:
    """Each verb notes an operation in ``ops`` and returns its output as a symbol; views note nothing.

    >>> do = Recording()
    >>> a, W = Operand(ROWS, (N, 2), "a"), Operand(PARAMETER, (3, 2), "W")
    >>> z = do.product(a, W.T)
    >>> print(do.ops[0], said(z.shape))
    v1 = a Wᵀ (n, 3)
    """

    def __init__(self, dtype: Any = np.float64, *, drawing: bool = True) -> None:
        self.ops: list[Op] = []
        self.dtype = np.dtype(dtype)
        self.drawing = drawing
        """whether it is for training; in prediction nothing is drawn, and a product with what would have been is left
        out"""
        self.ones = Operand(CONSTANT, (1,), "1", array=np.ones(1, self.dtype), dtype=self.dtype)
        self.noted = 0

    # --- what computes -----------------------------------------------------------------------------------------------

    def product(self, A: Any, B: Any, into: Any = None) -> Any:
        """Rows of the one, columns of the other."""
        return self._note(
            "product", (*joined((A.shape[:-2], B.shape[:-2])), A.shape[-2], B.shape[-1]), A, B, into=into
        )

    def apply(self, formula: Formula, *arrays: Any, into: Any = None) -> Any:
        """As all arrays together."""
        shape = joined([array.shape for array in arrays])
        return self._note("apply", shape, *arrays, formula=formula, into=into)

    def scaled(self, A: Any, formula: Formula, *arrays: Any, into: Any = None) -> Any:
        """As A."""
        return self._note("scaled", A.shape, A, *arrays, formula=formula, into=into)

    def add(self, A: Any, B: Any, into: Any = None) -> Any:
        """As both together."""
        return self._note("add", joined((A.shape, B.shape)), A, B, into=into)

    def times(self, A: Any, B: Any, into: Any = None) -> Any:
        """As both together; what was not drawn is left out."""
        if B is self.ones:
            return A
        return self._note("times", joined((A.shape, B.shape)), A, B, into=into)

    def total(self, A: Any, into: Any = None) -> Any:
        """As one row of A."""
        return self._note("total", A.shape[-1:] if into is None else into.shape, A, into=into)

    def zeros(self, like: Any, into: Any = None) -> Any:
        """As ``like``."""
        return self._note("zeros", like.shape, into=into)

    def draw(self, formula: Formula, *constants: float, like: Any, into: Any = None) -> Any:
        """As ``like``."""
        if self.drawing:
            return self._note("draw", like.shape, formula=formula, numbers=constants, into=into)
        return self.ones

    def joined(self, *arrays: Any, into: Any = None) -> Any:
        """Side by side."""
        shape = (*arrays[0].shape[:-1], sum(array.shape[-1] for array in arrays))
        return self._note("joined", shape, *arrays, into=into)

    def take(self, A: Any, index: Any, into: Any = None) -> Any:
        """As many columns as indices."""
        return self._note("take", (*A.shape[:-1], len(index)), A, self.constant(index), into=into)

    def put(self, G: Any, index: Any, width: int, into: Any = None) -> Any:
        """As many columns as there were to take from."""
        return self._note("put", (*G.shape[:-1], width), G, self.constant(index), numbers=(width,), into=into)

    def pick(self, E: Any, codes: Any, into: Any = None) -> Any:
        """A row of E for every code."""
        return self._note("pick", (*codes.shape, *E.shape[1:]), E, codes, into=into)

    def spread(self, G: Any, codes: Any, rows: int, into: Any = None) -> Any:
        """So many rows as the table has."""
        shape = (rows, *G.shape[codes.ndim :])
        return self._note("spread", shape, G, codes, numbers=(rows,), into=into)

    # --- views -------------------------------------------------------------------------------------------------------

    def reshaped(self, A: Any, *shape: int) -> Any:
        """The same numbers in another shape, whose first axis goes along the rows where A's does."""
        if -1 in shape:
            rest = -prod(shape)
            shape = tuple(A.size // rest if axis == -1 else axis for axis in shape)
        return Operand(RESHAPED, tuple(shape), base=A, dtype=A.dtype)

    def columns(self, A: Any, start: int, stop: int) -> Any:
        """The columns from ``start`` up to ``stop``."""
        return Operand(COLUMNS, (*A.shape[:-1], stop - start), start=start, base=A, dtype=A.dtype)

    # --- how it is noted ---------------------------------------------------------------------------------------------

    def drawing_from(self, rng: Random | None) -> Self:
        """The same: nothing is drawn here."""
        return self

    def constant(self, array: Any, like: Any = None) -> Operand:
        """Numbers that do not depend on the batch; a symbol stays what it is."""
        if isinstance(array, Operand):
            return array
        values = np.asarray(array)
        return Operand(CONSTANT, values.shape, array=values, dtype=values.dtype)

    def _note(
        self,
        verb: str,
        shape: Sequence[int],
        *inputs: Any,
        formula: Formula | None = None,
        numbers: Sequence[float] = (),
        into: Any = None,
    ) -> Operand:
        self.noted += 1
        operands = tuple(self.constant(array) for array in inputs)
        if isinstance(into, Operand) and into.root.kind == GRADIENT:
            output = into
        else:
            output = Operand(SUM, tuple(shape), f"v{self.noted}", dtype=self.dtype)
            output.kind = ROWS if output.along_rows else SUM
        self.ops.append(Op(verb, formula, tuple(numbers), operands, output))
        return output


def joined(shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """The shape of arrays that are broadcast against one another."""
    most = max(map(len, shapes))
    filled = [(1,) * (most - len(shape)) + shape for shape in shapes]
    return tuple(max(axes) if 0 not in axes else 0 for axes in zip(*filled, strict=True))
