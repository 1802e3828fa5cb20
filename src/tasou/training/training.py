"""The training flow: forward → loss → backward → update, step by step, until the loss has converged (lecture 5.3)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tasou.errors import DivergenceError, TasouError
from tasou.formulas import penalties
from tasou.formulas import schedules as schedule_family
from tasou.formulas.optimizers import Optimizer
from tasou.formulas.schedules import Clock, Schedule, warm
from tasou.messages import Message
from tasou.network import Network, Parameters, Trace
from tasou.network.dense import Random
from tasou.training import faces, iterations
from tasou.training.callbacks import Callbacks
from tasou.training.data import Batch, Data
from tasou.training.divergence import Divergence, all_finite, first_non_finite, first_non_finite_parameter
from tasou.training.history import History
from tasou.training.iterations import LBFGS, Verdict, optimizer_of
from tasou.training.stopping import Stopping
from tasou.training.validation import Validation
from tasou.training.whole_epochs import WholeEpochs

Array = NDArray[Any]

NO_PLATEAUS = Message(
    "training.no_plateaus",
    en="the schedule {schedule!r} lowers the rate when a stopping rule sees no improvement, and there is no such rule "
    "(early stopping needs rows to validate on)",
    ja="スケジュール {schedule!r} は停止規則が改善なしと判断したときに学習率を下げますが、停止規則がありません"
    "（早期終了には検証用の行が必要です）",
)
NOT_BY_LBFGS = Message(
    "training.not_by_lbfgs",
    en="{name} means nothing to L-BFGS, which takes all rows at once and chooses its steps itself: leave it out",
    ja="L-BFGS は全行を一度に使い、歩幅も自分で決めるので、{name} は意味を持ちません。指定しないでください",
)
SMALLEST_RATE = 1e-6
"""a schedule that answers plateaus ends the training instead of going below this rate"""


def length(v: Array) -> float:
    """‖v‖, without overflow where ‖v‖ itself is finite."""
    top = float(np.abs(v).max())
    return top * float(np.linalg.norm(v / top)) if 0 < top < np.inf else top


@dataclass(frozen=True)
class Step:
    """One update, as it was made: the record in the trace is the step's own working memory, valid until the next.

    >>> from tasou.network import Network
    >>> training = Training(Network((2, 3, 2), rng=0), lr=0.1)
    >>> [step.update for step in training.steps([[0.0, 1], [1, 0]], [0, 1], epochs=3)]
    [1, 2, 3]
    """

    update: int
    """which update this is, from 1"""
    epoch: int
    """the epoch it belongs to, from 1"""
    batch: Batch
    loss: float
    """mean loss of the batch with penalty, before the update"""
    lr: float
    trace: Trace
    """every z, a, δ before the update; ``trace.grad`` holds the mean gradient the update used"""

    @property
    def gradient_norm(self) -> float:
        """The length ‖∇‖ of the mean gradient."""
        return length(self.trace.grad.theta)


class Training:
    """A training run that can be watched step by step, interrupted and continued.

    Parameters
    ----------
    network
        what learns; its parameters are updated in place
    optimizer, lr
        a name or an `Optimizer`, and the learning rate α (by default the optimizer's usual one)
    schedule, warmup
        how lr changes: a name or a `Schedule`; and the number of updates over which it first grows from zero
    batch_size
        rows per update: None for the full batch, 1 for single samples
    shuffle
        whether each epoch walks the rows in a new random order
    weight_decay
        decoupled shrinking of the weights by lr · weight_decay per update (the optimizer's own by default)
    clip_norm
        longest gradient used: a longer one is shortened to it
    stopping
        when to end before the planned epochs, or None
    validation
        rows kept out of training, and what is measured on them
    callbacks
        functions called after each epoch (or objects with ``on_epoch``, ``on_step``); returning True ends training
    on_divergence
        "raise" a `DivergenceError` at the step where a value is no longer finite; "stop" there quietly, the report
        in ``training.divergence``; "ignore" goes on
    rng
        where shuffles and dropout come from: a seed, a `numpy.random.Generator` or a `numpy.random.RandomState`

    Examples
    --------
    >>> import numpy as np
    >>> network = Network((2, 8, 2), "tanh", rng=1)
    >>> X, labels = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    >>> history = Training(network, lr=0.5, rng=1).run(X, labels, epochs=400)
    >>> network.predict(X).argmax(axis=1)
    array([0, 1, 1, 0])
    """

    def __init__(
        self,
        network: Network,
        *,
        optimizer: str | Optimizer = "sgd",
        lr: float | None = None,
        schedule: str | Schedule = "constant",
        warmup: int = 0,
        batch_size: int | None = None,
        shuffle: bool = True,
        weight_decay: float | None = None,
        clip_norm: float | None = None,
        stopping: Stopping | None = None,
        validation: Validation | None = None,
        callbacks: Iterable[Any] = (),
        on_divergence: Literal["raise", "stop", "ignore"] = "raise",
        rng: int | Random | None = None,
    ) -> None:
        self.network = network
        faces.check(lr=lr, warmup=warmup, batch_size=batch_size, weight_decay=weight_decay)
        faces.check(clip_norm=clip_norm, on_divergence=on_divergence)
        self.optimizer = optimizer_of(optimizer)
        self.lr = float(self.optimizer.lr if lr is None else lr)
        self.schedule, self.warmup = schedule_family.get(schedule), warmup
        self.batch_size, self.shuffle = batch_size, shuffle
        self.weight_decay = self.optimizer.weight_decay if weight_decay is None else float(weight_decay)
        self.clip_norm, self.stopping, self.validation = clip_norm, stopping, validation
        self.callbacks = Callbacks(callbacks)
        self.on_divergence = on_divergence
        self.rng = rng if isinstance(rng, Random) else np.random.default_rng(rng)
        self._check_together(lr)

        self.history = History()
        self.clock = Clock()
        self.state = {name: network.parameters.like() for name in self.optimizer.state}
        self.divergence: Divergence | None = None
        self.verdict: Verdict | None = None
        """what SciPy said of how L-BFGS ended"""
        self.finished = ""
        """why the training ended: "converged", "epochs", "callback", "interrupted", "diverged"; empty while it runs"""
        self._trace: Trace | None = None
        self._seconds = self._start = 0.0

    def _check_together(self, lr: float | None) -> None:
        """What no setting can be blamed for alone."""
        if self.schedule.answers_plateaus and self.stopping is None:
            raise TasouError(NO_PLATEAUS, schedule=self.schedule.name)
        if self.optimizer.name == LBFGS.name:
            given = {
                "lr": lr,
                "schedule": self.schedule.name != "constant",
                "warmup": self.warmup,
                "batch_size": self.batch_size,
                "weight_decay": self.weight_decay,
                "clip_norm": self.clip_norm,
            }
            for name, value in given.items():
                if value:
                    raise TasouError(NOT_BY_LBFGS, name=name)

    # --- running -------------------------------------------------------------------------------------------------

    def run(
        self, X: Any, Y: Any, sample_weight: Any = None, *, epochs: int = 100, planned: int | None = None
    ) -> History:
        """Train for up to ``epochs`` more epochs; Ctrl-C ends the training and keeps what was learnt.

        A schedule that looks at the end (cosine) reaches it with the last of these epochs. If the run before broke off
        early, the schedule goes on where it stood, what was left of it laid over the new epochs; if it came to its end,
        the schedule starts anew (a warm restart). ``planned`` is for a training that comes in pieces: over how many
        epochs the schedule is laid, of which this call makes some.

        Raises
        ------
        DivergenceError
            a value is no longer finite (see ``on_divergence``)
        ShapeError, TasouError
            data that does not fit the network
        """
        try:
            if self.optimizer.name == LBFGS.name:
                self._iterate(X, Y, sample_weight, epochs)
                return self.history
            watched = bool(self.callbacks.step_watchers)
            for _ in self._stream(X, Y, sample_weight, epochs, planned, watched=watched):
                pass
        except KeyboardInterrupt:
            self.finished = "interrupted"
            self._restore_best()
        finally:
            self.callbacks.on_end(self)
        return self.history

    def steps(self, X: Any, Y: Any, sample_weight: Any = None, *, epochs: int = 100) -> Iterator[Step]:
        """The training as a stream: one `Step` after each update; who leaves it keeps the parameters of that step."""
        try:
            yield from self._stream(X, Y, sample_weight, epochs, watched=True)
        except GeneratorExit:
            self.finished = "interrupted"
            raise
        finally:
            self.callbacks.on_end(self)

    def _iterate(self, X: Any, Y: Any, sample_weight: Any, epochs: int) -> None:
        """The iterations of L-BFGS, each of which is an epoch."""
        data = X if isinstance(X, Data) else Data(self.network, X, Y, sample_weight)
        self._start = time.perf_counter() - self._seconds
        self.finished, self.divergence = "", None
        self.callbacks.on_start(self, data)
        iterations.run(self, data, epochs)
        self._restore_best()

    def note_iteration(self, loss: float) -> None:
        """Write down what an iteration of L-BFGS came to."""
        self.history.loss.append(loss)
        self._seconds = self.elapsed()
        self.clock = self.clock._replace(updates=self.clock.updates + 1)

    def remember(self, name: str) -> Array:
        """A vector that the optimizer remembers."""
        return self.state[name].theta

    def diverge(self, where: str) -> None:
        """L-BFGS has left the finite numbers."""
        self.finished = "diverged"
        self.divergence = Divergence(self.clock.updates, self.clock.epochs, where, self.lr)
        self._tell_divergence()

    def _stream(
        self, X: Any, Y: Any, sample_weight: Any, epochs: int, planned: int | None = None, *, watched: bool
    ) -> Iterator[Step]:
        """The steps; where nobody watches them, whole epochs in one call if the backend can."""
        data = X if isinstance(X, Data) else Data(self.network, X, Y, sample_weight)
        size = min(self.batch_size or data.n, data.n)
        order = np.arange(data.n)
        self._start = time.perf_counter() - self._seconds
        self._plan(planned - self.clock.epochs % planned if planned else epochs, -(-data.n // size))
        self.finished, self.divergence = "", None
        self.callbacks.on_start(self, data)
        whole = None if watched else WholeEpochs.of(self, data, size, order)
        not_ours = self.clock.epochs - len(self.history)
        try:
            while epochs > 0 and not self.finished:
                if whole is not None:
                    epochs -= whole.epochs(epochs)
                    continue
                yield from self._epoch(data, size, order)
                self._seconds = self.elapsed()
                epochs -= 1
                self.close_epoch(data, last=epochs == 0)
        finally:
            self.history.cut(self.clock.epochs - not_ours)  # an epoch that was interrupted does not count
        self._restore_best()

    def _plan(self, epochs: int, updates_per_epoch: int) -> None:
        """Set the end of the schedule; a plan that was carried out gives way to a new one."""
        clock = self.clock
        begin = clock.updates if clock.updates >= clock.total_updates else clock.begin
        total = clock.updates + epochs * updates_per_epoch
        self.clock = clock._replace(total_updates=total, begin=begin)

    def elapsed(self) -> float:
        """Seconds of training so far."""
        return time.perf_counter() - self._start

    def _epoch(self, data: Data, size: int, order: NDArray[np.intp]) -> Iterator[Step]:
        """Walk the data once; note the mean loss and the last step's rate and gradient."""
        whole = size == data.n  # the order of rows inside one sum does not matter, and the gather is saved
        if self.shuffle:
            order[:] = order[self.permutation(data.n)]
        total = 0.0
        for batch in data.batches(size, order if self.shuffle and not whole else None):
            step = self.step(batch)
            total += step.loss * batch.n
            yield step
            if self.divergence and self.on_divergence == "stop":
                break
        self.note_epoch(total / data.n, step.lr, step.gradient_norm)

    def note_epoch(self, loss: float, lr: float, gradient_norm: float) -> None:
        """Write down what an epoch came to."""
        self.history.loss.append(loss)
        self.history.lr.append(lr)
        self.history.gradient_norm.append(gradient_norm)

    def permutation(self, n: int) -> NDArray[np.intp]:
        """0 … n-1 in a new random order."""
        index = np.arange(n)
        self.rng.shuffle(index)
        return index

    # --- one step --------------------------------------------------------------------------------------------------

    @np.errstate(over="ignore", invalid="ignore")  # what is not finite is told in words, by `Divergence`
    def step(self, batch: Batch) -> Step:
        """Forward → loss → backward → update, on one batch."""
        trace = self._workspace(batch.n)
        self.network.forward(batch.X, trace, rng=self.rng if any(self.network.dropout) else None)
        loss = self.network.measure(trace, batch.Y, batch.sample_weight)
        grad = self.network.backward(trace, batch.Y, batch.sample_weight)
        total = trace.total_weight
        lr = self.rate()
        if total > 0:
            loss = (loss + self.network.penalty()) / total
        self.clock = self.clock._replace(updates=self.clock.updates + 1)
        step = Step(self.clock.updates, self.clock.epochs + 1, batch, loss, lr, trace)
        if not np.isfinite(loss):
            self._diverged(step)
        if total > 0 and (not self.divergence or self.on_divergence == "ignore"):
            self._update(grad, total, lr)  # (a batch of rows that all weigh nothing teaches nothing)
            if not all_finite(self.network.theta):
                self._diverged(step, updated=True)
        if self.callbacks.step_watchers:
            self.callbacks.on_step(self, step)
        return step

    def _workspace(self, n: int) -> Trace:
        if self._trace is None or self._trace.n < n:
            self._trace = Trace(self.network, n)
        return self._trace.first(n)

    def rate(self) -> float:
        """The learning rate of the next update: warm-up first, then the schedule over what remains."""
        if self.clock.updates < self.warmup:
            return warm(self.lr, self.clock, self.warmup)
        clock = self.clock
        if self.warmup:
            clock = clock._replace(
                updates=clock.updates - self.warmup,
                total_updates=max(1, clock.total_updates - self.warmup),
                begin=max(0, clock.begin - self.warmup),
            )
        return self.schedule.rate(self.lr, clock)

    def _update(self, grad: Parameters, total_weight: float, lr: float) -> None:
        """θ := θ − step, from the mean gradient: the sum over the batch, penalty included, over its weight."""
        self.network.add_penalty(grad)
        if total_weight != 1:
            grad.theta /= total_weight
        if self.clip_norm is not None:
            grad.theta *= penalties.clip_scale(length(grad.theta), self.clip_norm)
        if self.weight_decay:
            W = self.network.parameters.weights
            W[...] = penalties.decay(W, lr, self.weight_decay)
        state = [vector.theta for vector in self.state.values()]
        t = self.clock.updates
        self.network.backend.update(self.optimizer.update, self.network.theta, grad.theta, state, t, lr)

    def _diverged(self, step: Step, *, updated: bool = False) -> None:
        if self.divergence is None:
            where = first_non_finite(step.trace, updated=updated)
            self.divergence = Divergence(step.update, step.epoch, where, step.lr)
        self._tell_divergence()

    def theta_diverged(self, lr: float, grad: Parameters) -> None:
        """The last update, made by the backend, left parameters that are not finite."""
        if self.divergence is None:
            where = first_non_finite_parameter(self.network, grad)
            self.divergence = Divergence(self.clock.updates, self.clock.epochs + 1, where, lr)
        self._tell_divergence()

    def _tell_divergence(self) -> None:
        assert self.divergence is not None
        if self.on_divergence == "raise":
            self.finished = "diverged"
            raise DivergenceError(self.divergence.text("en"))

    # --- the end of an epoch ---------------------------------------------------------------------------------------

    def close_epoch(self, data: Data, *, last: bool) -> None:
        """Measure, decide whether to go on, tell the callbacks."""
        self.history.seconds.append(self._seconds)
        if self.validation is not None:
            with np.errstate(over="ignore", invalid="ignore"):
                measured = self.validation.measure(self.network)
            for name, value in measured.items():
                getattr(self.history, name).append(value)
        clock = self.clock
        self.clock = clock._replace(epochs=clock.epochs + 1, samples=clock.samples + data.n)
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
        if not watched:
            raise TasouError(
                f"stopping monitors {self.stopping.monitor!r}, but no validation data measures it"
            )
        return self.stopping.plateau(watched[-1], self.network.theta)

    def _lower_rate(self) -> bool:
        """Answer a plateau with a lower rate, if the schedule does that and the rate allows it."""
        if not self.schedule.answers_plateaus or self.history.lr[-1] <= SMALLEST_RATE:
            return False
        self.clock = self.clock._replace(plateaus=self.clock.plateaus + 1)
        if self.stopping is not None:
            self.stopping.restart()
        return True

    def _restore_best(self) -> None:
        if self.stopping is not None:
            self.stopping.restore(self.network)
