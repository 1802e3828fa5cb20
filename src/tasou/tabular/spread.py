"""How large an error is to be expected of a row: a ridge on the logarithm of errors that were made on rows kept out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.folds import partition
from tasou.ensembles.linear import Linear, fit_linear
from tasou.formulas import conformal
from tasou.tables.kind import Kind
from tasou.tabular import networks, presets

Array = NDArray[Any]

MOST_ROWS = 20_000
"""whose errors are looked at: of more rows some are drawn"""
FEWEST_ROWS, WIDEST = 60, 700
FOLDS = 4
FLOOR, FARTHEST = 0.1, 3.0
"""of the mean error, and in logarithms: see `log_size` and `size` in `tasou.formulas.conformal`"""


POWERS = (1.0, 0.5)
"""that σ is tried with: errors that are hard to foretell deserve a flatter one"""


@dataclass(frozen=True, eq=False)
class Spread:
    """σ(x) = exp(mean + deviation · ridge(x)).

    The ridge is an additive model on the squashed and binned columns of a member.
    """

    group: networks.Group
    linear: Linear
    mean: float
    deviation: float
    power: float = 1.0

    @classmethod
    def fit(
        cls,
        X: Array,
        errors: Array,
        kinds: tuple[Kind, ...],
        *,
        groups: Array | None = None,
        weight: Array | None = None,
    ) -> tuple[Spread, Array] | None:
        """Learn from prepared rows X (n, d) and errors (n,); with it what is expected of each of these rows kept out.

        None where there are too few rows or too many features.
        """
        n = len(X)
        if n < FEWEST_ROWS:
            return None
        group = networks.groups(X, kinds, presets.get("fast"))[0]
        if group.n_features > WIDEST or group.n_features > n:
            return None
        usual = max(float(np.abs(errors).mean()), np.finfo(float).tiny)
        logs = conformal.log_size(errors, FLOOR * usual, np)
        mean, deviation = float(logs.mean()), float(logs.std()) or 1.0
        rng = np.random.default_rng(0)
        folds = FOLDS if groups is None else min(FOLDS, len(np.unique(groups)))
        if folds < 2:
            return None
        fold = partition(n, folds, rng, groups=groups)
        target = (logs - mean) / deviation
        linear = fit_linear(group.features(X), target, fold, weight=weight)
        found = cls(group, linear._replace(said=np.empty(0), fold=None), mean, deviation)
        return found, found._size(linear.said)

    def __call__(self, X: Array) -> Array:
        """(n,) the error to be expected of each row."""
        return self._size(self.linear.predict(self.group.features(X))) ** self.power

    def _size(self, z: Array) -> Array:
        return np.asarray(conformal.size(z, self.mean, self.deviation, FARTHEST, np))
