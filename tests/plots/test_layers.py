"""Pictures of networks that are not made of dense layers alone."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import Network, plots
from tasou.errors import TasouError
from tasou.layers import Dense, LayerNorm, PReLU, Scale, Skip

X = np.random.default_rng(0).normal(size=(12, 2))


def stack():
    layers = [Scale(), Dense(3), PReLU(), Skip([LayerNorm(), Dense(3, "relu")]), Dense(4, "relu"), Dense(2)]
    return Network(layers=layers, inputs=2, rng=0)


def test_the_diagram_names_every_layer_and_draws_units_that_see_one_input_with_one_line(ax):
    network = stack()
    plots.network(network, ax=ax, lang="en", show_values=True, data=X)
    captions = [text.get_text() for text in ax.texts]
    assert any(text.endswith("2 scale") for text in captions) and any("3 prelu" in text for text in captions)
    assert any("skip(layer_norm → relu)" in text for text in captions)
    assert any(text.endswith("2 Softmax") for text in captions)
    assert f"{network.theta.size} parameters" in ax.get_title()
    plain = ax.collections[0].get_segments()
    assert len(plain) == 2 + 3 + 9  # scale and PReLU one to one, the skip all to all


def test_the_histogram_shows_the_dense_layers_by_their_numbers(ax):
    plots.weight_histogram(stack(), ax=ax, lang="en")
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert [name.split()[1] for name in names] == ["2", "5", "6"]
    with pytest.raises(TasouError, match="no dense layer"):
        plots.weight_histogram(Network(layers=[Scale()], inputs=2))


@pytest.mark.parametrize("layer", range(1, 7))
def test_the_maps_of_every_layer_are_drawn(layer, ax):
    network = stack()
    plots.unit_maps(network, X, layer=layer, ax=ax, lang="en", resolution=20)
    assert len(ax.child_axes) == network[layer].width
