"""Networks of any layers as files: saved and loaded alike, and refused where the file claims what cannot be."""

from __future__ import annotations

import copy
import importlib.util
from pathlib import Path

import numpy as np
import pytest

import tasou
from tasou.errors import ModelFileError
from tasou.formats.model_file import read_model, write_model
from tasou.layers import Columns, Dense, Dropout, Embedding, PiecewiseLinear, Scale, Skip

spec = importlib.util.spec_from_file_location(
    "every_layer", Path(__file__).parent.parent / "layers" / "test_every_layer.py"
)
every_layer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(every_layer)


@every_layer.every_layer
def test_a_network_with_it_is_loaded_as_it_was(case, tmp_path):
    network, X = case.network(np.float32), case.rows(dtype=np.float32)[0]
    tasou.save(network, tmp_path / "n.tasou")
    loaded = tasou.load(tmp_path / "n.tasou")
    assert repr(loaded) == repr(network) and repr(loaded.cards) == repr(network.cards)
    assert loaded.shapes == network.shapes
    assert np.array_equal(loaded.predict(X), network.predict(X))


def test_parameters_are_called_by_their_place(tmp_path):
    network = tasou.Network(
        layers=[Columns([(0, [Embedding(3, 2)]), ((1, 2), [Skip(Dense(2, "relu"))])]), Dense(2)], inputs=3
    )
    names = [place.symbol for place in network.parameters.layout.places]
    assert names == ["W[1.2.1.1]", "W[2]", "E[1.1.1]", "b[1.2.1.1]", "b[2]"]
    tasou.save(network, tmp_path / "n.tasou")
    tensors = read_model(tmp_path / "n.tasou").tensors
    assert set(tensors) == {"W1.2.1.1", "W2", "E1.1.1", "b1.2.1.1", "b2"}
    assert tensors["E1.1.1"].shape == (3, 2)


def nested(depth):
    inner = {"type": "layer", "layer": "dropout", "made_with": {"share": 0.1}}
    for _ in range(depth):
        inner = {
            "type": "layer",
            "layer": "skip",
            "made_with": {"layers": {"type": "tuple", "items": [inner]}},
        }
    return {"layer": inner["layer"], "made_with": inner["made_with"]}


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ({"layer": "scale", "made_with": {"rate": -1}}, "cannot be built here: rate, a factor"),
        ({"layer": "scale", "made_with": {"rate": "fast"}}, "cannot be built"),
        (
            {"layer": "scale", "made_with": {"speed": 1}},
            "made with 'speed', which is not known here: upgrade",
        ),
        ({"layer": "../os", "made_with": {}}, "unknown layer"),
        ({"layer": "_nest", "made_with": {}}, "unknown layer"),
        ({"layer": "skip", "made_with": {"layers": {"type": "tuple", "items": [5]}}}, "one or more layers"),
        ({"layer": "skip", "made_with": {"layers": {"type": "layer"}}}, "lacks 'layer'"),
        (
            {
                "layer": "embedding",
                "made_with": {"levels": {"type": "tuple", "items": [9] * 3}, "units": 10**12},
            },
            "needs float64 of shape .2, 3000000000000.",
        ),
        ({"layer": "columns", "made_with": {"parts": 7}}, "must pair columns with layers"),
        (
            {"layer": "piecewise_linear", "made_with": {"edges": {"type": "tuple", "items": [[1, 0]]}}},
            "ascending",
        ),
        ({"layer": "prelu", "made_with": {"slope": None}}, "no array 'alpha1'"),
        (nested(40), "more than 16 deep"),
    ],
)
def test_layers_that_cannot_be_are_refused(layer, message, tmp_path):
    network = tasou.Network(layers=[Dropout(0.1), Dense(2)], inputs=3, rng=0)
    tasou.save(network, tmp_path / "n.tasou")
    contents = read_model(tmp_path / "n.tasou")
    model = copy.deepcopy(contents.model)
    model["layers"][0] = layer
    write_model(tmp_path / "n.tasou", "stack", model, contents.tensors)
    with pytest.raises(ModelFileError, match=message) as caught:
        tasou.load(tmp_path / "n.tasou")
    assert "n.tasou: " in str(caught.value)


def test_layers_within_layers_of_a_file_need_no_more_than_they_say(tmp_path):
    card = Columns([((0, 1), [PiecewiseLinear.of(np.arange(12.0).reshape(6, 2), 3), Scale()])])
    network = tasou.Network(layers=[card, Dense(1)], inputs=(2, 1), loss="squared_error", rng=0)
    tasou.save(network, tmp_path / "n.tasou")
    assert tasou.load(tmp_path / "n.tasou").cards[0].parts[0][1][0].edges == card.parts[0][1][0].edges


def test_a_layer_of_ones_own_is_not_saved(tmp_path):
    class Own(Scale):
        pass

    network = tasou.Network(layers=[Skip([Own()]), Dense(2)], inputs=3)
    with pytest.raises(ModelFileError, match="layer 1, Own, is code of your own"):
        tasou.save(network, tmp_path / "n.tasou")
