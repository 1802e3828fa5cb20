"""The runs of one page, the data they share, and which of them is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.play.made import make
from tasou.play.picture import View
from tasou.play.rows import Rows
from tasou.play.run import Run
from tasou.play.scene import Scene, scene
from tasou.play.setup import Setup
from tasou.play.tables import Source

MOST_RUNS, MOST_TABLES = 8, 4
NAMES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

NO_TABLE = Message(
    "play.no_table",
    en="the table {name!r} is no longer here: hand it in again",
    ja="表 {name!r} はもうありません。もう一度読み込んでください",
)
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


class Lesson(NamedTuple):
    """The lecture's experiment that is open."""

    number: str
    setup: Setup
    """as it begins"""
    until: int
    """the epoch at which it is done; 0 where nothing is to be trained"""

    def done(self, run: Run) -> bool:
        """Whether the run has come to where the experiment's number is read."""
        return run.epoch >= self.until or run.training.finished == "converged"


class Runs:
    """What a session holds."""

    def __init__(self, setup: Mapping[str, Any] | None = None, source: Source | None = None) -> None:
        self.sources: dict[str, Source] = {}
        """tables that were handed in, by their names"""
        self.runs: dict[str, Run] = {}
        self.named = 0
        self.current = ""
        self.other: str | None = None
        """the run that is shown beside the current one"""
        self.lesson: Lesson | None = None
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
        self._grid, self._frames = 100, 0
        if source is not None:
            self.sources[source.name] = source
        self.started(Setup.read(setup))

    def started(self, setup: Setup) -> None:
        """Forget all runs and begin a new one."""
        run = Run(setup, self.rows_of(setup), name=NAMES[0])
        if not self.runs or run.rows.features != self.run.rows.features:
            self.plane = {}  # it was one through other features
        self.runs, self.named, self.other = {run.name: run}, 1, None
        self.lesson = None
        self._show(run)

    def rows_of(self, setup: Setup) -> Rows:
        """The rows a setup asks for; runs of the same data share them."""
        for run in self.runs.values():
            if run.setup.data == setup.data:
                return run.rows
        if setup.data.get("name") == "table":
            return self.source(setup.data.get("file")).rows(setup.data)
        return make(setup.data)

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

    def scene_of(self, run: Run) -> Scene:
        """The plane on which a run's data are shown."""
        kept = self._scenes.get(id(run.rows))
        if kept is None or kept[0] is not run.rows:
            plane = self.plane if run.rows.X.shape[1] > 2 else {}
            kept = self._scenes[id(run.rows)] = (run.rows, scene(run.rows, plane))
            if len(self._scenes) > MOST_RUNS:
                self._scenes.pop(next(iter(self._scenes)))
        return kept[1]

    def _check_run(self, name: Any) -> None:
        if name not in self.runs:
            raise TasouError(NO_RUN, name=name)

    @staticmethod
    def _whole(name: str, value: Any, low: int, high: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise TasouError(NUMBER, name=name, low=low, high=high, value=value)
        return value

    def take(self, source: Source) -> dict[str, Any]:
        """A table that was handed in; nothing is learnt from it yet."""
        self.sources[source.name] = source
        while len(self.sources) > MOST_TABLES:
            used = {run.setup.data.get("file") for run in self.runs.values()} | {source.name}
            gone = next((name for name in self.sources if name not in used), None)
            if gone is None:
                break
            self.sources.pop(gone)
        return source.described()

    def source(self, name: Any) -> Source:
        """A table by its name."""
        if name not in self.sources:
            raise TasouError(NO_TABLE, name=name)
        return self.sources[name]
