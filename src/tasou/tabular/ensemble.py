"""The ensemble behind the estimators of tables: members that have learnt, one joint choice, one answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends import parallel
from tasou.ensembles.choice import Choice
from tasou.ensembles.linear import Linear
from tasou.ensembles.out_of_fold import OutOfFold
from tasou.formulas import blending
from tasou.messages import Sentence
from tasou.network import Network
from tasou.tabular import networks
from tasou.tabular.aims import Aim
from tasou.tabular.second import said_by
from tasou.tabular.singles import Single
from tasou.training import Recipe

Array = NDArray[Any]
FEW_TO_PREDICT = 1_000


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
    histories, endings
        of each member: quantity -> one number per epoch, and why its training ended
    effort
        what was done, and what was given up for many rows or little time
    judging
        how many rows of the user's own judged, in place of folds; 0 for none
    singles
        how good each member would be alone, on rows kept out of it; empty where nobody knows
    recipe
        how each member learnt, where that is known
    moments
        the epochs after which members were kept to choose from; empty where nothing was to be chosen
    """

    aim: Aim
    members: list[list[Network]]
    choice: Choice
    linear: Linear | None = None
    features: networks.Features | None = None
    oof: OutOfFold | None = None
    histories: list[dict[str, list[float]]] = field(default_factory=list)
    endings: list[str] = field(default_factory=list)
    effort: list[Sentence] = field(default_factory=list)
    judging: int = 0
    singles: list[Single] = field(default_factory=list)
    recipe: Recipe | None = None
    moments: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"Ensemble({len(self.members)} members, {self.choice!r})"

    @classmethod
    def alone(
        cls,
        network: Network,
        aim: Aim,
        history: dict[str, list[float]] | None = None,
        finished: str = "epochs",
        oof: OutOfFold | None = None,
    ) -> Ensemble:
        """A single network: nothing was to be chosen."""
        return cls(aim, [[network]], Choice((0,)), oof=oof, histories=[history or {}], endings=[finished])

    def settle(self, y: Array, weight: Array | None) -> None:
        """Let the aim learn from what was said of the rows kept out; y and weight are those of all rows."""
        if self.oof is not None and (covered := self.oof.covered).any():
            v = None if weight is None else weight[covered]
            self.aim = self.aim.settled(self.oof.mean, y[covered], v)

    def mean_history(self) -> dict[str, list[float]]:
        """The mean of the members' losses, as far as all of them went."""
        if not self.histories:
            return {}
        n = min(len(history.get("loss", ())) for history in self.histories)
        names = [name for name in ("loss", "validation_loss") if all(name in h for h in self.histories)]
        return {
            name: np.mean([history[name][:n] for history in self.histories], axis=0).tolist()
            for name in names
        }

    @property
    def size(self) -> int:
        """How many networks there are."""
        return sum(len(standing) for standing in self.members)

    @property
    def dtype(self) -> np.dtype[Any]:
        """In what they compute."""
        return self.members[0][0].dtype

    def average(self, X: Array, n_jobs: int = 1) -> Array:
        """(n, K) the mean of what all members say, each on average of its moments: log-probabilities, or numbers.

        Up to 1,000 rows are computed in double precision: what is said of a row then does not depend on which others
        are asked about, not even in the last digits of a single-precision number. A single network answers as it is.
        """
        standing, X = self._standing(X)
        networks = [network for member in standing for network in member]
        if n_jobs == 1:
            said: Iterable[Array] = (network.predict(X) for network in networks)
        else:
            said = parallel.each(lambda network: network.predict(X), networks, n_jobs=n_jobs)
        answers = iter(said)
        total = np.zeros((len(X), self.aim.outputs))
        for member in self.members:
            own = sum(next(answers).astype(np.float64) for _ in member) / len(member)
            total += self.aim.link(np.asarray(own))
        return total / len(self.members)

    def each(self, X: Array, chosen: Sequence[int] | None = None) -> Array:
        """(k, n, K) what each member (or the ``chosen``) says, on average of its moments: probabilities, or numbers."""
        standing, X = self._standing(X)
        asked = standing if chosen is None else [standing[j] for j in chosen]
        own = ([network.predict(X).astype(np.float64) for network in member] for member in asked)
        return np.stack([np.mean(said, axis=0) for said in own])

    def _standing(self, X: Array) -> tuple[list[list[Network]], Array]:
        """The members that answer these rows, and the rows as they take them."""
        few = len(X) <= FEW_TO_PREDICT and self.size > 1
        return (self._in_float64, X.astype(np.float64)) if few else (self.members, X)

    @cached_property
    def _in_float64(self) -> list[list[Network]]:
        return [[network.in_float64() for network in member] for member in self.members]

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_in_float64"}

    def predict(self, X: Array, n_jobs: int = 1) -> Array:
        """(n, K) probabilities of classes, or numbers in the target's unit; ``n_jobs`` members are asked at once."""
        return self.combined(self.average(X, n_jobs), self.second_says(X))

    def second_says(self, X: Array) -> Array | None:
        """(n, K) what the linear model says: log-probabilities, or numbers; None without one."""
        if self.linear is None or self.features is None:
            return None
        A = self.features(X.astype(np.float64) if len(X) <= FEW_TO_PREDICT else X)
        return self.linear.logarithms(A) if self.aim.probabilities else self.linear.predict(A)[:, None]

    def combined(self, mean: Array, second: Array | None) -> Array:
        """The answer, from the members' mean and what the linear model says."""
        w, T = self.choice.w, self.choice.temperature
        if not self.aim.probabilities:
            return self.aim.answers(mean if second is None else blending.mixed(mean, second, w=w))
        if second is None:
            log_p = blending.softened(mean, np, temperature=T)
        else:
            log_p = blending.blended(mean, second, np, w=w, temperature=T)
        return np.asarray(blending.probabilities(log_p, np))

    def out_of_fold(self) -> Array:
        """(n, K) the same for the rows that were learnt from, each by members it was kept out of; NaN for others.

        Where rows of the user's own judged, for those.
        """
        assert self.oof is not None
        covered = self.oof.covered
        second = None if self.linear is None else said_by(self.linear, self.aim)[covered]
        answers = self.combined(self.oof.mean, second)
        found = np.full((self.oof.n, answers.shape[1]), np.nan)
        found[covered] = answers
        return found[-self.judging :]
