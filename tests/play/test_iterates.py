"""L-BFGS in the playground: its iterations are steps like others, but none can be cut into samples."""

from __future__ import annotations

import gc
import threading
import time
from typing import Any

import numpy as np
import pytest

from tasou.errors import TasouError
from tasou.play import Session
from tasou.play.commands import call
from tasou.play.share import open_run, write

LBFGS = {"data": {"name": "moons", "n": 60}, "recipe": {"optimizer": "lbfgs", "hidden": [4]}}


def trained_at_once(run: Any, epochs: int) -> Any:
    """θ where the engine makes so many iterations in one call."""
    network = run.setup.network(run.rows)
    training = run.setup.training(network, run.rows)
    training.run(run.data, None, epochs=epochs)
    return network.theta


def test_iterations_walked_one_by_one_are_those_of_one_call_and_each_can_be_gone_back_to() -> None:
    session = Session(LBFGS)
    session.step(n=4, unit="epoch")
    session.step(n=5, unit="batch")
    run = session.run
    assert (run.update, run.epoch, run.curves.epochs) == (9, 9, 9)
    assert np.array_equal(run.network.theta, trained_at_once(run, 9))
    session.seek(epoch=4)
    assert np.array_equal(run.network.theta, trained_at_once(run, 4))
    session.step(n=1)
    assert np.array_equal(run.network.theta, trained_at_once(run, 5))


def test_a_step_by_sample_is_refused_in_a_sentence_and_nothing_moves() -> None:
    session = Session(LBFGS)
    with pytest.raises(TasouError) as told:
        session.step(unit="sample")
    assert told.value.code == "play.lbfgs_whole" and session.run.update == 0


def test_the_update_that_is_shown_is_the_next_iterate() -> None:
    session = Session(LBFGS)
    session.step(n=2, unit="epoch")
    run = session.run
    shown = run.preview(np.zeros(run.network.theta.size))
    assert run.curves.epochs == 2  # looking ahead is not walking on
    session.step(unit="epoch")
    assert np.array_equal(run.network.theta, shown)
    for command in ("calculation", "diagnose", "gradcheck", "slice"):
        assert call(session, command, {})
    assert session.frames()


def test_it_branches_off_another_optimizer_and_ends_where_it_has_converged() -> None:
    session = Session({"data": {"name": "moons", "n": 60}, "recipe": {"hidden": [4]}})
    session.step(n=20, unit="epoch")
    begin = session.run.network.theta.copy()
    session.branch({"optimizer": "lbfgs"})
    assert np.array_equal(session.run.network.theta, begin) and session.run.update == 20
    session.step(n=2_000, unit="epoch")
    assert session.run.training.finished == "converged" and 20 < session.run.update < 2_000
    session.play(None)
    session.advance(0.01)
    assert not session.playing


def test_a_run_of_it_is_saved_opened_and_written_as_a_program() -> None:
    session = Session(LBFGS)
    session.step(n=6, unit="epoch")
    theta = session.run.network.theta.copy()
    again = open_run(write(session.run, "run")[2], session.rows_of)
    assert np.array_equal(again.network.theta, theta)
    again.seek(2)
    again.seek(6)
    again.forward(2)
    assert np.array_equal(again.network.theta, trained_at_once(again, 8))
    assert "training.run(X, Y, epochs=6)" in write(session.run, "script")[2].decode()


def test_one_that_takes_too_long_to_walk_through_is_refused_with_what_to_choose() -> None:
    with pytest.raises(TasouError) as told:
        Session({"data": {"name": "moons"}, "recipe": {"optimizer": "lbfgs", "hidden": [256, 256]}})
    assert told.value.code == "play.lbfgs_dear"


@pytest.mark.apart
def test_its_thread_ends_with_the_run() -> None:
    session = Session(LBFGS)
    session.step(n=2, unit="epoch")
    del session
    gc.collect()
    end = time.monotonic() + 5
    while any(thread.name == "l-bfgs" for thread in threading.enumerate()):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_the_curve_of_the_validation_is_that_of_its_loss() -> None:
    session = Session(LBFGS)
    session.run.forward(3, "epoch")
    held = session.run.training.validation
    loss, accuracy = (
        session.run.curves.column(name)[-1] for name in ("validation_loss", "validation_accuracy")
    )
    assert held is not None and loss == session.run.network.mean_loss(held.X, held.Y) and 0 < loss < accuracy
