"""What the value of a setting may be: numbers within bounds, words, names of formulas; each says what it wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from numbers import Integral, Real
from typing import Any

from tasou.errors import UnknownName
from tasou.formulas.registry import Registry
from tasou.messages import Message, Said

NUMBER = Message("knob.number", en="a number {bounds}", ja="{bounds}数")
WHOLE = Message("knob.whole", en="a whole number {bounds}", ja="{bounds}整数")
ABOVE = Message("knob.above", en="> {value:g}", ja="{value:g}より大きい")
LEAST = Message("knob.least", en=">= {value:g}", ja="{value:g}以上の")
LEAST_AND = Message("knob.least_and", en=">= {value:g}", ja="{value:g}以上")
BELOW = Message("knob.below", en="< {value:g}", ja="{value:g}未満の")
MOST = Message("knob.most", en="<= {value:g}", ja="{value:g}以下の")
BETWEEN = Message("knob.between", en="{low} and {high}", ja="{low}{high}")
SIZES = Message(
    "knob.sizes", en="whole numbers >= 1, one per hidden layer", ja="隠れ層ごとに1つの整数（1以上）"
)
PER_LAYER = Message(
    "knob.per_layer", en="{each}, or one per hidden layer", ja="{each}、または隠れ層ごとに1つ"
)
FLAG = Message("knob.flag", en="True or False", ja="True か False")
CHOICE = Message("knob.choice", en="one of {names:names}", ja="{names:names} のいずれか")
WEIGHTS = Message(
    "knob.weights",
    en="'balanced' or a mapping from classes to weights",
    ja="'balanced'、またはクラスから重みへの対応",
)


@dataclass(frozen=True)
class Number:
    """A number within bounds: at least ``least`` or greater than ``above``, at most ``most`` or less than ``below``."""

    least: float = -inf
    most: float = inf
    above: float | None = None
    below: float | None = None
    whole: bool = False
    endless: bool = False
    """whether infinity is meant, too"""

    def fits(self, value: Any) -> bool:
        """Whether the value is such a number."""
        if type(value) is int or (type(value) is float and not self.whole):  # the common cases, at once
            kind = True
        elif self.whole and not (self.endless and value == inf):
            kind = isinstance(value, Integral) and not isinstance(value, bool)
        else:
            kind = isinstance(value, Real) and not isinstance(value, bool)
        if not kind or not self.least <= value <= self.most:
            return False
        if (self.above is not None and not value > self.above) or (
            self.below is not None and not value < self.below
        ):
            return False
        return self.endless or value != inf

    def words(self) -> Said:
        """E.g. "a whole number >= 1"."""
        return (WHOLE if self.whole else NUMBER)(bounds=self._bounds())

    def _bounds(self) -> Said:
        high = MOST(value=self.most) if self.most < inf else None
        if self.below is not None:
            high = BELOW(value=self.below)
        if self.above is not None:
            low = ABOVE(value=self.above)
        elif self.least > -inf:
            low = (LEAST if high is None else LEAST_AND)(value=self.least)
        else:
            return high or ""
        return low if high is None else BETWEEN(low=low, high=high)


@dataclass(frozen=True)
class Flag:
    """Yes or no."""

    def fits(self, value: Any) -> bool:
        """Whether the value is True or False (NumPy's as well)."""
        return value in (True, False)

    def words(self) -> Said:
        """What it is."""
        return FLAG


@dataclass(frozen=True)
class Automatic(Flag):
    """Yes or no, which the faces call "auto" and none."""


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    names: tuple[str, ...]

    def fits(self, value: Any) -> bool:
        """Whether the value is one of them."""
        return value in self.names

    def words(self) -> Said:
        """Which they are."""
        return CHOICE(names=self.names)


@dataclass(frozen=True)
class Weights:
    """Weights of classes: "balanced", or a mapping (for several labels at once a list of them)."""

    def fits(self, value: Any) -> bool:
        """Whether the value is of that kind; what the mapping holds is looked at where the classes are known."""
        return value == "balanced" if isinstance(value, str) else isinstance(value, Mapping | list)

    def words(self) -> Said:
        """What it is."""
        return WEIGHTS


@dataclass(frozen=True)
class Named:
    """A formula of a family, by its name or as an object."""

    registry: Registry[Any]
    more: tuple[str, ...] = ()
    """names that stand for something else than a file of the family"""
    per_layer: bool = False
    """whether each hidden layer may have its own"""
    free: bool = False
    """whether a face knows other values that are no formula, such as starting weights"""

    def names(self) -> list[str]:
        """All names there are."""
        return [*self.registry.names(), *self.more]

    def fits(self, value: Any) -> bool:
        """Whether there is such a formula.

        Raises
        ------
        UnknownName
            there is none of that name (the nearest is suggested)
        """
        if isinstance(value, self.registry.family) or (isinstance(value, str) and value in self.more):
            return True
        if isinstance(value, str):
            try:
                return bool(self.registry.get(value).name)
            except UnknownName:
                raise UnknownName(self.registry.family.called(), value, self.names()) from None
        return self.free or (self.per_layer and isinstance(value, Sequence) and all(map(self.fits, value)))

    def words(self) -> Said:
        """Which they are."""
        return CHOICE(names=self.names())


@dataclass(frozen=True)
class Sizes:
    """Units of the hidden layers."""

    def fits(self, value: Any) -> bool:
        """Whether all are whole numbers of at least 1."""
        return isinstance(value, tuple) and all(UNIT.fits(size) for size in value)

    def words(self) -> Said:
        """What they are."""
        return SIZES


@dataclass(frozen=True)
class PerLayer:
    """A number for all hidden layers, or a sequence with one for each."""

    each: Number

    def fits(self, value: Any) -> bool:
        """Whether every one of them is within the bounds."""
        return self.each.fits(value) or (
            not isinstance(value, Real | str) and all(self.each.fits(v) for v in value)
        )

    def words(self) -> Said:
        """What they are."""
        return PER_LAYER(each=self.each.words())


Check = Number | Flag | Choice | Weights | Named | Sizes | PerLayer
UNIT = Number(1, whole=True)
"""units of a layer"""
