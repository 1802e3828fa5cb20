"""What is measured: single numbers, each with what the claim says of it, and all of them together with what is shown."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tasou.errors import UnknownName
from tasou.language import Texts
from tasou.messages import Message

MEASURE = Message("kind.measure", en="measure", ja="測定値")

Relation = Literal["", "<", "<=", "=", ">=", ">"]

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}
SIGNS = {"<": "<", "<=": "≤", "=": "=", ">=": "≥", ">": ">"}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def written(number: str) -> str:
    """A number as one writes it by hand.

    >>> written("8.2e-09"), written("0.5")
    ('8.2×10⁻⁹', '0.5')
    """
    digits, e, power = number.partition("e")
    if not e:
        return number
    if not float(digits) or not int(power):
        return "0" if not float(digits) else digits
    tens = f"10{str(int(power)).translate(RAISED)}"
    return tens if digits == "1" else f"{digits}×{tens}"


@dataclass(frozen=True)
class Measure:
    """One measured number, and what the claim says of it (nothing, where the relation is empty).

    >>> Measure("right", {"en": "right of 4", "ja": "4点中の正解"}, 3, "<", 4).holds
    True
    """

    name: str
    """its key, by which the slides quote it"""
    what: Texts
    value: float
    relation: Relation = ""
    bound: float = 0.0
    form: str = ".4g"

    @property
    def holds(self) -> bool:
        """Whether the number is as claimed; a number that is not a number never is."""
        return not self.relation or COMPARE[self.relation](self.value, self.bound)

    @property
    def number(self) -> str:
        """The value as it is shown."""
        return written(f"{self.value:{self.form}}")

    @property
    def wanted(self) -> str:
        """What is claimed of the value: ``≤ 3``."""
        digits = "g" if float(self.bound).is_integer() else ".4g"
        bound = f"{self.bound:.0%}" if self.form.endswith("%") else written(f"{self.bound:{digits}}")
        return f"{SIGNS[self.relation]} {bound}" if self.relation else ""


@dataclass(frozen=True)
class Outcome:
    """What an experiment measured, what its picture shows, and text that goes with it."""

    measures: Sequence[Measure]
    shown: Any = None
    text: Callable[[str], str] | None = None
    pages: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    """further files that belong to it, by name: functions from a language to their text"""

    @property
    def holds(self) -> bool:
        """Whether every number is as claimed."""
        return all(measure.holds for measure in self.measures)

    def __getitem__(self, name: str) -> Measure:
        """The measure called so.

        Raises
        ------
        UnknownName
            nothing was measured under that name
        """
        for measure in self.measures:
            if measure.name == name:
                return measure
        raise UnknownName(MEASURE, name, [measure.name for measure in self.measures])
