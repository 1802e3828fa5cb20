"""Lecture §5: gradients by the chain rule, updates by gradient descent, the flow until the loss has converged."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import Network, Training, check_gradients, datasets
from tasou.errors import DivergenceError
from tasou.training import Stopping


def setting():
    rng = np.random.default_rng(2)
    network = Network((3, 4, 3), "relu", rng=rng)
    network.parameters.biases[:] = rng.normal(size=7)
    return network, rng.normal(size=(5, 3)), rng.integers(0, 3, 5)


def test_5_1_the_chain_rule_link_by_link():
    """x → W[1], b[1] → ReLU → W[2], b[2] → softmax → loss, each link a Jacobian, multiplied out."""
    network, X, y = setting()
    x, (W1, b1), (W2, b2) = X[0], network.parameters[1], network.parameters[2]
    z1 = W1 @ x + b1
    a1 = np.maximum(z1, 0)
    z2 = W2 @ a1 + b2
    y_hat = np.exp(z2) / np.exp(z2).sum()
    dL_dyhat = -np.eye(3)[y[0]] / y_hat
    dyhat_dz2 = np.diag(y_hat) - np.outer(y_hat, y_hat)
    dz2_da1, da1_dz1 = W2, np.diag((z1 > 0).astype(float))
    delta2 = dL_dyhat @ dyhat_dz2
    delta1 = delta2 @ dz2_da1 @ da1_dz1
    trace = network.forward(X[:1])
    network.backward(trace, y[:1])
    assert trace[2].delta[0] == pytest.approx(delta2)
    assert delta2 == pytest.approx(y_hat - np.eye(3)[y[0]])
    assert trace[1].delta[0] == pytest.approx(delta1)


def test_5_1_local_error_times_local_derivative_for_every_parameter():
    network, X, y = setting()
    trace = network.forward(X[:1])
    network.backward(trace, y[:1])
    for l in (1, 2):
        delta, a = trace[l].delta[0], trace[l - 1].a[0]
        for j in range(network.sizes[l]):
            assert trace[l].grad.b[j] == delta[j]
            for k in range(network.sizes[l - 1]):
                assert trace[l].grad.W[j, k] == pytest.approx(delta[j] * a[k])
    table = str(trace.table(0, lang="en"))
    assert "δ[2] a[1]ᵀ" in table and "δ[1] xᵀ" in table and "(W[2]ᵀ δ[2]) ⊙ f'(z[1])" in table


def test_5_1_the_gradient_is_the_derivative_of_the_loss():
    report = check_gradients(*setting())
    assert report.ok and report.worst_error <= 1e-7


def test_5_2_the_update_is_a_step_against_the_gradient():
    network, X, y = setting()
    before = [(W.copy(), b.copy()) for W, b in network.parameters]
    (step,) = Training(network, lr=0.3).steps(X, y, epochs=1)
    for l, (W, b) in enumerate(before, start=1):
        dW, db = step.gradient[l]
        assert np.allclose(network[l].W, W - 0.3 * dW, rtol=1e-14) and np.allclose(
            network[l].b, b - 0.3 * db, rtol=1e-14
        )
    assert network.objective(X, y)[0] < step.loss


def test_5_3_forward_loss_backward_update_until_the_loss_has_converged():
    X, y = datasets.make("moons", n=100)
    network = Network((2, 8, 2), "tanh", rng=0)
    training = Training(network, lr=0.5, stopping=Stopping(tol=1e-4, patience=5))
    theta = network.theta.copy()
    for step in training.steps(X, y, epochs=5000):
        before = Network((2, 8, 2), "tanh")
        before.theta = theta
        assert np.array_equal(step.trace.y_hat, before.forward(X).y_hat)  # forward
        assert step.loss == pytest.approx(-np.mean(np.log(step.trace.y_hat[np.arange(100), y])))  # loss
        gradient = step.gradient.theta  # backward
        assert network.theta == pytest.approx(theta - 0.5 * gradient)  # update
        theta = network.theta.copy()
    assert training.finished == "converged" and len(training.history) < 5000  # repeat
    assert abs(training.history.loss[-1] - training.history.loss[-5]) < 1e-3


def test_5_4_the_learning_rate_too_small_right_too_large():
    X, y = datasets.make("spiral", n=150)

    def losses(lr):
        return np.array(Training(Network((2, 10, 3), rng=0), lr=lr).run(X, y, epochs=200).loss)

    small, right, large = losses(1e-3), losses(0.5), losses(30.0)
    assert small[0] == right[0] == large[0]
    assert np.all(np.diff(small) < 0) and small[-1] > 0.8 * small[0]  # falls, but hardly
    assert right[-1] < 0.2 * right[0]
    assert np.sum(np.diff(large) > 0) > 20 and large[-1] > right[-1]  # jumps up and down
    with pytest.raises(DivergenceError, match="Lower the learning rate"):
        Training(Network((2, 10, 3), loss="squared_error", rng=0), lr=30.0).run(X, np.eye(3)[y], epochs=200)
