"""Members that learn apart, side by side: each on its own rows, with its own seed, and the same bits in any order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tasou.backends import parallel
from tasou.ensembles.folds import Codes, Holdout
from tasou.ensembles.out_of_fold import OutOfFold
from tasou.network import Network
from tasou.training import Recipe, Validation, learn
from tasou.training.learning import Rows

Array = NDArray[Any]
T = TypeVar("T")

SHORTEST = 1e-3
AT_ONCE = 1 << 15
"""rows kept out that are copied at once to be answered"""


@dataclass
class Member:
    """What one network has learnt: how it stood at each moment that was kept, and what it says of rows kept out.

    Attributes
    ----------
    network
        as it stood at the last moment
    thetas
        its parameters at each moment, in the order of time
    answers
        at each moment, its answers (rows kept out, K) for the rows of ``holdout.held``
    """

    network: Network
    holdout: Holdout
    thetas: list[Array]
    answers: list[Array]
    history: dict[str, list[float]]
    finished: str


class Snapshots:
    """A callback that keeps the parameters after some epochs, and what the network says of rows kept out then.

    >>> Snapshots((3, 8, 15), np.zeros((0, 2)), np.arange(0)).next_epoch()
    3
    """

    def __init__(self, epochs: Sequence[int], X: Any, held: Codes) -> None:
        self.epochs, self.X, self.held = sorted(set(epochs)), X, held
        self.leaves_the_choice = len(self.epochs) > 1 and len(held) > 0  # what a diagnosis has to know
        self.thetas: list[Array] = []
        self.answers: list[Array] = []

    def next_epoch(self) -> float:
        """The epoch of which it wants to hear next."""
        left = self.epochs[len(self.thetas) :]
        return left[0] if left else float("inf")

    def on_epoch(self, training: Any) -> None:
        """Keep what the training has come to, if this is one of the moments."""
        if training.clock.epochs >= self.next_epoch():
            self.keep(training.network)

    def keep(self, network: Network) -> None:
        """Keep how the network stands, and what it says."""
        self.thetas.append(network.theta.copy())
        parts = [self.held[at : at + AT_ONCE] for at in range(0, len(self.held), AT_ONCE)] or [self.held]
        self.answers.append(np.concatenate([network.predict(self.X[part]) for part in parts]))


@dataclass
class Course:
    """What all members of an ensemble do alike.

    Parameters
    ----------
    rows
        the prepared rows of all
    recipe
        how each learns
    moments
        after which epochs its parameters are kept; the last is the end
    callbacks
        who is told, for each member: ``callbacks(j)``
    deadline
        when all must have ended, on the clock of `time.monotonic`: a member that learns then ends with its epoch
    curves
        whether the loss on rows kept out is measured after each epoch; where members stop early it always is
    """

    rows: Rows
    recipe: Recipe
    moments: Sequence[int]
    callbacks: Callable[[int], Iterable[Any]] = lambda j: ()
    deadline: float | None = None
    curves: bool = False

    def learn(self, j: int, network: Network, holdout: Holdout, seed: int) -> Member:
        """Train one member; where it is ended early, its last moment is where it stands."""
        X, Y, weight = self.rows
        kept, held = holdout
        own = Rows(X[kept], Y[kept], None if weight is None else weight[kept])
        snapshots = Snapshots(self.moments, X, held)
        recipe = self.recipe.but(batch_size=even(len(kept), self.recipe.batch_size or len(kept)))
        if self.deadline is not None:
            recipe = recipe.but(max_time=max(self.deadline - time.monotonic(), SHORTEST))
        watched = self.curves or recipe.early_stopping
        out = Validation(X[held], Y[held], None if weight is None else weight[held]) if watched else None
        training = learn(
            network,
            own,
            recipe,
            validation=out,
            callbacks=[*self.callbacks(j), snapshots],
            rng=np.random.default_rng(seed),
        )
        while len(snapshots.thetas) < len(snapshots.epochs):
            snapshots.keep(network)
        history = training.history.as_dict()
        return Member(network, holdout, snapshots.thetas, snapshots.answers, history, training.finished)

    @property
    def late(self) -> bool:
        """Whether no further member should begin."""
        return self.deadline is not None and time.monotonic() >= self.deadline


def even(n: int, batch: int) -> int:
    """A batch size near the one asked for that cuts n rows into batches of (almost) the same size.

    A last batch of a few rows would make a step as long as the others from next to nothing.

    >>> even(1_000, 300), even(7, 32)
    (334, 7)
    """
    return -(-n // max(1, round(n / batch)))


def learn_all(
    course: Course,
    networks: Sequence[Network],
    who: Sequence[Holdout],
    *,
    seed: int = 0,
    n_jobs: int = 1,
    beside: Callable[[], T] | None = None,
) -> tuple[list[Member], T | None]:
    """Every member, ``n_jobs`` at a time, each by one thread; one at a time by all. The numbers do not depend on it.

    What is computed ``beside`` them is a job like the others, and comes second in the answer. Members that would begin
    after the deadline are left out, and so are those after one that Ctrl-C has ended; the first one is always there.
    """
    seeds = np.random.SeedSequence(seed).generate_state(len(networks)).tolist()
    jobs = list(zip(range(len(networks)), networks, who, seeds, strict=True))
    interrupted, done = Event(), dict[int, Any]()

    def work(job: tuple[int, Network, Holdout, int] | None) -> Any:
        if job is None:
            done[-1] = None if beside is None else beside()
            return done[-1]
        if job[0] and (course.late or interrupted.is_set()):
            return None
        member = course.learn(*job)
        if member.finished == "interrupted":
            interrupted.set()
        done[job[0]] = member
        return member

    todo = [None, *jobs]
    try:
        found = [work(job) for job in todo] if n_jobs == 1 else parallel.each(work, todo, n_jobs=n_jobs)
    except KeyboardInterrupt:  # of members on threads: those that have ended are kept
        learnt = [done[j] for j in sorted(done) if j >= 0]
        if not learnt:
            raise
        found = [done.get(-1), *learnt[:-1], replace(learnt[-1], finished="interrupted")]
    return [member for member in found[1:] if member is not None], found[0]


def moments_of(members: Sequence[Member], n: int) -> list[OutOfFold]:
    """What all members said at each moment of the rows kept out of them."""
    held = [member.holdout.held for member in members]
    return [
        OutOfFold(n, held, [member.answers[m] for member in members]) for m in range(len(members[0].thetas))
    ]
