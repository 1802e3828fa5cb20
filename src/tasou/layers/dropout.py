"""Dropout as a layer of its own: behind any layer, or on the inputs (Srivastava et al. 2014)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tasou.backends.verbs import Verbs
from tasou.formulas import dropout
from tasou.layers._card import Layer
from tasou.layers._checks import share
from tasou.layers._record import Record


@dataclass(frozen=True)
class Dropout(Layer):
    """a[l] = a[l-1] ⊙ m: in training a share of the numbers is 0, and the others are larger by as much.

    Raises
    ------
    TasouError
        a share that is not in [0, 1)

    Examples
    --------
    >>> Dropout(0.2).shapes(5), Dropout(0.2).width(5)
    ({}, 5)
    """

    share: float
    alone: ClassVar[bool] = True
    latex: ClassVar[str] = r"a \odot m"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "Silences some numbers at random in training, so that none is relied on alone.",
        "ja": "学習中に一部の値をランダムに 0 にする。特定の値だけに頼らなくなる。",
    }
    told: ClassVar[Mapping[str, str]] = {"dropped": "{x} * {mask}"}
    told_back: ClassVar[Mapping[str, str]] = {"back": "{g} * {mask}"}

    def __post_init__(self) -> None:
        share(self.share)

    @property
    def label(self) -> str:
        """``dropout(0.2)``."""
        return f"dropout({self.share:g})"

    @property
    def draws(self) -> bool:
        """Whether anything is silenced."""
        return self.share > 0

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """a[l] = a[l-1] ⊙ m, the mask drawn anew for each batch; in prediction nothing is dropped."""
        if not self.draws:
            return a
        t.mask = do.draw(dropout.mask, self.share, like=a, into=t.mask)
        t.dropped = do.times(a, t.mask, into=t.dropped)
        return t.dropped

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """∂L/∂a[l-1] = ∂L/∂a[l] ⊙ m."""
        return do.times(g, t.mask, into=g) if self.draws else g
