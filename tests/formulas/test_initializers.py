"""Initial weights: the sizes of the papers, and the moments of what is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from tasou.formulas import initializers
from tasou.network import Network

FAN_IN, FAN_OUT = 300, 500
VARIANCE = {"glorot": 2 / (FAN_IN + FAN_OUT), "he": 2 / FAN_IN, "lecun": 1 / FAN_IN, "zeros": 0.0}


def drawn(init, **options):
    return Network((FAN_IN, FAN_OUT), init=init, rng=0, **options)[1]


@pytest.mark.parametrize("name", initializers.names())
def test_moments(name):
    W, init = drawn(name).W, initializers.get(name)
    size = init.size(FAN_IN, FAN_OUT)
    assert abs(W.mean()) <= 4 * size / np.sqrt(W.size)
    if init.distribution == "uniform":
        assert 0.999 * size < np.abs(W).max() <= size
        assert W.var() == pytest.approx(size**2 / 3, rel=0.01)
    elif init.distribution == "normal":
        assert W.std() == pytest.approx(size, rel=0.01)
        assert np.mean(W**4) == pytest.approx(3 * size**4, rel=0.05)  # a uniform one would have 1.8
    else:
        assert not W.any()
    family = name.split("_")[0]
    if family in VARIANCE:
        assert W.var() == pytest.approx(VARIANCE[family], rel=0.01)


@pytest.mark.parametrize("name", initializers.names())
def test_biases_start_at_zero_unless_they_are_to_be_drawn(name):
    assert not drawn(name).b.any()
    init = initializers.get(name)
    layer = drawn(init.drawing_biases())
    assert layer.b.any() == (init.distribution != "zeros")
    assert np.abs(layer.b).max() <= 5 * init.size(FAN_IN, FAN_OUT)
    assert not drawn(init.drawing_biases(), bias=False).b.any()


def test_the_gain_is_a_parameter():
    assert initializers.get("glorot_uniform", gain=2.0).size(3, 5) == pytest.approx(0.5)


@pytest.mark.parametrize(
    "activation, init",
    [
        ("relu", "he_uniform"),
        ("leaky_relu", "he_uniform"),
        ("selu", "lecun_normal"),
        ("tanh", "glorot_uniform"),
    ],
)
def test_the_initializer_suits_the_activation_unless_one_is_named(activation, init):
    sizes = (3, 40, 2)
    assert np.array_equal(
        Network(sizes, activation, rng=1)[1].W, Network(sizes, activation, init=init, rng=1)[1].W
    )


@pytest.mark.parametrize("activation", ["relu", "tanh", "selu"])
def test_activations_keep_their_size_through_many_layers(activation):
    X = np.random.default_rng(1).normal(size=(200, 100))
    trace = Network((100, *[100] * 10, 2), activation, rng=0).forward(X)
    assert 0.2 < np.sqrt(np.mean(trace[10].a ** 2)) < 5
