"""The network of a member: squashed numbers and their bins side by side, embedded categories, two hidden layers."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.members import Member
from tasou.layers import Columns, Dense, Embedding, Layer, PiecewiseLinear, Scale, Squash
from tasou.network import Network
from tasou.tables.kind import Kind
from tasou.tabular import bins
from tasou.tabular.aims import Aim
from tasou.tabular.presets import Preset
from tasou.training import Recipe

Array = NDArray[Any]

SCALE_RATE, BIAS_RATE = 6.0, 0.1
EMBEDDED = 8
"""numbers per level of a category"""


@dataclass
class Group:
    """Members that cut their columns into the same bins.

    Parameters
    ----------
    kinds
        what each column of X is
    edges
        the ends of the bins of each column that has some
    """

    kinds: tuple[Kind, ...]
    edges: dict[int, tuple[float, ...]]

    @cached_property
    def squashed(self) -> list[int]:
        """Columns that are measured or flags."""
        return [j for j, kind in enumerate(self.kinds) if kind.name != "code"]

    @cached_property
    def codes(self) -> list[int]:
        """Columns of numbers of levels."""
        return [j for j, kind in enumerate(self.kinds) if kind.name == "code"]

    @property
    def n_bins(self) -> int:
        """How many bins there are in all columns."""
        return sum(len(edges) - 1 for edges in self.edges.values())

    @property
    def n_levels(self) -> int:
        """How many levels there are in all columns of codes, without those of unseen cells."""
        return sum(self.kinds[j].levels - 1 for j in self.codes)

    @property
    def n_features(self) -> int:
        """How many features a linear model has."""
        return len(self.squashed) + self.n_bins + self.n_levels

    def numbers(self) -> list[tuple[tuple[int, ...], tuple[Layer, ...]]]:
        """Squashed columns and bins, each block of them as large as the other: neither outweighs it at first."""
        D, P = len(self.squashed), self.n_bins
        parts: list[tuple[tuple[int, ...], tuple[Layer, ...]]] = []
        if D:
            raw = float(np.sqrt((D + P) / (2 * D))) if P else 1.0
            parts.append((tuple(self.squashed), (Squash(raw),)))
        if P:
            side = float(np.sqrt((D + P) / (2 * P)))
            binned = PiecewiseLinear(tuple(self.edges.values()), low=-side, high=side)
            parts.append((tuple(self.edges), (binned,)))
        return parts

    def network(self, aim: Aim, recipe: Recipe, dtype: Any, seed: int) -> Network:
        """A member that has not learnt yet: W ~ N(0, 1/d), b ~ N(0, 1), the last layer zero, the scales one."""
        parts = self.numbers()
        if self.codes:
            levels = tuple(self.kinds[j].levels for j in self.codes)
            parts.append((tuple(self.codes), (Embedding(levels, EMBEDDED),)))
        width = len(self.squashed) + self.n_bins + EMBEDDED * len(self.codes)
        dropout = recipe.dropout if isinstance(recipe.dropout, float) else 0.0
        widths = (width, *recipe.hidden)
        hidden = [
            Dense(units, recipe.activation, dropout, rates=_rates(n))  # type: ignore[arg-type]
            for n, units in zip(widths, recipe.hidden, strict=False)
        ]
        last = Dense(aim.outputs, recipe.output_activation, rates=_rates(widths[-1]))
        rng = np.random.default_rng(seed)
        network = Network(
            layers=[Columns(tuple(parts)), Scale(SCALE_RATE), *hidden, last],
            inputs=len(self.kinds),
            loss=aim.loss,
            l2=recipe.l2,
            init=recipe.init,
            dtype=dtype,
            rng=rng,
        )
        for l, n in enumerate(widths[:-1], start=3):
            if recipe.init is None:
                network[l].W[...] = rng.normal(0, n**-0.5, network[l].W.shape)
            network[l].b[...] = rng.normal(0, 1, network[l].b.shape)
        if recipe.output_activation == "identity":  # others may have no slope at 0
            network[network.L].W[...] = 0
            network[network.L].b[...] = 0
        if self.codes:
            self._unseen_is_zero(network, len(parts))
        return network

    def _unseen_is_zero(self, network: Network, part: int) -> None:
        """The row of unseen levels begins as zeros, between all others; no row of the training moves it."""
        E = network.parameters[1].part(part).part(1).E
        starts = np.cumsum([0, *(self.kinds[j].levels for j in self.codes)])
        E[starts[:-1]] = 0

    @cached_property
    def features(self) -> Features:
        """What the first layers make of prepared rows, for the linear model."""
        return Features(self)

    def __getstate__(self) -> dict[str, Any]:
        """All but the features, which lead back here."""
        return {key: value for key, value in self.__dict__.items() if key != "features"}


class Features:
    """What the first layers make of prepared rows, without what they learn; levels as zeros and ones."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self._networks: dict[str, Network] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {"group": self.group, "_networks": {}}

    def __call__(self, X: Array) -> Array:
        """(n, features)."""
        group = self.group
        found = []
        if parts := group.numbers():
            found.append(self._network(parts, X.dtype).predict(X))
        levels = ((j, np.arange(1, group.kinds[j].levels)) for j in group.codes)
        found += [(X[:, j : j + 1] == numbers).astype(X.dtype) for j, numbers in levels]
        return np.concatenate(found, axis=1)

    def _network(self, parts: list[tuple[tuple[int, ...], tuple[Layer, ...]]], dtype: Any) -> Network:
        """The first layers alone, made once for each precision."""
        found = self._networks.get(dtype.str)
        if found is None:
            card, inputs = Columns(tuple(parts)), len(self.group.kinds)
            found = Network(layers=[card], inputs=inputs, loss="squared_error", dtype=dtype, rng=0)
            self._networks[dtype.str] = found
        return found


def _rates(n: int) -> tuple[float, float]:
    """Of W and b behind n inputs: as if W were √n times as large, and learnt √n times as fast."""
    return float(n**-0.5), BIAS_RATE


def groups(X: Array, kinds: Sequence[Kind], preset: Preset) -> list[Group]:
    """The groups of members, by the bins that the preset asks for; where there would be none finer, as the first."""
    rows = bins.sample(len(X))
    numbers = [j for j, kind in enumerate(kinds) if kind.name == "number"]
    many = sum(bins.varied(X[:, j], rows) for j in numbers)
    counts = [bins.how_many(many, most=most, in_all=in_all) for most, in_all in preset.bins]
    found: list[dict[int, tuple[float, ...]]] = [{} for _ in counts]
    for j in numbers:  # the values of one column at a time
        counted = bins.Counted.of(X[:, j], rows)
        for edges, n in zip(found, counts, strict=True):
            if (cut := bins.edges(counted, max(n, counts[0]))) is not None:
                edges[j] = tuple(cut.tolist())
    return [Group(tuple(kinds), edges) for edges in found]


def standing(member: Member, moment: int) -> Network:
    """A network of its own that stands as the member stood at a moment."""
    network = deepcopy(member.network)
    network.theta = member.thetas[moment]
    return network
