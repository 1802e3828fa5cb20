"""The formulas' own kind of card, found by their folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tasou.registry import Card, Registry

__all__ = ["Formula", "Registry"]


@dataclass(frozen=True, eq=False)
class Formula(Card):
    """A card whose functions compute over the array namespace that is handed in."""

    kind: ClassVar[str] = "formula"
