"""A session played, stepped and gone back in, and what is seen of it meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from tasou.errors import TasouError
from tasou.play.iterates import NO_PARTS
from tasou.play.picture import View, mapped, never, picture
from tasou.play.run import Run
from tasou.play.runs import NUMBER, ONE_OF, Runs

LARGE = 10_000
"""parameters from which on a picture is a matter of time"""
DEAR = 0.03
"""seconds that a picture may take while a run plays"""
UNITS = ("sample", "batch", "epoch")


class Playing(Runs):
    """The commands that move through time."""

    def play(self, speed: float | None = 60.0, until: int | None = None) -> dict[str, Any]:
        """Play at so many epochs per second, up to an epoch if one is given."""
        if speed is not None and not 0 < speed <= 1e6:
            raise TasouError(NUMBER, name="speed", low=1, high=1_000_000, value=speed)
        self.until = None if until is None else self._whole("until", until, 0, 10_000_000)
        self.speed, self.playing, self.sample = speed, not self.run.over, 0
        self._owed, self._played_at = 1.0, time.monotonic()
        return self.where()

    def pause(self) -> dict[str, Any]:
        """Stand still."""
        self.playing = False
        return self.where()

    def step(self, n: int = 1, unit: str = "batch") -> dict[str, Any]:
        """Walk on by samples, batches or epochs; the update comes after the batch's last sample."""
        n = self._whole("n", n, 1, 100_000)
        if unit not in UNITS:
            raise TasouError(ONE_OF, name="unit", known=UNITS, value=unit)
        if unit == "sample" and self.run.whole:
            raise TasouError(NO_PARTS)
        self.playing = False
        if unit == "sample":
            self._walk_samples(n)
            return self.where()
        self.sample = 0
        for run in self.shown:
            run.forward(n, "epoch" if unit == "epoch" else "batch")
        return self.where()

    def _walk_samples(self, n: int) -> None:
        for _ in range(n):
            self.sample += 1
            if self.sample >= self.run.coming().n:
                self.sample = 0
                for run in self.shown:
                    run.forward(1, "batch")

    def seek(self, update: int | None = None, epoch: int | None = None) -> dict[str, Any]:
        """Go to a step that was made."""
        self.playing, self.sample = False, 0
        for run in self.shown:
            if epoch is not None:
                run.seek_epoch(self._whole("epoch", epoch, 0, 10_000_000))
            else:
                run.seek(self._whole("update", update, 0, 1_000_000_000))
        return self.where()

    def where(self) -> dict[str, Any]:
        """Where the session stands."""
        run = self.run
        return {
            "update": run.update, "epoch": run.epoch, "row": run.row, "end": run.end, "playing": self.playing,
            "sample": self.sample, "run": run.name,
        }  # fmt: skip

    def advance(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Play on for about so many seconds at most, as fast as was asked for."""
        end = time.monotonic() + seconds
        owed = self._due()
        while self.playing and owed >= 1 and time.monotonic() < end and not until():
            for run in self.shown:
                run.forward(1, "epoch", lambda: time.monotonic() > end or until())
            if self.run.row == 0:
                owed -= 1
            ended = self.until is not None and self.run.epoch >= self.until
            if ended or self.run.over or self.run.training.finished == "converged":
                self.playing = False
        self._owed = min(owed, 1.0 + (self.speed or 0.0) * 0.05)

    def _due(self) -> float:
        """Epochs that should have been made by now."""
        now = time.monotonic()
        passed, self._played_at = now - self._played_at, now
        return float("inf") if self.speed is None else self._owed + passed * self.speed

    @property
    def waits(self) -> bool:
        """Whether nothing is to be done until time has passed."""
        return not self.playing or (
            self.speed is not None and self._owed + (time.monotonic() - self._played_at) * self.speed < 1
        )

    def frames(
        self, disturbed: Callable[[], bool] = never, *, rough: bool = False
    ) -> list[tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]]:
        """A picture of each run that is shown, with the epochs that have come since the last one.

        A ``rough`` one is as quick as while it plays.

        Raises
        ------
        Disturbed
            ``disturbed`` said so before a large network's picture was done
        """
        self._frames += 1
        found = [self._frame(run, disturbed, rough) for run in self.shown]
        for run in self.shown:
            self._told[run.name] = run.curves.epochs
        return found

    def _frame(
        self, run: Run, disturbed: Callable[[], bool], rough: bool
    ) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
        begin = time.perf_counter()
        view = self._view_now(run) if self.playing or rough else self.view
        facts, arrays = picture(run, self.scene_of(run), view, disturbed)
        self._suit_grid(time.perf_counter() - begin)
        known = min(self._told.get(run.name, 0), run.curves.epochs)
        with np.errstate(over="ignore"):  # a loss may be larger than a float32 is
            arrays["epochs"] = run.curves.since(known).astype(np.float32)
        head = {
            **facts, "run": run.name, "update": run.update, "epoch": run.epoch, "row": run.row, "end": run.end,
            "lr": run.lr, "from": known, "playing": self.playing, "sample": self.sample, "over": run.over,
            "edges": self.view.edges, "layer": min(self.view.layer, run.network.L - 1),
            "units": sum(run.network.sizes[1:]), "mapped": mapped(run, view),
            "finished": "converged" if run.training.finished == "converged" else "",
        }  # fmt: skip
        return head, arrays

    def _view_now(self, run: Run) -> View:
        """What is looked at: while a run plays, units in the first and every third picture, little if it is large."""
        large = run.network.theta.size > LARGE
        grid = min(self.view.grid, self._grid, 25 if large else 100)
        still = run.name not in self._told or self._frames % (12 if large else 3) == 0
        return replace(self.view, grid=grid, quick=large, still=still)

    def _suit_grid(self, seconds: float) -> None:
        """A coarser picture while a large network plays, the full one where it stands."""
        if self.playing and seconds > DEAR and self._grid > 25:
            self._grid //= 2
        elif seconds < DEAR / 8 and self._grid < 100:
            self._grid *= 2

    def told_nothing(self) -> None:
        """A page that has just come knows no epochs."""
        self._told = {}
