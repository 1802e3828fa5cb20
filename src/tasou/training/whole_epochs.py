"""Whole epochs in one call of the backend, where nobody looks at single steps: the same numbers, no Python in between.

The backend stops where a number is no longer finite; that step is then taken by the training itself, which finds out
what it was and says so.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends.job import Job, Part, Run
from tasou.formulas.schedules import Clock
from tasou.training.data import Data
from tasou.training.state import Begun

Array = NDArray[Any]

SECONDS_PER_CALL = 0.1
"""how long one call of the backend may take, roughly: Ctrl-C is heard in between"""
WORK_PER_SECOND = 5e8
"""multiplications that a slow machine makes: before an epoch has been timed, its three products are guessed from it"""
WORK_PER_CALL = 1 << 31
"""multiplications of a forward pass that a call of one epoch, or of a part of it, may hold, for the same reason"""
BETWEEN_EPOCHS = {"plateaus", "total_updates", "begin"}
"""hands of the clock that move only where an epoch is closed for a decision"""


class WholeEpochs:
    """A training whose epochs the backend runs.

    ``epochs_per_call`` grows while epochs are short and nothing has to be decided between them: no callback, no
    validation, no rate that changes from epoch to epoch, and a stopping rule that cannot end the training yet.
    """

    def __init__(self, training: Any, data: Data, size: int, run: Run) -> None:
        self.training, self.data, self.size, self.run = training, data, size, run
        self.seconds_per_epoch = 3 * data.n * training.network.theta.size / WORK_PER_SECOND

    @classmethod
    def of(cls, training: Any, data: Data, size: int) -> WholeEpochs | None:
        """The training in the backend's hands; None if it leaves the steps to Python."""
        network, (X, Y, sample_weight) = training.network, data.table
        job = Job(
            layers=network.plan,
            rule=training.optimizer.update,
            state=[vector.theta for vector in training.memory.values()],
            grad=training.gradient.theta,
            weight_decay=training.weight_decay,
            clip_norm=training.clip_norm,
            X=X,
            Y=Y,
            sample_weight=sample_weight,
            batch_size=size,
            order=training.walked(size),
            shuffled=training.order if training.shuffle else None,
            rng=training.rng,
        )
        run = network.backend.take_over(job)
        return None if run is None else cls(training, data, size, run)

    def epochs(self, left: int) -> int:
        """Run some of the epochs that are left, close each of them, and return how many they were."""
        training = self.training
        going_on = training.begun is not None
        n = 1 if going_on else min(left, self._epochs_at_once())
        shuffle = training.shuffle and self.run.shuffles and not going_on
        training.begin_epoch(shuffle=not self.run.shuffles)
        part = self._call(n, shuffle=shuffle)
        ends = self._note_time(part)
        self._close_before(part, ends)
        self._finish(part)
        training.note_epoch()
        training.close_epoch(self.data, last=len(ends) == left)
        return len(ends)

    def _call(self, n: int, *, shuffle: bool) -> Part:
        """The next n epochs, or as much of the one that has begun as a call may hold."""
        training, begin = self.training, self.training.begun.row
        if begin >= self.data.n:
            return Part([0.0], [training.begun.gradient_norm or 0.0], [training.elapsed()], begin, "")
        rates, updates = self._rates(n, begin), training.clock.updates
        return self.run.epochs(n, begin, self._end(begin), rates, updates, shuffle=shuffle)

    def _epochs_at_once(self) -> int:
        training, rule = self.training, self.training.stopping
        alone = training.validation is None
        decided = rule is not None and (rule.restore_best or rule.monitor != "loss")
        if not alone or decided or (training.shuffle and not self.run.shuffles) or self._looks_at():
            return 1
        if self._end(0) < self.data.n:
            return 1
        short = max(1, int(SECONDS_PER_CALL / self.seconds_per_epoch))
        # the rule ends a training after more than `patience` epochs without improvement: not before as many have come
        safe = short if rule is None else min(float(short), rule.patience - rule.stalled + 1)
        unheard = training.callbacks.next_epoch() - len(training.history)
        return max(1, int(min(safe, unheard)))

    def _note_time(self, part: Part) -> list[float]:
        """When the epochs ended, in seconds of training."""
        training = self.training
        before = training.history.seconds[-1] if training.history.seconds else 0.0
        training._seconds = training.elapsed()
        self.seconds_per_epoch = max((training._seconds - before) / len(part.loss), 1e-7)
        late = training._seconds - part.seconds[-1]
        return [seconds + late for seconds in part.seconds]

    def _close_before(self, part: Part, ends: list[float]) -> None:
        """Close all epochs but the last: nothing can have ended the training, and nobody is told."""
        training, n, clock = self.training, len(ends) - 1, self.training.clock
        if n == 0:
            return
        rate, loss = training.rate(), [total / self.data.n for total in part.loss[:-1]]
        training.history.extend(
            loss=loss, lr=[rate] * n, gradient_norm=part.gradient_norm[:-1], seconds=ends[:-1]
        )
        training.clock = clock._replace(
            updates=clock.updates + n * -(-self.data.n // self.size),
            epochs=clock.epochs + n,
            samples=clock.samples + n * self.data.n,
        )
        if training.stopping is not None:
            training.stopping.take(loss)

    def _finish(self, part: Part) -> None:
        """Note what the last epoch came to; where it stopped, take the step it stopped at, and go on behind it."""
        training = self.training
        while True:
            self._advance(part)
            if part.stopped == "theta":
                training.theta_diverged(training.begun.lr)
            elif part.stopped == "loss":
                training.step(self.data.batch(part.row, self.size, training.walked(self.size)))
            diverged = training.divergence and training.on_divergence == "stop"
            if training.begun.row >= self.data.n or diverged:
                return
            part = self._call(1, shuffle=False)

    def _end(self, begin: int) -> int:
        """How far a call goes that begins at this row: to the end of the epoch, if that is not too long."""
        batches = max(1, WORK_PER_CALL // (self.size * self.training.network.theta.size))
        return int(min(self.data.n, begin + batches * self.size))

    def _advance(self, part: Part) -> None:
        """Let clock and epoch go on by the updates that were made, with the rate of the last one."""
        training, clock = self.training, self.training.clock
        row, loss, lr = training.begun[:3]
        updates = -(-(part.row - row) // self.size)
        norm: float | None = training.begun.gradient_norm
        if updates:
            lr = training.rates(clock._replace(updates=clock.updates + updates - 1))
            training.clock = clock._replace(updates=clock.updates + updates)
            norm = part.gradient_norm[-1]
        training.begun = Begun(part.row, loss + part.loss[-1], lr, norm)

    # --- learning rates ----------------------------------------------------------------------------------------------

    def _rates(self, epochs: int, begin: int) -> Array:
        """The rates of the coming updates: one number if the schedule does not look at the updates."""
        rate, clock = self.training.rates, self.training.clock
        if "updates" not in self._looks_at():
            return np.array([rate(clock)])
        n = -(-(self.data.n - begin) // self.size)
        return np.array([rate(Clock(clock.updates + u, *clock[1:])) for u in range(epochs * n)])

    def _looks_at(self) -> set[str]:
        """What the rates depend on that changes while the backend runs."""
        return set(self.training.rates.looks_at(self.training.clock)) - BETWEEN_EPOCHS
