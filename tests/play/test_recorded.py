"""A training recorded from Python is the training, and its page holds the engine's numbers."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tasou
from tasou.errors import TasouError
from tasou.play import Session
from tasou.play.recording import record


def held_by(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(re.search(r'id="data">(.*?)</script>', str(page), re.DOTALL)[1])  # type: ignore[index]
    return found


def trained(**how: Any) -> tuple[Any, Any, Any]:
    X, y = tasou.datasets.make("spiral", 90)
    return tasou.Training(tasou.Network((2, 5, 3), rng=0), rng=0, **how), X, y


@pytest.mark.parametrize("how", [{"lr": 1.0}, {"optimizer": "adam", "lr": 0.05, "batch_size": 30}])
def test_recording_changes_nothing_of_the_training(how: dict[str, Any]) -> None:
    training, X, y = trained(**how)
    page = training.record(X, y, epochs=12)
    other, *_ = trained(**how)
    history = other.run(X, y, epochs=12)
    np.testing.assert_allclose(training.network.theta, other.network.theta, rtol=1e-9)
    data = held_by(page)
    thetas = np.frombuffer(base64.b64decode(data["theta"]), "<f8").reshape(13, -1)
    assert (thetas[-1] == training.network.theta).all()
    assert data["epochs"] == list(range(13)) and data["n"] == 90
    np.testing.assert_allclose([row[0] for row in data["curves"]], history.loss, rtol=1e-9)
    assert data["curves"][-1][1] == (training.network.predict(X).argmax(1) == y).mean()


def test_a_notebook_shows_the_page_in_a_frame_with_a_title_and_nothing_within_its_reach(
    tmp_path: Path,
) -> None:
    training, X, y = trained(lr=1.0)
    page = training.record(X, y, epochs=3, rows=False, lang="ja")
    shown = page._repr_html_()
    assert shown.startswith("<iframe") and 'title="学習の記録" sandbox="allow-scripts"' in shown
    assert "<script" not in shown and shown.count("<iframe") == 1
    assert "X" not in held_by(page) and held_by(page)["lang"] == "ja"
    page.save(tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text("utf-8") == str(page)
    assert "kB" in repr(page)


def test_a_regression_with_one_input_is_recorded() -> None:
    x = np.linspace(-1, 1, 40)[:, None]
    network = tasou.Network((1, 6, 1), "tanh", loss="squared_error", rng=0)
    data = held_by(tasou.record(tasou.Training(network, lr=0.1), x, np.sin(3 * x[:, 0]), epochs=5))
    assert data["task"] == "regression" and data["curves"][0][1] is None


def test_what_cannot_be_recorded_is_told_before_it_trains() -> None:
    layers = [tasou.layers.Skip([tasou.layers.Dense(2)]), tasou.layers.Dense(2)]
    training = tasou.Training(tasou.Network(layers=layers, inputs=2, rng=0))
    with pytest.raises(TasouError):
        training.record(np.zeros((4, 2)), [0, 1, 0, 1], epochs=3)
    assert not training.history.loss


def test_iterations_of_lbfgs_are_recorded_without_the_update_that_only_its_memory_knows() -> None:
    X, y = tasou.datasets.make("moons", 40, rng=0)
    training = tasou.Training(tasou.Network((2, 3, 2), rng=0), optimizer="lbfgs")
    data = held_by(training.record(X, y, epochs=5))
    assert data["epochs"] == [0, 1, 2, 3, 4, 5] and list(data["phases"]) == ["forward", "loss", "backward"]
    last = np.frombuffer(base64.b64decode(data["theta"]), "<f8").reshape(6, -1)[-1]
    assert (last == training.network.theta).all()
    session = Session({"data": {"name": "moons"}, "recipe": {"optimizer": "lbfgs"}})
    session.run.forward(3, "epoch")
    assert held_by(record(session.run))["epochs"] == [0, 1, 2, 3]
    with pytest.raises(TasouError):
        record(session.run, live=True)


def test_of_many_features_the_page_holds_the_plane_through_them() -> None:
    X = np.random.default_rng(0).normal(size=(30, 5)) + np.arange(5)
    network = tasou.Network((5, 3, 2), rng=0)
    data = held_by(tasou.record(tasou.Training(network, lr=0.1), X, (X[:, 0] > 0).astype(int), epochs=3))
    assert data["directions"] == [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]] and data["features"][4] == "x5"
    np.testing.assert_allclose(data["centre"], [0, 0, *np.median(X, axis=0)[2:]])
    assert (np.frombuffer(base64.b64decode(data["X"]), "<f8").reshape(30, 5) == X).all()
