"""A training watched while it runs: measured on some of its steps, from what each step already holds."""

from __future__ import annotations

import time
from typing import TextIO

import numpy as np

from tasou.diagnostics.data import measure_inputs, measure_target
from tasou.diagnostics.diagnosis import Diagnosis
from tasou.diagnostics.examination import with_fit
from tasou.diagnostics.layers import lengths, measure_layers
from tasou.diagnostics.record import Layer, Record
from tasou.diagnostics.sample import Array, dense
from tasou.diagnostics.subjects import read_training
from tasou.language import say
from tasou.training import Step, Training

SEEN = {"en": "epoch {epoch}: {finding}", "ja": "エポック {epoch}：{finding}"}
MOST_CELLS = 1_000_000
"""cells of X that are kept for the data's part of the diagnosis"""
RECENT = 10
"""measured updates whose median is told"""


class Watch:
    """A callback that diagnoses a training while it runs: ``callbacks=[Watch()]``.

    A finding is told in one line when it is first seen, and all of them in full when the training ends. Measured are
    the layers in the record of the first step, and every ``every`` steps how far the update has moved the weights. Up
    to ``rows`` rows of the first epoch are kept; with them the data and the layers are looked at from time to time.

    Parameters
    ----------
    every
        steps from one measurement to the next
    rows
        most rows that are kept
    seconds
        time between two looks at the findings while the training runs
    stream
        where to write; the standard output if not given
    quiet
        whether to write nothing; the findings are in ``diagnosis()``
    lang
        "en" or "ja"; that of the environment if not given

    Examples
    --------
    >>> from tasou import Network, Training, datasets
    >>> X, y = datasets.make("moons", 200)
    >>> watch = Watch(lang="en")
    >>> training = Training(Network((2, 8, 2), init="zeros"), lr=0.5, callbacks=[watch])
    >>> history = training.run(X, y, epochs=60)  # doctest: +ELLIPSIS
    2 findings
    T001 dead-relu (problem): layer 1: 8 of 8 units (100%) output 0 for every row: units 0, 1, ...
    >>> watch.diagnosis().codes
    ['T001', 'T016']
    """

    def __init__(
        self,
        every: int = 100,
        *,
        rows: int = 1_000,
        seconds: float = 2.0,
        stream: TextIO | None = None,
        quiet: bool = False,
        lang: str | None = None,
    ) -> None:
        self.every, self.rows, self.seconds = max(2, every), rows, seconds
        self.stream, self.quiet, self.lang = stream, quiet, lang
        self._training: Training | None = None

    def _begin(self, training: Training) -> None:
        """A training that this watch has not seen yet."""
        self._training = training
        self._told: set[str] = set()
        self._start: tuple[Layer, ...] = ()
        self._before: Array | None = None
        self._ratios: list[list[float]] = []
        self._kept: list[tuple[Array, Array]] = []
        self._n_kept = 0
        self._looked = time.perf_counter()

    # --- measuring -------------------------------------------------------------------------------------------------

    def on_step(self, training: Training, step: Step) -> None:
        """After each update: measure it if it is its turn."""
        if training is not self._training:
            self._begin(training)
        if step.epoch == 1:
            self._keep(step)
        if self._before is not None:
            self._note_ratios(training)
        if step.update == 1:
            self._start = measure_layers(step.trace)
        if step.update % self.every == self.every - 1 or step.update == 1:
            self._before = training.network.parameters.weights.copy()

    def _note_ratios(self, training: Training) -> None:
        """‖ΔW‖ / ‖W‖ of each layer, for the update just made."""
        changes, sizes = lengths(training.network, self._before), lengths(training.network)
        self._ratios.append(
            [change / size if size else 0.0 for change, size in zip(changes, sizes, strict=True)]
        )
        self._before = None

    def _keep(self, step: Step) -> None:
        """Copy rows of the batch, up to the number wanted."""
        room = min(self.rows, MOST_CELLS // max(1, step.batch.X.shape[1])) - self._n_kept
        if room > 0:
            X, Y = dense(step.batch.X[:room]).copy(), step.batch.Y[:room].copy()
            self._kept.append((X, Y))
            self._n_kept += len(X)

    # --- telling ---------------------------------------------------------------------------------------------------

    def on_epoch(self, training: Training) -> None:
        """After each epoch: tell what is new, and everything at the end."""
        if self._training is not training or self.quiet:
            return
        if training.finished:
            print(self.diagnosis().text(self.lang), file=self.stream, flush=True)
        elif time.perf_counter() - self._looked > self.seconds:
            self._tell_new(training)
            self._looked = time.perf_counter()

    def _tell_new(self, training: Training) -> None:
        for finding in self.diagnosis():
            if finding.code not in self._told:
                line = say(SEEN, self.lang, epoch=len(training.history), finding=finding.headline(self.lang))
                print(line, file=self.stream, flush=True)
                self._told.add(finding.code)

    def diagnosis(self) -> Diagnosis:
        """The findings so far; of the last training, if there were several."""
        return Diagnosis.of(self.record())

    def record(self) -> Record:
        """Everything measured so far, and one look at the layers with the rows that were kept."""
        if self._training is None:
            return Record()
        network = self._training.network
        read = read_training(self._training, running=not self._training.finished)
        X, Y = (np.concatenate(parts) for parts in zip(*self._kept, strict=True))
        record = Record(
            read.losses,
            read.validation_losses,
            read.run,
            read.model,
            start=self._start,
            inputs=measure_inputs(X, complete=read.run.n == len(X)),
            target=measure_target(network, Y),
        )
        ratios = np.median(self._ratios[-RECENT:], axis=0).tolist() if self._ratios else None
        return record if read.run.diverged else with_fit(record, network, X, Y, update_ratios=ratios)
