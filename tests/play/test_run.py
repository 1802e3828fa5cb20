"""Time is a place to go: every step of a run can be reached again, with the same bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tasou import datasets
from tasou.errors import TasouError
from tasou.network import Network
from tasou.play.made import make
from tasou.play.run import Run
from tasou.play.setup import Setup
from tasou.training import Training


def a_run(data: dict[str, Any] | None = None, **recipe: Any) -> Run:
    setup = Setup.read({"data": data or {"name": "spiral", "n": 60}, "recipe": recipe})
    return Run(setup, make(setup.data))


def theta_at_every_step(run: Run, n: int) -> list[np.ndarray]:
    found = [run.network.theta.copy()]
    for _ in range(n):
        run.forward(1, "batch")
        found.append(run.network.theta.copy())
    return found


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "rmsprop"])
def test_scrubbing_back_and_forth_gives_the_same_bits(optimizer: str) -> None:
    run = a_run(optimizer=optimizer, lr=0.05, batch_size=16, dropout=0.1, hidden=[6])
    steps = theta_at_every_step(run, 23)
    for update in (5, 22, 0, 13, 12, 23, 1):
        run.seek(update)
        assert run.update == update
        assert (run.network.theta == steps[update]).all()


def test_it_does_not_matter_whether_a_run_is_played_or_stepped() -> None:
    played, stepped = (a_run(batch_size=16, lr=0.1, optimizer="adam") for _ in range(2))
    played.forward(3, "epoch")
    theta_at_every_step(stepped, 3 * stepped.per_epoch)
    assert (played.network.theta == stepped.network.theta).all()
    assert stepped.epoch == 3 and stepped.row == 0
    np.testing.assert_array_equal(played.curves.since(0), stepped.curves.since(0))


def test_a_schedule_goes_on_as_if_nobody_had_stopped() -> None:
    whole, pieces = (a_run(batch_size=16, schedule="cosine", epochs=8) for _ in range(2))
    whole.forward(8, "epoch")
    for n in (3, 1, 2, 5):
        pieces.forward(n, "batch")
    pieces.seek(4)
    pieces.forward(8 - pieces.epoch, "epoch")
    assert (whole.network.theta == pieces.network.theta).all()


def test_a_learning_rate_set_on_the_way_is_set_again_on_the_way_back() -> None:
    run = a_run(batch_size=16, lr=0.1)
    run.forward(5, "batch")
    run.set_rate(1.0)
    run.forward(6, "batch")
    theta = run.network.theta.copy()
    run.seek(2)
    assert run.training.lr == 0.1
    run.seek(11)
    assert run.training.lr == 1.0
    assert (run.network.theta == theta).all()


def test_a_branch_shares_the_past_and_goes_its_own_way() -> None:
    run = a_run(lr=0.1, batch_size=16)
    run.forward(10, "epoch")
    run.seek_epoch(6)
    branch = run.branch({"lr": 2.0}, run.rows, "B")
    assert branch.parent == ("A", run.update)
    assert (branch.network.theta == run.network.theta).all()
    np.testing.assert_array_equal(branch.curves.since(0), run.curves.since(0)[:6])
    same = run.branch({}, run.rows, "C")
    for each in (run, branch, same):
        each.forward(2, "epoch")
    assert (same.network.theta == run.network.theta).all()
    assert (branch.network.theta != run.network.theta).any()


def test_another_activation_keeps_the_weights_and_another_width_does_not() -> None:
    run = a_run()
    run.forward(4, "epoch")
    assert (run.branch({"activation": "tanh"}, run.rows, "B").network.theta == run.network.theta).all()
    wider = run.branch({"hidden": [12]}, run.rows, "C")
    assert wider.update == 0
    assert wider.network.sizes == (2, 12, 3)


def test_another_optimizer_begins_without_memory() -> None:
    run = a_run(batch_size=16)
    run.forward(7, "batch")
    adam = run.branch({"optimizer": "adam", "lr": 0.01}, run.rows, "B")
    assert not any(vector.theta.any() for vector in adam.training.memory.values())
    adam.forward(1, "epoch")
    assert np.isfinite(adam.network.theta).all()


def test_a_run_that_diverges_stands_at_its_last_finite_step() -> None:
    run = a_run({"name": "hills", "n": 40}, lr=50.0, hidden=[8])
    run.forward(200, "epoch")
    assert run.diverged is not None
    assert run.over and run.update == run.diverged.update - 1
    assert np.isfinite(run.network.theta).all()
    run.forward(1, "batch")
    assert run.update == run.end
    run.seek(0)
    calmer = run.branch({"lr": 0.01}, run.rows, "B")
    calmer.forward(9, "batch")
    assert calmer.diverged is None and calmer.update == 9


def test_the_last_small_batch_of_an_epoch_is_applied() -> None:
    run = a_run({"name": "spiral", "n": 50}, batch_size=16)
    run.forward(1, "epoch")
    assert run.update == 4


def test_keyframes_keep_to_their_budget_and_every_step_can_still_be_reached() -> None:
    run = a_run(batch_size=16, hidden=[30])
    run.frames.budget = 30_000
    first = run.network.theta.copy()
    for _ in range(40):
        run._since = 1.0
        run.forward(1, "batch")
    assert run.frames._bytes <= 30_000 and len(run.frames) >= 2
    last = run.network.theta.copy()
    run.seek(0)
    assert (run.network.theta == first).all()
    run.seek(40)
    assert (run.network.theta == last).all()


def test_looking_at_the_coming_batch_changes_nothing_of_what_comes() -> None:
    looked, blind = (a_run(batch_size=16) for _ in range(2))
    batch = looked.coming()
    assert batch.n == 16
    for run in (looked, blind):
        run.forward(1, "batch")
    assert (looked.network.theta == blind.network.theta).all()


def test_the_numbers_are_those_of_a_plain_training() -> None:
    X, y = datasets.make("spiral", 300)
    plain = Training(Network((2, 10, 3), rng=0), lr=1.0, rng=0).run(X, y, epochs=120)
    run = a_run({"name": "spiral", "n": 300})
    run.forward(120, "epoch")
    assert run.curves.column("loss") == pytest.approx(plain.loss, rel=1e-9)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"recipe": {"hidden": [4000]}}, "play.too_large"),
        ({"recipe": {"colour": "red"}}, "play.no_setting"),
        ({"recipe": {"lr": -1}}, "knob.value_or_none"),
        ({"recipe": {"activation": "reul"}}, "name.unknown"),
        ({"recipe": {"hidden": "10"}}, "knob.value"),
    ],
)
def test_a_setting_that_cannot_be_is_told_in_a_sentence(given: dict[str, Any], code: str) -> None:
    with pytest.raises(TasouError) as told:
        Setup.read(given)
    assert told.value.code == code


@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy", "squared_error", "perceptron"])
def test_two_classes_can_be_learnt_with_every_loss_that_suits(loss: str) -> None:
    output = "sigmoid" if loss == "squared_error" else "identity"
    run = a_run({"name": "moons", "n": 60}, loss=loss, lr=0.1, output_activation=output)
    run.forward(300, "epoch")
    assert run.curves.column("accuracy")[-1] > 0.8


def test_a_curve_and_a_surface_are_regressed_on() -> None:
    for name in ("curve", "hills"):
        run = a_run({"name": name}, optimizer="adam", lr=0.01, hidden=[20], batch_size=32)
        run.forward(60, "epoch")
        loss = run.curves.column("loss")
        assert loss[-1] < 0.5 * loss[0]


@pytest.mark.parametrize(
    "rows", [[], [[0, 0, 0], [1, 1, 0]], [[0, 0, 0], [0, 1, 99]], [[0, 0, 0], ["x", 1, 1]]]
)
def test_points_that_cannot_be_learnt_from_are_told_in_a_sentence(rows: list[Any]) -> None:
    with pytest.raises(TasouError) as told:
        make({"name": "points", "rows": rows})
    assert told.value.code in ("play.few_points", "play.bad_point")
