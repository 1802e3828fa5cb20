"""Any activation with constants that are learnt, one of each for every unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from tasou.errors import TasouError
from tasou.formulas import activations
from tasou.formulas.activations import Activation
from tasou.layers._card import Layer
from tasou.layers._checks import rate
from tasou.layers._learned import LearnedActivation
from tasou.layers._size import Size
from tasou.messages import Message

NOTHING_LEARNT = Message(
    "layer.nothing_learnt",
    en="{activation} has no constant with a slope_of_… in its file, so there is nothing for Parametric to learn; "
    "with such a constant: {known:list}",
    ja="{activation} のファイルには slope_of_… を持つ定数がなく、Parametric が学べるものがありません"
    "（学べるもの：{known:list}）",
)


@dataclass(frozen=True)
class Parametric(LearnedActivation):
    """a[l] = f(z; α) with z = a[l-1], the constants α of f learnt for every unit; it stands behind a dense layer.

    Of an image or a sequence every channel has its constants. No penalty shrinks them.

    Parameters
    ----------
    activation
        f, whose file has a ``slope_of_`` for each constant that is to be learnt: a name, or an `Activation`, whose
        constants say what every unit begins with: ``activations.get("swish", beta=2)``
    rate
        factor of the learning rate for the constants

    Raises
    ------
    TasouError
        an activation without such constants, a rate below 0
    UnknownName
        an activation that is not registered

    Examples
    --------
    >>> Parametric("swish").shapes(3)
    {'beta': Shape(of=(3,), decays=False, rate=1.0)}
    """

    activation: str | Activation = "swish"
    rate: float = 1.0
    latex: ClassVar[str] = r"f(x; \alpha_1, \dots)"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "An activation that every unit bends to its own shape: its constants are learnt like weights.",
        "ja": "活性化関数の定数を重みと同じように学び、ユニットごとに形を変える層。",
    }

    def __post_init__(self) -> None:
        rate(self.rate)
        if not self.f.slopes_of:
            known = [each.name for each in activations.registry if each.slopes_of]
            raise TasouError(NOTHING_LEARNT, activation=self.f.label, known=known)

    @classmethod
    def examples(cls) -> Sequence[tuple[Layer, Size | None]]:
        """One of each kind of formula: with the constant in all of them, or in some."""
        return [(cls(), None), (cls("elu", rate=0.5), (2, 2, 3)), (cls("leaky_relu"), 3)]

    @cached_property
    def f(self) -> Activation:
        """The activation itself."""
        return activations.get(self.activation)

    @property
    def label(self) -> str:
        """``swish(beta)``: the name, and what is learnt."""
        return f"{self.f.name}({', '.join(self.f.slopes_of)})"
