"""What is to be exported, whatever it came from: cells in, networks with weights, an answer out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tasou.network import Network
from tasou.tables.cell import Cell

Kind = Literal["classes", "sides", "labels", "numbers"]


@dataclass(frozen=True)
class Member:
    """Networks whose predictions are averaged, and their share: what members say is added, each times its weight."""

    networks: tuple[Network, ...]
    weight: float = 1.0

    @property
    def network(self) -> Network:
        """The first of them: all are alike."""
        return self.networks[0]


@dataclass(frozen=True)
class Answer:
    """What becomes of the networks' predictions.

    Attributes
    ----------
    kind
        ``"classes"``: the probability of each class, and the class that they name; ``"sides"``: a class by the largest
        value, or by the sign of the only one; ``"labels"``: the probability of each of several labels;
        ``"numbers"``: the numbers expected
    target
        what is predicted
    classes
        the classes or labels in their order
    names
        of the numbers
    units
        for each of the numbers the formula ``(parts, xp)`` of it in the target's unit, from what is said of all;
        empty where that is in the unit already
    threshold
        the probability of the second of two classes above which it is named
    """

    kind: Kind
    target: str
    classes: tuple[Any, ...] = ()
    names: tuple[str, ...] = ()
    units: tuple[Callable[[Any, Any], Any], ...] = ()
    threshold: float | None = None

    @property
    def width(self) -> int:
        """How many numbers it is."""
        return len(self.classes) if self.kind in ("classes", "labels") else max(1, len(self.names))


Features = Callable[[Any, Any], list[Any]]


@dataclass(frozen=True)
class Plan:
    """A model as it is exported.

    Attributes
    ----------
    title
        what it is, in a line
    cells
        what is read of each column
    features
        for each column the formula ``(cell, xp)`` of its features; empty where the cells are the features
    missing
        the texts that stand for no value, besides the empty one
    members
        the networks
    answer
        what becomes of their predictions
    second
        networks whose mean says something else of the same features, which is blended in
    link
        the formula ``(y, xp)`` of what is added of a member's prediction; None adds the prediction itself
    blend
        the formula ``(mean, xp)``, or ``(mean, second, xp)``, of the members' weighted sum; None leaves it as it is
    """

    title: str
    cells: tuple[Cell, ...]
    features: tuple[Features, ...]
    missing: tuple[str, ...]
    members: tuple[Member, ...]
    answer: Answer
    second: tuple[Network, ...] = ()
    link: Callable[..., Any] | None = None
    blend: Callable[..., Any] | None = None

    @property
    def dtype(self) -> np.dtype[Any]:
        """In what the networks compute."""
        return self.members[0].network.dtype
