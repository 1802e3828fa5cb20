"""A weight that somebody types: the run goes its own way from there, exactly, and can be gone back in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tasou.errors import TasouError
from tasou.play import Session
from tasou.play.commands import call
from tasou.play.share import open_run, run_file


def learnt(**recipe: Any) -> Session:
    session = Session({"recipe": {"hidden": [4], "epochs": 20, **recipe}})
    session.run.forward(3, "epoch")
    return session


def test_a_weight_set_before_the_first_step_is_the_run_s_own_beginning() -> None:
    session = Session()
    state = call(session, "set_parameter", {"index": 3, "value": 0.1})
    assert call(session, "values", {"index": [3]}) == [0.1]
    assert [run["name"] for run in state["runs"]] == ["A"] and state["setup"]["theta"][3] == 0.1
    session.run.forward(2, "epoch")
    session.run.seek(0)
    assert session.run.network.theta[3] == 0.1


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "lbfgs"])
def test_a_weight_set_on_the_way_branches_and_every_step_can_be_gone_to_again(optimizer: str) -> None:
    session = learnt(optimizer=optimizer, lr=0.05)
    first, theta = session.run, session.run.network.theta.copy()
    state = call(session, "set_parameter", {"index": 1, "value": -2.5})
    run = session.run
    assert state["current"] == "B" and run.parent == ("A", 3)
    assert state["runs"][1]["differs"] == [["W[1] (1, 2)", theta[1], -2.5]]
    run.forward(4, "epoch")
    there = run.network.theta.copy()
    run.seek(3)
    assert (
        run.network.theta[1] == -2.5
        and np.delete(run.network.theta, 1).tolist() == np.delete(theta, 1).tolist()
    )
    run.seek(run.end)
    assert run.network.theta.tolist() == there.tolist()
    assert first.network.theta.tolist() == theta.tolist()
    again = open_run(run_file(run), session.rows_of)
    assert again.network.theta.tolist() == there.tolist()


def test_a_weight_set_where_one_has_rewound_begins_another_run_that_a_link_holds() -> None:
    session = learnt()
    session.run.rewind()
    call(session, "set_parameter", {"index": 0, "value": 4.0})
    session.run.forward(2, "epoch")
    loss, link = session.run.network.mean_loss(session.run.data.X, session.run.data.Y), session.link()
    other = Session()
    other.open_link(link["fragment"])
    other.run.forward(2, "epoch")
    assert other.run.network.mean_loss(other.run.data.X, other.run.data.Y) == loss
    assert call(session, "compare", {"name": "A"})["differences"][-1][0] == "W[1] (1, 1)"


@pytest.mark.parametrize(
    ("index", "value"), [(-1, 0.0), (63, 0.0), (True, 0.0), (0, float("nan")), (0, "1"), (0, 1e300)]
)
def test_what_is_no_parameter_and_no_number_is_refused_and_nothing_changes(index: Any, value: Any) -> None:
    session = Session()
    before = session.run.network.theta.tolist()
    with pytest.raises(TasouError):
        call(session, "set_parameter", {"index": index, "value": value})
    assert session.run.network.theta.tolist() == before


def test_weights_set_by_hand_give_way_where_other_data_need_others() -> None:
    session = Session({"data": {"name": "blobs", "classes": 3}})
    call(session, "set_parameter", {"index": 0, "value": 1.0})
    assert (
        call(session, "change", {"changes": {"data": {"name": "blobs", "classes": 2}}})["setup"].get("theta")
        is None
    )
