"""A session: the commands that a page may give; each takes plain values and gives plain values.

It knows no browser and no server. Whoever owns it calls it from one thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasou.errors import TasouError
from tasou.play.by_hand import parameters_with
from tasou.play.calculation import row_of
from tasou.play.link import fragment, read_link, setup_of
from tasou.play.playing import Playing
from tasou.play.rows import Rows
from tasou.play.run import Run
from tasou.play.runs import ONE_OF
from tasou.play.scene import scene
from tasou.play.setup import Setup
from tasou.play.share import open_run
from tasou.play.state import state_of
from tasou.play.tables import BY_HAND, suggested


class Session(Playing):
    """The runs of a page.

    >>> session = Session()
    >>> session.step(n=3, unit="epoch")["epoch"]
    3
    >>> session.seek(epoch=1)["epoch"]
    1
    """

    def state(self) -> dict[str, Any]:
        """Everything that is not in a frame: setups, runs, what can be chosen."""
        return state_of(self)

    def roles(self, file: str, target: str | None = None, **asked: Any) -> dict[str, Any]:
        """The columns of a table for this target, with the roles that were set by hand."""
        return self.source(file).described(target, **_by_hand(asked))

    def learn(self, file: str, target: str, held: float = 0.2, seed: int = 0, **asked: Any) -> dict[str, Any]:
        """Begin a run on a table, at settings that suit its size."""
        data = {
            "name": "table",
            "file": file,
            "target": target,
            "held": held,
            "seed": seed,
            **_by_hand(asked),
        }
        suits = suggested(self.source(file).rows(data))
        self.started(Setup.read({"data": data, "recipe": suits}))
        return self.state()

    def reset(self, seed: str = "same", setup: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Begin anew: a setup given, or this one with the same or with new weights; an experiment stays open."""
        found = self.run.setup if setup is None else Setup.read(setup)
        if setup is not None:
            found = found.suiting(self.rows_of(found), self.run.rows.task)
        if seed == "new":
            found = found.but({"seed": int(found.recipe.get("seed") or 0) + 1, "theta": None})
        self.until, lesson = None, self.lesson
        self.started(found)
        self.lesson = lesson
        return self.state()

    def change(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change settings: at step 0 the run itself, later a branch; the learning rate is live at the end of a run.

        Where an experiment of the lecture is done, another run begins beside it, from the beginning.
        """
        run = self.run
        if self.lesson is not None and self.lesson.until and self.lesson.done(run):
            self._show(self._begun(changes))
            return self.state()
        if set(changes) == {"lr"} and run.update == run.end:
            run.set_rate(changes["lr"])
            return self.state()
        if run.end == 0:
            self._show(self._instead(changes))
            return self.state()
        return self.branch(changes)

    def _changed(self, changes: Mapping[str, Any]) -> tuple[Setup, Rows]:
        """The run's setup with these changes, and its rows; initial weights of another size are not kept."""
        setup = self.run.setup.but(changes)
        rows = self.rows_of(setup)
        if "theta" not in changes and setup.theta is not None:
            drawn = setup.but({"theta": None})
            setup = setup if drawn.network(rows).theta.size == len(setup.theta) else drawn
        return setup, rows

    def _instead(self, changes: Mapping[str, Any]) -> Run:
        """A run in place of this one, which has not begun yet."""
        run = self.run
        new = Run(*self._changed(changes), name=run.name)
        if new.setup.theta is not None:
            new.by_hand = run.by_hand
        new.parent, self.runs[run.name] = run.parent, new
        return new

    def _begun(self, changes: Mapping[str, Any]) -> Run:
        """One more run, from the same beginning with changed settings."""
        run = self.run
        new = Run(*self._changed(changes), name=self.next_name)
        if new.setup.theta is not None:
            new.by_hand = run.by_hand
        new.parent = (run.name, 0)
        self._add(new)
        return new

    def branch(self, changes: Mapping[str, Any] | None = None, compare: bool = False) -> dict[str, Any]:
        """A new run from here with changed settings; ``compare`` shows both beside each other."""
        run = self.run
        setup, rows = self._changed(changes or {})
        new = run.branch({**(changes or {}), "theta": setup.theta}, rows, self.next_name)
        self._add(new)
        if compare:
            self.other = run.name
        elif self.other == new.name:
            self.other = None
        self._show(new)
        return self.state()

    def set_parameter(self, index: int, value: float) -> dict[str, Any]:
        """Give one parameter another value: a run not yet begun has it from the start, another branches off here."""
        run = self.run
        theta = parameters_with(run, index, value)
        before = float(run.network.theta[index])
        if before == value:
            return self.state()
        if run.update:
            new = run.branch({}, run.rows, self.next_name, theta)
            self._add(new)
        elif run.end:
            new = self._begun({"theta": theta.tolist()})
        else:
            new = self._instead({"theta": theta.tolist()})
        new.by_hand = {**run.by_hand, index: (run.by_hand.get(index, (before, value))[0], float(value))}
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

    def retry(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """From the same beginning with a remedy, beside the run that was not well, up to where that one stood."""
        run, new = self.run, self._begun(changes)
        reached = max(run.epoch, run.curves.epochs, 1)
        run.seek(0)
        self._show(new)
        self.other = run.name
        self.play(self.speed, until=reached)
        return self.state()

    def take_run(self, data: bytes) -> dict[str, Any]:
        """A run that was written before takes the place of all others."""
        run = open_run(data, self.rows_of)
        self.runs, self.named, self.other, self.lesson = {run.name: run}, 1, None, None
        self._show(run)
        return self.state()

    def link(self) -> dict[str, Any]:
        """The run as a link: settings and seeds, no data."""
        return fragment(self.run)

    def open_link(self, link: str) -> dict[str, Any]:
        """A run as a link says, learnt up to where it stood."""
        found = read_link(link)
        self.started(setup_of(found, self.run.setup.data))
        run = self.run
        run.rates = [*run.rates, *((at, lr) for at, lr in found.rates if at > 0)]
        if found.epoch:
            self.play(None, until=found.epoch)
        return self.state()

    def row(self, index: int) -> dict[str, Any]:
        """One of the rows that are shown."""
        at = self.scene_of(self.run)
        return {"x": at.X[self._whole("index", index, 0, len(at.index) - 1)].tolist()}

    def predict(self, x: Any) -> dict[str, Any]:
        """A row through the net: every activation, and the prediction."""
        run = self.run
        trace = run.network.forward(row_of(run, x))
        layers = [trace[l].a[0].tolist() for l in range(1, run.network.L + 1)]
        return {"layers": layers, "y_hat": trace.y_hat[0].tolist()}


def _by_hand(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The roles that somebody has set, and the task; anything else is refused."""
    known = (*BY_HAND, "task")
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise TasouError(ONE_OF, name="roles", known=known, value=unknown[0])
    found = {role: [str(name) for name in asked.get(role) or ()] for role in BY_HAND}
    return {**{role: names for role, names in found.items() if names}, **_task(asked)}


def _task(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"task": str(asked["task"])} if asked.get("task") else {}
