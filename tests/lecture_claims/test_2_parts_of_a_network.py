"""Lecture §2: the perceptron and its limit, the MLP as a composition, its table of layers, its expressive power."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tasou import MLPClassifier, Network, Perceptron, SoftmaxRegression, Training, datasets
from tasou.training.lbfgs import minimize


@pytest.mark.parametrize("gate", ["and_gate", "or_gate"])
@pytest.mark.parametrize("n", [4, 100])
def test_2_1_the_perceptron_converges_on_separable_data_and_says_so(gate, n):
    X, y = datasets.make(gate, n=n, noise=0.0 if n == 4 else 0.08)
    for seed in range(5):
        model = Perceptron(random_state=seed, tol=None, max_iter=100).fit(X, y)
        assert model.converged_ and model.mistakes_[-1] == 0 and model.score(X, y) == 1.0
        assert "perceptron converged" in model.report("en") and "収束しました" in model.report("ja")


def test_2_1_the_output_is_the_sign_of_a_sum():
    X, y = datasets.make("and_gate", n=100)
    model = Perceptron().fit(X, np.where(y == 1, 1, -1))
    assert np.array_equal(model.predict(X), np.sign(X @ model.coef_[0] + model.intercept_[0]))


@pytest.mark.filterwarnings("ignore:Maximum number of iteration")
def test_2_1_it_never_converges_on_xor_and_says_so():
    X, y = datasets.make("xor", n=4)
    for seed in range(5):
        model = Perceptron(random_state=seed, tol=None, max_iter=200).fit(X, y)
        assert not model.converged_ and len(model.mistakes_) == 200 and min(model.mistakes_) >= 1
        assert model.score(X, y) <= 0.75
        assert "did not converge" in model.report("en") and "収束しませんでした" in model.report("ja")


def test_2_2_hidden_layer_and_output_layer_are_the_same_kind_of_function():
    """h = f⁽¹⁾(W⁽¹⁾x + b⁽¹⁾), ŷ = f⁽²⁾(W⁽²⁾h + b⁽²⁾): 3 inputs, 4 hidden ReLU units, 3 softmax outputs."""
    network = Network((3, 4, 3), "relu", rng=0)
    x = np.array([0.2, -1.0, 0.7])
    h = np.maximum(0, network[1].W @ x + network[1].b)
    z = network[2].W @ h + network[2].b
    assert network.hidden(x[None], 1)[0] == pytest.approx(h)
    assert network.predict(x[None])[0] == pytest.approx(np.exp(z) / np.exp(z).sum())


@pytest.mark.parametrize("sizes", [(3, 4, 3), (2, 10, 3), (7, 5), (4, 3, 3, 3, 2), (1, 100, 1)], ids=str)
def test_2_3_the_table_tells_role_output_size_and_parameters_of_any_network(sizes):
    network = Network(sizes, rng=0)
    header, *rows, composition = network.summary("en").splitlines()
    assert [row.split()[1] for row in rows] == ["input"] + ["hidden"] * (len(sizes) - 2) + ["output"]
    assert [row.split()[-2] for row in rows] == [f"({n},)" for n in sizes]
    assert sum(int(row.split()[-1]) for row in rows) == network.theta.size
    nested = "x"
    for l in range(1, len(sizes)):
        nested = f"f{l}({nested})"
    assert composition == f"ŷ = {nested}" and header.split()[-1] == "parameters"
    assert "役割" in network.summary("ja")


def test_2_3_the_network_is_the_composition_of_its_layers():
    network, X = Network((2, 4, 3, 2), "tanh", rng=0), np.random.default_rng(0).normal(size=(5, 2))
    a = X
    for l in (1, 2, 3):
        layer = Network(network.sizes[l - 1 : l + 1], loss="cross_entropy" if l == 3 else "squared_error")
        layer.theta = np.concatenate([network[l].W.ravel(), network[l].b])
        a = layer.predict(a) if l == 3 else np.tanh(layer.predict(a))
    assert network.predict(X) == pytest.approx(a)


GRID = np.linspace(-3, 3, 80)[:, None]
CURVE = np.sin(2 * GRID) + 0.3 * GRID


def best_error(sizes, tries=3):
    errors = []
    for seed in range(tries):
        network = Network(sizes, "relu", loss="squared_error", rng=seed)
        network.parameters.biases[:] = np.random.default_rng(seed).uniform(
            -2, 2, network.parameters.biases.size
        )
        minimize(network, GRID, CURVE, max_iter=250)
        errors.append(float(np.sqrt(np.mean((network.predict(GRID) - CURVE) ** 2))))
    return min(errors)


def test_2_4_the_error_on_a_continuous_target_falls_as_the_layer_grows_wider():
    errors = [best_error((1, width, 1)) for width in (1, 3, 8, 32)]
    assert all(wider < narrower for narrower, wider in pairwise(errors)), errors
    assert errors[0] > 0.4 and errors[-1] < 0.05


def test_2_4_any_polygon_is_reached_exactly_by_hand():
    """One hidden ReLU unit per corner: the universal approximation by straight pieces."""
    knots = np.linspace(-3, 3, 13)
    heights = np.sin(2 * knots) + 0.3 * knots
    slopes = np.diff(heights) / np.diff(knots)
    network = Network((1, 12, 1), "relu", loss="squared_error", init="zeros")
    network[1].W[:, 0], network[1].b[:] = 1, -knots[:-1]
    network[2].W[0], network[2].b[:] = np.diff(slopes, prepend=0), heights[0]
    assert network.predict(GRID)[:, 0] == pytest.approx(np.interp(GRID[:, 0], knots, heights))


def test_2_4_depth_adds_power():
    """A tooth of |x| folded d times has 2^d pieces: two units a layer suffice, in one layer it takes one per piece."""
    depth = 5
    network = Network((1, *[2] * depth, 1), "relu", loss="squared_error", init="zeros")
    for l in range(1, depth + 1):
        network[l].W[:] = [[1], [1]] if l == 1 else [[2, -4], [2, -4]]
        network[l].b[1] = -0.5
    network[depth + 1].W[:] = [[2, -4]]
    x = np.linspace(0, 1, 2**depth + 1)
    y = network.predict(x[:, None])[:, 0]
    assert y == pytest.approx(np.arange(2**depth + 1) % 2)  # up and down, 2^5 straight pieces
    assert network.theta.size < 3 * 2**depth + 1  # fewer numbers than one hidden layer of 2^5 units has


def test_2_4_softmax_regression_is_the_mlp_without_hidden_layer():
    """The same numbers to the last digit, by the same code."""
    X, y = datasets.make("spiral", n=90)
    model = SoftmaxRegression(solver="gd", C=2.0, max_iter=80, tol=0.0, learning_rate_init=0.3)
    with pytest.warns(UserWarning, match="not converged"):
        model.fit(X, y)
    network = Network((2, 3), loss="cross_entropy", l2=0.5, init="zeros")
    history = Training(network, lr=0.3).run(X, y, epochs=80)
    assert np.array_equal(model.coef_, network[1].W) and np.array_equal(model.intercept_, network[1].b)
    assert model.loss_curve_ == history.loss
    assert np.array_equal(model.predict_proba(X), network.predict(X))


def test_2_4_so_it_is_for_the_estimators():
    X, y = datasets.make("blobs", n=90)
    softmax = SoftmaxRegression(C=1 / 3.0, tol=1e-7, max_iter=1000).fit(X, y)
    mlp = MLPClassifier((), solver="lbfgs", alpha=3.0, init="zeros", tol=1e-7, max_iter=1000).fit(X, y)
    assert np.allclose(softmax.coef_, mlp.coefs_[0].T, atol=1e-4)
    assert mlp.n_layers_ == 2 and mlp.out_activation_ == "softmax"
