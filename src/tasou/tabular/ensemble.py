"""The ensemble behind the estimators of tables: members on prepared rows, one joint choice, one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.choice import Choice, choose
from tasou.ensembles.folds import Codes, holdouts, partition
from tasou.ensembles.linear import Linear, fit_linear
from tasou.ensembles.members import Course, Member, learn_all, moments_of
from tasou.ensembles.out_of_fold import OutOfFold
from tasou.formulas import blending, optimizers
from tasou.network import Network
from tasou.tables.kind import Kind
from tasou.tabular import networks
from tasou.tabular.aims import Aim, Classes
from tasou.tabular.presets import Preset
from tasou.training import Recipe
from tasou.training.learning import Rows

Array = NDArray[Any]

DIPS = (3 / 15, 7 / 15, 1.0)
"""when the rate of the schedule comes back to zero: then the parameters are kept"""
LINEAR_FOLDS, WIDEST_LINEAR = 4, 700
"""features up to which a linear model is tried: its cost grows with their square"""
FEW_TO_PREDICT = 1_000
DROPOUT, FEW_ROWS = 0.2, 2_000
"""of the hidden units, for classes of fewer rows"""
RECIPE = Recipe(
    hidden=(128, 128),
    activation="mish",
    optimizer=optimizers.get("adam", beta_2=0.95),
    schedule="coslog",
    epochs=32,
)


@dataclass
class Parts:
    """How rows are kept together, and what they weigh."""

    weight: Array | None = None
    groups: Codes | None = None

    def folds(self, wanted: int) -> int:
        """As many as wanted, or as there are groups; two at least, or nothing could be kept out.

        >>> Parts().folds(8), Parts(groups=np.array([0, 1, 2, 2])).folds(8)
        (8, 3)
        """
        return wanted if self.groups is None else max(2, min(wanted, len(np.unique(self.groups))))


@dataclass(repr=False)
class Ensemble:
    """Members that have learnt, and how their answers become one.

    Attributes
    ----------
    aim
        what was learnt
    members
        the networks at each moment that was chosen: ``members[j][m]``
    choice
        which moments, how much of the linear model, what temperature
    linear
        the linear model, and the network that makes its features; None without one
    oof
        what the members said, at the moments that were chosen, of rows kept out of them
    """

    aim: Aim
    members: list[list[Network]]
    choice: Choice
    linear: Linear | None = None
    features: networks.Features | None = None
    oof: OutOfFold | None = None
    histories: list[dict[str, list[float]]] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"Ensemble({len(self.members)} members, {self.choice!r})"

    @classmethod
    def fit(
        cls,
        X: Array,
        y: Array,
        kinds: Sequence[Kind],
        aim: Aim,
        preset: Preset,
        *,
        parts: Parts | None = None,
        recipe: Recipe = RECIPE,
        seed: int = 0,
        n_jobs: int = 1,
        callbacks: Callable[[int], Iterable[Any]] = lambda j: (),
    ) -> Ensemble:
        """Learn from prepared rows X (n, d) and y (n,) or (n, K)."""
        parts = parts or Parts()
        n, rng = len(X), np.random.default_rng(seed)
        strata = y if aim.strata else None
        Y = aim.targets(y, X.dtype)
        groups = networks.groups(X, kinds, preset)
        folds = parts.folds(preset.folds)
        k = preset.members_of(n)
        share = -(-k // len(groups))
        who = [
            out
            for _ in groups
            for out in holdouts(
                n, share, rng, folds=folds, each=preset.each, strata=strata, groups=parts.groups
            )
        ]
        recipe = recipe.but(
            epochs=preset.epochs_of(n),
            batch_size=recipe.batch_size or preset.batch_of(len(who[0].kept)),
            lr=recipe.lr or aim.lr,
            dropout=recipe.dropout or (DROPOUT if aim.probabilities and n < FEW_ROWS else 0.0),
        )
        of = [group for group in groups for _ in range(share)]
        seeds = rng.integers(0, 2**63, len(of)).tolist()
        made = [group.network(aim, recipe, X.dtype, seed) for group, seed in zip(of, seeds, strict=True)]
        moments = sorted({max(1, round(dip * (recipe.epochs or 1))) for dip in DIPS})
        course = Course(Rows(X, Y, parts.weight), recipe, moments, callbacks)
        members = learn_all(course, made, who, seed=seed, n_jobs=n_jobs)
        features, linear = _linear(groups[-1], X, Y, y, aim, parts, rng)
        return cls._chosen(members, n, y, Y, aim, linear, features, parts)

    @classmethod
    def _chosen(
        cls,
        members: list[Member],
        n: int,
        y: Array,
        Y: Array,
        aim: Aim,
        linear: Linear | None,
        features: networks.Features | None,
        parts: Parts,
    ) -> Ensemble:
        """The joint choice; what was not chosen is forgotten."""
        moments = moments_of(members, n)
        choice = choose(
            moments,
            np.asarray(y) if aim.probabilities else Y.astype(np.float64),
            len(members),
            classes=aim.probabilities,
            second=None if linear is None else _said(linear, aim),
            weight=parts.weight,
            loss=aim.judged,
        )
        first, *rest = (moments[m] for m in choice.snapshots)
        return cls(
            aim,
            [[networks.standing(member, m) for m in choice.snapshots] for member in members],
            choice,
            linear if choice.w else None,
            features if choice.w else None,
            first.averaged(rest),
            [member.history for member in members],
        )

    def average(self, X: Array) -> Array:
        """(n, K) the mean of what all members say at the moments that were chosen.

        Up to 1,000 rows are computed in double precision: what is said of a row then does not depend on which others
        are asked about, not even in the last digits of a single-precision number.
        """
        few = len(X) <= FEW_TO_PREDICT
        standing = self._in_float64 if few else [n for member in self.members for n in member]
        X = X.astype(np.float64) if few else X
        total = standing[0].predict(X).astype(np.float64)
        for network in standing[1:]:
            total += network.predict(X)
        return np.asarray(total / len(standing))

    @cached_property
    def _in_float64(self) -> list[Network]:
        return [network.in_float64() for member in self.members for network in member]

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_in_float64"}

    def predict(self, X: Array) -> Array:
        """(n, K) probabilities of classes, or numbers in the target's unit."""
        second = None
        if self.linear is not None and self.features is not None:
            A = self.features(X.astype(np.float64) if len(X) <= FEW_TO_PREDICT else X)
            second = self.linear.logarithms(A) if self.aim.probabilities else self.linear.predict(A)[:, None]
        return self.combined(self.average(X), second)

    def combined(self, mean: Array, second: Array | None) -> Array:
        """The answer, from the members' mean and what the linear model says."""
        w, T = self.choice.w, self.choice.temperature
        if not self.aim.probabilities:
            return self.aim.answers(mean if second is None else blending.mixed(mean, second, w=w))
        log_p = blending.logarithms(mean, np)
        if second is None:
            log_p = blending.softened(log_p, np, temperature=T)
        else:
            log_p = blending.blended(log_p, second, np, w=w, temperature=T)
        return np.asarray(blending.probabilities(log_p, np))

    def out_of_fold(self) -> Array:
        """(n, K) the same for the rows that were learnt from, each by members it was kept out of; NaN for others."""
        assert self.oof is not None
        covered = self.oof.covered
        second = None if self.linear is None else _said(self.linear, self.aim)[covered]
        found = np.full((self.oof.n, self.oof.said.shape[1]), np.nan)
        found[covered] = self.combined(self.oof.mean, second)
        return found


def _linear(
    group: networks.Group, X: Array, Y: Array, y: Array, aim: Aim, parts: Parts, rng: np.random.Generator
) -> tuple[networks.Features | None, Linear | None]:
    """The linear model on the features of a group, where one can be blended in."""
    two = isinstance(aim, Classes) and aim.two
    if not (two or aim.linear) or group.n_features > WIDEST_LINEAR:
        return None, None
    fold = partition(len(X), parts.folds(LINEAR_FOLDS), rng, strata=y if two else None, groups=parts.groups)
    features = group.features
    target = y if two else Y[:, 0].astype(np.float64)
    return features, fit_linear(features(X), target, fold, classes=two, weight=parts.weight)


def _said(linear: Linear, aim: Aim) -> Array:
    """What the linear model says of the rows kept out of it: log-probabilities, or numbers."""
    if not aim.probabilities:
        return linear.said[:, None]
    z = np.stack([np.zeros_like(linear.said), linear.said], axis=1)
    return np.asarray(blending.softened(z, np))
