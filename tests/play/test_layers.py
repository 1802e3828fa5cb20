"""Layers beyond dense ones in the playground: what is shown of one row, what can be changed, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tasou.errors import TasouError
from tasou.play import Session
from tasou.play.commands import call
from tasou.play.share import open_run, write


def opened(number: str) -> Session:
    session = Session()
    call(session, "lesson", {"number": number})
    session.step(n=2, unit="epoch")
    return session


def test_the_maps_of_filters_are_those_of_the_trace() -> None:
    session = opened("7a")
    run = session.run
    x = run.coming().X[3:4]
    trace = run.network.forward(x)
    picture, maps, pooled, answer = call(session, "within", {"sample": 3})["layers"]
    np.testing.assert_allclose(picture["values"][0], x.reshape(8, 8), rtol=1e-3, atol=1e-9)
    np.testing.assert_allclose(np.moveaxis(maps["values"], 0, -1).ravel(), trace[1].a[0], rtol=1e-3)
    np.testing.assert_allclose(np.reshape(maps["filters"], (4, 9)), run.network[1].W, rtol=1e-3)
    np.testing.assert_allclose(pooled["values"], trace[2].a[0], rtol=1e-3)
    assert answer["names"] == ["│", "─"]


def test_the_states_of_a_recurrent_layer_are_shown_at_every_step() -> None:
    session = opened("7b")
    states = call(session, "within", {"sample": 0})["layers"][1]["values"]
    trace = session.run.network.forward(session.run.coming().X[:1])
    assert np.shape(states) == (4, 20)
    np.testing.assert_allclose(np.array(states)[:, -1], trace[1].a[0], rtol=1e-3)


def test_the_weights_of_attention_stand_beside_the_items_they_belong_to() -> None:
    items, weights, _ = call(opened("7c"), "within", {"point": 5})["layers"]
    assert items["items"][-1].endswith("?") and len(items["items"]) == len(weights["values"]) == 5
    assert sum(weights["values"]) == pytest.approx(1, abs=1e-3)


def test_a_picture_that_is_drawn_goes_through_the_layers() -> None:
    session = opened("7a")
    found = call(session, "within", {"x": [0.0] * 64})["layers"]
    assert found[0]["values"] == [[[0.0] * 8] * 8]
    with pytest.raises(TasouError) as told:
        call(session, "within", {"x": [0.0] * 63})
    assert told.value.code == "play.no_row"


def test_layers_are_changed_for_others_and_for_dense_ones() -> None:
    session = opened("7b")
    call(session, "change", {"changes": {"layers": [{"layer": "gru", "units": 3}]}})
    assert session.run.network.sizes == (20, 3, 2)
    state = call(session, "change", {"changes": {"layers": None, "hidden": [6]}})
    assert state["network"]["plain"] and state["network"]["sizes"] == [20, 6, 2]


@pytest.mark.parametrize(
    ("layers", "code"),
    [
        ([{"layer": "conv2d"}], "play.layers_fit"),
        ([{"layer": "gru", "units": 10**9}], "play.layers_many"),
        ([{"layer": "gru", "gates": 3}], "play.layer"),
        ([{"layer": "../conv2d"}], "name.unknown"),
        ([3], "name.unknown"),
        ([{"layer": "dense"}] * 30, "play.layers_many"),
    ],
)
def test_layers_that_cannot_be_are_told_and_nothing_is_lost(layers: Any, code: str) -> None:
    session = opened("7b")
    with pytest.raises(TasouError) as told:
        call(session, "change", {"changes": {"layers": layers}})
    assert told.value.code == code and told.value.text("ja")
    assert session.run.update == 12


def test_a_run_of_such_layers_is_saved_opened_and_gone_back_in() -> None:
    session = opened("7a")
    again = open_run(write(session.run, "run")[2], Session().rows_of)
    assert (again.network.theta == session.run.network.theta).all()
    session.step(n=1, unit="epoch")
    again.forward(1, "epoch")
    assert (again.network.theta == session.run.network.theta).all()
    session.seek(epoch=1)
    assert session.run.update == 6


def test_every_part_of_the_page_is_told_of_such_layers() -> None:
    for number in ("7a", "7b", "7c"):
        session = opened(number)
        for command in ("calculation", "gradcheck", "slice", "diagnose", "state"):
            assert call(session, command, {})
        assert call(session, "gradcheck", {})["error"] < 1e-5
        (_, arrays), *_ = session.frames()
        assert len(arrays["units"]) == sum(session.run.network.sizes[1:])


def test_other_data_forget_the_plane_that_was_chosen() -> None:
    session = opened("7b")
    assert session.plane
    call(session, "reset", {"setup": {"data": {"name": "random", "features": 4}}})
    assert session.frames() and not session.plane


def test_a_network_of_convolutions_that_has_learnt_little_is_not_called_a_linear_model() -> None:
    session = Session()
    call(session, "lesson", {"number": "7a"})
    session.step(n=1, unit="epoch")
    found = {finding["code"]: finding["evidence"] for finding in call(session, "diagnose", {})["findings"]}
    assert "linear" not in found["T020"]["en"]
