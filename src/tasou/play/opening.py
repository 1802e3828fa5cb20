"""An experiment of the lecture, opened: it begins as its file says, and tells the number that must appear."""

from __future__ import annotations

import math
from typing import Any

from tasou.errors import TasouError
from tasou.language import LANGUAGES, say
from tasou.lecture.opened import Opened, Seen
from tasou.lecture.outcome import Measure
from tasou.play.lessons import chosen
from tasou.play.run import Run
from tasou.play.runs import Lesson
from tasou.play.session import Session
from tasou.play.setup import Setup


def open_lesson(session: Session, number: str | None, seed: int = 0) -> dict[str, Any]:
    """Begin as the experiment does; None leaves the one that is open, with its runs as they are."""
    if number is None:
        session.lesson = None
        return session.state()
    experiment = chosen(number)
    play: Any = experiment.play
    setup = Setup.read(play.setup(seed))
    session.started(setup)
    session.until = play.until or None
    session.view.layer = min(int(play.look.get("layer", 0)), session.run.network.L - 1)
    session.plane = dict(play.look.get("plane", {}))
    session.view.edges = str(play.look.get("edges", "value"))
    session.lesson = Lesson(experiment.number, setup, play.until)
    return session.state()


def reading(session: Session) -> dict[str, Any] | None:
    """The number of the experiment that is open, as the run stands.

    With settings of one's own nothing is claimed of it, and there may be none: ``number`` is None then.
    """
    lesson, run = session.lesson, session.run
    if lesson is None:
        return None
    play: Opened = chosen(lesson.number).play  # type: ignore[assignment]
    own = run.setup == lesson.setup and len(run.rates) == 1 and not run.by_hand
    try:
        measured = play.measure(seen(run))
    except (
        TasouError,
        ValueError,
        LookupError,
        ArithmeticError,
    ):  # other layers or classes than the number is of
        if own:
            raise
        measured = Measure("play", play.what, float("nan"), play.relation, play.bound, play.form)
    return {
        "what": {lang: say(measured.what, lang) for lang in LANGUAGES},
        "number": measured.number if math.isfinite(measured.value) else None,
        "wanted": measured.wanted,
        "holds": measured.holds,
        "ready": lesson.done(run),
        "own": own,
        "update": run.update,
    }


def seen(run: Run) -> Seen:
    """The run as an experiment reads it."""
    losses = run.curves.column("loss", run.epoch).tolist()
    rows = run.rows
    held = rows.held_X, rows.held_y
    return Seen(run.network, rows.X, rows.y, losses, run.epoch, run.training.finished, *held)
