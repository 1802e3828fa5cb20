"""Squashing: numbers far away come within reach, none is cut off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from tasou.backends.verbs import Verbs
from tasou.formulas.layers import squash
from tasou.layers._card import Layer
from tasou.layers._record import Record


@dataclass(frozen=True)
class Squash(Layer):
    """c a / √(1 + (a/3)²): nearly c a around 0, and never beyond ± 3 c, however far a is.

    Parameters
    ----------
    factor
        c

    Examples
    --------
    >>> from tasou.network import Network
    >>> net = Network(layers=[Squash()], inputs=2, loss="squared_error")
    >>> net.predict([[0.3, 1e6]]).round(3).tolist()
    [[0.299, 3.0]]
    """

    factor: float = 1.0
    latex: ClassVar[str] = r"c\, a / \sqrt{1 + (a / 3)^2}"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "Measured numbers often lie far out; squashed, they are large, but no longer too large for the next "
        "layer. Unlike a sigmoid it leaves what is near 0 almost as it is.",
        "ja": "測定値には遠く離れたものが多い。この層を通すと、大きいままでも次の層の手に余るほどではなくなる。"
        "シグモイドと違い、0 の近くの値はほとんど変えない。",
    }

    @property
    def label(self) -> str:
        """``squash``, with the factor where it is not 1."""
        return "squash" if self.factor == 1 else f"squash({self.factor:g})"

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """c a / √(1 + (a/3)²)."""
        t.f = do.apply(partial(squash.squashed, factor=self.factor), a, into=t.f)
        return t.f

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """∂L/∂a = ∂L/∂output ⊙ c / (1 + (a/3)²)^(3/2)."""
        return do.scaled(g, partial(squash.steepness, factor=self.factor), a, into=g) if back else None
