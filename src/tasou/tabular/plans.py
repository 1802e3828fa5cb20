"""How much is done: by the preset and the number of rows; and what is left of it where time is limited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tasou.messages import Message, Sentence
from tasou.tabular.presets import FULL, SWINGS, Preset

DONE = Message(
    "tabular.effort",
    en="{members} {members:member|members}, at most {epochs} {epochs:epoch|epochs} each, batches of {batch:,} rows",
    ja="ネットワーク {members} 個、各最大 {epochs} エポック、バッチは {batch:,} 行",
)
MANY_ROWS = Message(
    "tabular.many_rows",
    en="{n:,} rows: beyond {full:,}, fewer epochs and larger batches (of {planned} epochs, {epochs})",
    ja="{n:,} 行。{full:,} 行を超えるので、エポックを減らし（{planned} のうち {epochs}）、バッチを大きくしました",
)
IN_TIME = Message(
    "tabular.in_time",
    en="time_limit={seconds:g} s: {members} of {planned} members, {epochs} of {planned_epochs} epochs",
    ja="time_limit={seconds:g} 秒：ネットワークは {planned} 個中 {members} 個、エポックは {planned_epochs} 中 {epochs}",
)
FEWER_ROWS = Message(
    "tabular.fewer_rows",
    en="time_limit={seconds:g} s: each member learns from {percent:.1f} % of its rows",
    ja="time_limit={seconds:g} 秒：どのネットワークも、割り当てられた行の {percent:.1f} % だけから学習します",
)
FEW_MEMBERS, FEW_EPOCHS, FEWEST_EPOCHS = 4, 8, 3
"""members are given up first, down to four; then epochs, down to eight; the snapshots need three"""


@dataclass(frozen=True)
class Plan:
    """So many members, each for so many epochs in batches of so many rows, from a share of the rows.

    >>> Plan(8, 32, 128).within(60, [1.0, 1.5]).members
    4
    """

    members: int
    epochs: int
    batch: int
    rows: float = 1.0

    @classmethod
    def of(cls, preset: Preset, n: int, kept: int) -> Plan:
        """What the preset does with n rows, of which a member learns from so many."""
        return cls(preset.members_of(n), preset.epochs_of(n), preset.batch_of(kept))

    def lasting(self, swings: int) -> Plan:
        """With as many swings of the rate: each takes as many epochs as all before it.

        >>> [Plan(8, 32, 128).lasting(swings).epochs for swings in (4, 5, 6)]
        [32, 66, 134]
        """
        return replace(self, epochs=round(self.epochs * (2**swings - 1) / (2**SWINGS - 1)))

    def asked(self, settings: Mapping[str, Any]) -> Plan:
        """With the epochs and the batches that somebody has asked for.

        >>> Plan(8, 32, 128).asked({"epochs": 5, "l2": 0.1})
        Plan(members=8, epochs=5, batch=128, rows=1.0)
        """
        epochs, batch = settings.get("epochs") or self.epochs, settings.get("batch_size") or self.batch
        return replace(self, epochs=epochs, batch=batch)

    def seconds(self, per_epoch: Sequence[float], n_jobs: int = 1) -> float:
        """How long it takes, if an epoch of the members of each group takes so long.

        >>> Plan(8, 10, 128).seconds([1.0, 2.0]), Plan(3, 10, 128).seconds([1.0], n_jobs=2)
        (120.0, 20.0)
        """
        rounds = -(-self.members // n_jobs)
        used = per_epoch[-1:] if self.members == 1 else per_epoch
        return rounds * self.epochs * self.rows * sum(used) / len(used)

    def within(self, seconds: float, per_epoch: Sequence[float], n_jobs: int = 1) -> Plan:
        """The first of the lesser plans that takes no longer; the least of all where none does.

        >>> plan = Plan(8, 32, 128)
        >>> [(p.members, p.epochs, p.rows) for p in (plan.within(s, [1.0]) for s in (300, 130, 50, 12, 0.75))]
        [(8, 32, 1.0), (4, 32, 1.0), (4, 12, 1.0), (2, 6, 1.0), (1, 3, 0.25)]
        """
        for plan in self._lesser(n_jobs):
            if plan.seconds(per_epoch, n_jobs) <= seconds:
                return plan
        share = max(0.01, seconds / max(plan.seconds(per_epoch, n_jobs), 1e-9))
        return replace(plan, rows=min(1.0, share))

    def _lesser(self, n_jobs: int) -> Iterator[Plan]:
        """The plan itself, and others that give up more and more; no fewer members than learn at once."""
        k = self.members
        while k > FEW_MEMBERS:
            yield replace(self, members=k)
            k = max(FEW_MEMBERS, k // 2)
        last = min(k, n_jobs)
        for members, least in ((k, FEW_EPOCHS), (min(k, max(2, last)), FEWEST_EPOCHS), (last, FEWEST_EPOCHS)):
            for epochs in range(self.epochs, min(least, self.epochs) - 1, -1):
                yield replace(self, members=members, epochs=epochs)

    def told(self, preset: Preset, n: int, planned: Plan, seconds: float | None) -> list[Sentence]:
        """In words: what is done, and what was given up for many rows or little time."""
        said = [DONE(members=self.members, epochs=self.epochs, batch=self.batch)]
        if n > FULL:
            said.append(MANY_ROWS(n=n, full=FULL, epochs=planned.epochs, planned=preset.epochs))
        if seconds is not None and (self.members, self.epochs) != (planned.members, planned.epochs):
            said.append(
                IN_TIME(
                    seconds=seconds,
                    members=self.members,
                    planned=planned.members,
                    epochs=self.epochs,
                    planned_epochs=planned.epochs,
                )
            )
        if seconds is not None and self.rows < 1:
            said.append(FEWER_ROWS(seconds=seconds, percent=100 * self.rows))
        return said
