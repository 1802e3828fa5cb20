"""An experiment opened in the playground: what it begins with, what can be changed there, which number must appear."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tasou.language import Texts
from tasou.lecture.outcome import Measure, Relation

if TYPE_CHECKING:
    from tasou.network import Network


@dataclass(frozen=True)
class Seen:
    """A run as it stands: what a number is read from."""

    network: Network
    X: Any
    y: Any
    """class numbers, or values"""
    losses: Sequence[float] = ()
    epochs: int = 0
    finished: str = ""
    held_X: Any = None
    held_y: Any = None
    """rows that nothing was learnt from"""


@dataclass(frozen=True)
class Opened:
    """How an experiment is opened.

    Parameters
    ----------
    setup
        from a seed to the description of a run: ``data``, ``recipe``, and where they are given initial weights ``theta``
        and ``layers`` beyond dense ones
    change
        what is to be changed and looked for
    what, read, relation, bound, form
        the number that must appear once ``until`` epochs are done: its name, how it is read, and what is claimed of it
    look
        what the page shows first: the space of a ``layer``, what the ``edges`` mean, a ``phase`` of the calculation,
        the ``plane`` through more than two features
    """

    setup: Callable[[int], Mapping[str, Any]]
    change: Texts
    what: Texts
    read: Callable[[Seen], float]
    relation: Relation
    bound: float
    form: str = ".4g"
    until: int = 0
    look: Mapping[str, Any] = field(default_factory=dict)

    def measure(self, seen: Seen) -> Measure:
        """The number as it stands, and whether it is as claimed."""
        return Measure("play", self.what, float(self.read(seen)), self.relation, self.bound, self.form)


def setup(
    data: str,
    *,
    theta: Sequence[float] | None = None,
    options: Mapping[str, Any] | None = None,
    layers: Sequence[Mapping[str, Any]] | None = None,
    **recipe: Any,
) -> Any:
    """A description of a run that is the same for every seed but for the seed itself."""

    def described(seed: int) -> dict[str, Any]:
        drawn = {} if data in ("xor", "and_gate", "or_gate") else {"seed": seed}
        found: dict[str, Any] = {
            "data": {"name": data, **drawn, **(options or {})},
            "recipe": {"seed": seed, **recipe},
        }
        if layers is not None:
            found["layers"] = [dict(part) for part in layers]
        return found if theta is None else {**found, "theta": [float(value) for value in theta]}

    return described


# --- numbers that several experiments read ---------------------------------------------------------------------------

ACCURACY = {"en": "accuracy", "ja": "正解率"}
RIGHT = {"en": "right of 4", "ja": "4行中の正解"}


def accuracy(seen: Seen) -> float:
    """The share of rows that get their own class."""
    return right(seen) / len(seen.y)


def right(seen: Seen) -> float:
    """How many rows get their own class."""
    import numpy as np

    from tasou.formulas import probabilities

    sign = seen.network.loss.targets == "sign"
    found = probabilities.classes(seen.network.predict(seen.X), np, threshold=0.0 if sign else 0.5)
    return float((found == seen.y).sum())


def right_elsewhere(seen: Seen) -> float:
    """How many of the rows that nothing was learnt from get their own class."""
    return right(Seen(seen.network, seen.held_X, seen.held_y))


def parameters(seen: Seen) -> float:
    """How many numbers are learnt."""
    return float(seen.network.theta.size)
