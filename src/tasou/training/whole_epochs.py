"""Whole epochs in one call of the backend, where nobody looks at single steps: the same numbers, no Python in between.

The backend stops where a number is no longer finite; that step is then taken by the training itself, which finds out
what it was and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends.job import Job, Part, Run
from tasou.formulas.schedules import Clock
from tasou.network import Parameters
from tasou.training.data import Data

if TYPE_CHECKING:
    from tasou.training.training import Training

Array = NDArray[Any]

SECONDS_PER_CALL = 0.1
"""how long one call of the backend may take, roughly: Ctrl-C is heard in between"""
WORK_PER_SECOND = 5e8
"""multiplications that a slow machine makes: before an epoch has been timed, its three products are guessed from it"""
WORK_PER_CALL = 1 << 31
"""multiplications of a forward pass that a call of one epoch, or of a part of it, may hold, for the same reason"""


class WholeEpochs:
    """A training whose epochs the backend runs.

    ``epochs_per_call`` grows while epochs are short and nothing has to be decided between them: no callback, no
    validation, no rate that changes from epoch to epoch, and a stopping rule that cannot end the training yet.
    """

    def __init__(
        self, training: Training, data: Data, size: int, order: NDArray[np.intp], run: Run, grad: Parameters
    ) -> None:
        self.training, self.data, self.size, self.order, self.run = training, data, size, order, run
        self.grad = grad
        self.seconds_per_epoch = 3 * data.n * training.network.theta.size / WORK_PER_SECOND
        self._last_rate = training.lr

    @classmethod
    def of(cls, training: Training, data: Data, size: int, order: NDArray[np.intp]) -> WholeEpochs | None:
        """The training in the backend's hands; None if it leaves the steps to Python."""
        network = training.network
        grad = network.parameters.like()
        job = Job(
            layers=network.plan,
            rule=training.optimizer.update,
            state=[vector.theta for vector in training.state.values()],
            grad=grad.theta,
            weight_decay=training.weight_decay,
            clip_norm=training.clip_norm,
            X=data.X,
            Y=data.Y,
            sample_weight=data.sample_weight,
            batch_size=size,
            order=order if training.shuffle and size < data.n else None,
            shuffled=order if training.shuffle else None,
            rng=training.rng,
        )
        run = network.backend.take_over(job)
        return None if run is None else cls(training, data, size, order, run, grad)

    def epochs(self, left: int) -> int:
        """Run some of the epochs that are left, close each of them, and return how many they were."""
        training, shuffles = self.training, self.training.shuffle
        n = min(left, self._epochs_at_once())
        if shuffles and not self.run.shuffles:
            self.order[:] = self.order[training.permutation(self.data.n)]
        rates = self._rates(n, 0)
        part = self.run.epochs(
            n, 0, self._end(0), rates, training.clock.updates, shuffle=shuffles and self.run.shuffles
        )
        ends = self._note_time(part)
        self._close_before(part, ends)
        self._finish(part)
        training.close_epoch(self.data, last=len(ends) == left)
        return len(ends)

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
        training, total, begin = self.training, 0.0, 0
        while True:
            made = -(-(part.row - begin) // self.size)
            self._advance(made)
            total += part.loss[-1]
            norm, begin = part.gradient_norm[-1], part.row
            if part.stopped == "theta":
                training.theta_diverged(self._last_rate, self.grad)
            elif part.stopped == "loss":
                step = training.step(self.data.batch(begin, self.size, self._walked))
                self._last_rate, norm = step.lr, step.gradient_norm
                total += step.loss * step.batch.n
                begin += step.batch.n
            if begin >= self.data.n or (training.divergence and training.on_divergence == "stop"):
                break
            rates, updates = self._rates(1, begin), training.clock.updates
            part = self.run.epochs(1, begin, self._end(begin), rates, updates, shuffle=False)
        training.note_epoch(total / self.data.n, self._last_rate, norm)

    def _end(self, begin: int) -> int:
        """How far a call goes that begins at this row: to the end of the epoch, if that is not too long."""
        batches = max(1, WORK_PER_CALL // (self.size * self.training.network.theta.size))
        return min(self.data.n, begin + batches * self.size)

    @property
    def _walked(self) -> NDArray[np.intp] | None:
        return self.order if self.training.shuffle and self.size < self.data.n else None

    def _advance(self, updates: int) -> None:
        """Let the clock go on by so many updates; keep the rate of the last one."""
        clock = self.training.clock
        if updates:
            self.training.clock = clock._replace(updates=clock.updates + updates - 1)
            self._last_rate = self.training.rate()
            self.training.clock = clock._replace(updates=clock.updates + updates)

    # --- learning rates ----------------------------------------------------------------------------------------------

    def _rates(self, epochs: int, begin: int) -> Array:
        """The rates of the coming updates: one number if the schedule does not look at the updates."""
        training, clock = self.training, self.training.clock
        if "updates" not in self._looks_at():
            return np.array([training.rate()])
        n = -(-(self.data.n - begin) // self.size)
        rates = []
        for u in range(epochs * n):
            training.clock = clock._replace(updates=clock.updates + u)
            rates.append(training.rate())
        training.clock = clock
        return np.array(rates)

    def _looks_at(self) -> set[str]:
        """What of the clock the rate depends on, found by watching the schedule read it."""
        training = self.training
        if training.clock.updates < training.warmup:
            return {"updates"}
        seen: set[str] = set()
        training.schedule.rate(training.lr, _Watched(training.clock, seen))
        return seen - {"plateaus", "total_updates", "begin"}


class _Watched:
    """A clock that notes which of its hands are read."""

    def __init__(self, clock: Clock, seen: set[str]) -> None:
        self._clock, self._seen = clock, seen

    def __getattr__(self, name: str) -> Any:
        self._seen.add(name)
        return getattr(self._clock, name)
