"""PReLU: a ReLU whose slope below zero is learnt, one per unit (He, Zhang, Ren & Sun 2015)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tasou.backends.verbs import Random, Verbs
from tasou.formulas.initializers import Initializer
from tasou.formulas.layers import prelu
from tasou.layers._card import Layer, Shape
from tasou.layers._record import Record
from tasou.layers._size import Size, by_place, by_sample, features


@dataclass(frozen=True)
class PReLU(Layer):
    """a[l] = z for z > 0, s z for z ≤ 0, with z = a[l-1] and a slope s for every unit; it stands behind a dense layer.

    Of an image or a sequence every channel has one slope. No penalty shrinks the slopes: that would turn PReLU into
    ReLU (section 2.1 of the paper).

    Parameters
    ----------
    slope
        what every slope begins with: the paper's 0.25

    Examples
    --------
    >>> PReLU().shapes(3)
    {'s': Shape(of=(3,), decays=False, rate=1.0)}
    """

    slope: float = 0.25
    alone: ClassVar[bool] = True
    latex: ClassVar[str] = prelu.latex
    notes: ClassVar[Mapping[str, str]] = {
        "en": "A ReLU that learns for each unit how much of the negative side it lets through.",
        "ja": "負の側をどれだけ通すかを、ユニットごとに学ぶ ReLU。",
    }
    told: ClassVar[Mapping[str, str]] = {"bent": "{x} if {x} > 0 else {s} * {x}"}
    told_back: ClassVar[Mapping[str, str]] = {
        "s": "0 if {x} > 0 else {g} * {x}",
        "back": "{g} if {x} > 0 else {s} * {g}",
    }
    label: ClassVar[str] = "prelu"

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """s: one per unit."""
        return {"s": Shape((features(n),))}

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:
        """Every slope as the card says."""
        p.s[...] = self.slope

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """a[l] = max(0, a[l-1]) + s min(0, a[l-1])."""
        t.bent = do.apply(prelu.bent, by_place(do, a, t.shape), p.s, into=t.bent)
        return by_sample(do, t.bent, t.shape)

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """∂L/∂s = Σ g ⊙ min(0, a[l-1]);  ∂L/∂a[l-1] = g where a[l-1] > 0, s g elsewhere."""
        x, g = by_place(do, a, t.shape), by_place(do, g, t.shape)
        t.share = do.apply(prelu.to_slope, g, x, into=t.share)
        d.s = do.total(t.share, into=d.s)
        if not back:
            return None
        t.back = do.apply(prelu.back, g, x, p.s, into=t.back)
        return by_sample(do, t.back, t.shape)
