"""Every registered activation with every registered loss: the gradient by hand is the derivative of the loss."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import Network, check_gradients
from tasou.formulas import activations, losses

EVERY_PAIR = [(f, loss) for f in activations.names() for loss in losses.names()]


def loss_from_scratch(network, theta, X, Y, w):
    """(Σ w L + α/2 ‖W‖²) / Σ w for a flat vector of parameters, in the longest numbers, sample by sample as the
    lecture writes it: nothing of the network is used but its sizes and formulas."""
    shapes = list(zip(network.sizes[1:], network.sizes, strict=False))
    at, weights, biases = 0, [], []
    for shape in shapes:
        weights.append(theta[at : at + shape[0] * shape[1]].reshape(shape))
        at += shape[0] * shape[1]
    for n_out, _ in shapes:
        biases.append(theta[at : at + n_out])
        at += n_out
    total = network.l2 / 2 * sum((W**2).sum() for W in weights)
    for x, y, weight in zip(X, Y, w, strict=True):
        a = x
        for W, b, f in zip(weights, biases, network.activations, strict=True):
            a = f.f(W @ a + b, np)
        total += weight * network.loss.value(a[None], y[None], np).sum()
    return total / w.sum()


def numeric_gradient(network, X, Y, w, h=1e-5):
    X, Y, w, theta = (np.asarray(v, np.longdouble) for v in (X, Y, w, network.theta))
    found = np.zeros(network.theta.size)
    for i in range(theta.size):
        step = np.zeros_like(theta)
        step[i] = h
        ahead, behind = (loss_from_scratch(network, theta + s * step, X, Y, w) for s in (1, -1))
        found[i] = (ahead - behind) / (2 * h)
    return found


def assert_gradient_is_the_derivative(network, X, Y, w=None):
    weights = np.ones(len(X)) if w is None else w
    value, by_hand = network.objective(X, Y, w)
    numeric = numeric_gradient(network, X, Y, weights)
    if not network.bias:
        numeric[network.parameters.weights.size :] = 0
    assert value == pytest.approx(float(loss_from_scratch(network, network.theta, X, Y, weights)), rel=1e-12)
    floor = max(1e-3 * np.abs(numeric).max(), 1e-12)
    error = np.abs(by_hand - numeric) / np.maximum(np.maximum(np.abs(by_hand), np.abs(numeric)), floor)
    assert error.max() <= 1e-7
    report = check_gradients(network, X, Y, w)
    assert report.ok and report.worst_error <= 1e-7, str(report)


def random_network(rng, sizes, activation, loss, **options):
    """A network with biases that are not zero."""
    network = Network(sizes, activation, loss=loss, rng=rng, **options)
    if network.bias:
        network.parameters.biases[:] = rng.normal(0, 0.3, network.parameters.biases.size)
    return network


@pytest.mark.parametrize("activation, loss", EVERY_PAIR)
def test_every_activation_with_every_loss(activation, loss, targets_for):
    rng = np.random.default_rng(11)
    network = random_network(rng, (2, 4, 3), activation, loss)
    X, Y = rng.normal(size=(3, 2)), targets_for(network.loss, 3, 3, rng)
    assert_gradient_is_the_derivative(network, X, Y)


@pytest.mark.parametrize("loss", losses.names())
@pytest.mark.parametrize("sizes", [(3, 2), (3, 1), (3, 4, 3, 2), (1, 2, 2, 2, 2, 1)], ids=str)
def test_any_depth_and_no_hidden_layer(sizes, loss, targets_for):
    rng = np.random.default_rng(5)
    network = random_network(rng, sizes, "tanh", loss)
    X, Y = rng.normal(size=(5, sizes[0])), targets_for(network.loss, 5, sizes[-1], rng)
    assert_gradient_is_the_derivative(network, X, Y)


@pytest.mark.parametrize("loss", losses.names())
@pytest.mark.parametrize(
    "options",
    [
        {"l2": 0.7},
        {"bias": False},
        {"output_activation": "tanh"},
        {"output_activation": "softplus", "l2": 0.1},
    ],
    ids=str,
)
def test_penalty_biases_and_output_activation(options, loss, targets_for):
    rng = np.random.default_rng(3)
    network = random_network(rng, (3, 4, 2), "silu", loss, **options)
    X, Y = rng.normal(size=(5, 3)), targets_for(network.loss, 5, 2, rng)
    assert_gradient_is_the_derivative(network, X, Y)
    assert_gradient_is_the_derivative(network, X, Y, rng.uniform(0, 3, 5))


def test_an_activation_per_layer_each_with_its_parameter():
    rng = np.random.default_rng(8)
    mixed = [activations.get("leaky_relu", alpha=0.3), "sigmoid", activations.get("elu", alpha=2.0)]
    network = random_network(rng, (2, 3, 4, 3, 2), mixed, "cross_entropy")
    assert_gradient_is_the_derivative(network, rng.normal(size=(6, 2)), np.eye(2)[rng.integers(0, 2, 6)])


def test_soft_labels_one_sample_and_one_class():
    rng = np.random.default_rng(2)
    soft = rng.dirichlet(np.ones(3), 4)
    assert_gradient_is_the_derivative(
        random_network(rng, (2, 3, 3), "tanh", "cross_entropy"), rng.normal(size=(4, 2)), soft
    )
    assert_gradient_is_the_derivative(
        random_network(rng, (2, 3, 3), "tanh", "cross_entropy"), np.ones((1, 2)), soft[:1]
    )
    alone = random_network(rng, (2, 3, 1), "tanh", "cross_entropy")
    assert not alone.objective(np.ones((4, 2)), np.ones((4, 1)))[1].any()  # one class only: nothing to learn


@pytest.mark.parametrize("loss", losses.names())
def test_extreme_logits_give_finite_gradients_without_a_warning(loss, targets_for):
    rng = np.random.default_rng(0)
    for dtype in (np.float32, np.float64):
        network = Network((1, 3), loss=loss, dtype=dtype, rng=0)
        Y = targets_for(network.loss, 4, 3, rng)
        for X in ([[1.0], [-1.0], [0.0], [1e-4]], [[0.5]] * 4):
            network[1].W[:] = [[1e4], [-1e4], [1e4]]
            with np.errstate(over="raise", invalid="raise", divide="raise"):
                value, gradient = network.objective(X, Y)
            assert np.isfinite(value) and np.isfinite(gradient).all()
