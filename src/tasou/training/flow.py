"""The flow of a training: rows in, forward → loss → backward → update, epoch by epoch (lecture 5.3)."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends.verbs import Random
from tasou.errors import DivergenceError, TasouError
from tasou.formulas.optimizers import Optimizer
from tasou.formulas.schedules import Clock, Schedule
from tasou.messages import Message
from tasou.network import Gradient, Network, Trace
from tasou.training import iterations
from tasou.training.callbacks import Callbacks
from tasou.training.data import Batch, Data
from tasou.training.divergence import Divergence, all_finite, first_non_finite, first_non_finite_parameter
from tasou.training.history import History
from tasou.training.iterations import Verdict
from tasou.training.knobs import check_epochs
from tasou.training.rates import Rate
from tasou.training.state import Begun
from tasou.training.step import Step, length
from tasou.training.stopping import Stopping
from tasou.training.update import Update
from tasou.training.validation import Validation
from tasou.training.whole_epochs import WholeEpochs

NOT_MEASURED = Message(
    "training.not_measured",
    en="stopping monitors {monitor!r}, but no validation data measures it",
    ja="終了条件は {monitor!r} を見ますが、それを測る検証データがありません",
)

Array = NDArray[Any]

OTHER_ROWS = Message(
    "training.other_rows",
    en="these are not the rows of the training that was restored: hand in the same X, Y and sample_weight, or start a "
    "new training of its network",
    ja="復元した学習が使っていた行ではありません。同じ X、Y、sample_weight を渡すか、"
    "このネットワークの学習を新しく始めてください",
)
NO_ROWS = Message(
    "training.no_rows",
    en="this training has not seen any rows yet: call run(X, Y) first",
    ja="この学習はまだデータを受け取っていません。先に run(X, Y) を呼んでください",
)
SMALLEST_RATE = 1e-6
"""a schedule that answers plateaus ends the training instead of going below this rate"""


class Flow:
    """How a `Training <tasou.training.Training>` goes; what it is made of, the training itself says."""

    network: Network
    optimizer: Optimizer
    lr: float
    schedule: Schedule
    warmup: int
    batch_size: int | None
    shuffle: bool
    weight_decay: float
    clip_norm: float | None
    stopping: Stopping | None
    validation: Validation | None
    callbacks: Callbacks
    on_divergence: str
    rng: Random

    def _begin(self) -> None:
        """Where every training begins."""
        self.history = History()
        self.clock = Clock()
        self.rates = Rate(self.lr, self.schedule, self.warmup)
        self.memory = {name: self.network.parameters.like() for name in self.optimizer.state}
        """what the optimizer remembers between updates, by its names (``m``, ``v``)"""
        self.gradient = self.network.parameters.like()
        """the mean gradient of the last update, as it was used"""
        self.order: NDArray[np.intp] | None = None
        """the order in which the rows are walked: their places in the table"""
        self.begun: Begun | None = None
        """the epoch that is under way; None between epochs"""
        self.divergence: Divergence | None = None
        self.verdict: Verdict | None = None
        """what SciPy said of how L-BFGS ended"""
        self.finished = ""
        """why the training ended: "converged", "epochs", "callback", "interrupted", "diverged"; empty while it runs"""
        self._update = Update(
            self.optimizer, self.network.parameters.layout, self.weight_decay, self.clip_norm
        )
        self.ahead: Array | None = None
        """where θ stood when the best epoch's was put back: from there the next run goes on"""
        self._data: Data | None = None
        self._awaited = ""
        self._trace: Trace | None = None
        self._seconds = self._start = 0.0

    # --- the rows, epoch by epoch ------------------------------------------------------------------------------------

    def _iterate(self, X: Any, Y: Any, sample_weight: Any, epochs: int) -> None:
        """The iterations of L-BFGS, each of which is an epoch."""
        check_epochs(epochs)
        data = self._taken_up(X, Y, sample_weight)
        self._start = time.perf_counter() - self._seconds
        self.finished, self.divergence = "", None
        self.callbacks.on_start(self, data)
        iterations.run(self, data, epochs)
        self._put_back_best()

    def note_iteration(self, loss: float) -> None:
        """Write down what an iteration of L-BFGS came to."""
        self._seconds = self.elapsed()
        self.history.extend(loss=[loss], seconds=[self._seconds])
        self.clock = self.clock._replace(updates=self.clock.updates + 1)

    def remember(self, name: str) -> Array:
        """A vector that the optimizer remembers."""
        return self.memory[name].theta

    def diverge(self, where: str) -> None:
        """L-BFGS has left the finite numbers."""
        self.finished = "diverged"
        self.divergence = Divergence(self.clock.updates, self.clock.epochs + 1, where, float("nan"))
        self._tell_divergence()

    def _stream(
        self, X: Any, Y: Any, sample_weight: Any, epochs: int, planned: int | None, *, watched: bool
    ) -> Generator[Step, None, None]:
        """The steps; where nobody watches them, whole epochs in one call if the backend can."""
        check_epochs(epochs)
        data = self._taken_up(X, Y, sample_weight)
        size = min(self.batch_size or data.n, data.n)
        self._start = time.perf_counter() - self._seconds
        self._plan(planned - self.clock.epochs % planned if planned else epochs, size)
        self.finished, self.divergence = "", None
        self.callbacks.on_start(self, data)
        whole = None if watched else WholeEpochs.of(self, data, size)
        not_ours = self.clock.epochs - len(self.history)
        try:
            while epochs > 0 and not self.finished:
                if whole is not None:
                    epochs -= whole.epochs(epochs)
                    continue
                yield from self._epoch(data, size)
                self._seconds = self.elapsed()
                epochs -= 1
                self.note_epoch()
                self.close_epoch(data, last=epochs == 0)
        finally:
            self.history.cut(self.clock.epochs - not_ours)  # an epoch that was interrupted does not count
        self._put_back_best()

    def _taken_up(self, X: Any, Y: Any, sample_weight: Any) -> Data:
        """Go on with the rows as they were walked, if they are the same; else begin with an epoch of these."""
        data = X if isinstance(X, Data) else Data(self.network, X, Y, sample_weight)
        if self._awaited and data.fingerprint != self._awaited:
            raise TasouError(OTHER_ROWS)
        known = self.order is not None and len(self.order) == data.n  # whether it is an order of these rows
        known = known and (bool(self._awaited) or data.lies_like(self._data))
        new = not known
        if self.begun is not None and not self._awaited and data is not self._data:
            new = new or self._data is None or self._data.fingerprint != data.fingerprint
        if new:
            self.begun, self._awaited = None, ""
        if not known:
            self.order = data.as_they_lie()
        self._data = data
        if self.ahead is not None and self.stopping is not None:
            if np.array_equal(self.network.theta, self.stopping.best_theta):  # type: ignore[arg-type]
                self.network.theta = self.ahead
            self.ahead = None
        return data

    def _plan(self, epochs: int, size: int) -> None:
        """Set the end of the schedule; a plan that was carried out gives way to a new one."""
        clock, n = self.clock, self.rows.n
        begin = clock.updates if clock.updates >= clock.total_updates else clock.begin
        made = 0 if self.begun is None else -(-self.begun.row // size)
        total = clock.updates - made + epochs * -(-n // size)
        self.clock = clock._replace(total_updates=total, begin=begin)

    @property
    def rows(self) -> Data:
        """The rows it learns from, or learnt from last."""
        if self._data is None:
            raise TasouError(NO_ROWS)
        return self._data

    @property
    def fingerprint(self) -> str:
        """A digest of the rows it learns from; empty before it has seen any."""
        return self._awaited if self._data is None else self._data.fingerprint

    def await_rows(self, fingerprint: str) -> None:
        """Take no other rows than these from now on."""
        self._awaited, self._data = fingerprint, None
        self._seconds = (self.history.seconds or [0.0])[-1]

    def elapsed(self) -> float:
        """Seconds of training so far."""
        return time.perf_counter() - self._start

    def _epoch(self, data: Data, size: int) -> Iterator[Step]:
        """Walk the data to the end of the epoch."""
        self.begin_epoch(shuffle=True)
        order = self.walked(size)
        while self.begun is not None and self.begun.row < data.n:
            yield self.step(data.batch(self.begun.row, size, order))
            if self.divergence and self.on_divergence == "stop":
                break

    def begin_epoch(self, *, shuffle: bool) -> None:
        """Shuffle the rows, unless an epoch has begun already."""
        if self.begun is None:
            if shuffle and self.shuffle and self.order is not None:
                self.order[:] = self.order[self._permutation(len(self.order))]
            self.begun = Begun()

    def walked(self, size: int) -> NDArray[np.intp] | None:
        """The order of the rows in batches of this size; None: all as they lie, which saves the gather."""
        if self.shuffle and self.order is not None and size < len(self.order):
            return self.order
        return None if self._data is None or self._data.index is None else self._data.as_they_lie()

    def _permutation(self, n: int) -> NDArray[np.intp]:
        """0 … n-1 in a new random order."""
        index = np.arange(n)
        self.rng.shuffle(index)
        return index

    # --- one step --------------------------------------------------------------------------------------------------

    @np.errstate(over="ignore", invalid="ignore")  # what is not finite is told in words, by `Divergence`
    def step(self, batch: Batch) -> Step:
        """Forward → loss → backward → update, on one batch."""
        network, trace = self.network, self._workspace(batch.n)
        network.forward(batch.X, trace, rng=self.rng if network.draws else None)
        loss = network.measure(trace, batch.Y, batch.sample_weight)
        grad = network.backward(trace, batch.Y, batch.sample_weight)
        total, lr = trace.total_weight, self.rate()
        if total > 0:
            loss, _ = network.mean(Gradient(grad.theta, loss, total), into=self.gradient)
        else:
            self.gradient.theta[...] = 0  # a batch of rows that all weigh nothing teaches nothing
        self.clock = self.clock._replace(updates=self.clock.updates + 1)
        step = Step(self.clock.updates, self.clock.epochs + 1, batch, loss, lr, trace, self.gradient)
        if not np.isfinite(loss):
            self._diverged(step)
        if total > 0 and (not self.divergence or self.on_divergence == "ignore"):
            self._move(lr)
            if not all_finite(network.theta):
                self._diverged(step, updated=True)
        if self.begun is not None:
            row, sofar = self.begun[:2]
            self.begun = Begun(row + batch.n, sofar + loss * batch.n, lr)
        if self.callbacks.step_watchers:
            self.callbacks.on_step(self, step)
        return step

    def _workspace(self, n: int) -> Trace:
        if self._trace is None or self._trace.n < n:
            self._trace = Trace(self.network, n)
        return self._trace.first(n)

    def rate(self) -> float:
        """The learning rate of the next update."""
        return self.rates(self.clock)

    def _move(self, lr: float) -> None:
        """θ := θ − step, by the mean gradient."""
        network, memory = self.network, [vector.theta for vector in self.memory.values()]
        t = self.clock.updates
        self._update.make(network.backend, network.theta, self.gradient.theta, memory, t, lr)

    def _diverged(self, step: Step, *, updated: bool = False) -> None:
        if self.divergence is None:
            where = first_non_finite(step.trace, updated=updated)
            self.divergence = Divergence(step.update, step.epoch, where, step.lr)
        self._tell_divergence()

    def theta_diverged(self, lr: float) -> None:
        """The last update, made by the backend, left parameters that are not finite."""
        if self.divergence is None:
            where = first_non_finite_parameter(self.network, self.gradient)
            self.divergence = Divergence(self.clock.updates, self.clock.epochs + 1, where, lr)
        self._tell_divergence()

    def _tell_divergence(self) -> None:
        assert self.divergence is not None
        if self.on_divergence == "raise":
            self.finished, self.begun = "diverged", None
            raise DivergenceError(self.divergence.sentence)

    # --- the end of an epoch ---------------------------------------------------------------------------------------

    def note_epoch(self) -> None:
        """Write down what the epoch came to."""
        begun = self.begun or Begun()
        norm = length(self.gradient.theta) if begun.gradient_norm is None else begun.gradient_norm
        history = self.history
        history.loss.append(begun.loss / self.rows.n)
        history.lr.append(begun.lr)
        history.gradient_norm.append(norm)
        history.seconds.append(self._seconds)

    def close_epoch(self, data: Data, *, last: bool) -> None:
        """Measure, decide whether to go on, tell the callbacks."""
        if self.validation is not None:
            with np.errstate(over="ignore", invalid="ignore"):
                measured = self.validation.measure(self.network)
            self.history.extend(**{name: [value] for name, value in measured.items()})
        clock = self.clock
        self.clock, self.begun = clock._replace(epochs=clock.epochs + 1, samples=clock.samples + data.n), None
        if self.divergence and self.on_divergence == "stop":
            self.finished = "diverged"
        elif self._plateau() and not self._lower_rate():
            self.finished = "converged"
        elif last:
            self.finished = "epochs"
        if self.callbacks.on_epoch(self) and not self.finished:
            self.finished = "callback"

    def _plateau(self) -> bool:
        if self.stopping is None:
            return False
        watched = getattr(self.history, self.stopping.monitor)
        if self.stopping.monitor != "loss" and self.validation is None:
            raise TasouError(NOT_MEASURED, monitor=self.stopping.monitor)
        return self.stopping.plateau(watched[-1], self.network.theta)

    def _lower_rate(self) -> bool:
        """Answer a plateau with a lower rate, if the schedule does that and the rate allows it."""
        if not self.schedule.answers_plateaus or self.history.lr[-1] <= SMALLEST_RATE:
            return False
        self.clock = self.clock._replace(plateaus=self.clock.plateaus + 1)
        if self.stopping is not None:
            self.stopping.restart()
        return True

    def _put_back_best(self) -> None:
        """Put back the best epoch's parameters, and remember where the training stood."""
        if self.stopping is not None and self.stopping.best_theta is not None:
            self.ahead = self.network.theta.copy()
            self.stopping.restore(self.network)
