"""A run: a training that can be walked forward by samples, batches and epochs, and gone back to any of its steps.

Every update is made by the engine's own step, one by one, so that the way to a step never matters: played, stepped,
or replayed from a keyframe, the same bits come out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.play import keyframes
from tasou.play.curves import Curves
from tasou.play.iterates import Iterates, check_walkable
from tasou.play.keyframes import Keyframes
from tasou.play.rows import Rows
from tasou.play.scoring import classes_of, score_of
from tasou.play.setup import Setup, measured
from tasou.training import State, Step
from tasou.training.data import Batch, Data
from tasou.training.divergence import Divergence
from tasou.training.iterations import is_lbfgs
from tasou.training.rates import Rate

Array = NDArray[Any]
Unit = Literal["batch", "epoch"]

RATE = Message(
    "play.rate",
    en="the learning rate must be a number above 0, not {lr!r}",
    ja="学習率は0より大きい数にしてください（{lr!r} は使えません）",
)
APART = 0.04
"""seconds of training between two keyframes, and so about the longest way from one to any step"""


class Run:
    """One training with its past.

    >>> from tasou.play.made import make
    >>> setup = Setup.read({"recipe": {"epochs": 20}})
    >>> run = Run(setup, make(setup.data))
    >>> run.forward(5, "epoch")
    >>> theta = run.network.theta.copy()
    >>> run.forward(3, "epoch"); run.seek(5)
    >>> bool((run.network.theta == theta).all())
    True
    """

    def __init__(self, setup: Setup, rows: Rows, *, name: str = "A") -> None:
        self.setup, self.rows, self.name = setup, rows, name
        self.network = setup.network(rows)
        self.classifies = rows.task == "classification"
        self.held_truth = rows.held_y[measured(self.network, rows)]
        """the answers of the rows held back, as far as they are measured"""
        self._score = score_of(self.network, self.held_truth) if self.classifies else None
        self.training = setup.training(self.network, rows, self._score)
        self.data = Data(self.network, rows.X, rows.targets(self.network.loss, rows.y))
        self.truth = rows.y if self.classifies else None
        self.curves, self.frames = Curves(), Keyframes()
        self.rates: list[tuple[int, float]] = [(0, self.training.lr)]
        """the learning rates that were set, each with the update before which it was"""
        self.end = 0
        """the furthest update made"""
        self.by_hand: dict[int, tuple[float, float]] = {}
        """parameters that were set by hand where the run begins: what they were, and what they became"""
        self.parent: tuple[str, int] | None = None
        """the run it branched off, and at which update"""
        self.diverged: Divergence | None = None
        """how it left the finite numbers, if it did; the run ends at the step before"""
        self.counted = (0, 0)
        """rows that were right, and rows seen, in the epoch under way"""
        self._since = 0.0
        self.training.run(self.data, None, epochs=0, planned=self.planned)
        self.frames.add(keyframes.state_of(self.training))
        self.iterates: Iterates | None = None
        """the way of L-BFGS, which is walked iteration by iteration"""
        if is_lbfgs(self.training.optimizer):
            check_walkable(self.network, self.data.n)
            self.iterate_from(keyframes.state_of(self.training))

    # --- where it stands ---------------------------------------------------------------------------------------------

    @property
    def update(self) -> int:
        """Updates made so far."""
        return self.training.clock.updates

    @property
    def epoch(self) -> int:
        """Epochs done so far."""
        return self.training.clock.epochs

    @property
    def row(self) -> int:
        """Rows walked in the epoch under way."""
        return 0 if self.training.begun is None else self.training.begun.row

    @property
    def batch_size(self) -> int:
        """Rows per update."""
        size = None if self.whole else self.training.batch_size
        return min(size or self.data.n, self.data.n)

    @property
    def whole(self) -> bool:
        """Whether all rows are always taken at once, because L-BFGS learns."""
        return is_lbfgs(self.training.optimizer)

    @property
    def per_epoch(self) -> int:
        """Updates per epoch."""
        return -(-self.data.n // self.batch_size)

    @property
    def planned(self) -> int:
        """Epochs over which a schedule is laid."""
        return int(self.setup.recipe.get("epochs") or 100)

    # --- forward -----------------------------------------------------------------------------------------------------

    def forward(self, n: int = 1, unit: Unit = "batch", until: Callable[[], bool] = lambda: False) -> None:
        """Make n more updates, or walk n epochs to their end; ``until`` is asked after each update, and ends it."""
        if self.iterates is not None:
            return self._iterate(self.iterates, n, until)
        goal, left, ended = self.epoch + n, n, False
        while self._goes_on and not ended and (self.epoch < goal if unit == "epoch" else left > 0):
            with closing(self._steps()) as steps:
                for _ in steps:
                    left -= 1
                    ended = until()
                    if (ended or (unit == "batch" and left <= 0)) and not self._at_last_row:
                        break
            ended = ended or self.training.finished == "converged"
        if self.training.divergence is not None:
            self._stand_before(self.training.divergence)

    def _steps(self) -> Generator[Step, None, None]:
        """The updates up to the end of the epoch, with keyframes, and the learning rates that were set on the way."""
        epoch, start = self.epoch, time.perf_counter()
        stream: Any = self.training.steps(self.data, None, epochs=1, planned=self.planned)
        with closing(stream):
            for step in stream:
                self._count(step)
                self.set_to_rate()
                self._keep_now_and_then(time.perf_counter() - start)
                yield step
                start = time.perf_counter()
        if self.epoch > epoch and self.training.divergence is None:
            self._note()
            self._keep_now_and_then(time.perf_counter() - start)

    @property
    def _at_last_row(self) -> bool:
        """Whether the epoch's updates are made, and it has only to be closed."""
        return self.row >= self.data.n

    @property
    def _goes_on(self) -> bool:
        return not self.over and self.training.divergence is None

    @property
    def over(self) -> bool:
        """Whether no more steps can be made from here: the numbers would no longer be finite."""
        return self.diverged is not None and self.update >= self.end

    def _keep_now_and_then(self, seconds: float) -> None:
        """A keyframe where the last one is some training away."""
        self._since += seconds
        if self.training.divergence is None:
            self.end = max(self.end, self.update)
            if self._since > APART and not self._at_last_row:
                self.frames.add(keyframes.state_of(self.training), self.counted)
                self._since = 0.0

    def _count(self, step: Step) -> None:
        """Which rows of the batch were right, before its update."""
        if self.truth is not None:
            found = classes_of(self.network, step.trace.y_hat)
            right, seen = self.counted
            self.counted = (
                right + int((found == self.truth[step.batch.index]).sum()),
                seen + step.batch.n,
            )

    def _note(self) -> None:
        """Write the epoch that has ended into the curves."""
        self._note_epoch(self.epoch, self.training.history.last())

    def _note_epoch(self, epoch: int, last: dict[str, float]) -> None:
        if self.classifies:
            last["accuracy"] = self.counted[0] / max(1, self.counted[1])
            if "validation_score" in last:
                last["validation_accuracy"] = last["validation_score"]
        self.curves.add(epoch, last)
        self.counted = (0, 0)

    def _stand_before(self, divergence: Divergence) -> None:
        """The numbers have left the finite ones: stay at the last step where they had not."""
        self.diverged = divergence
        self.end = divergence.update - 1
        self.seek(self.end)

    # --- iteration by iteration ---------------------------------------------------------------------------------------

    def iterate_from(self, state: State) -> None:
        """Let L-BFGS walk on from here, by a training that nobody else touches."""
        network = self.setup.network(self.rows)
        training = self.setup.training(network, self.rows, self._score)
        training.restore(state)
        training.history = self.curves.history(state.clock.epochs)
        self.iterates = Iterates(training, self.data)
        self.iterates.kept_by(self)

    def _iterate(self, way: Iterates, n: int, until: Callable[[], bool]) -> None:
        """Make n more iterations, each of which is an update and an epoch."""
        for _ in range(n):
            if not way.reach(self.update + 1):
                self.diverged = way.training.divergence
                self.training.finished = "diverged" if self.diverged else "converged"
                break
            state, last = way.at(self.update + 1)
            self.training.restore(state)
            self.end = max(self.end, self.update)
            if self.truth is not None:  # with the weights that it came to
                found = classes_of(self.network, self.network.predict(self.data.X))
                self.counted = (int((found == self.truth).sum()), self.data.n)
            self._note_epoch(self.epoch, dict(last))
            if until():
                break

    def preview(self, grad: Array) -> Array:
        """θ after the next update, of which this is the mean gradient; of L-BFGS after its next iteration."""
        if self.iterates is None:
            return self.training.preview(grad)
        self.iterates.reach(self.update + 1)
        found: Array = self.iterates.at(self.update + 1).state.theta
        return found

    # --- anywhere ----------------------------------------------------------------------------------------------------

    def seek(self, update: int) -> None:
        """Go to a step that was made: the same bits as then."""
        update = max(0, min(update, self.end))
        if self.iterates is not None:
            self.training.restore(self.iterates.at(update).state)
            return
        state, counted = self.frames.before(update)
        if not state.clock.updates <= self.update <= update or self.training.divergence is not None:
            self.training.restore(state)
            self.counted = counted
            self.set_to_rate()
        if update > self.update:
            self.forward(update - self.update, "batch")

    def seek_epoch(self, epoch: int) -> None:
        """Go to the end of an epoch."""
        self.seek(epoch * self.per_epoch)

    def rewind(self) -> None:
        """To the beginning, with the same weights."""
        self.seek(0)

    # --- the learning rate is live -----------------------------------------------------------------------------------

    def set_rate(self, lr: float) -> None:
        """Learn on at this rate from here."""
        if not isinstance(lr, int | float) or isinstance(lr, bool) or not (0 < lr < 1e9):
            raise TasouError(RATE, lr=lr)
        if self.update == 0:
            self.setup = self.setup.but({"lr": float(lr)})
        earlier = [(at, rate) for at, rate in self.rates if at < self.update]
        self.rates = [*earlier, (self.update, float(lr))]
        self.set_to_rate()

    def set_to_rate(self) -> None:
        """Learn at the rate that was set for the step where the run stands."""
        lr = next(rate for at, rate in reversed(self.rates) if at <= self.update)
        if lr != self.training.lr:
            self.training.lr = lr
            self.training.rates = Rate(lr, self.training.schedule, self.training.warmup)

    @property
    def lr(self) -> float:
        """The learning rate of the next update, as the schedule has it."""
        return float(self.training.rate())

    # --- branches ----------------------------------------------------------------------------------------------------

    def branch(self, changes: Mapping[str, Any], rows: Rows, name: str, theta: Array | None = None) -> Run:
        """Another run that shares the past up to here and goes on with changed settings, or with these parameters.

        Where the settings ask for another network or other data, there is nothing to share: it begins at step 0, with
        the same seed.
        """
        setup = self.setup.but(changes)
        run = Run(setup, rows, name=name)
        if not setup.keeps_weights(self.setup) or not self.update:
            return run
        run.by_hand = dict(self.by_hand)
        state = keyframes.state_of(self.training)
        if theta is not None:
            state = state._replace(theta=theta)
        if run.whole:  # it begins where it stands
            clock = state.clock._replace(begin=state.clock.updates)
            state = state._replace(memory={"begin": state.theta}, clock=clock, begun=None)
        if set(state.memory) != set(run.training.memory):
            fresh = {name: np.zeros_like(vector.theta) for name, vector in run.training.memory.items()}
            state = state._replace(memory=fresh)
        if run.batch_size != self.batch_size and state.begun is not None:
            state = state._replace(begun=None)
        if (state.stopping is None) != (run.training.stopping is None):
            state = state._replace(
                stopping=None if run.training.stopping is None else run.training.stopping.seen()
            )
        run.training.restore(state)
        run.rates = [(0, run.training.lr)] if "lr" in changes else list(self.rates)
        run.set_to_rate()
        run.counted = self.counted
        run.curves = self.curves.upto(self.epoch)
        run.frames = Keyframes()
        run.frames.add(keyframes.state_of(run.training))
        if run.whole:
            run.iterate_from(keyframes.state_of(run.training))
        run.end, run.parent = self.update, (self.name, self.update)
        return run

    # --- the coming batch --------------------------------------------------------------------------------------------

    def coming(self) -> Batch:
        """The rows of the next update; the epoch is begun for it, which changes nothing of what comes."""
        training = self.training
        if self.whole:
            return self.data.batch(0, self.data.n, None)
        training.begin_epoch(shuffle=True)
        assert training.begun is not None
        order = training.walked(self.batch_size)
        batch = self.data.batch(training.begun.row, self.batch_size, order)
        return Batch(batch.X.copy(), batch.Y.copy(), batch.sample_weight, batch.index)
