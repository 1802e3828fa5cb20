"""PReLU: a ReLU whose slope below zero is learnt, one per unit (He, Zhang, Ren & Sun 2015)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from tasou.formulas import activations
from tasou.formulas.activations import Activation
from tasou.layers._learned import LearnedActivation


@dataclass(frozen=True)
class PReLU(LearnedActivation):
    """a[l] = z for z > 0, α z for z ≤ 0, with z = a[l-1] and a slope α for every unit; it stands behind a dense layer.

    It is ``Parametric("leaky_relu")`` as its paper begins it. Of an image or a sequence every channel has one slope. No
    penalty shrinks the slopes: that would turn PReLU into ReLU (section 2.1 of the paper).

    Parameters
    ----------
    slope
        what every α begins with: the paper's 0.25

    Examples
    --------
    >>> PReLU().shapes(3)
    {'alpha': Shape(of=(3,), decays=False, rate=1.0)}
    """

    slope: float = 0.25
    latex: ClassVar[str] = r"\max(0, x) + \alpha \min(0, x)"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "A ReLU that learns for each unit how much of the negative side it lets through.",
        "ja": "負の側をどれだけ通すかを、ユニットごとに学ぶ ReLU。",
    }
    label: ClassVar[str] = "prelu"

    @cached_property
    def f(self) -> Activation:
        """The leaky ReLU."""
        return activations.get("leaky_relu", alpha=self.slope)
