"""The perceptron rule that walks past right samples makes the very numbers of the plain loop (lecture 2.1)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from tasou import Network, datasets
from tasou.training.mistakes import learn_from_mistakes


def plain_loop(X, y, order, eta, weight, w, b):
    """Rosenblatt's rule: for each mistake w := w + η y x, b := b + η y."""
    mistakes = 0
    for i in order:
        if y[i] * (np.dot(X[i], w) + b) <= 0:
            step = eta * weight[i] * y[i]
            w, b = w + step * X[i], b + step
            mistakes += 1
    return mistakes, w, b


def cases():
    rng = np.random.default_rng(0)
    direction = rng.normal(size=5)
    cloud = rng.normal(size=(400, 5))
    yield "separable", cloud, np.where(cloud @ direction > 0, 1.0, -1.0)
    yield "noise", cloud, rng.choice([-1.0, 1.0], 400)
    for name in ("xor", "and_gate", "moons"):
        X, y = datasets.make(name, n=4 if name != "moons" else 200)
        yield name, X, 2.0 * y - 1
    yield "one sample", np.ones((1, 2)), np.array([-1.0])


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("name, X, y", list(cases()), ids=lambda part: part if isinstance(part, str) else "")
def test_mistakes_and_weights_are_those_of_the_plain_loop(name, X, y, shuffle, weighted):
    n, d = X.shape
    weight = np.random.default_rng(3).uniform(0.5, 2, n) if weighted else np.ones(n)
    network = Network((d, 1), loss="perceptron", init="zeros")
    found = learn_from_mistakes(
        network, 0, X, y, weight if weighted else None,
        lr=0.7, epochs=12, tol=None, patience=5, rng=np.random.default_rng(9) if shuffle else None,
    )  # fmt: skip
    rng, w, b, expected = np.random.default_rng(9), np.zeros(d), 0.0, []
    for _ in range(12):
        order = np.arange(n)
        if shuffle:
            rng.shuffle(order)
        mistakes, w, b = plain_loop(X, y, order, 0.7, weight, w, b)
        expected.append(mistakes)
    assert found == expected
    assert network[1].W[0].tolist() == w.tolist() and network[1].b[0] == b  # to the last bit


def test_sparse_rows_and_no_bias():
    _, X, y = next(iter(cases()))
    X = np.where(np.abs(X) > 0.5, X, 0)
    networks = [Network((5, 1), loss="perceptron", bias=False, init="zeros") for _ in range(2)]
    for network, rows in zip(networks, (X, sparse.csr_matrix(X)), strict=True):
        learn_from_mistakes(network, 0, rows, y, None, lr=1.0, epochs=5, tol=None, patience=5, rng=None)
    assert (
        np.allclose(networks[0].theta, networks[1].theta)
        and networks[0][1].b[0] == 0 != networks[0][1].W[0, 0]
    )


def test_it_stops_when_nothing_improves():
    X, y = datasets.make("and_gate", n=4)
    network = Network((2, 1), loss="perceptron", init="zeros")
    mistakes = learn_from_mistakes(
        network, 0, X, 2.0 * y - 1, None, lr=1.0, epochs=1000, tol=1e-3, patience=5, rng=None
    )
    assert mistakes[-1] == 0 and len(mistakes) < 30


def test_a_row_that_weighs_nothing_is_no_mistake():
    X, y = datasets.make("and_gate", n=4)
    X, y = np.vstack([X, X[:1]]), np.append(2.0 * y - 1, 1.0)  # a row that contradicts the first
    network = Network((2, 1), loss="perceptron", init="zeros")
    weight = np.array([1.0, 1, 1, 1, 0])
    mistakes = learn_from_mistakes(
        network, 0, X, y, weight, lr=1.0, epochs=50, tol=None, patience=5, rng=None
    )
    assert mistakes[-1] == 0
