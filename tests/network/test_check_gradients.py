"""check_gradients: right gradients pass, every usual mistake is caught and named, the network is left alone."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import Network, check_gradients, datasets
from tasou.errors import ShapeError, TasouError
from tasou.formulas import losses
from tasou.formulas.activations import Activation
from tasou.layers import Dense


@pytest.fixture
def setting():
    rng = np.random.default_rng(3)
    network = Network((2, 5, 4, 3), ["tanh", "relu"], l2=0.1, rng=rng)
    network.parameters.biases[:] = rng.normal(0, 0.3, 12)
    return network, rng.normal(size=(8, 2)), rng.integers(0, 3, 8)


SHAPES = {2: (4, 5), 3: (3, 4)}
"""of W[2] and W[3] in that network"""


def test_a_right_gradient_passes_and_the_report_says_so(setting):
    report = check_gradients(*setting)
    assert report and report.ok and report.worst_error <= 1e-7
    assert report.by_hand.size == report.numeric.size == report.errors.size == setting[0].theta.size
    assert report.by_hand == pytest.approx(setting[0].objective(*setting[1:])[1])
    assert report.text("en").startswith("gradient check passed: 54 parameters, worst relative error ")
    assert report.text("ja").startswith("勾配チェック合格：パラメータ 54 個、最大の相対誤差 ")
    assert report.worst in report.text("en") and report.worst in report.text("ja")


def test_the_network_is_not_changed(setting):
    network, X, y = setting
    before = network.theta.copy()
    check_gradients(network, X, y)
    assert np.array_equal(network.theta, before)


# --- the usual mistakes -------------------------------------------------------------------------------------


def forget_the_slope(monkeypatch):
    monkeypatch.setattr(Dense, "local_error", lambda self, do, t, g: setattr(t, "delta", g))
    return "["


def double_the_bias_gradient(monkeypatch):
    right = Dense.gradients

    def wrong(self, do, t, a, d):
        right(self, do, t, a, d)
        d.b[...] *= 2

    monkeypatch.setattr(Dense, "gradients", wrong)
    return "b["


def turn_the_sign(monkeypatch):
    right = Dense.gradients

    def wrong(self, do, t, a, d):
        right(self, do, t, a, d)
        if d.W.shape == SHAPES[2]:
            d.W[...] *= -1

    monkeypatch.setattr(Dense, "gradients", wrong)
    return "W[2]"


def forget_one_unit(monkeypatch):
    right = Dense.gradients

    def wrong(self, do, t, a, d):
        right(self, do, t, a, d)
        if d.W.shape == SHAPES[3]:
            d.W[1, 2] = 0

    monkeypatch.setattr(Dense, "gradients", wrong)
    return "W[3][1, 2]"


def pass_back_the_next_layers_activation(monkeypatch):
    monkeypatch.setattr(Dense, "pass_back", lambda self, do, p, t: np.abs(t.delta) @ p.W)
    return "["


def forget_the_penalty(monkeypatch):
    monkeypatch.setattr(Network, "add_penalty", lambda self, summed, into: np.copyto(into.theta, summed))
    return "W["


def penalise_the_biases_too(monkeypatch):
    def wrong(self, summed, into):
        into.theta[...] = summed + self.l2 * self.theta

    monkeypatch.setattr(Network, "add_penalty", wrong)
    return "b["


def be_off_by_a_millionth(monkeypatch):
    right = Dense.gradients

    def wrong(self, do, t, a, d):
        right(self, do, t, a, d)
        d.W[...] *= 1 + 1e-6

    monkeypatch.setattr(Dense, "gradients", wrong)
    return "W["


MISTAKES = [
    forget_the_slope,
    double_the_bias_gradient,
    turn_the_sign,
    forget_one_unit,
    pass_back_the_next_layers_activation,
    forget_the_penalty,
    penalise_the_biases_too,
    be_off_by_a_millionth,
]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_backward_pass_is_caught_and_named(mistake, setting, monkeypatch):
    where = mistake(monkeypatch)
    report = check_gradients(*setting)
    assert not report and where in report.worst, str(report)
    assert "FAILED" in report.text("en") and "不合格" in report.text("ja")


@pytest.mark.parametrize(
    "slope",
    [
        lambda z, a, xp: xp.ones_like(z),
        lambda z, a, xp: 1 + a * a,
        lambda z, a, xp: 1 - a,
        lambda z, a, xp: a - 1,
    ],
)
def test_a_wrong_slope_of_an_own_activation_is_caught(slope):
    X, y = datasets.make("spiral", n=20)
    good = Activation("own", f=lambda z, xp: xp.tanh(z), slope=lambda z, a, xp: 1 - a * a)
    bad = Activation("own", f=good.f, slope=slope)
    assert check_gradients(Network((2, 4, 3), good, rng=0), X, y)
    assert not check_gradients(Network((2, 4, 3), bad, rng=0), X, y)


def test_a_wrong_delta_of_a_loss_is_caught():
    right = losses.get("squared_error")
    wrong = losses.Loss(
        "own", predict=right.predict, value=right.value, delta=lambda z, y_hat, y, xp: 2 * (z - y)
    )
    X, Y = np.random.default_rng(0).normal(size=(2, 5, 2))
    assert check_gradients(Network((2, 3, 2), "tanh", loss=right, rng=0), X, Y)
    assert not check_gradients(Network((2, 3, 2), "tanh", loss=wrong, rng=0), X, Y)


# --- corners, options ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_a_corner_that_is_met_exactly_is_no_mistake(activation):
    """XOR's first point and zero biases put every hidden unit just on its corner, z = 0."""
    X, y = datasets.make("xor", n=4)
    for seed in range(5):
        network = Network((2, 4, 2), activation, rng=seed)
        assert not network.forward(X)[1].z[0].any()
        assert check_gradients(network, X, y), seed


def test_a_mistake_at_a_corner_is_caught_all_the_same(monkeypatch):
    X, y = datasets.make("xor", n=4)
    for mistake in (forget_the_slope, double_the_bias_gradient, forget_one_unit):
        with monkeypatch.context() as patch:
            mistake(patch)
            assert not check_gradients(Network((2, 5, 4, 3), rng=0), X, y)


def test_biases_that_are_fixed_are_not_asked_for():
    report = check_gradients(Network((2, 3, 2), "tanh", bias=False, rng=0), np.eye(2), [0, 1])
    assert report and not report.errors[-5:].any()


def test_dropout_and_float32_are_left_out_of_the_check(setting):
    _, X, y = setting
    assert check_gradients(Network((2, 5, 3), "tanh", dropout=0.5, dtype=np.float32, rng=0), X, y)


def test_sample_weights_may_be_a_list(setting):
    network, X, y = setting
    assert check_gradients(network, X, y, [0, 1, 2, 0.5, 1, 1, 3, 1])


def test_data_that_do_not_fit_and_losses_that_are_not_finite_are_refused(setting):
    network, X, y = setting
    with pytest.raises(ShapeError, match="X has 8 rows"):
        check_gradients(network, X, y[:-1])
    network.theta[0] = np.nan
    with pytest.raises(TasouError, match="the loss is nan at these parameters"):
        check_gradients(network, X, y)
