"""A large network on many rows: nothing that is shown or measured keeps whoever gives a command waiting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tasou.backends.processors import cores
from tasou.play import Session
from tasou.play.calculation import Later
from tasou.play.commands import begin, call
from tasou.play.picture import Disturbed
from tasou.play.tables import Source, parse
from tasou.play.worker import Worker


@pytest.fixture(scope="module")
def rows() -> Source:
    """A sorted table: whoever measures on its first rows sees one class."""
    x = np.sort(np.random.default_rng(0).uniform(-1, 1, 20_000))
    lines = "".join(f"{v:.4f},{i % 7},{int(v > 0)}\n" for i, v in enumerate(x.tolist()))
    return Source(parse(f"a,b,c\n{lines}".encode(), "t.csv"), "t.csv")


def learnt(rows: Source, hidden: list[int]) -> Session:
    session = Session()
    session.take(rows)
    session.learn("t.csv", "c")
    session.change({"hidden": hidden})
    return session


def test_a_large_network_is_validated_on_some_of_many_rows_taken_evenly(rows: Source) -> None:
    run = learnt(rows, [256, 256]).run
    X = run.training.validation.X  # type: ignore[union-attr]
    assert len(X) == len(run.held_truth) < len(run.rows.held_y) == 4_000
    assert 0.4 < run.held_truth.mean() < 0.6
    small = learnt(rows, [8]).run
    assert len(small.held_truth) == 4_000


def test_the_validation_of_some_rows_is_the_score_on_those_rows(rows: Source) -> None:
    session = learnt(rows, [256, 256])
    session.step(n=1, unit="epoch")
    run = session.run
    X: Any = run.training.validation.X  # type: ignore[union-attr]
    y_hat = run.network.predict(X)[:, 0] > 0.5
    assert run.curves.column("validation_accuracy")[0] == (y_hat == run.held_truth).mean()


def test_the_page_s_thread_leaves_a_processor_to_whoever_looks() -> None:
    worker = Worker(Session())
    worker.start()
    try:
        assert worker.ask(lambda session: cores()).result(timeout=10) == max(1, cores() - 1)
    finally:
        worker.stop()


def test_a_picture_of_a_large_network_gives_way_to_a_command_and_then_is_made_roughly_first(
    rows: Source,
) -> None:
    session = learnt(rows, [256, 256])
    with pytest.raises(Disturbed):
        session.frames(lambda: True)
    (_, rough), *_ = session.frames(rough=True)
    (head, whole), *_ = session.frames()
    assert rough["class"].shape == (25, 25) and whole["class"].shape == (100, 100)
    small = learnt(rows, [8]).frames(lambda: True)  # whose picture takes no time
    assert small[0][0]["score"] > 0 and head["score"] > 0


def test_a_command_that_changes_something_is_heard_before_those_that_look() -> None:
    worker, heard = Worker(Session()), list[str]()
    for name, looks in (("look", True), ("change", False), ("look again", True), ("change again", False)):
        worker.ask(lambda session, name=name: heard.append(name), looks=looks)  # type: ignore[misc]
    worker.start()
    worker.ask(lambda session: None, looks=True).result(timeout=10)
    worker.stop()
    assert heard == ["change", "change again", "look", "look again"]


def test_a_calculation_is_written_out_later_with_the_numbers_of_then() -> None:
    session = Session({"data": {"name": "spiral", "n": 60}})
    expected = call(session, "calculation", {})
    later = begin(session, "calculation", {})
    assert isinstance(later, Later)
    session.step(n=5, unit="epoch")
    assert later.rest() == expected != call(session, "calculation", {})


def test_while_it_plays_only_the_phase_that_is_looked_at_is_written_out() -> None:
    session = Session({"data": {"name": "spiral", "n": 60}})
    whole = call(session, "calculation", {})["quantities"]
    for q, all_of_it in zip(
        call(session, "calculation", {"phase": "loss"})["quantities"], whole, strict=True
    ):
        assert (q["symbol"], q["about"]) == (all_of_it["symbol"], all_of_it["about"])
        assert q["rows"] == (all_of_it["rows"] if q["phase"] == "loss" else [])
