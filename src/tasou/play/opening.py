"""An experiment of the lecture, opened: it begins as its file says, and tells the number that must appear."""

from __future__ import annotations

from typing import Any

from tasou.language import LANGUAGES, say
from tasou.lecture.opened import Opened, Seen
from tasou.play.lessons import chosen
from tasou.play.run import Run
from tasou.play.session import Session
from tasou.play.setup import Setup


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
