"""What ``verbose`` shows: scikit-learn's lines (True), a progress bar, log records, or a live diagnosis in words."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from typing import Any

from tasou.training import Training

LOG = logging.getLogger("tasou")


def watchers(
    verbose: Any,
    epochs: int,
    *,
    lbfgs: bool,
    tol: float,
    patience: float,
    names: Sequence[str],
    labels: Sequence[Any],
) -> list[Any]:
    """The callbacks that ``verbose`` asks for."""
    match verbose:
        case "bar":
            return [Bar(epochs)]
        case "log":
            return [log]
        case "diagnose":
            from tasou.diagnostics import Watch

            watch = Watch()
            watch.on_table(list(names), labels=list(labels))
            return [watch]
        case shown if lbfgs:
            return [iteration] if shown else []
        case shown:
            return [Lines(tol, patience)] if shown else []


def iteration(run: Training) -> None:
    """A line per iteration of L-BFGS, as scikit-learn writes it."""
    print(f"Iteration {len(run.history)}, loss = {run.history.loss[-1]:.8f}")


class Lines:
    """A line per epoch, as scikit-learn writes it."""

    def __init__(self, tol: float, patience: float) -> None:
        self.tol, self.patience, self.plateaus = tol, patience, 0

    def on_epoch(self, training: Training) -> None:
        """After each epoch: its number, loss and validation score; why training ends or the rate falls."""
        history = training.history
        print(f"Iteration {len(history)}, loss = {history.loss[-1]:.8f}")
        if history.validation_score:
            print(f"Validation score: {history.validation_score[-1]:f}")
        if training.finished == "converged" or training.clock.plateaus > self.plateaus:
            what = "Validation score" if history.validation_score else "Training loss"
            msg = f"{what} did not improve more than tol={self.tol:f} for {self.patience} consecutive epochs."
            print(f"{msg} {self._consequence(training)}")
        self.plateaus = training.clock.plateaus

    def _consequence(self, training: Training) -> str:
        if training.finished != "converged":
            return f"Setting learning rate to {training.rate():f}"
        return "Learning rate too small. Stopping." if training.schedule.answers_plateaus else "Stopping."


class Bar:
    """A progress bar on the standard error: epochs done, loss, validation score."""

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs
        self.bar: Any = None

    def on_epoch(self, training: Training) -> None:
        """Move the bar."""
        if self.bar is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that a notebook without ipywidgets gets a bar of text
                from tqdm.auto import tqdm

            self.bar = tqdm(total=self.epochs, unit="epoch")
        last = training.history.last()
        shown = {"loss": last["loss"], "score": last.get("validation_score")}
        self.bar.set_postfix({name: f"{value:.4g}" for name, value in shown.items() if value is not None})
        self.bar.update()

    def on_end(self, _: Training) -> None:
        """Close the bar, however the training ended."""
        if self.bar is not None:
            self.bar.close()


def log(training: Training) -> None:
    """One record per epoch, at level INFO of the logger "tasou"."""
    LOG.info("epoch %d: %s", len(training.history), training.history.last())
