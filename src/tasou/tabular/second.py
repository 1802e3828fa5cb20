"""The linear model that is blended in: on the features of a group of members, from at most 20,000 rows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends.pools import one_thread_elsewhere
from tasou.ensembles.folds import Codes, Random
from tasou.ensembles.linear import (
    FURTHER_STEPS,
    NEWTON_STEPS,
    OF_FEW,
    PENALTIES,
    USUAL_STEPS,
    Linear,
    fit_linear,
    log_probabilities,
)
from tasou.tabular import networks
from tasou.tabular.aims import Aim, Classes
from tasou.tabular.parts import Parts

Array = NDArray[Any]

FOLDS, WIDEST = 4, 700
"""features up to which a linear model is tried: its cost grows with their square"""
MOST_CLASSES, FEW_ROWS, LEAST_SAVED = 12, 1_000, 0.02
"""of more than two classes: how many at most, up to how many rows, and what share of the loss to expect it must save.
On a hundred rows it often does; on thousands it never did"""
MOST_ROWS = 20_000
"""that it learns from: it has little to learn from more"""
TRIED, ROWS_PER_FEATURE = 1_000, 4
"""rows of which the product is timed; and how many a feature must have where there is little time"""
AT_ONCE = 1 << 12
"""rows whose features are in memory at once"""


@dataclass
class Second:
    """The linear model to come, and the rows it is to learn from."""

    features: networks.Features
    X: Array
    target: Array
    classes: int
    fold: Codes
    weight: Array | None
    rows: Codes | None

    @classmethod
    def of(
        cls,
        groups: Sequence[networks.Group],
        X: Array,
        Y: Array,
        y: Array,
        aim: Aim,
        parts: Parts,
        rng: Random,
    ) -> Second | None:
        """None where no linear model can be blended in."""
        k = aim.outputs if isinstance(aim, Classes) else 0
        # every class has weights of its own: too many for bins
        group = networks.Group(groups[0].kinds, {}) if k > 2 else groups[-1]
        if not (k or aim.linear) or group.n_features > WIDEST:
            return None
        if k > 2 and (k > MOST_CLASSES or len(X) > FEW_ROWS):
            return None
        fold = parts.partition(len(X), FOLDS, y if k else None, rng)
        target = y if k else Y[:, 0].astype(np.float64)
        rows = None
        if len(X) > MOST_ROWS:
            rows = np.sort(rng.permutation(len(X))[:MOST_ROWS])
        return cls(group.features, X, target, k, fold, parts.weight, rows)

    def within(self, seconds: float, rng: Random) -> Second | None:
        """The same from as many rows as there is time for, by the time of one product; None where they are too few."""
        A = self.features(self.X[:TRIED])
        with one_thread_elsewhere():
            for _ in range(2):  # the first one sets things up
                begun = time.perf_counter()
                product = A.T @ A
        each = (time.perf_counter() - begun) / len(A)
        products = self._products(len(product))
        most = int(seconds / (FOLDS * products * 2 * each))
        if most < ROWS_PER_FEATURE * len(product):
            return None
        if most >= min(len(self.X), MOST_ROWS):
            return self
        return replace(self, rows=np.sort(rng.permutation(len(self.X))[:most]))

    def _products(self, d: int) -> float:
        """What a fold model costs, in products AᵀA (d, d)."""
        if self.classes > 2:
            return 1 + USUAL_STEPS * len(PENALTIES) * 2 * self.classes / d
        return NEWTON_STEPS + FURTHER_STEPS * (len(PENALTIES) - 1) if self.classes else 1

    @property
    def least_saved(self) -> float:
        """What share of the loss to expect it must save to be blended in."""
        return LEAST_SAVED if self.classes > 2 else 0.0

    @one_thread_elsewhere()
    def fit(self) -> Linear:
        """Learn, and answer every row."""
        rows = slice(None) if self.rows is None else self.rows
        weight = None if self.weight is None else self.weight[rows]
        found = fit_linear(
            self.features(self.X[rows]),
            self.target[rows],
            self.fold[rows],
            classes=self.classes,
            weight=weight,
            penalties=OF_FEW if self.classes > 2 else PENALTIES,
        )
        return found if self.rows is None else self._of_all(found, self.rows)

    def _of_all(self, found: Linear, rows: Codes) -> Linear:
        """Rows that no fold model has seen are answered by all of them."""
        said = np.empty((len(self.X), *found.said.shape[1:]))
        for at in range(0, len(said), AT_ONCE):
            A = self.features(self.X[at : at + AT_ONCE])
            if self.classes:
                log_p = found.logarithms(A)
                said[at : at + AT_ONCE] = log_p if self.classes > 2 else log_p[:, 1] - log_p[:, 0]
            else:
                said[at : at + AT_ONCE] = found.predict(A)
        said[rows] = found.said
        said[self.fold < 0] = np.nan
        return found._replace(said=said)


def said_by(linear: Linear, aim: Aim) -> Array:
    """What the linear model says of the rows kept out of it: log-probabilities, or numbers."""
    return log_probabilities(linear.said) if aim.probabilities else linear.said[:, None]
