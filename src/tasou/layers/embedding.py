"""Embeddings of categories: a learnt row of numbers for every level (Guo & Berkhahn 2016)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tasou.backends.verbs import Random, Verbs
from tasou.errors import TasouError
from tasou.formulas.initializers import Initializer
from tasou.layers._card import Layer, Shape
from tasou.layers._checks import positive, rate, units
from tasou.layers._drawing import normal
from tasou.layers._record import Record
from tasou.layers._size import Size, numbers
from tasou.messages import Message

MOST = 1 << 24
"""codes travel as numbers of the network, and float32 counts no further than this"""

COLUMNS = Message(
    "layer.embedding_columns",
    en="levels are given for {given} columns of codes, but {n} come in",
    ja="levels は {given} 列分ですが、入力は {n} 列です",
)
TOO_MANY = Message(
    "layer.embedding_levels",
    en="{levels} levels: at most {most} can be told apart, because codes are stored as float numbers",
    ja="カテゴリが {levels} 個あります。符号は浮動小数点数として扱うため、{most} 個までにしてください",
)
CODE = Message(
    "layer.embedding_code",
    en="column {column} of the codes must hold whole numbers 0 … {last}; row {row} holds {value:g}",
    ja="符号の列 {column} は 0 から {last} までの整数にしてください（行 {row}：{value:g}）",
)


@dataclass(frozen=True)
class Embedding(Layer):
    """Every column holds codes 0 … levels - 1; each code is replaced by its row of E[l], and the rows are joined.

    It is a dense layer behind one-hot columns, without the zeros. As codes are no measured numbers nothing can stand
    before it, and no error flows back through it. The tables of all columns stand in E below one another.

    Parameters
    ----------
    levels
        how many codes each column has
    units
        numbers per code
    std
        standard deviation of the numbers that it begins with, N(0, std²); 1 as in PyTorch
    rate
        factor of the learning rate for E

    Raises
    ------
    TasouError
        levels, units, std or rate that make no layer; levels for another number of columns than come in; more than
        2²⁴ levels together

    Examples
    --------
    >>> Embedding((12, 30), units=4).shapes(2), Embedding((12, 30), units=4).width(2)
    ({'E': Shape(of=(42, 4), decays=False, rate=1.0)}, 8)
    """

    levels: tuple[int, ...]
    units: int
    std: float = 1.0
    rate: float = 1.0
    takes_codes: ClassVar[bool] = True
    latex: ClassVar[str] = r"E_{x_1}, \, E_{x_2}, \, \dots"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "Gives every category a place of its own in a small space, and learns where it lies.",
        "ja": "カテゴリごとに小さな空間の中の1点を割り当て、その位置を学ぶ。",
    }
    told: ClassVar[Mapping[str, str]] = {"entries": "E({row}, {column})"}

    def __post_init__(self) -> None:
        levels = (self.levels,) if hasattr(self.levels, "__index__") else tuple(self.levels)
        for number in (*levels, self.units):
            units(number)
        object.__setattr__(self, "levels", tuple(map(int, levels)))
        if sum(self.levels) > MOST:
            raise TasouError(TOO_MANY, levels=sum(self.levels), most=MOST)
        positive("std", self.std)
        rate(self.rate)

    @property
    def label(self) -> str:
        """``embedding(4)``."""
        return f"embedding({self.units})"

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where in E each column's table begins."""
        return np.cumsum([0, *self.levels[:-1]])

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """E, a row for every code of every column."""
        return {"E": Shape((sum(self.levels), self.units), rate=self.rate)}

    def width(self, n: Size) -> int:
        """So many numbers for every column."""
        if numbers(n) != len(self.levels):
            raise TasouError(COLUMNS, given=len(self.levels), n=numbers(n))
        return len(self.levels) * self.units

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:
        """E ~ N(0, std²)."""
        normal(p.E, self.std, init, rng)

    def check(self, X: Any) -> None:
        """Refuse what is no code."""
        good = (X >= 0) & (np.array(self.levels) > X) & (np.floor(X) == X)
        if not good.all():
            row, column = np.argwhere(~good)[0]
            raise TasouError(
                CODE, column=column, last=self.levels[column] - 1, row=row, value=float(X[row, column])
            )

    def seen(self, p: Any, t: Record, a: Any, g: Any) -> Mapping[str, Any]:
        """Row and column in E of every number, from 1."""
        columns = np.tile(np.arange(1, self.units + 1), t.codes.size)
        return {"row": np.repeat(t.codes.ravel() + 1, self.units), "column": columns}

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """a[l] = E[x_1], E[x_2], …: the rows that the codes name."""
        t.codes = do.add(a, do.constant(self.starts, like=a), into=t.codes)
        t.entries = do.pick(p.E, t.codes, into=t.entries)
        return do.reshaped(t.entries, -1, len(self.levels) * self.units)

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """∂L/∂E: each row gets the errors of the samples that it stood for; none flows back."""
        errors = do.reshaped(g, -1, len(self.levels), self.units)
        d.E = do.spread(errors, t.codes, sum(self.levels), into=d.E)
        if not back:
            return None
        t.back = do.zeros(a, into=t.back)
        return t.back
