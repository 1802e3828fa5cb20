"""A sample of the rows that were learnt from, each asked of the members alone that it was kept out of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.linear import log_probabilities
from tasou.tabular.ensemble import Ensemble

Array = NDArray[Any]


@dataclass(eq=False)
class KeptOut:
    """Some rows, what is true of them, and who may be asked.

    They are rows of the training table, so they stay in memory: neither a pickle nor a model file has them.

    Attributes
    ----------
    rows
        (m,) which rows of the training table
    X, y, weight
        prepared rows, what is true of them, what they weigh
    """

    ensemble: Ensemble
    rows: Array
    X: Array
    y: Array
    weight: Array | None = None
    _asked: list[Array] = field(init=False)

    def __post_init__(self) -> None:
        assert self.ensemble.oof is not None
        self._asked = [np.isin(self.rows, held) for held in self.ensemble.oof.held]

    @classmethod
    def of(cls, ensemble: Ensemble, X: Array, y: Array, weight: Array | None, most: int) -> KeptOut | None:
        """At most so many of the rows that were kept out; None where there are none.

        X, y and weight are of the last rows of the training, or of all.
        """
        if ensemble.oof is None or not (covered := np.flatnonzero(ensemble.oof.covered)).size:
            return None
        if len(covered) > most:
            covered = np.sort(np.random.default_rng(0).choice(covered, most, replace=False))
        at = covered - (ensemble.oof.n - len(X))
        return cls(ensemble, covered, X[at], y[at], None if weight is None else weight[at])

    def answers(self, X: Array, at: Array | slice = slice(None)) -> Array:
        """(m, K) what is said of other versions X of the rows (or of those ``at`` some places)."""
        ensemble = self.ensemble
        total, counts = np.zeros((len(X), ensemble.aim.outputs)), np.zeros((len(X), 1))
        for networks, asked in zip(ensemble.members, self._asked, strict=True):
            mine = asked[at]
            if mine.any():
                own = sum(network.predict(X[mine]).astype(np.float64) for network in networks) / len(networks)
                total[mine] += ensemble.aim.link(np.asarray(own))
                counts[mine] += 1
        return ensemble.combined(total / counts, self._second(X, at))

    def _second(self, X: Array, at: Array | slice) -> Array | None:
        """What the linear model of the fold that a row was kept out of says of it."""
        linear, features = self.ensemble.linear, self.ensemble.features
        if linear is None or features is None:
            return None
        z = linear.by_fold(features(X), self.rows[at])
        return log_probabilities(z) if self.ensemble.aim.probabilities else z[:, None]
