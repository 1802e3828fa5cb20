"""The training flow: forward → loss → backward → update, step by step, until the loss has converged (lecture 5.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tasou.backends.processors import limited
from tasou.backends.verbs import Random
from tasou.errors import TasouError
from tasou.formulas import schedules as schedule_family
from tasou.formulas.optimizers import Optimizer
from tasou.formulas.schedules import Schedule
from tasou.messages import Message
from tasou.network import Network
from tasou.shown import fragment
from tasou.training import faces, keeping
from tasou.training.callbacks import Callbacks
from tasou.training.flow import Flow
from tasou.training.history import History
from tasou.training.iterations import LBFGS, optimizer_of
from tasou.training.page import Page
from tasou.training.recipe import Recipe
from tasou.training.state import State
from tasou.training.step import Step
from tasou.training.stopping import Stopping
from tasou.training.validation import Validation

Array = NDArray[Any]

NO_PLATEAUS = Message(
    "training.no_plateaus",
    en="the schedule {schedule!r} lowers the rate when a stopping rule sees no improvement, and there is no such rule "
    "(early stopping needs rows to validate on)",
    ja="スケジュール {schedule!r} は終了条件が改善なしと判断したときに学習率を下げますが、終了条件がありません"
    "（早期終了には検証用の行が必要です）",
)
NOT_BY_LBFGS = Message(
    "training.not_by_lbfgs",
    en="{name} means nothing to L-BFGS, which takes all rows at once and chooses its steps itself: leave it out",
    ja="L-BFGS は全行を一度に使い、歩幅も自分で決めるので、{name} は意味を持ちません。指定しないでください",
)


class Training(Flow):
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
    n_threads
        threads of the native backend, at most (by default what environment and machine allow); no result depends on it
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
        n_threads: int | None = None,
        rng: int | Random | None = None,
    ) -> None:
        self.network = network
        faces.check(lr=lr, warmup=warmup, batch_size=batch_size, weight_decay=weight_decay)
        faces.check(clip_norm=clip_norm, on_divergence=on_divergence, n_threads=n_threads)
        self.optimizer = optimizer_of(optimizer)
        self.lr = float(self.optimizer.lr if lr is None else lr)
        self.schedule, self.warmup = schedule_family.get(schedule), warmup
        self.batch_size, self.shuffle = batch_size, shuffle
        self.weight_decay = self.optimizer.weight_decay if weight_decay is None else float(weight_decay)
        self.clip_norm, self.stopping, self.validation = clip_norm, stopping, validation
        self.callbacks = Callbacks(callbacks)
        self.on_divergence, self.n_threads = on_divergence, n_threads
        self.rng = rng if isinstance(rng, Random) else np.random.default_rng(rng)
        self._check_together(lr)

        self._begin()

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

    def __repr__(self) -> str:
        rows = "all rows" if self.batch_size is None else f"batches of {self.batch_size}"
        done = f"{self.clock.updates} updates, {len(self.history)} epochs"
        return f"Training({self.network!r}, {self.optimizer.label}, lr {self.lr:g}, {rows}: {done} so far)"

    def _repr_html_(self) -> str:
        inside = self.history._repr_html_() if len(self.history) else ""
        return fragment(repr(self), inside)

    # --- running -------------------------------------------------------------------------------------------------

    def run(
        self, X: Any, Y: Any, sample_weight: Any = None, *, epochs: int = 100, planned: int | None = None
    ) -> History:
        """Train for up to ``epochs`` more epochs; Ctrl-C ends the training and keeps what was learnt.

        A run goes on where the last one stood, as if it had not ended: ten epochs are five and five. An epoch that was
        begun is walked to its end first, and is one of the ``epochs`` (with other rows a new one begins).

        A schedule that looks at the end (cosine) reaches it with the last of these epochs. If the run before broke off
        early, the schedule goes on where it stood, what was left of it laid over the new epochs; if it came to its end,
        the schedule starts anew (a warm restart). ``planned`` is for a training that comes in pieces: over how many
        epochs the schedule is laid, of which this call makes some.

        Raises
        ------
        DivergenceError
            a value is no longer finite (see ``on_divergence``)
        ShapeError, TasouError
            data that does not fit the network, or that is not the data of the state that was restored
        """
        try:
            with limited(self.n_threads):
                if self.optimizer.name == LBFGS.name:
                    self._iterate(X, Y, sample_weight, epochs)
                    return self.history
                watched = bool(self.callbacks.step_watchers)
                for _ in self._stream(X, Y, sample_weight, epochs, planned, watched=watched):
                    pass
        except KeyboardInterrupt:
            self.finished = "interrupted"
            self._put_back_best()
        finally:
            self.callbacks.on_end(self)
        return self.history

    def steps(
        self, X: Any, Y: Any, sample_weight: Any = None, *, epochs: int = 100, planned: int | None = None
    ) -> Iterator[Step]:
        """The training as a stream: one `Step` after each update; who leaves it keeps the parameters of that step."""
        try:
            with closing(self._stream(X, Y, sample_weight, epochs, planned, watched=True)) as stream:
                while True:
                    with limited(self.n_threads):  # not while whoever asked for the steps looks at them
                        step = next(stream, None)
                    if step is None:
                        break
                    yield step
        except GeneratorExit:
            self.finished = "interrupted"
            raise
        finally:
            self.callbacks.on_end(self)

    def record(
        self, X: Any, Y: Any, *, epochs: int = 100, rows: bool = True, lang: str | None = None
    ) -> Page:
        """Train as ``run`` does, and keep the epochs on one page: a notebook shows it, ``.save(path)`` writes it.

        See `tasou.record`, which this is.
        """
        import tasou  # finds who makes pages when it is asked: nothing of this floor knows them

        return tasou.record(self, X, Y, epochs=epochs, rows=rows, lang=lang)

    def preview(self, grad: Array) -> Array:
        """θ after the update that this mean gradient would make next; the training goes on undisturbed."""
        memory = [vector.theta for vector in self.memory.values()]
        t = self.clock.updates + 1
        return self._update.preview(self.network.theta, grad, memory, t, self.rate())

    @property
    def recipe(self) -> Recipe:
        """What was asked for, as a `Recipe`; the stopping rule is ``training.stopping``."""
        if self.optimizer.name == LBFGS.name:
            constants = self.optimizer.parameters
            tol, max_fun = float(constants["gtol"]), int(constants["max_fun"])
            return Recipe(optimizer=self.optimizer, tol=tol, max_fun=max_fun)
        return Recipe(
            optimizer=self.optimizer,
            lr=self.lr,
            schedule=self.schedule,
            warmup=self.warmup,
            batch_size=self.batch_size,
            shuffle=self.shuffle,
            weight_decay=self.weight_decay,
            clip_norm=self.clip_norm,
        )

    # --- where it stands -------------------------------------------------------------------------------------------

    def state(self) -> State:
        """Everything that the coming steps depend on, as plain data of its own; also in the middle of an epoch.

        What is given back by ``restore``, to this training or to another of the same network and the same settings,
        goes on as this one would have gone on, bit for bit, on the same rows.

        >>> from tasou.network import Network
        >>> X, y = [[0.0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
        >>> first = Training(Network((2, 3, 2), rng=0), optimizer="adam", batch_size=2, rng=0)
        >>> _ = first.run(X, y, epochs=3)
        >>> again = Training(Network((2, 3, 2)), optimizer="adam", batch_size=2)
        >>> again.restore(first.state())
        >>> first.run(X, y, epochs=2).loss == again.run(X, y, epochs=2).loss
        True
        """
        return keeping.state_of(self)

    def restore(self, state: State) -> None:
        """Bring the training to where another stood; the next run goes on from there, with the same rows.

        Raises
        ------
        ShapeError
            the state is that of another network
        TasouError
            it is that of another optimizer, or of a training with another stopping rule
        """
        keeping.put_back(self, state)
