"""A session: the runs of one page, which of them is looked at, and the commands that a page may give.

It knows no browser and no server: each command is a method that takes plain values and gives plain values, and the
pictures come out of `frames`. Whoever owns it calls it from one thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.play import choices, rows
from tasou.play.picture import View, picture
from tasou.play.rows import Rows, told
from tasou.play.run import Run
from tasou.play.scene import Scene, scene
from tasou.play.setup import Setup

MOST_RUNS = 8
NAMES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
UNITS = ("sample", "batch", "epoch")

NO_RUN = Message("play.no_run", en="there is no run {name!r}", ja="ラン {name!r} はありません")
NUMBER = Message(
    "play.number",
    en="{name} must be a whole number from {low} to {high}, not {value!r}",
    ja="{name} は {low} から {high} までの整数にしてください（{value!r} は使えません）",
)
ONE_OF = Message(
    "play.one_of",
    en="{name} must be one of {known:list}, not {value!r}",
    ja="{name} は {known:list} のいずれかにしてください（{value!r} は使えません）",
)


class Session:
    """The runs of a page.

    >>> session = Session()
    >>> session.step(n=3, unit="epoch")["epoch"]
    3
    >>> session.seek(epoch=1)["epoch"]
    1
    """

    def __init__(self, setup: Mapping[str, Any] | None = None, given: Rows | None = None) -> None:
        self.given: dict[str, Rows] = {}
        """rows that no description makes again: tables and pictures of the user's own"""
        self.runs: dict[str, Run] = {}
        self.named = 0
        self.current = ""
        self.other: str | None = None
        """the run that is shown beside the current one"""
        self.view, self.plane = View(), dict[str, Any]()
        self.playing = False
        self.speed: float | None = 60.0
        """epochs per second; None for as many as there can be"""
        self.until: int | None = None
        """the epoch at which playing ends"""
        self.sample = 0
        """which row of the coming batch is looked at"""
        self._scenes: dict[int, tuple[Rows, Scene]] = {}
        self._told: dict[str, int] = {}
        self._owed = self._played_at = 0.0
        self.started(Setup.read(setup), given)

    # --- runs --------------------------------------------------------------------------------------------------------

    def started(self, setup: Setup, given: Rows | None = None) -> None:
        """Forget all runs and begin a new one."""
        if given is not None:
            self.given[given.name] = given
        run = Run(setup, self.rows_of(setup), name=NAMES[0])
        self.runs, self.named, self.other = {run.name: run}, 1, None
        self._show(run)

    def rows_of(self, setup: Setup) -> Rows:
        """The rows a setup asks for; runs of the same data share them."""
        for run in self.runs.values():
            if run.setup.data == setup.data:
                return run.rows
        found = self.given.get(str(setup.data.get("name")))
        return rows.make(setup.data) if found is None else found

    def _show(self, run: Run) -> None:
        self.current, self.sample, self.playing = run.name, 0, False
        self._told = {}
        if self.view.layer >= run.network.L:
            self.view.layer = 0

    @property
    def run(self) -> Run:
        """The run that is looked at."""
        return self.runs[self.current]

    @property
    def shown(self) -> list[Run]:
        """The runs on the page: one, or two beside each other."""
        return [self.run, *([self.runs[self.other]] if self.other in self.runs else [])]

    def _add(self, run: Run) -> None:
        """One more run; the oldest that nobody looks at goes where there would be too many."""
        self.named += 1
        self.runs[run.name] = run
        while len(self.runs) > MOST_RUNS:
            self.runs.pop(
                next(name for name in self.runs if name not in (self.current, self.other, run.name))
            )

    @property
    def next_name(self) -> str:
        """What the next run will be called."""
        k = self.named
        return NAMES[k] if k < len(NAMES) else f"{NAMES[k % len(NAMES)]}{k // len(NAMES)}"

    # --- commands ----------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """Everything that is not in a frame: setups, runs, what can be chosen."""
        run = self.run
        return {
            "setup": run.setup.json(),
            "runs": [self._brief(each) for each in self.runs.values()],
            "current": self.current,
            "other": self.other,
            "differences": [] if self.other is None else self._differences(),
            "network": self._network(run),
            "data": self._data(run),
            "rates": run.rates,
            "loss": run.network.loss.name,
            "losses": run.rows.losses(),
            "choices": choices.offered(),
            "playing": self.playing,
            "speed": self.speed,
            "until": self.until,
            "plane": self.plane,
            "sample": self.sample,
            "diverged": told(run.diverged) if run.diverged else None,
        }

    def _brief(self, run: Run) -> dict[str, Any]:
        parent = None if run.parent is None else list(run.parent)
        return {"name": run.name, "parent": parent, "update": run.update, "epoch": run.epoch, "end": run.end}

    def _differences(self) -> list[list[Any]]:
        a, b = self.shown[0], self.shown[-1]
        found = [list(pair) for pair in b.setup.differences(a.setup)]
        live = [rate for _, rate in a.rates[1:]], [rate for _, rate in b.rates[1:]]
        return [*found, *([["lr.live", *live]] if live[0] != live[1] else [])]

    def _network(self, run: Run) -> dict[str, Any]:
        network = run.network
        layout = [[p.l, p.name, p.start, list(p.shape.of)] for p in network.parameters.layout.places]
        labels = [layer.label for layer in network.layers]
        return {
            "sizes": list(network.sizes), "labels": labels, "output": network.output, "layout": layout,
            "parameters": network.theta.size, "text": repr(network),
        }  # fmt: skip

    def _data(self, run: Run) -> dict[str, Any]:
        found, at = run.rows, self.scene_of(run)
        return {
            "title": dict(found.title), "task": found.task, "classes": list(found.classes), "n": found.n,
            "held": len(found.held_y), "shown": len(at.index), "features": list(found.features),
            "image": None if found.image is None else list(found.image), "low": at.low.tolist(),
            "high": at.high.tolist(), "names": list(at.names), "curve": at.curve, "per_epoch": run.per_epoch,
            "batch_size": run.batch_size, "xy": at.xy.round(6).tolist(), "y": at.y.tolist(), "heldAt": at.held.tolist(),
            "notes": [told(note) for note in found.notes],
        }  # fmt: skip

    def scene_of(self, run: Run) -> Scene:
        """The plane on which a run's data are shown."""
        kept = self._scenes.get(id(run.rows))
        if kept is None or kept[0] is not run.rows:
            plane = self.plane if run.rows.X.shape[1] > 2 else {}
            kept = self._scenes[id(run.rows)] = (run.rows, scene(run.rows, plane))
            if len(self._scenes) > MOST_RUNS:
                self._scenes.pop(next(iter(self._scenes)))
        return kept[1]

    def reset(self, seed: str = "same", setup: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Begin anew: a setup given, or this one with the same or with new weights."""
        found = self.run.setup if setup is None else Setup.read(setup)
        if seed == "new":
            found = found.but({"seed": int(found.recipe.get("seed") or 0) + 1, "theta": None})
        self.until = None
        self.started(found)
        return self.state()

    def change(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change settings: at step 0 the run itself, later a branch; the learning rate is live at the end of a run."""
        run = self.run
        if set(changes) == {"lr"} and run.update == run.end:
            run.set_rate(changes["lr"])
            return self.state()
        if run.end == 0 and len(self.runs) == 1:
            setup = run.setup.but(changes)
            self.runs = {run.name: Run(setup, self.rows_of(setup), name=run.name)}
            self._show(self.run)
            return self.state()
        return self.branch(changes)

    def branch(self, changes: Mapping[str, Any] | None = None, compare: bool = False) -> dict[str, Any]:
        """A new run from here with changed settings; ``compare`` shows both beside each other."""
        run = self.run
        setup = run.setup.but(changes or {})
        new = run.branch(changes or {}, self.rows_of(setup), self.next_name)
        self._add(new)
        if compare:
            self.other = run.name
        elif self.other == new.name:
            self.other = None
        self._show(new)
        return self.state()

    def select(self, name: str) -> dict[str, Any]:
        """Look at another run."""
        self._check_run(name)
        if self.other == name:
            self.other = self.current
        self._show(self.runs[name])
        return self.state()

    def compare(self, name: str | None = None) -> dict[str, Any]:
        """Show another run beside this one, standing at the same epoch; None ends it."""
        if name is not None:
            self._check_run(name)
            if name == self.current:
                name = None
            else:
                self.runs[name].seek_epoch(self.run.epoch)
        self.other, self._told = name, {}
        return self.state()

    def _check_run(self, name: Any) -> None:
        if name not in self.runs:
            raise TasouError(NO_RUN, name=name)

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

    def look(self, **asked: Any) -> dict[str, Any]:
        """What is looked at: ``edges``, ``layer``, ``units``, ``grid``, ``maps``, ``plane``."""
        if "plane" in asked:
            plane = dict(asked["plane"])
            scene(self.run.rows, plane if self.run.rows.X.shape[1] > 2 else {})  # refused before it is kept
            self.plane, self._scenes = plane, {}
        if "edges" in asked:
            known = ("value", "gradient", "update", "firing")
            if asked["edges"] not in known:
                raise TasouError(ONE_OF, name="edges", known=known, value=asked["edges"])
            self.view.edges = asked["edges"]
        if "layer" in asked:
            self.view.layer = self._whole("layer", asked["layer"], 0, self.run.network.L - 1)
        if "units" in asked:
            self.view.units = self._two_units(asked["units"])
        if "grid" in asked:
            self.view.grid = self._whole("grid", asked["grid"], 20, 200)
        if "maps" in asked:
            self.view.maps = bool(asked["maps"])
        return self.state() if "plane" in asked else self.where()

    def _two_units(self, units: Any) -> tuple[int, int] | None:
        if units is None:
            return None
        first, second = (self._whole("units", u, 0, 4096) for u in list(units)[:2])
        return first, second

    def where(self) -> dict[str, Any]:
        """Where the session stands."""
        run = self.run
        return {
            "update": run.update, "epoch": run.epoch, "row": run.row, "end": run.end, "playing": self.playing,
            "sample": self.sample, "run": run.name,
        }  # fmt: skip

    @staticmethod
    def _whole(name: str, value: Any, low: int, high: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise TasouError(NUMBER, name=name, low=low, high=high, value=value)
        return value

    # --- playing, and what is seen ---------------------------------------------------------------------------------

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

    def frames(self) -> list[tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]]:
        """A picture of each run that is shown, with the epochs that have come since the last one."""
        return [self._frame(run) for run in self.shown]

    def _frame(self, run: Run) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
        facts, arrays = picture(run, self.scene_of(run), self.view)
        known = min(self._told.get(run.name, 0), run.curves.epochs)
        with np.errstate(over="ignore"):  # a loss may be larger than a float32 is
            arrays["epochs"] = run.curves.since(known).astype(np.float32)
        self._told[run.name] = run.curves.epochs
        head = {
            **facts, "run": run.name, "update": run.update, "epoch": run.epoch, "row": run.row, "end": run.end,
            "lr": run.lr, "from": known, "playing": self.playing, "sample": self.sample, "over": run.over,
            "edges": self.view.edges, "layer": min(self.view.layer, run.network.L - 1),
            "finished": "converged" if run.training.finished == "converged" else "",
        }  # fmt: skip
        return head, arrays

    def told_nothing(self) -> None:
        """A page that has just come knows no epochs."""
        self._told = {}
