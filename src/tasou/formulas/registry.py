"""The formulas' own kind of card, found by their folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tasou.language import say
from tasou.registry import Card, Registry

__all__ = ["Formula", "Registry"]


@dataclass(frozen=True, eq=False, repr=False)
class Formula(Card):
    """A card whose functions compute over the array namespace that is handed in."""

    kind: ClassVar[str] = "formula"

    def __repr__(self) -> str:
        inside = "".join(f", {key}={value!r}" for key, value in self.parameters.items())
        return f"{type(self).__name__}({self.name!r}{inside})"

    def _repr_markdown_(self) -> str:
        """Name, formula and note: what a notebook shows."""
        latex = getattr(self, "latex", "")
        formula = f"\n\n$${latex}$$" if latex else ""
        note = f"\n\n{say(self.notes)}" if self.notes else ""
        return f"**{self.label}**{formula}{note}"
