"""Every experiment of the lecture opens in the playground, and the number it promises appears."""

from __future__ import annotations

import pytest

from tasou.errors import TasouError
from tasou.lecture import all_experiments
from tasou.play import Session
from tasou.play.commands import call

NUMBERS = [e.number for e in all_experiments() if e.play is not None]


def test_every_section_can_be_opened() -> None:
    lacking = [e.number for e in all_experiments() if e.play is None]
    assert not lacking, (
        f"say how it is opened, play = Opened(…), in the file of {lacking} in lecture/experiments"
    )
    assert len(NUMBERS) >= 32


@pytest.mark.parametrize("number", NUMBERS)
def test_the_number_that_an_experiment_promises_appears(number: str) -> None:
    session = Session()
    state = call(session, "lesson", {"number": number})
    assert state["lesson"]["number"] == number
    assert state["lesson"]["change"]["en"] != state["lesson"]["change"]["ja"]
    if session.until:
        session.run.forward(
            session.until, "epoch", until=lambda: session.run.training.finished == "converged"
        )
    found = call(session, "reading", {})
    assert found["holds"] and found["ready"], (found["number"], found["wanted"])
    assert session.frames()


@pytest.mark.parametrize(
    ("number", "code"), [("4.2", "play.several"), ("9.9", "name.unknown"), ("x", "experiment.no_section")]
)
def test_an_experiment_that_is_not_there_is_told(number: str, code: str) -> None:
    with pytest.raises(TasouError) as told:
        call(Session(), "lesson", {"number": number})
    assert told.value.code == code
