"""The lecture's experiments, opened: each begins as its file says, and tells the number that must appear."""

from __future__ import annotations

from typing import Any

from tasou.errors import TasouError
from tasou.language import LANGUAGES, say
from tasou.lecture import Experiment, all_experiments, find
from tasou.lecture.experiment import title
from tasou.lecture.opened import Opened, Seen
from tasou.messages import Message
from tasou.play.run import Run
from tasou.play.session import Session
from tasou.play.setup import Setup

SEVERAL = Message(
    "play.several",
    en="{number} stands for several experiments: choose one of {numbers:list}",
    ja="{number} に当てはまる実験はいくつかあります。{numbers:list} から1つ選んでください",
)
NOT_OPENED = Message(
    "play.not_opened",
    en="experiment {number} has nothing to be played with: see tasou lecture {number}",
    ja="実験 {number} はプレイグラウンドでは開けません。tasou lecture {number} をご覧ください",
)


def lessons() -> list[dict[str, Any]]:
    """Every experiment that can be opened, in the order of the lecture."""
    return [
        {"number": each.number, "title": {lang: title(each, lang) for lang in LANGUAGES}}
        for each in all_experiments()
        if each.play is not None
    ]


def chosen(number: str) -> Experiment:
    """The one experiment called so.

    Raises
    ------
    UnknownName
        there is none
    TasouError
        there are several, or it has nothing to be played with
    """
    found = find(number)
    if len(found) > 1:
        exact = [each for each in found if each.number == number]
        if not exact:
            raise TasouError(SEVERAL, number=number, numbers=[each.number for each in found])
        found = exact
    if found[0].play is None:
        raise TasouError(NOT_OPENED, number=number)
    return found[0]


def open_lesson(session: Session, number: str, seed: int = 0) -> dict[str, Any]:
    """Begin as the experiment does."""
    experiment = chosen(number)
    play: Any = experiment.play
    session.started(Setup.read(play.setup(seed)))
    session.until = play.until or None
    session.view.layer = min(int(play.look.get("layer", 0)), session.run.network.L - 1)
    session.plane = dict(play.look.get("plane", {}))
    session.view.edges = str(play.look.get("edges", "value"))
    session.lesson = number
    return session.state()


def told(experiment: Experiment) -> dict[str, Any]:
    """What the page shows of the experiment that is open."""
    play: Any = experiment.play
    return {
        "number": experiment.number,
        "title": {lang: title(experiment, lang) for lang in LANGUAGES},
        "claim": dict(experiment.claim),
        "change": dict(play.change),
        "until": play.until,
        "phase": play.look.get("phase"),
    }


def reading(session: Session) -> dict[str, Any] | None:
    """The number of the experiment that is open, as the run stands."""
    if session.lesson is None:
        return None
    play: Opened = chosen(session.lesson).play  # type: ignore[assignment]
    measured = play.measure(seen(session.run))
    return {
        "what": {lang: say(measured.what, lang) for lang in LANGUAGES},
        "number": measured.number,
        "wanted": measured.wanted,
        "holds": measured.holds,
        "ready": session.run.epoch >= play.until or session.run.training.finished == "converged",
        "update": session.run.update,
    }


def seen(run: Run) -> Seen:
    """The run as an experiment reads it."""
    losses = run.curves.column("loss", run.epoch).tolist()
    rows = run.rows
    held = rows.held_X, rows.held_y
    return Seen(run.network, rows.X, rows.y, losses, run.epoch, run.training.finished, *held)
