"""Positions: they tell attention, which sees a sequence as a bag, where each item stands (Gehring et al. 2017)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tasou.backends.verbs import Verbs
from tasou.layers._card import Layer, Shape
from tasou.layers._record import Record
from tasou.layers._size import Size, numbers


@dataclass(frozen=True)
class Position(Layer):
    """a[t] = x[t] + P[t]: a learned vector for every position t of a sequence (time, features), 0 at first.

    Examples
    --------
    >>> Position().shapes((10, 3))["P"].of, Position().width((10, 3))
    ((30,), (10, 3))
    """

    latex: ClassVar[str] = r"x_t + P_t"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "Adds a learned vector to every position: without it, attention sees a bag, not an order.",
        "ja": "位置ごとに学習したベクトルを足す。これがないと、注意機構には並び順が見えない。",
    }

    told: ClassVar[Mapping[str, str]] = {"sum": "{x} + {P}"}
    told_back: ClassVar[Mapping[str, str]] = {"P": "{g}"}

    @property
    def label(self) -> str:
        """``position``."""
        return "position"

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """P: a number for each of the sequence, step by step."""
        return {"P": Shape((numbers(n),))}

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """a[t] = x[t] + P[t]."""
        t.sum = do.add(a, p.P, into=t.sum)
        return t.sum

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """∂L/∂P[t] = Σ ∂L/∂a[t] over the batch; the error goes on as it is."""
        d.P = do.total(g, into=d.P)
        return g
