"""The learning rate as a pure function of the clock: warm-up first, then the schedule over what remains."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from tasou.formulas.schedules import Clock, Schedule, warm


@dataclass(frozen=True)
class Rate:
    """lr as it changes: ``rate(clock)``.

    >>> from tasou.formulas import schedules
    >>> rate = Rate(0.1, schedules.get("constant"), warmup=4)
    >>> [rate(Clock(updates=u)) for u in (0, 1, 3, 9)]
    [0.025, 0.05, 0.1, 0.1]
    """

    lr: float
    schedule: Schedule
    warmup: int = 0
    """updates over which the rate first grows from zero"""

    def __call__(self, clock: Clock) -> float:
        """The learning rate of the update that follows."""
        if clock.updates < self.warmup:
            return warm(self.lr, clock, self.warmup)
        if self.warmup:
            clock = clock._replace(
                updates=clock.updates - self.warmup,
                total_updates=max(1, clock.total_updates - self.warmup),
                begin=max(0, clock.begin - self.warmup),
            )
        return self.schedule.rate(self.lr, clock)

    def looks_at(self, clock: Clock) -> Set[str]:
        """The hands of the clock on which the coming rates depend."""
        return {"updates"} if clock.updates < self.warmup else set(self.schedule.looks_at)
