"""A training watched while it runs, at the ends of its epochs: the steps themselves go on undisturbed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TextIO

import numpy as np

from tasou.diagnostics.columns import measure_inputs
from tasou.diagnostics.curve import median
from tasou.diagnostics.data import measure_target
from tasou.diagnostics.diagnosis import Diagnosis
from tasou.diagnostics.examination import run_through, with_fit
from tasou.diagnostics.layers import measure_layers
from tasou.diagnostics.record import Inputs, Layer, Record
from tasou.diagnostics.remedy import Face
from tasou.diagnostics.sample import Array, choose, spread
from tasou.diagnostics.subjects import read_training
from tasou.diagnostics.updates import update_ratios
from tasou.given import rows_of
from tasou.language import say
from tasou.network import Trace
from tasou.text import showable
from tasou.training import Training
from tasou.training.data import Data

SEEN = {"en": "epoch {epoch}: {finding}", "ja": "エポック {epoch}：{finding}"}
MOST_CELLS = 2_000_000
"""cells of X that are looked at for what is to be said about its columns"""

AT_START = 64
"""rows of the look before the first update"""
DEEP = 3
"""layers from which on errors can vanish or explode on their way back"""
EVERY = 4
"""factor from the epoch of one look to that of the next"""


class Watch:
    """A callback that diagnoses a training while it runs: ``callbacks=[Watch()]``.

    A finding is told in one line when it is first seen, and all of them in full when the training ends. Before the
    first update, after the epochs 1, 4, 16, 64, … and at the end some rows of the training data are run through the
    network; loss, rate and gradient of all the other steps are known from the history. A run of L-BFGS is watched as
    well, iteration by iteration.

    Parameters
    ----------
    rows
        how many rows are run through the network, at most
    seconds
        time between two looks at the findings while the training runs
    stream
        where to write; the standard output if not given
    quiet
        whether to write nothing; the findings are in ``diagnosis()``
    lang
        "en" or "ja"; that of the environment if not given
    face
        what the advice names: arguments of an "estimator", or options of the "command" ``tasou train``

    Examples
    --------
    >>> from tasou import Network, Training, datasets
    >>> X, y = datasets.make("moons", 200)
    >>> watch = Watch(lang="en")
    >>> training = Training(Network((2, 8, 2), init="zeros"), lr=0.5, callbacks=[watch])
    >>> history = training.run(X, y, epochs=60)  # doctest: +ELLIPSIS
    3 findings
    T001 dead-relu (problem): layer 1: 8 of 8 units (100%) output 0 for every row (units 1, 2, ...
    >>> watch.diagnosis().codes
    ['T001', 'T016', 'T020']
    """

    def __init__(
        self,
        *,
        rows: int = 300,
        seconds: float = 2.0,
        stream: TextIO | None = None,
        quiet: bool = False,
        lang: str | None = None,
        face: Face = "estimator",
    ) -> None:
        self.rows, self.seconds = rows, seconds
        self.stream, self.quiet, self.lang, self.face = stream, quiet, lang, face
        self._names: Sequence[str] = ()
        self._sources: Sequence[str] = ()
        self._labels: Sequence[object] = ()
        self._training: Training | None = None
        self._data: Data | None = None
        self._inputs: Inputs | None = None
        self._gradient: Callable[[], tuple[float, Array]] | None = None

    def on_table(
        self, names: Sequence[str], sources: Sequence[str] = (), labels: Sequence[object] = ()
    ) -> None:
        """What to call the columns of X, the table's columns they were made from, and the classes."""
        self._names, self._sources, self._labels = names, sources, labels

    # --- measuring -------------------------------------------------------------------------------------------------

    def on_start(self, training: Training, data: Data) -> None:
        """Before the first step: choose the rows, and look at the network as it begins."""
        fresh = training is not self._training
        self._training, self._data, self._inputs = training, data, None
        X, Y, _ = data.table
        index = data.places(spread(choose(X, self.rows, data.n)))
        self._X, self._Y = rows_of(X, index), Y[index]
        self._trace, self._gradient = Trace(training.network, len(index)), None
        self._deep = training.network.L >= DEEP
        if fresh:
            self._next_look = 1
            self._told: set[str] = set()
            self._ratios: list[list[float]] = []
            self._start: tuple[Layer, ...] = self._layers(training)
        self._looked = time.perf_counter()

    def _layers(self, training: Training) -> tuple[Layer, ...]:
        """The layers at the start: their weights, how far a first update moves them, in a deep network some errors."""
        ratios = None if training.optimizer.name == "lbfgs" else self._next_ratios(training)
        rows = min(AT_START, len(self._X)) if self._deep else 0
        trace = self._trace.first(rows)
        if rows:
            with np.errstate(all="ignore"):
                run_through(trace, self._X[:rows], self._Y[:rows])
        return measure_layers(trace, ratios)

    def next_epoch(self) -> float:
        """The epoch of the next look; epochs before need not be told, as long as time is called now and then."""
        return self._next_look

    def on_epoch(self, training: Training) -> None:
        """After each epoch: measure if it is its turn, and tell what is new."""
        epoch = len(training.history)
        if epoch >= self._next_look:
            self._next_look = EVERY * epoch
            if training.optimizer.name != "lbfgs":
                self._ratios.append(self._next_ratios(training))
        if not (self.quiet or training.finished) and time.perf_counter() - self._looked > self.seconds:
            self._tell_new(epoch)
            self._looked = time.perf_counter()

    def _next_ratios(self, training: Training) -> list[float]:
        """How far an update by as many rows as a batch has would move the weights."""
        if self._gradient is None:
            X, Y = self._X[: training.batch_size], self._Y[: training.batch_size]
            self._gradient = training.network.objective_on(X, Y)
        with np.errstate(all="ignore"):
            _, grad = self._gradient()
        return update_ratios(training, grad)

    def on_end(self, training: Training) -> None:
        """When the training has ended, in whatever way: tell everything."""
        self._gradient = None  # it holds working memory
        learnt = len(training.history) > 0 or training.finished in ("converged", "diverged")
        if learnt and not self.quiet:
            told = self.diagnosis().text(self.lang, self.face)
            print(showable(told, self.stream), file=self.stream, flush=True)

    # --- telling ---------------------------------------------------------------------------------------------------

    def _tell_new(self, epoch: int) -> None:
        for finding in self.diagnosis():
            if finding.code not in self._told:
                line = say(SEEN, self.lang, epoch=epoch, finding=finding.headline(self.lang))
                print(showable(line, self.stream), file=self.stream, flush=True)
                self._told.add(finding.code)

    def diagnosis(self) -> Diagnosis:
        """The findings so far; of the last training, if there were several."""
        return Diagnosis.of(self.record())

    def record(self) -> Record:
        """Everything measured so far, and a look at the layers as they are now."""
        training, data = self._training, self._data
        if training is None or data is None:
            return Record()
        read = read_training(training, running=not training.finished)
        record = Record(
            read.losses,
            read.validation_losses,
            read.run,
            read.model,
            start=self._start,
            inputs=self._columns(data),
            target=measure_target(training.network, data.Y, self._labels),
        )
        ratios = [median(np.array(layer)) for layer in zip(*self._ratios, strict=True)]
        if read.run.diverged:
            return record
        back = None if self._deep else 0
        return with_fit(record, training.network, self._X, self._Y, None, ratios, self._trace, back)

    def _columns(self, data: Data) -> Inputs:
        """The columns of X, measured once."""
        if self._inputs is None:
            table = data.table[0]
            index = choose(table, max(self.rows, MOST_CELLS // table.shape[1]), data.n)
            X: Array = rows_of(data.X) if len(index) == data.n else rows_of(table, data.places(index))
            names = {"names": self._names, "sources": self._sources}
            self._inputs = measure_inputs(X, complete=len(X) == data.n, **names)
        return self._inputs
