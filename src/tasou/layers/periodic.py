"""Periodic embeddings of numbers: each as waves of learnt frequencies (Gorishniy, Rubachev & Babenko 2022)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tasou.backends.verbs import Random, Verbs
from tasou.formulas.initializers import Initializer
from tasou.formulas.layers import periodic
from tasou.layers._card import Layer, Shape
from tasou.layers._checks import positive, rate, units
from tasou.layers._drawing import normal
from tasou.layers._record import Record
from tasou.layers._size import Size, by_place, by_sample, features, of_features


@dataclass(frozen=True)
class Periodic(Layer):
    """Each number x becomes sin(2π c x) and cos(2π c x) for k frequencies c of its own: 2 k numbers.

    What a dense layer can only bend slowly, waves can follow: a target that goes up and down with one number. The
    output holds all sines, number by number, then all cosines.

    Parameters
    ----------
    frequencies
        k, for every number
    sigma
        standard deviation of the frequencies that it begins with, c ~ N(0, σ²): the scale of what it looks for. The
        paper tunes it from 0.01 to 100; inputs should be of about unit size
    rate
        factor of the learning rate for c

    Raises
    ------
    TasouError
        frequencies, sigma or rate that make no layer

    Examples
    --------
    >>> Periodic(4).shapes(3), Periodic(4).width(3)
    ({'c': Shape(of=(12,), decays=False, rate=1.0)}, 24)
    """

    frequencies: int
    sigma: float = 0.1
    rate: float = 1.0
    latex: ClassVar[str] = periodic.latex
    notes: ClassVar[Mapping[str, str]] = {
        "en": "Turns each number into waves of learnt frequencies, so that quick ups and downs can be learnt.",
        "ja": "各数値を、周波数を学習できる波に変える。細かく上下する関係を学べるようになる。",
    }
    told: ClassVar[Mapping[str, str]] = {
        "v": "{c} * {x}",
        "sin": "sin(2 π {v})",
        "cos": "cos(2 π {v})",
        "waves": "={sin}, {cos}",
    }
    told_back: ClassVar[Mapping[str, str]] = {
        "delta": "=2 π ({g}' ⊙ {cos} - {g}'' ⊙ {sin})",
        "c": "{delta} * {x}",
        "back": "=Σ {delta} ⊙ {c}",
    }

    def __post_init__(self) -> None:
        units(self.frequencies)
        positive("sigma", self.sigma)
        rate(self.rate)

    @property
    def label(self) -> str:
        """``periodic(8)``."""
        return f"periodic({self.frequencies})"

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """c: k for the first number, k for the second, and so on."""
        return {"c": Shape((features(n) * self.frequencies,), rate=self.rate)}

    def width(self, n: Size) -> Size:
        """Two waves for every frequency."""
        return of_features(n, 2 * features(n) * self.frequencies)

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:
        """c ~ N(0, σ²)."""
        normal(p.c, self.sigma, init, rng)

    def each(self, n: Size) -> NDArray[np.intp]:
        """Every number as often as it has frequencies."""
        return np.repeat(np.arange(features(n)), self.frequencies)

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """v = c x;  a[l] = sin(2π v), cos(2π v)."""
        t.x = do.take(by_place(do, a, t.shape), self.each(t.shape), into=t.x)
        t.v = do.times(t.x, p.c, into=t.v)
        t.sin = do.apply(periodic.sine, t.v, into=t.sin)
        t.cos = do.apply(periodic.cosine, t.v, into=t.cos)
        t.waves = do.joined(t.sin, t.cos, into=t.waves)
        return by_sample(do, t.waves, self.width(t.shape))

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """∂L/∂v = 2π (g_sin ⊙ cos - g_cos ⊙ sin);  ∂L/∂c = Σ ∂L/∂v ⊙ x;  ∂L/∂x = Σ_k ∂L/∂v ⊙ c."""
        m = features(t.shape) * self.frequencies
        g = by_place(do, g, self.width(t.shape))
        halves = do.columns(g, 0, m), do.columns(g, m, 2 * m)
        t.delta = do.apply(periodic.back, *halves, t.sin, t.cos, into=t.delta)
        t.share = do.times(t.delta, t.x, into=t.share)
        d.c = do.total(t.share, into=d.c)
        if not back:
            return None
        t.share = do.times(t.delta, p.c, into=t.share)
        t.back = do.put(t.share, self.each(t.shape), features(t.shape), into=t.back)
        return by_sample(do, t.back, t.shape)
