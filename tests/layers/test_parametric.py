"""Activations whose constants are learnt for each unit: PReLU among them, and activations of the user's own."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import Network, Training, backends, check_gradients
from tasou.errors import TasouError
from tasou.formulas import activations
from tasou.formulas.activations import Activation
from tasou.layers import Conv1d, Dense, Parametric, PReLU

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 3))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)
SNAKE = Activation(  # Ziyin, Hartwig & Ueda 2020
    "snake",
    f=lambda z, xp, *, alpha: z + xp.sin(alpha * z) ** 2 / alpha,
    slope=lambda z, a, xp, *, alpha: 1 + xp.sin(2 * alpha * z),
    slopes_of={
        "alpha": lambda z, a, xp, *, alpha: (z * xp.sin(2 * alpha * z) - (a - z)) / alpha,
    },
    parameters={"alpha": 0.5},
)


@pytest.fixture
def native():
    try:
        return backends.make("native", n_threads=1)
    except TasouError as reason:
        pytest.skip(str(reason))


def learnt(card, **how):
    network = Network(layers=[Dense(6), card, Dense(2)], inputs=3, rng=0)
    Training(network, optimizer="adam", lr=0.02, batch_size=32, rng=1).run(X, Y, epochs=5)
    return network


def test_prelu_is_the_leaky_relu_with_its_constant_learnt():
    by_name = learnt(Parametric(activations.get("leaky_relu", alpha=0.25)))
    assert np.array_equal(learnt(PReLU()).theta, by_name.theta)
    alpha = by_name[2].alpha
    assert len(set(alpha)) == 6 and (alpha != 0.25).all()  # a constant of its own for each unit


def test_every_channel_of_a_sequence_has_its_constants():
    network = Network(layers=[Conv1d(4, 2), Parametric("swish"), Dense(2)], inputs=(5, 3), rng=0)
    assert network[2].beta.tolist() == [1, 1, 1, 1]


def test_a_penalty_leaves_the_constants_alone():
    network = Network(layers=[Dense(6), PReLU(), Dense(2)], inputs=3, l2=5.0, rng=0)
    trace = network.forward(X)
    network.backward(trace, Y)
    assert network.penalty() == pytest.approx(2.5 * sum((network[l].W ** 2).sum() for l in (1, 3)))


def test_it_runs_in_native_code(native):
    with backends.use(native):
        native.reason = ""
        for name in ("swish", "elu", "leaky_relu"):
            learnt(Parametric(name)).predict(X)
            assert native.reason == ""


def test_an_activation_of_ones_own_is_learnt_in_numpy_and_the_reason_is_told(native):
    network = Network(layers=[Dense(6), Parametric(SNAKE), Dense(2)], inputs=3, rng=0)
    report = check_gradients(network, X[:20], Y[:20])
    assert report.ok and report.worst_error < 1e-7
    with backends.use(native):
        alpha = learnt(Parametric(SNAKE))[2].alpha
        assert "is not one of tasou's formulas" in native.reason
    assert (alpha != 0.5).all()


def test_without_a_constant_whose_slope_is_known_there_is_nothing_to_learn():
    says = "tanh has no constant with a slope_of_… in its file.*elu, leaky_relu, swish"
    with pytest.raises(TasouError, match=says):
        Parametric("tanh")
    with pytest.raises(TasouError, match="rate, a factor of the learning rate"):
        Parametric("swish", rate=-1)


def test_the_ledger_shows_each_units_constant_and_its_gradient():
    network = Network(layers=[Parametric("swish"), Dense(2)], inputs=2, rng=0)
    network[1].beta[:] = 2, 0.5
    trace = network.forward(np.array([[1.0, -2.0]]))
    network.backward(trace, np.array([1]))
    found = {q.symbol: q for q in trace.table(0).quantities}
    assert found["a[1]"].formula == "x · sigmoid(beta[1] · x)"
    assert [row.numbers for row in found["a[1]"].rows] == ["1 · sigmoid(2 · 1)", "-2 · sigmoid(0.5 · (-2))"]
    assert found["∇beta[1]"].formula == "∂a[1] · (f[1] · (x - f[1]))"
