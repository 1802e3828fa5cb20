"""Piecewise-linear encoding of numbers: where in its bins each number lies (Gorishniy, Rubachev & Babenko 2022)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tasou.backends.verbs import Verbs
from tasou.errors import TasouError
from tasou.formulas.layers import piecewise_linear
from tasou.layers._card import Layer
from tasou.layers._checks import units
from tasou.layers._record import Record
from tasou.layers._size import Size, by_place, by_sample, features, of_features
from tasou.messages import Message

EDGES = Message(
    "layer.edges",
    en="edges must be two or more finite numbers in ascending order for each column; column {column} has {found}",
    ja="edges には列ごとに、2個以上の有限の数を小さい順に指定してください（列 {column}：{found}）",
)
COLUMNS = Message(
    "layer.edges_columns",
    en="edges are given for {given} columns, but {n} come in",
    ja="edges は {given} 列分ですが、入力は {n} 列です",
)


@dataclass(frozen=True)
class PiecewiseLinear(Layer):
    """Every bin e_j … e_(j+1) of a column becomes one number: 0 below it, 1 above it, the share within.

    So a dense layer behind it can bend at every edge. Unlike in the paper the first and the last bin end, too: what
    lies outside is at their ends, and no outlier goes far. A number that is missing (NaN) stands halfway in all bins
    of its column, where no number can. Edges are data and not learnt; `of` takes them from the quantiles of some rows.

    Parameters
    ----------
    edges
        for every column its edges, in ascending order: one more than it has bins
    low, high
        what stands below and above a bin, in place of 0 and 1

    Raises
    ------
    TasouError
        edges that are not ascending, or for another number of columns than come in

    Examples
    --------
    >>> PiecewiseLinear([(0, 1, 3), (0, 10)]).width(2)
    3
    """

    edges: tuple[tuple[float, ...], ...]
    low: float = 0.0
    high: float = 1.0
    latex: ClassVar[str] = piecewise_linear.latex
    notes: ClassVar[Mapping[str, str]] = {
        "en": "Says for every bin whether a number lies below it, above it, or how far within.",
        "ja": "各数値を区間に分け、区間より下か上か、途中ならどこまで進んだかを表す。",
    }
    told_back: ClassVar[Mapping[str, str]] = {"back": "=Σ {g} / ({stop} - {start})"}

    def __post_init__(self) -> None:
        edges = tuple(tuple(map(float, column)) for column in self.edges)
        for j, column in enumerate(edges):
            ascending = all(a < b for a, b in pairwise(column))
            if len(column) < 2 or not ascending or not np.isfinite(column).all():
                raise TasouError(EDGES, column=j, found=column)
        object.__setattr__(self, "edges", edges)

    @classmethod
    def of(cls, X: ArrayLike, bins: int = 16, *, low: float = 0.0, high: float = 1.0) -> Self:
        """With the quantiles of each column of X as edges, so that every bin holds about as many rows.

        Edges that coincide are one; missing numbers are left out; a column with one value, or none, gets one bin that
        begins there.
        """
        units(bins)
        rows = np.asarray(X, np.float64)
        return cls(tuple(_quantiles(rows[:, j], bins) for j in range(rows.shape[1])), low, high)

    @property
    def told(self) -> Mapping[str, str]:  # type: ignore[override]
        """The share, from low to high."""
        share = "clip(({x} - {start}) / ({stop} - {start}), 0, 1)"
        usual = (self.low, self.high) == (0, 1)
        return {"bins": share if usual else f"{self.low:g} + {self.high - self.low:g} * {share}"}

    @property
    def label(self) -> str:
        """``piecewise_linear(16)``: the number of bins."""
        return f"piecewise_linear({len(self.each)})"

    @cached_property
    def each(self) -> NDArray[np.intp]:
        """Every column as often as it has bins."""
        return np.repeat(np.arange(len(self.edges)), [len(column) - 1 for column in self.edges])

    @cached_property
    def bounds(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Where the bins begin, and where they end."""
        starts = [edge for column in self.edges for edge in column[:-1]]
        return tuple(starts), tuple(edge for column in self.edges for edge in column[1:])

    @cached_property
    def formulas(self) -> tuple[Any, Any]:
        """The share and its way back, from low to high."""
        how = {"low": float(self.low), "high": float(self.high)}
        return partial(piecewise_linear.share, **how), partial(piecewise_linear.back, **how)

    def width(self, n: Size) -> Size:
        """One number for every bin."""
        if features(n) != len(self.edges):
            raise TasouError(COLUMNS, given=len(self.edges), n=features(n))
        return of_features(n, len(self.each))

    def seen(self, p: Any, t: Record, a: Any, g: Any) -> Mapping[str, Any]:
        """Where each bin begins and ends."""
        return dict(zip(("start", "stop"), map(np.array, self.bounds), strict=True))

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """a[l] = clip((x - start) / (stop - start), 0, 1), x = a[l-1]."""
        t.x = do.take(by_place(do, a, t.shape), self.each, into=t.x)
        starts, stops = (do.constant(bounds, like=a) for bounds in self.bounds)
        t.bins = do.apply(self.formulas[0], t.x, starts, stops, into=t.bins)
        return by_sample(do, t.bins, self.width(t.shape))

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """∂L/∂x = g / (stop - start), within the bin alone."""
        if not back:
            return None
        g = by_place(do, g, self.width(t.shape))
        starts, stops = (do.constant(bounds, like=a) for bounds in self.bounds)
        t.share = do.apply(self.formulas[1], g, t.x, starts, stops, into=t.share)
        t.back = do.put(t.share, self.each, len(self.edges), into=t.back)
        return by_sample(do, t.back, t.shape)


def _quantiles(values: NDArray[np.float64], bins: int) -> tuple[float, ...]:
    known = values[np.isfinite(values)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, bins + 1))) if len(known) else np.zeros(1)
    return tuple(edges) if len(edges) > 1 else (edges[0], edges[0] + 1)
