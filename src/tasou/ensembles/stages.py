"""Members side by side, from stage to stage: the same numbers however many learn at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import repeat
from threading import Event
from typing import Generic, TypeVar, cast

import numpy as np

from tasou.backends import parallel
from tasou.ensembles.folds import Holdout
from tasou.ensembles.members import Course, Learner, Member
from tasou.network import Network

T = TypeVar("T")


def learn_all(
    course: Course,
    networks: Sequence[Network],
    who: Sequence[Holdout],
    *,
    seed: int = 0,
    n_jobs: int = 1,
    n_threads: int | None = 1,
    beside: Callable[[], T] | None = None,
    go_on: Callable[[Sequence[Member], T | None], bool] = lambda members, second: True,
) -> tuple[list[Member], T | None]:
    """Every member, ``n_jobs`` at a time, each by so many threads; the numbers depend on neither.

    All learn from one table, of which none copies its rows.

    What is computed ``beside`` them is a job like the others, and comes second in the answer. After each stage
    ``go_on`` says whether another is worth it. Members that would begin after the deadline are left out, and so are
    those after one that Ctrl-C has ended; the first one is always there. A later stage that is broken off never was.
    """
    stages = _Stages(course, networks, who, seed, n_jobs, n_threads, beside)
    for moments in course.reached():
        if not (stages.on_to(moments) and stages.wanted_by(go_on)):
            break
    stages.end()
    return stages.members, stages.second


class _Stages(Generic[T]):
    """All members on their way, from stage to stage."""

    def __init__(
        self,
        course: Course,
        networks: Sequence[Network],
        who: Sequence[Holdout],
        seed: int,
        n_jobs: int,
        n_threads: int | None,
        beside: Callable[[], T] | None,
    ) -> None:
        seeds = np.random.SeedSequence(seed).generate_state(len(networks)).tolist()
        self.learners = list(map(Learner, repeat(course), range(len(networks)), networks, who, seeds))
        for learner in self.learners:
            learner.rounds = (len(networks) - learner.j) / max(1, n_jobs)
        self.course, self.n_jobs, self.n_threads, self.beside = course, n_jobs, n_threads, beside
        self.members, self.second = list[Member](), cast("T | None", None)
        self._interrupted = Event()

    def on_to(self, moments: int) -> bool:
        """All learn until so many moments are kept; whether another stage may follow."""
        first, done = not self.members, dict[int, Member]()

        def work(learner: Learner | None) -> None:
            if learner is None:
                self.second = None if self.beside is None else self.beside()
                return
            if (learner.j or not first) and (self.course.late or self._interrupted.is_set()):
                return
            learner.learn(moments)
            if learner.finished == "interrupted":
                self._interrupted.set()
            if learner.epochs_done:  # Ctrl-C may come before the first is over
                done[learner.j] = learner.so_far()

        jobs = [*([None] if first else []), *self.learners]
        try:
            parallel.each(work, jobs, n_jobs=self.n_jobs, n_threads=self.n_threads)
        except KeyboardInterrupt:  # of members on threads: those that have ended are kept
            self._interrupted.set()
        if first and not done:
            raise KeyboardInterrupt
        if first:
            self.learners = [learner for learner in self.learners if learner.j in done]
        if first or not self._interrupted.is_set():
            self.members = [done[learner.j] for learner in self.learners]
        return not self._interrupted.is_set()

    def wanted_by(self, judge: Callable[[Sequence[Member], T | None], bool]) -> bool:
        """Whether the judge wants another one; Ctrl-C while it thinks says no, and nothing is lost."""
        try:
            return judge(self.members, self.second)
        except KeyboardInterrupt:
            self._interrupted.set()
            return False

    def end(self) -> None:
        """Tell everybody that no stage follows, and how it ended."""
        for learner in self.learners:
            learner.end()
        if self._interrupted.is_set():
            self.members[-1] = replace(self.members[-1], finished="interrupted")
