"""The members of an ensemble before they learn: the features, the rows and the first parameters of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tasou.ensembles.folds import Codes, Holdout, Random
from tasou.network import Network
from tasou.tabular.aims import Aim
from tasou.tabular.networks import Group
from tasou.tabular.parts import Parts, spread, thinned
from tasou.tabular.plans import Plan
from tasou.tabular.presets import Preset
from tasou.training import Recipe


@dataclass(frozen=True)
class Roster:
    """Of each member: its group, the rows it learns from and those kept out of it, the seed of its parameters."""

    groups: Sequence[Group]
    holdouts: Sequence[Holdout]
    seeds: Sequence[int]

    @classmethod
    def dealt(
        cls, groups: Sequence[Group], n: int, preset: Preset, parts: Parts, strata: Codes | None, rng: Random
    ) -> Roster:
        """As many members as the preset wants for n rows, shared among the groups; those of one keep each row out."""
        share = -(-preset.members_of(n) // len(groups))
        holdouts = [out for _ in groups for out in parts.deal(n, share, preset, strata, rng)]
        of = [group for group in groups for _ in range(share)]
        return cls(of, holdouts, rng.integers(0, 2**63, len(of)).tolist())

    def left(self, plan: Plan, rng: Random) -> Roster:
        """Those that a plan leaves, who learn from the share of their rows that it leaves."""
        which = spread(len(self.groups), plan.members, len(set(map(id, self.groups))))
        holdouts = [thinned(self.holdouts[j], plan.rows, rng) for j in which]
        return Roster([self.groups[j] for j in which], holdouts, [self.seeds[j] for j in which])

    @property
    def rows_each(self) -> int:
        """How many rows the first one learns from; the others have about as many."""
        return len(self.holdouts[0].kept)

    def networks(self, aim: Aim, recipe: Recipe, dtype: np.dtype[Any]) -> list[Network]:
        """The network of each, as it begins."""
        each = zip(self.groups, self.seeds, strict=True)
        return [group.network(aim, recipe, dtype, seed) for group, seed in each]
