"""The lines are the losses at moved parameters, and the network has not moved."""

from __future__ import annotations

import numpy as np
import pytest

import tasou
from tasou.errors import ShapeError, TasouError
from tasou.network import Network
from tasou.plots import loss_landscape

X = np.random.default_rng(0).normal(size=(20, 2))
Y = (X[:, 0] > 0).astype(int)


def drawn(ax):
    return {line.get_label(): np.array(line.get_data()) for line in ax.lines}


@pytest.fixture
def network():
    return Network((2, 4, 2), "tanh", rng=0)


def test_the_loss_against_the_gradient(ax, network):
    theta = network.theta.copy()
    here, grad = network.objective(X, network.as_target(Y))
    grad = grad.copy()
    loss_landscape(network, X, Y, lr=0.5, ax=ax, lang="en", resolution=9)
    lines = drawn(ax)
    assert np.array_equal(network.theta, theta)
    for alpha, loss in lines["against the gradient: L(θ − α∇L)"].T:
        network.theta = theta - alpha * grad
        assert loss == pytest.approx(network.mean_loss(X, network.as_target(Y)))
    alphas, promised = lines["what the slope promises: L − α‖∇L‖²"]
    assert np.allclose(promised, here - alphas * (grad @ grad))
    assert 0.0 in alphas and 0.5 in alphas


def test_where_the_step_leads(ax, network):
    loss_landscape(network, X, Y, lr=0.5, ax=ax, lang="en", resolution=9)
    lines = drawn(ax)
    curve = dict(lines["against the gradient: L(θ − α∇L)"].T.tolist())
    assert lines["here"].ravel().tolist() == [0, curve[0.0]]
    assert lines["after the step"].ravel().tolist() == [0.5, curve[0.5]]
    lowest = next(data for name, data in lines.items() if name.startswith("lowest"))
    assert lowest[1, 0] == min(curve.values())
    assert ax.get_title() == f"A step of α = 0.5 takes the loss from {curve[0.0]:.3g} to {curve[0.5]:.3g}"


def test_a_random_direction_of_the_same_length(ax, network):
    lines = []
    for seed in (0, 0, 1):
        ax.clear()
        loss_landscape(network, X, Y, lr=0.5, ax=ax, lang="en", resolution=5, rng=seed)
        lines.append(drawn(ax)["random direction, same length"])
    assert np.array_equal(lines[0], lines[1]) and not np.array_equal(lines[0], lines[2])


def test_a_step_that_is_too_long_stays_in_sight(ax, network):
    loss_landscape(network, X, Y, lr=1000.0, ax=ax, resolution=5)
    assert ax.get_xlim()[1] >= 2000
    assert np.isfinite(ax.get_ylim()).all()


def test_estimators_bring_rate_and_classes(ax, trained):
    labels = np.array(["left", "right"])[Y]
    for classes in (labels, np.array(["a", "b", "c"])[np.arange(20) % 3]):
        ax.clear()
        estimator = tasou.MLPClassifier((3,), max_iter=1, learning_rate_init=0.25, random_state=0)
        with pytest.warns(UserWarning):
            estimator.fit(X, classes)
        assert "α = 0.25" in loss_landscape(estimator, X, classes, ax=ax, resolution=5).get_title()
    with pytest.raises(TasouError, match="'z', which is none of the classes"):
        loss_landscape(estimator, X, ["z"] * 20, ax=ax)
    ax.clear()
    assert "α = 1 " in loss_landscape(trained[5], *trained[1:3], ax=ax, resolution=5).get_title()


def test_what_cannot_be_drawn_is_said(ax, network):
    for lr in (0, -1, np.nan):
        with pytest.raises(TasouError, match="lr must be a number > 0"):
            loss_landscape(network, X, Y, lr=lr, ax=ax)
    with pytest.raises(ShapeError):
        loss_landscape(network, X[:, :1], Y, ax=ax)
