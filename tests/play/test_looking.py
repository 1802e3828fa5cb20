"""What is told of a run beside its picture: the calculation, the gradient check, the diagnosis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tasou.errors import TasouError
from tasou.play import Session
from tasou.play.commands import call
from tasou.play.frame import pack, unpack


def plain_text(tree: Any) -> str:
    """The letters of a formula, without its form."""
    if isinstance(tree, str):
        return tree
    return "".join(plain_text(part) for part in (tree or [])[1:] if not isinstance(part, dict))


@pytest.fixture
def session() -> Session:
    session = Session({"data": {"name": "spiral", "n": 60}, "recipe": {"hidden": [4], "batch_size": 20}})
    session.step(n=7, unit="batch")
    return session


def test_the_calculation_shows_the_numbers_of_the_trace(session: Session) -> None:
    run = session.run
    batch = run.coming()
    trace = run.network.forward(batch.X)
    run.network.measure(trace, batch.Y)
    run.network.backward(trace, batch.Y)
    table = trace.table(3, lr=run.lr)
    shown = call(session, "calculation", {"sample": 3})["quantities"]
    assert [[row[3] for row in q["rows"]] for q in shown] == [
        [r.value for r in q.rows] for q in table.quantities
    ]
    z = next(q for q in shown if plain_text(q["symbol"]).startswith("z"))
    assert float(z["rows"][0][3]) == pytest.approx(float(trace[1].z[3, 0]), rel=1e-3)


def test_the_update_it_shows_is_the_update_that_is_made(session: Session) -> None:
    shown = call(session, "calculation", {"batch": True, "digits": 17})["quantities"]
    new = next(q for q in shown if q["phase"] == "update" and q["layer"] == 1)
    session.step(n=1, unit="batch")
    first = plain_text(new["matrix"]).replace("−", "-").lstrip("[")
    assert first.startswith(f"{session.run.network[1].W[0, 0]:.12g}"[:10])


def test_another_optimizer_shows_its_own_step(session: Session) -> None:
    session.branch({"optimizer": "adam", "lr": 0.01})
    shown = call(session, "calculation", {"batch": True})["quantities"]
    assert "adam" in plain_text(next(q for q in shown if q["phase"] == "update")["formula"])


def test_a_point_that_is_not_shown_is_told(session: Session) -> None:
    with pytest.raises(TasouError) as told:
        call(session, "calculation", {"point": 10_000})
    assert told.value.code == "play.no_point"


def test_looking_changes_nothing(session: Session) -> None:
    other = Session({"data": {"name": "spiral", "n": 60}, "recipe": {"hidden": [4], "batch_size": 20}})
    other.step(n=7, unit="batch")
    for name in ("calculation", "gradcheck", "slice", "diagnose"):
        call(session, name, {})
    for each in (session, other):
        each.step(n=5, unit="batch")
    assert (session.run.network.theta == other.run.network.theta).all()


def test_the_gradient_by_hand_is_the_slope_of_the_loss_and_a_forgotten_f_is_found(session: Session) -> None:
    session.branch({"activation": "tanh"})
    right = call(session, "gradcheck", {"index": 3})
    wrong = call(session, "gradcheck", {"index": 3, "forget": True})
    assert right["error"] < 1e-6 and right["whole"]["ok"]
    assert wrong["error"] > 1e-3 and not wrong["whole"]["ok"]
    k = len(right["steps"]) // 2
    slope = (right["curve"][k + 1] - right["curve"][k - 1]) / (right["steps"][k + 1] - right["steps"][k - 1])
    assert slope == pytest.approx(right["by_hand"], rel=0.05, abs=1e-3)


def test_the_loss_along_the_step_falls_first(session: Session) -> None:
    session.branch({"lr": 0.1})
    found = call(session, "slice", {})
    ways, losses = np.array(found["ways"]), np.array(found["losses"])
    assert losses[np.abs(ways - 0.5).argmin()] < losses[np.abs(ways).argmin()]


def test_a_dead_layer_is_told_with_a_remedy_that_can_be_tried() -> None:
    session = Session({"data": {"name": "spiral", "n": 90}, "recipe": {"hidden": [8]}})
    theta = session.run.network.theta.copy()
    theta[-11:-3] = -30.0
    session.reset(
        setup={"data": {"name": "spiral", "n": 90}, "recipe": {"hidden": [8]}, "theta": theta.tolist()}
    )
    session.step(n=20, unit="epoch")
    found = call(session, "diagnose", {})["findings"][0]
    assert found["code"] == "T001" and found["severity"] == "problem"
    change = next(r["change"] for r in found["remedies"] if r["change"] and "activation" in r["change"])
    state = call(session, "retry", {"changes": change})
    assert state["other"] == "A" and state["current"] == "B" and session.until == 20
    while session.playing:
        session.advance(1.0)
    assert session.run.epoch == 20
    assert session.run.curves.column("loss")[-1] < session.runs["A"].curves.column("loss")[19]


def test_a_run_that_diverged_is_told_why() -> None:
    session = Session({"data": {"name": "hills", "n": 40}, "recipe": {"lr": 50.0}})
    session.step(n=50, unit="epoch")
    assert session.state()["diverged"]["en"].startswith("training diverged")
    found = call(session, "diagnose", {})["findings"][0]
    assert any(r["change"] == {"lr": 5.0} for r in found["remedies"])


@pytest.mark.parametrize("data", ["spiral", "xor", "curve", "hills", "above"])
@pytest.mark.parametrize("hidden", [[], [3], [5, 4]])
def test_every_network_can_be_looked_at(data: str, hidden: list[int]) -> None:
    n = {"n": 4} if data == "xor" else {"n": 30}
    session = Session({"data": {"name": data, **n}, "recipe": {"hidden": hidden, "lr": 0.01}})
    session.step(n=2, unit="epoch")
    for layer in range(len(hidden) + 1):
        session.look(layer=layer, edges=["value", "gradient", "update"][layer])
        for head, arrays in session.frames():
            again, same = unpack(pack(head, arrays))
            assert again["update"] == session.run.update
            assert {name: array.shape for name, array in same.items()} == {
                n: a.shape for n, a in arrays.items()
            }
    assert call(session, "calculation", {"batch": True})["quantities"]
    assert call(session, "calculation", {"point": 1})["quantities"]


@pytest.mark.parametrize("hidden", [[10], [200, 200]])
def test_the_first_picture_of_each_run_shows_its_units_even_while_it_plays(hidden: list[int]) -> None:
    session = Session({"data": {"name": "moons"}, "recipe": {"hidden": hidden}})
    session.branch({"lr": 0.01}, compare=True)
    session.play(speed=None)
    pictures = [session.frames() for _ in range(13)]
    for one, other in (pictures[0], next(p for p in pictures[1:] if "units" in p[0][1])):
        assert len(one[1]["units"]) == len(other[1]["units"]) == sum(session.run.network.sizes[1:])
