"""Learning-rate schedules: lr as a function of the training clock; one file each.

>>> get("cosine").rate(0.1, Clock(updates=50, total_updates=100))
0.05
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from tasou.formulas.registry import Formula, Registry

__all__ = ["Clock", "Schedule", "get", "names", "registry"]


class Clock(NamedTuple):
    """Where training stands: what a schedule may look at.

    >>> get("cosine").rate(0.1, Clock(updates=50, total_updates=100))
    0.05
    """

    updates: int = 0
    """updates made so far"""
    epochs: int = 0
    """epochs completed"""
    samples: int = 0
    """samples seen in the completed epochs"""
    total_updates: int = 1
    """updates planned in all"""
    plateaus: int = 0
    """how many times the loss (or score) has stopped improving"""
    begin: int = 0
    """updates made when the present plan began"""


@dataclass(frozen=True, eq=False, repr=False)
class Schedule(Formula):
    """A rule ``rate(lr, clock)``: the learning rate of the next update.

    >>> halved = Schedule("halved", rate=lambda lr, clock: lr * 0.5**clock.epochs)
    >>> halved.rate(0.1, Clock(epochs=2))
    0.025
    """

    kind: ClassVar[str] = "schedule"
    functions: ClassVar[tuple[str, ...]] = ("rate",)

    rate: Callable[..., float]
    looks_at: tuple[str, ...] = ("updates",)
    """the hands of the clock on which the rate depends: where "updates" is not among them, it is one rate an epoch"""
    answers_plateaus: bool = False
    """whether a plateau lowers the rate instead of ending the training"""
    latex: str = ""


registry = Registry(__name__, Schedule)
names = registry.names
get = registry.get


def warm(rate: float, clock: Clock, warmup: int) -> float:
    """Linear warm-up: the rate grows from lr/warmup to lr over the first ``warmup`` updates."""
    return rate * min(1.0, (clock.updates + 1) / warmup) if warmup else rate
