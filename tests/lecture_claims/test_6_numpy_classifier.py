"""Lecture §6: 2→10→3 with ReLU, softmax, cross-entropy: a bent boundary, and a loss that falls steadily."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tasou import Network, SoftmaxRegression, Training, datasets

X, Y = datasets.make("spiral")
SEEDS = range(4)


@cache
def lecture(seed):
    """The lecture's network after 500 epochs of full-batch gradient descent, and its losses."""
    network = Network((2, 10, 3), "relu", loss="cross_entropy", rng=seed)
    history = Training(network, lr=1.0).run(X, Y, epochs=500)
    return network, np.array(history.loss)


def lecture_in_plain_numpy(network, epochs, lr):
    """The lecture's program: W, b, forward, loss, backward, update."""
    (W1, b1), (W2, b2) = ((W.copy(), b.copy()) for W, b in network.parameters)
    target, n, losses = np.eye(3)[Y], len(X), []
    for _ in range(epochs):
        Z1 = X @ W1.T + b1
        A1 = np.maximum(0, Z1)
        Z2 = A1 @ W2.T + b2
        E = np.exp(Z2 - Z2.max(axis=1, keepdims=True))
        Y_hat = E / E.sum(axis=1, keepdims=True)
        losses.append(-np.mean(np.log(Y_hat[np.arange(n), Y])))
        D2 = (Y_hat - target) / n
        D1 = (D2 @ W2) * (Z1 > 0)
        W2, b2 = W2 - lr * D2.T @ A1, b2 - lr * D2.sum(axis=0)
        W1, b1 = W1 - lr * D1.T @ X, b1 - lr * D1.sum(axis=0)
    return losses, [W1, b1, W2, b2]


def test_6_the_network_is_the_lectures():
    network, _ = lecture(0)
    assert repr(network) == "Network(2 → 10 relu → 3 softmax, 63 parameters, float64)"


def test_6_it_computes_what_the_lectures_program_computes():
    network = Network((2, 10, 3), rng=5)
    losses, (W1, b1, W2, b2) = lecture_in_plain_numpy(network, 60, 0.5)
    history = Training(network, lr=0.5).run(X, Y, epochs=60)
    assert history.loss == pytest.approx(losses, rel=1e-9)
    assert network.theta == pytest.approx(
        np.concatenate([W1.ravel(), W2.ravel(), b1, b2]), rel=1e-7, abs=1e-9
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_6_the_loss_falls_continuously_and_has_converged_within_500_epochs(seed):
    _, losses = lecture(seed)
    assert np.all(np.diff(losses) < 0)  # every epoch
    assert losses[-1] < 0.1 * losses[0]
    total = losses[0] - losses[-1]
    assert losses[300] - losses[-1] < 0.02 * total  # what is left after 300 epochs is next to nothing
    assert losses[450] - losses[-1] < 0.005 * total


@pytest.mark.parametrize("seed", SEEDS)
def test_6_the_boundary_is_clearly_nonlinear(seed):
    network, _ = lecture(seed)
    accuracy = np.mean(network.predict(X).argmax(axis=1) == Y)
    line = SoftmaxRegression(C=100).fit(X, Y)
    assert accuracy > 0.97 > 0.85 > line.score(X, Y)
    angle = np.linspace(
        0, 2 * np.pi, 721
    )  # along straight lines, a linear model of three classes changes twice at most
    walk = np.linspace(-1.5, 1.5, 300)[:, None]
    changes = {"network": 0, "line": 0}
    for a in angle[::20]:
        points = walk * [np.cos(a), np.sin(a)]
        for name, labels in (
            ("network", network.predict(points).argmax(axis=1)),
            ("line", line.predict(points)),
        ):
            changes[name] = max(changes[name], int(np.sum(np.diff(labels) != 0)))
    assert changes["line"] <= 2 < changes["network"]


def test_6_new_points_of_the_spiral_are_classified_too():
    network, _ = lecture(0)
    points, labels = datasets.make("spiral", rng=99)
    assert np.mean(network.predict(points).argmax(axis=1) == labels) > 0.95
