"""A factor for every feature, learnt at a rate of its own (Holzmüller, Grinsztajn & Steinwart 2024)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tasou.backends.verbs import Random, Verbs
from tasou.formulas.initializers import Initializer
from tasou.layers._card import Layer, Shape
from tasou.layers._checks import rate
from tasou.layers._record import Record
from tasou.layers._size import Size, by_place, by_sample, features


@dataclass(frozen=True)
class Scale(Layer):
    """a[l] = a[l-1] ⊙ s[l]: the network finds out which features matter, and lets the others fade.

    Of an image or a sequence every channel has one factor. The factors begin at 1.

    Parameters
    ----------
    rate
        factor of the learning rate for s: with 6, as RealMLP has it, features are chosen before they are combined

    Raises
    ------
    TasouError
        a rate below 0

    Examples
    --------
    >>> Scale(rate=6).shapes(3)
    {'s': Shape(of=(3,), decays=False, rate=6)}
    """

    rate: float = 1.0
    alone: ClassVar[bool] = True
    latex: ClassVar[str] = r"x \odot s"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "One learnt factor per feature: the network turns up what matters and turns down the rest.",
        "ja": "特徴量ごとに1つの倍率を学ぶ層。役に立つ特徴量を強め、ほかを弱める。",
    }
    told: ClassVar[Mapping[str, str]] = {"scaled": "{x} * {s}"}
    told_back: ClassVar[Mapping[str, str]] = {"s": "{g} * {x}", "back": "{g} * {s}"}
    label: ClassVar[str] = "scale"

    def __post_init__(self) -> None:
        rate(self.rate)

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """s: one per feature."""
        return {"s": Shape((features(n),), rate=self.rate)}

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:
        """s = 1: nothing is changed yet."""
        p.s[...] = 1

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """a[l] = a[l-1] ⊙ s[l]."""
        t.scaled = do.times(by_place(do, a, t.shape), p.s, into=t.scaled)
        return by_sample(do, t.scaled, t.shape)

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """∂L/∂s = Σ g ⊙ a[l-1];  ∂L/∂a[l-1] = g ⊙ s."""
        x, g = by_place(do, a, t.shape), by_place(do, g, t.shape)
        t.share = do.times(g, x, into=t.share)
        d.s = do.total(t.share, into=d.s)
        return by_sample(do, do.times(g, p.s, into=g), t.shape) if back else None
