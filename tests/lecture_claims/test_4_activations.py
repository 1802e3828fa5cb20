"""Lecture §4: the activation functions, their weaknesses measured, and the guide to choosing."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import MLPClassifier, MLPRegressor, Network, Training, datasets
from tasou.formulas import activations

Z = np.linspace(-30, 30, 2001)


def both(name):
    f = activations.get(name)
    a = f.f(Z, np)
    return a, f.slope(Z, a, np)


def test_4_1_relu_and_its_derivative():
    a, slope = both("relu")
    assert np.array_equal(a, np.where(Z > 0, Z, 0))
    assert np.array_equal(slope, np.where(Z > 0, 1, 0))
    zero = np.array([0.0])
    assert activations.get("relu").slope(zero, zero, np) == [0]  # 0 for x ≤ 0


def test_4_1_sigmoid_and_tanh_and_leaky_relu():
    a, slope = both("sigmoid")
    assert a == pytest.approx(1 / (1 + np.exp(-Z))) and slope == pytest.approx(a * (1 - a))
    assert (a > 0).all() and (a <= 1).all() and slope.max() == pytest.approx(1 / 4)
    a, slope = both("tanh")
    assert a == pytest.approx(np.tanh(Z)) and slope.max() == pytest.approx(1)
    assert np.abs(a).max() <= 1 and a == pytest.approx(-a[::-1]) and a[1000] == 0  # centred on zero
    a, slope = both("leaky_relu")
    assert a == pytest.approx(np.where(Z > 0, Z, 0.01 * Z)) and slope.min() == 0.01 > 0


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_4_2_the_slope_vanishes_where_the_input_is_large(name):
    _, slope = both(name)
    assert slope[np.abs(Z) > 15].max() < 1e-6 < 0.2 < slope.max()
    assert both("relu")[1][Z > 15].min() == 1


def dead(network, X):
    """Hidden units that no row of X can teach: their gradient is zero whatever the error."""
    t = network.forward(X)[1]
    slopes = network[1].activation.slope(t.z, t.f, np)
    return int(np.sum(np.all(slopes == 0, axis=0)))


def test_4_2_units_die_under_relu_and_none_under_leaky_relu():
    X, y = datasets.make("spiral", n=90)
    counts = {}
    for activation in ("relu", "leaky_relu"):
        network = Network((2, 60, 3), activation, rng=0)
        assert dead(network, X) == 0
        Training(network, lr=20.0).run(X, y, epochs=30)  # steps too long
        counts[activation] = dead(network, X)
    assert counts["relu"] >= 5 and counts["leaky_relu"] == 0


def test_4_2_a_dead_unit_never_learns_again_a_leaky_one_does():
    X, y = datasets.make("spiral", n=90)
    moved = {}
    for activation in ("relu", "leaky_relu"):
        network = Network((2, 10, 3), activation, rng=0)
        network[1].b[3] = -100  # z[1] of this unit is negative for every row
        before = network[1].W[3].copy()
        Training(network, lr=0.5).run(X, y, epochs=50)
        moved[activation] = float(np.abs(network[1].W[3] - before).max())
    assert moved["relu"] == 0 < 1e-4 < moved["leaky_relu"]


def errors_by_layer(activation, depth=8):
    """The mean size of δ[l] for each hidden layer, first layer first, relative to the last."""
    rng = np.random.default_rng(0)
    network = Network((20, *[40] * depth, 3), activation, init="glorot_normal", rng=0)
    trace = network.forward(rng.normal(size=(200, 20)))
    network.backward(trace, rng.integers(0, 3, 200))
    sizes = np.array([np.sqrt(np.mean(trace[l].delta ** 2)) for l in range(1, depth + 1)])
    return sizes / sizes[-1]


def test_4_2_gradients_vanish_through_sigmoids_less_through_tanh_and_relu():
    sizes = {name: errors_by_layer(name) for name in ("sigmoid", "tanh", "relu")}
    assert np.all(np.diff(sizes["sigmoid"]) > 0)  # smaller with every layer on the way back
    shrink = sizes["sigmoid"][:-1] / sizes["sigmoid"][1:]
    assert shrink.max() < 0.5  # at least halved by each layer: a slope of at most 1/4
    assert sizes["sigmoid"][0] < 1e-3
    assert sizes["tanh"][0] > 100 * sizes["sigmoid"][0] and sizes["relu"][0] > 30 * sizes["sigmoid"][0]


def test_4_2_so_a_deep_sigmoid_network_does_not_learn_what_a_relu_network_learns():
    X, y = datasets.make("circles", n=120)
    losses = {}
    for activation in ("sigmoid", "relu"):
        network = Network((2, *[12] * 5, 2), activation, rng=0)
        losses[activation] = Training(network, lr=0.3).run(X, y, epochs=150).loss[-1]
    assert losses["relu"] < 0.1 and losses["sigmoid"] > 0.6


def test_4_3_the_system_chooses_by_the_guide():
    X = np.random.default_rng(0).normal(size=(60, 2))
    assert MLPClassifier().activation == MLPRegressor().activation == "relu"  # hidden layers: ReLU
    assert Network((2, 3, 2))[1].activation.name == "relu"
    options = {"max_iter": 2, "solver": "lbfgs"}
    with pytest.warns(UserWarning, match="lbfgs failed to converge"):
        two = MLPClassifier((4,), **options).fit(X, X[:, 0] > 0)
        many = MLPClassifier((4,), **options).fit(X, np.arange(60) % 3)
    assert (two.network_.loss.name, two.out_activation_) == ("binary_cross_entropy", "logistic")
    assert (many.network_.loss.name, many.out_activation_) == ("cross_entropy", "softmax")
    bounded = Network((2, 5, 1), loss="squared_error", output_activation="tanh", rng=0)  # an output in −1..1
    assert np.abs(bounded.predict(100 * X)).max() <= 1


def test_4_3_and_says_so():
    assert "softmax" in repr(Network((2, 3, 2))) and "relu" in repr(Network((2, 3, 2)))
    assert "default for hidden layers" in activations.get("relu").notes["en"]
    assert "隠れ層の標準的な選択" in activations.get("relu").notes["ja"]
    assert "binary cross-entropy" in activations.get("sigmoid").notes["en"]
    assert "(−1, 1)" in activations.get("tanh").notes["en"]


def test_4_3_sigmoid_belongs_to_binary_cross_entropy():
    """With squared error a wrong and sure output learns hardly at all; with binary cross-entropy at full speed."""
    X, y = np.array([[1.0]]), np.array([[1.0]])
    pairs = {
        "with cross-entropy": Network((1, 1), loss="binary_cross_entropy"),
        "with squared error": Network((1, 1), loss="squared_error", output_activation="sigmoid"),
    }
    deltas, said = {}, {}
    for name, network in pairs.items():
        network.theta = np.array([0.0, -8.0])  # sure of 0, the truth is 1
        trace = network.forward(X)
        network.backward(trace, y)
        deltas[name] = abs(float(trace[1].delta[0, 0]))
        Training(network, lr=1.0).run(X, y, epochs=50)
        said[name] = float(network.predict(X)[0, 0])
    assert deltas["with cross-entropy"] > 0.99 and deltas["with squared error"] < 1e-3
    assert said["with cross-entropy"] > 0.9 and said["with squared error"] < 0.01
