"""A network saved and loaded computes the same bits."""

import numpy as np
import pytest

import tasou
from tasou.errors import ModelFileError
from tasou.formats.model_file import read_model, write_model
from tasou.formats.safetensors import read
from tasou.formulas import activations, losses

X = np.random.default_rng(0).normal(size=(20, 2))


@pytest.mark.parametrize(
    "network",
    [
        tasou.Network((2, 10, 3), rng=0),
        tasou.Network((2, 1), loss="squared_error", bias=False, rng=0),
        tasou.Network((2, 4, 3, 2), ["tanh", "gelu"], dropout=[0.1, 0.2], l2=0.5, dtype=np.float32, rng=1),
        tasou.Network(
            (2, 3, 1),
            activations.get("leaky_relu", alpha=0.3),
            loss=losses.get("huber", threshold=2.0),
            rng=2,
        ),
        tasou.Network((2, 3, 1), "sigmoid", loss="squared_error", output_activation="tanh", rng=3),
    ],
    ids=repr,
)
def test_round_trip(network, tmp_path):
    tasou.save(network, tmp_path / "n.tasou")
    again = tasou.load(tmp_path / "n.tasou")
    assert repr(again) == repr(network)
    assert again.predict(X).tobytes() == network.predict(X).tobytes()
    for name in ("l2", "dropout", "bias", "loss"):
        assert getattr(again, name) == getattr(network, name), name
    assert again.activations == network.activations


def test_arrays_carry_the_lecture_s_names(tmp_path):
    network = tasou.Network((2, 10, 3), rng=0)
    tasou.save(network, tmp_path / "n.tasou")
    tensors, _ = read(tmp_path / "n.tasou")
    assert sorted(tensors) == ["W1", "W2", "b1", "b2"]
    np.testing.assert_array_equal(tensors["W2"], network[2].W)


def test_code_of_one_s_own_is_refused(tmp_path):
    square = activations.Activation("square", f=lambda z, xp: z * z, slope=lambda z, a, xp: 2 * z)
    with pytest.raises(ModelFileError, match="'square' is code of your own"):
        tasou.save(tasou.Network((2, 3, 1), square), tmp_path / "n.tasou")
    assert list(tmp_path.iterdir()) == []


def test_diverged_weights_are_not_saved(tmp_path):
    network = tasou.Network((2, 1), rng=0)
    network[1].W[0, 1] = np.nan
    with pytest.raises(ModelFileError, match="array 'W1' holds nan"):
        tasou.save(network, tmp_path / "n.tasou")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sizes": [2, 10**9, 3]}, "'W1' is float64 of shape .10, 2."),
        ({"sizes": [2]}, "cannot be built"),
        ({"sizes": [2, 10, 3, 1]}, "no array 'W3'"),
        ({"sizes": [2, 10, 0]}, "less than 1"),
        ({"sizes": "23"}, "not of type array"),
        ({"dtype": "float16"}, "known: float32, float64"),
        ({"dtype": "float32"}, "needs float32"),
        ({"activations": []}, "cannot be built"),
        ({"activations": [{"name": "rleu"}, {"name": "identity"}]}, "did you mean 'relu'"),
        ({"dropout": [0.0, 0.0, 0.0]}, "cannot be built"),
        ({"dropout": [2.0, 0.0]}, "cannot be built"),
        ({"loss": {"name": "../os"}}, "unknown loss"),
        ({"l2": -1}, "less than 0"),
    ],
)
def test_a_description_that_does_not_fit(change, message, tmp_path):
    path = tmp_path / "n.tasou"
    tasou.save(tasou.Network((2, 10, 3), rng=0), path)
    contents = read_model(path)
    write_model(path, "network", {**contents.model, **change}, contents.tensors)
    with pytest.raises(ModelFileError, match=message) as caught:
        tasou.load(path)
    assert "n.tasou: " in str(caught.value)


def test_unknown_optional_keys_are_no_hindrance(tmp_path):
    path = tmp_path / "n.tasou"
    tasou.save(tasou.Network((2, 10, 3), rng=0), path)
    contents = read_model(path)
    write_model(path, "network", {**contents.model, "invented_later": [1]}, contents.tensors)
    assert tasou.load(path).sizes == (2, 10, 3)


def test_a_kind_of_the_future_and_things_that_are_no_model(tmp_path):
    write_model(tmp_path / "m", "forest", {}, {})
    with pytest.raises(ModelFileError, match=r"'forest', made by a newer tasou"):
        tasou.load(tmp_path / "m")
    with pytest.raises(ModelFileError, match="cannot save a dict"):
        tasou.save({}, tmp_path / "m")
