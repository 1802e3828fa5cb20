"""A member of an ensemble: a training on rows of its own, with a seed of its own, that stops at moments to keep."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.folds import Codes, Holdout
from tasou.ensembles.out_of_fold import OutOfFold
from tasou.network import Network
from tasou.training import Recipe, Training, Validation
from tasou.training.data import Data
from tasou.training.learning import Rows, make

Array = NDArray[Any]

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
        several = len(self.epochs) > 1 and len(held) > 0
        self.to_choose_from = tuple(self.epochs) if several else ()  # what a diagnosis has to know
        self.kept: list[tuple[Array, Array]] = []
        """parameters and answers; in one list, so that Ctrl-C never leaves one without the other"""

    @property
    def thetas(self) -> list[Array]:
        """The parameters at each moment."""
        return [theta for theta, _ in self.kept]

    @property
    def answers(self) -> list[Array]:
        """What the network said then of the rows kept out."""
        return [said for _, said in self.kept]

    def next_epoch(self) -> float:
        """The epoch of which it wants to hear next."""
        left = self.epochs[len(self.kept) :]
        return left[0] if left else float("inf")

    def on_epoch(self, training: Any) -> None:
        """Keep what the training has come to, if this is one of the moments."""
        if training.clock.epochs >= self.next_epoch():
            self.keep(training.network)

    def keep(self, network: Network) -> None:
        """Keep how the network stands, and what it says."""
        parts = [self.held[at : at + AT_ONCE] for at in range(0, len(self.held), AT_ONCE)] or [self.held]
        said = np.concatenate([network.predict(self.X[part]) for part in parts])
        self.kept.append((network.theta.copy(), said))


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
        when all must have ended, on the clock of `time.monotonic`: a member that learns then ends with its epoch, and
        one that begins when epochs have become slower than was planned is given fewer, so that its course is whole
    curves
        whether the loss on rows kept out is measured after each epoch; where members stop early it always is
    stages
        how many of the moments all members reach before it is asked whether more is worth it, stage by stage

    Attributes
    ----------
    paces
        seconds that an epoch took, of each member that has ended
    """

    rows: Rows
    recipe: Recipe
    moments: Sequence[int]
    callbacks: Callable[[int], Iterable[Any]] = lambda j: ()
    deadline: float | None = None
    curves: bool = False
    stages: Sequence[int] = ()
    paces: list[float] = field(default_factory=list)

    @property
    def late(self) -> bool:
        """Whether no further member should begin."""
        return self.deadline is not None and time.monotonic() >= self.deadline

    def epochs_in_time(self, rounds: float) -> int:
        """As many as the recipe says, or as so many rounds of members leave time for; no fewer than moments."""
        planned = self.recipe.epochs or 1
        if self.deadline is None or not self.paces:
            return planned
        left = (self.deadline - time.monotonic()) / max(1.0, rounds)
        return min(planned, max(len(self.moments), int(left / max(self.paces))))

    def reached(self) -> list[int]:
        """The moments that are reached at the end of each stage."""
        return [*self.stages, len(self.moments)]


class Learner:
    """A member under way: it learns in stages, from rows that stay where they are.

    ``learn(m)`` goes on until m moments are kept; where it was ended early, those still missing are where it stands.
    With it, ``rounds`` members of its thread are still to learn.
    """

    rounds = 1.0

    def __init__(self, course: Course, j: int, network: Network, holdout: Holdout, seed: int) -> None:
        self.course, self.j, self.network, self.holdout, self.seed = course, j, network, holdout, seed
        self.snapshots = Snapshots(course.moments, course.rows.X, holdout.held)
        self._data = Data(network, *course.rows, index=holdout.kept)
        self._training: Training | None = None
        self.epochs = course.recipe.epochs or 1
        self._whole: list[Throughout] = []

    @property
    def finished(self) -> str:
        """Why it ended, or has ended for now: "epochs"."""
        return "" if self._training is None else self._training.finished

    @property
    def epochs_done(self) -> int:
        """How many epochs it has learnt."""
        return 0 if self._training is None else len(self._training.history)

    def learn(self, moments: int) -> None:
        """On to the end of so many moments."""
        if self.finished in ("", "epochs"):
            training = self._training = self._training or self._begun()
            epochs = self.snapshots.epochs[moments - 1] - training.clock.epochs
            begun = time.monotonic()
            training.run(self._data, None, epochs=epochs, planned=self.epochs)
            self.course.paces.append((time.monotonic() - begun) / max(1, len(training.history)))
        while len(self.snapshots.kept) < moments:
            self.snapshots.keep(self.network)

    def _begun(self) -> Training:
        X, Y, weight = self.course.rows
        kept, held = self.holdout
        recipe = self.course.recipe
        self.epochs = self.course.epochs_in_time(self.rounds)
        self.snapshots.epochs = squeezed(self.snapshots.epochs, self.epochs)
        recipe = recipe.but(batch_size=even(len(kept), recipe.batch_size or len(kept)), epochs=self.epochs)
        if self.course.deadline is not None:
            recipe = recipe.but(max_time=max(self.course.deadline - time.monotonic(), SHORTEST))
        watched = self.course.curves or recipe.early_stopping
        out = Validation(X[held], Y[held], None if weight is None else weight[held]) if watched else None
        self._whole = [Throughout(callback) for callback in self.course.callbacks(self.j)]
        callbacks = [*(whole.heard for whole in self._whole), self.snapshots]
        rng = np.random.default_rng(self.seed)
        return make(self.network, recipe, validation=out, callbacks=callbacks, rng=rng)

    def so_far(self) -> Member:
        """What it has learnt."""
        assert self._training is not None
        thetas, answers = self.snapshots.thetas, self.snapshots.answers
        history = self._training.history.as_dict()
        return Member(self.network, self.holdout, thetas, answers, history, self.finished)

    def end(self) -> None:
        """Tell its callbacks that no stage will follow."""
        for whole in self._whole:
            whole.end(self._training)


class Throughout:
    """A callback of a training in stages: it hears of one beginning and of one end.

    >>> Throughout(print).heard is print
    True
    """

    def __init__(self, callback: Any) -> None:
        self.callback = self.heard = callback
        self._begun = False
        if any(hasattr(callback, name) for name in ("on_start", "on_end")):
            kept = ("on_step", "on_epoch", "next_epoch", "leaves_the_choice")
            methods = {name: getattr(callback, name) for name in kept if hasattr(callback, name)}
            self.heard = SimpleNamespace(on_start=self._start, on_end=lambda training: None, **methods)

    def _start(self, training: Any, data: Any) -> None:
        begun, self._begun = self._begun, True
        if not begun and hasattr(self.callback, "on_start"):
            self.callback.on_start(training, data)

    def end(self, training: Any) -> None:
        """Pass on that no stage will follow."""
        if self._begun and hasattr(self.callback, "on_end"):
            self.callback.on_end(training)


def squeezed(moments: Sequence[int], epochs: int) -> list[int]:
    """As many moments, of fewer epochs; the last is their end.

    >>> squeezed((6, 15, 32), 32), squeezed((6, 15, 32), 8), squeezed((6, 15, 32), 3)
    ([6, 15, 32], [2, 4, 8], [1, 2, 3])
    """
    found: list[int] = []
    for moment in moments:
        found.append(max(round(moment * epochs / moments[-1]), found[-1] + 1 if found else 1))
    return found


def even(n: int, batch: int) -> int:
    """A batch size near the one asked for that cuts n rows into batches of (almost) the same size.

    A last batch of a few rows would make a step as long as the others from next to nothing.

    >>> even(1_000, 300), even(7, 32)
    (334, 7)
    """
    return -(-n // max(1, round(n / batch)))


def moments_of(members: Sequence[Member], n: int) -> list[OutOfFold]:
    """What all members said at each moment of the rows kept out of them."""
    held = [member.holdout.held for member in members]
    return [
        OutOfFold(n, held, [member.answers[m] for member in members]) for m in range(len(members[0].thetas))
    ]
