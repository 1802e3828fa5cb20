"""Lecture §3: the forward pass number by number, why activations are needed, and batches."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest

from tasou import Network, Training, datasets


def by_hand():
    """A network whose numbers can be followed in the head."""
    network = Network((2, 2, 2), "relu")
    network[1].W[:], network[1].b[:] = [[1, 2], [-1, 1]], [0.5, -1]
    network[2].W[:], network[2].b[:] = [[1, -1], [0.5, 2]], [0, 0.25]
    return network


def test_3_1_and_3_2_step_by_step_for_one_sample():
    trace = by_hand().forward(np.array([[1.0, 0.5]]))
    assert trace[1].z.tolist() == [[1 + 1 + 0.5, -1 + 0.5 - 1]]
    assert trace[1].a.tolist() == [[2.5, 0]]  # ReLU
    assert trace[2].z.tolist() == [[2.5, 1.25 + 0.25]]
    e = np.exp([2.5, 1.5])
    assert trace.y_hat[0] == pytest.approx(e / e.sum())
    assert [t.z.shape for t in trace.layers] == [(1, 2), (1, 2)]


def test_3_2_each_number_is_visible():
    table = str(by_hand().forward(np.array([[1.0, 0.5]])).table(sample=0, lang="en"))
    lines = [re.sub(r"\s+", " ", line) for line in table.splitlines()]
    assert any(line.startswith("z[1]_1 W[1] x + b[1] 1·1 + 2·0.5 + 0.5 2.5") for line in lines)
    assert any(line.startswith("z[1]_2 (-1)·1 + 1·0.5 + (-1) -1.5") for line in lines)
    assert any(line.startswith("a[1]_2 max(0, -1.5) 0") for line in lines)
    assert any(line.startswith("e_1 exp(z[2]) exp(2.5) 12.18") for line in lines)  # softmax, unfolded
    assert any(line.startswith("ŷ_1 e / S 12.18 / 16.66 0.7311") for line in lines)


def test_3_3_without_activations_any_depth_is_one_linear_map():
    rng = np.random.default_rng(0)
    deep = Network((3, 20, 20, 20, 4), "identity", rng=rng)
    deep.parameters.biases[:] = rng.normal(size=64)
    single, X = deep.collapse(), rng.normal(size=(100, 3))
    assert single.L == 1 and single.theta.size == 16 < deep.theta.size
    assert single.decision(X) == pytest.approx(deep.decision(X), rel=1e-9, abs=1e-10)
    x, y = rng.normal(size=(2, 1, 3))  # linear: the middle of two inputs goes to the middle of their outputs
    middle = (deep.decision(x) + deep.decision(y)) / 2
    assert deep.decision((x + y) / 2) == pytest.approx(middle)
    bent = Network((3, 20, 20, 20, 4), "tanh", rng=0)
    assert not np.allclose(bent.decision((x + y) / 2), (bent.decision(x) + bent.decision(y)) / 2, rtol=0.01)


def test_3_3_so_a_deep_linear_network_learns_xor_no_better_than_one_layer():
    X, y = datasets.make("xor", n=4)
    for seed in range(3):
        network = Network((2, 8, 8, 2), "identity", rng=seed)
        Training(network, lr=0.1).run(X, y, epochs=300)
        assert np.mean(network.predict(X).argmax(axis=1) == y) <= 0.75


def test_3_4_the_output_is_a_probability_for_each_class():
    y_hat = Network((2, 10, 3), rng=0).predict(np.random.default_rng(0).normal(size=(50, 2)) * 10)
    assert (y_hat >= 0).all() and y_hat.sum(axis=1) == pytest.approx(1)


def test_3_5_a_batch_gives_the_numbers_of_its_samples():
    rng = np.random.default_rng(0)
    network, X = Network((4, 6, 3), "tanh", rng=0), rng.normal(size=(40, 4))
    y = rng.integers(0, 3, 40)
    trace = network.forward(X)
    assert trace[1].z == pytest.approx(X @ network[1].W.T + network[1].b)  # Z[1] = X W[1]ᵀ + b[1]
    total = np.zeros(network.theta.size)
    for i in range(40):
        one = network.forward(X[i : i + 1])
        assert one.y_hat[0] == pytest.approx(trace.y_hat[i])
        total += network.backward(one, y[i : i + 1]).theta
    assert network.backward(trace, y).theta == pytest.approx(total)


def test_3_5_and_faster():
    network, X = Network((20, 50, 3), rng=0), np.random.default_rng(0).normal(size=(2000, 20))
    start = time.perf_counter()
    network.predict(X)
    batch = time.perf_counter() - start
    start = time.perf_counter()
    for i in range(2000):
        network.predict(X[i : i + 1])
    assert time.perf_counter() - start > 3 * batch


def test_3_5_larger_batches_converge_more_steadily():
    X, y = datasets.make("spiral", n=150, noise=0.3)
    rises = []
    for size in (None, 15, 1):
        network = Network((2, 10, 3), rng=0)
        losses = []
        training = Training(network, lr=0.3 if size != 1 else 0.1, batch_size=size, rng=0)
        for _ in range(40):
            training.run(X, y, epochs=1)
            losses.append(network.mean_loss(X, y))
        changes = np.diff(losses)
        rises.append(changes[changes > 0].sum())
        assert losses[-1] < 0.7 * losses[0]  # all three learn
    assert rises[0] == 0 < rises[1] < rises[2]
