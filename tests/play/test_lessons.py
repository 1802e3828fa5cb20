"""Every experiment of the lecture opens in the playground, and the number it promises appears."""

from __future__ import annotations

from typing import Any

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


@pytest.mark.parametrize("number", ["2.4b", "3.2", "4.2b", "5.4a", "7"])
@pytest.mark.parametrize("changes", [{"hidden": []}, {"hidden": [5, 5]}, {"loss": "squared_error"}])
def test_with_other_settings_the_number_is_read_or_there_is_none(
    number: str, changes: dict[str, Any]
) -> None:
    session = Session()
    call(session, "lesson", {"number": number})
    own = call(session, "reading", {})
    call(session, "change", {"changes": changes})
    found = call(session, "reading", {})
    assert own["own"] and found["own"] == (session.run.setup == session.lesson.setup)  # type: ignore[union-attr]
    assert found["wanted"] == own["wanted"] and (found["number"] is None or found["number"] != "nan")


def test_new_weights_and_other_data_leave_the_experiment_open_until_it_is_closed() -> None:
    session = Session()
    call(session, "lesson", {"number": "1.2"})
    assert call(session, "reset", {"seed": "new"})["lesson"]["number"] == "1.2"
    state = call(
        session, "reset", {"setup": {"data": {"name": "moons"}, "recipe": session.run.setup.json()["recipe"]}}
    )
    assert state["lesson"]["number"] == "1.2" and state["loss"] == "binary_cross_entropy"
    state = call(session, "lesson", {"number": None})
    assert state["lesson"] is None and state["setup"]["data"]["name"] == "moons"


def test_what_is_changed_where_an_experiment_is_done_begins_anew_beside_it() -> None:
    session = Session()
    call(session, "lesson", {"number": "3.5b"})
    session.run.forward(20, "epoch")
    state = call(session, "change", {"changes": {"lr": 0.01}})
    assert (state["current"], session.run.update, session.runs["A"].epoch) == ("B", 0, 20)
    state = call(session, "change", {"changes": {"batch_size": 200}})
    assert [run["name"] for run in state["runs"]] == ["A", "B"]


def test_another_task_brings_its_own_loss_and_the_output_that_belongs_to_it() -> None:
    session = Session({"recipe": {"loss": "squared_error", "output_activation": "sigmoid"}})
    recipe = session.run.setup.json()["recipe"]
    session.reset(setup={"data": {"name": "moons"}, "recipe": recipe})
    assert session.run.network.loss.name == "squared_error"
    session.reset(setup={"data": {"name": "curve"}, "recipe": recipe})
    assert session.run.network.output == "identity"
