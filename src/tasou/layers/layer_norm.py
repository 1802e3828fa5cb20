"""Layer normalization: every row of features gets mean 0 and variance 1 (Ba, Kiros & Hinton 2016)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, ClassVar

from tasou.backends.verbs import Random, Verbs
from tasou.formulas.initializers import Initializer
from tasou.formulas.layers import layer_norm
from tasou.layers._card import Layer, Shape
from tasou.layers._checks import positive
from tasou.layers._record import Record
from tasou.layers._size import Size, by_place, by_sample, features


@dataclass(frozen=True)
class LayerNorm(Layer):
    """h = (x - mean) / sqrt(variance + ε) of every row, then gain ⊙ h + shift, x = a[l-1].

    Mean and variance are those of the features of one sample (at one place of an image or a sequence), so that rows
    stay independent of one another: batches can be cut at will, and prediction does what training did.

    Parameters
    ----------
    eps
        ε, which keeps a row of equal numbers from being divided by zero

    Raises
    ------
    TasouError
        an ε that is not above 0

    Examples
    --------
    >>> list(LayerNorm().shapes(3))
    ['gain', 'shift']
    """

    eps: float = 1e-5
    latex: ClassVar[str] = layer_norm.latex
    notes: ClassVar[Mapping[str, str]] = {
        "en": "Gives the features of each sample mean 0 and variance 1, then learns a gain and a shift for each.",
        "ja": "サンプルごとに特徴量を平均 0・分散 1 にそろえ、特徴量ごとの倍率とずれを学ぶ。",
    }
    told: ClassVar[Mapping[str, str]] = {"h": "({x} - {mean}) / {deviation}", "out": "{gain} * {h} + {shift}"}
    told_back: ClassVar[Mapping[str, str]] = {"gain": "{g} * {h}", "shift": "{g}"}
    label: ClassVar[str] = "layer_norm"

    def __post_init__(self) -> None:
        positive("eps", self.eps)

    @cached_property
    def normal(self) -> Any:
        """The formula, with this ε."""
        return partial(layer_norm.normal, eps=self.eps)

    @cached_property
    def normal_back(self) -> Any:
        """The formula of the way back, with this ε."""
        return partial(layer_norm.back, eps=self.eps)

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """Gain and shift: one of each per feature."""
        return {"gain": Shape((features(n),)), "shift": Shape((features(n),))}

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:
        """Gain 1, shift 0."""
        p.gain[...] = 1

    def seen(self, p: Any, t: Record, a: Any, g: Any) -> Mapping[str, Any]:
        """Of each row its mean, and the square root of its variance + ε; once for every number."""
        x = a if isinstance(t.shape, int) else a.reshape(-1, t.shape[-1])
        mean, deviation = x.mean(axis=-1, keepdims=True), (x.var(axis=-1, keepdims=True) + self.eps) ** 0.5
        return {"mean": mean + 0 * x, "deviation": deviation + 0 * x}

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """a[l] = gain ⊙ h + shift."""
        t.h = do.apply(self.normal, by_place(do, a, t.shape), into=t.h)
        t.out = do.times(t.h, p.gain, into=t.out)
        t.out = do.add(t.out, p.shift, into=t.out)
        return by_sample(do, t.out, t.shape)

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """∂L/∂gain = Σ g ⊙ h;  ∂L/∂shift = Σ g;  ∂L/∂a[l-1] from g ⊙ gain = ∂L/∂h."""
        x, g = by_place(do, a, t.shape), by_place(do, g, t.shape)
        t.share = do.times(g, t.h, into=t.share)
        d.gain = do.total(t.share, into=d.gain)
        d.shift = do.total(g, into=d.shift)
        if not back:
            return None
        g = do.times(g, p.gain, into=g)
        t.back = do.apply(self.normal_back, g, x, t.h, into=t.back)
        return by_sample(do, t.back, t.shape)
