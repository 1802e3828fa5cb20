"""An activation whose constants are learnt, one of each for every unit: what `Parametric` and `PReLU` do."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from tasou.backends.verbs import Random, Verbs
from tasou.formulas.activations import Activation
from tasou.formulas.by_unit import ByUnit
from tasou.formulas.initializers import Initializer
from tasou.layers._card import Layer, Shape
from tasou.layers._record import Record
from tasou.layers._size import Size, by_place, by_sample, features


class LearnedActivation(Layer):
    """a[l] = f(z; α) with z = a[l-1] and constants α of its own for every unit; it stands behind a dense layer.

    Of an image or a sequence every channel has its constants. No penalty shrinks them: zero is no better than any other
    number for a constant (for PReLU, section 2.1 of its paper).
    """

    alone: ClassVar[bool] = True
    rate: float = 1.0

    @property
    @abstractmethod
    def f(self) -> Activation:
        """The activation, with the numbers that its constants begin with."""

    @cached_property
    def formulas(self) -> Mapping[str, ByUnit | Callable[..., Any]]:
        """f, its slope by z, and by name the slope of each constant, of constants by unit."""
        return self.f.by_unit

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """Each constant by its name: one per unit."""
        return {name: Shape((features(n),), rate=self.rate) for name in self.f.slopes_of}

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:
        """Every constant as the activation has it."""
        for name in self.f.slopes_of:
            getattr(p, name)[...] = self.f.parameters[name]

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """a[l] = f(a[l-1]; α)."""
        x = by_place(do, a, t.shape)
        t.f = do.apply(self.formulas["f"], x, *self.constants_of("f", p), into=t.f)
        return by_sample(do, t.f, t.shape)

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """∂L/∂α = Σ g ⊙ ∂f/∂α;  ∂L/∂a[l-1] = g ⊙ f'(a[l-1]; α)."""
        x, g = by_place(do, a, t.shape), by_place(do, g, t.shape)
        for name in self.f.slopes_of:
            noted = f"share_{name}"
            of_rows = do.scaled(
                g, self.formulas[name], x, t.f, *self.constants_of(name, p), into=getattr(t, noted)
            )
            setattr(t, noted, of_rows)
            setattr(d, name, do.total(of_rows, into=getattr(d, name)))
        if not back:
            return None
        g = do.scaled(g, self.formulas["slope"], x, t.f, *self.constants_of("slope", p), into=g)
        return by_sample(do, g, t.shape)

    def constants_of(self, name: str, p: Any) -> list[Any]:
        """The learnt constants that the formula asks for, in its order."""
        formula = self.formulas[name]
        return [getattr(p, constant) for constant in formula.learned] if isinstance(formula, ByUnit) else []

    # --- for the ledger ----------------------------------------------------------------------------------------------

    @property
    def constants(self) -> Mapping[str, Any]:
        """What of the activation's constants is not learnt."""
        return {name: value for name, value in self.f.parameters.items() if name not in self.f.slopes_of}

    @property
    def told(self) -> Mapping[str, str]:  # type: ignore[override]
        """f(x)."""
        return {"f": self._written(self.f.plain or f"{self.f.name}({{z}})")}

    @property
    def told_back(self) -> Mapping[str, str]:  # type: ignore[override]
        """The error times the slope, by each constant and by x."""
        slopes = {name: self.f.slope_of_plain.get(name, "") for name in self.f.slopes_of}
        told = {name: _times_g(self._written(plain)) for name, plain in slopes.items() if plain}
        return told | ({"back": _times_g(self._written(self.f.slope_plain))} if self.f.slope_plain else {})

    def _written(self, plain: str) -> str:
        """The formula of one number with the layer's input, its output and its constants in the places of letters."""
        text = plain.replace("{z}", "{x}").replace("{a}", "{f}")
        return re.sub(rf"\b(?<!{{)({'|'.join(self.f.slopes_of)})\b(?!\()", r"{\1}", text)


def _times_g(plain: str) -> str:
    """g times a formula, what stands for a letter in it still behind it: ``s + 1, s = sigmoid(x)``."""
    body, comma, clause = plain.partition(", ")
    return f"{{g}} * ({body}){comma}{clause}"
