"""Lecture §1: linear models work where a line is enough and stop at a ceiling on XOR; hidden features remove it."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from tasou import LogisticRegression, MLPClassifier, Network, SoftmaxRegression, Training, datasets
from tasou.training.lbfgs import minimize

XOR, ANSWERS = datasets.make("xor", n=4)


@pytest.fixture(autouse=True)
def out_of_iterations_is_no_news():
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*(converge|Maximum iterations).*")
        yield


@pytest.mark.parametrize("solver", ["lbfgs", "gd"])
def test_1_1_logistic_regression_separates_what_a_line_separates(solver):
    for name in ("and_gate", "or_gate"):
        X, y = datasets.make(name, n=200, noise=0.08)
        model = LogisticRegression(solver=solver, C=100, max_iter=1000).fit(X, y)
        assert model.score(X, y) == 1.0
        odds = model.decision_function(X)
        assert np.array_equal(odds > 0, y == 1)  # the line: wᵀx + b = 0
        assert model.predict_proba(X)[:, 1] == pytest.approx(1 / (1 + np.exp(-odds)))


@pytest.mark.parametrize("solver", ["lbfgs", "gd"])
def test_1_1_softmax_regression_separates_several_classes(solver):
    X, y = datasets.make("blobs", n=300, noise=0.2)
    model = SoftmaxRegression(solver=solver, C=100, max_iter=1000).fit(X, y)
    assert model.score(X, y) == 1.0
    z = X @ model.coef_.T + model.intercept_
    assert model.predict_proba(X) == pytest.approx(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))


def right_of_four(scores):
    return round(4 * scores)


@pytest.mark.parametrize("solver", ["lbfgs", "gd"])
@pytest.mark.parametrize("C", [1.0, 100.0, float("inf")])
@pytest.mark.parametrize("Model", [LogisticRegression, SoftmaxRegression])
def test_1_2_a_linear_model_never_solves_xor(Model, C, solver):
    for seed in range(5):
        model = Model(
            solver=solver,
            C=C,
            batch_size=1 if solver == "gd" and seed else None,
            random_state=seed,
            max_iter=200,
        )
        assert right_of_four(model.fit(XOR, ANSWERS).score(XOR, ANSWERS)) <= 3


@pytest.mark.parametrize("loss, outputs", [("binary_cross_entropy", 1), ("cross_entropy", 2)])
def test_1_2_from_no_start_and_at_no_step(loss, outputs):
    most = 0
    for seed in range(20):
        network = Network((2, outputs), loss=loss, init="he_normal", rng=seed)
        network.parameters.biases[:] = np.random.default_rng(seed).normal(size=outputs)
        Y = ANSWERS[:, None] if outputs == 1 else ANSWERS
        for step in Training(network, lr=2.0).steps(XOR, Y, epochs=100):
            y_hat = step.trace.y_hat
            found = y_hat[:, 0] > 0.5 if outputs == 1 else y_hat.argmax(axis=1) == 1
            most = max(most, int(np.sum(found == ANSWERS)))
        minimize(network, XOR, Y)
        assert network.predict(XOR) == pytest.approx(
            1 / max(2, outputs), abs=0.01
        )  # the best it can say: half and half
    assert most == 3  # the ceiling is reached, and never passed


def test_1_2_no_straight_line_at_all():
    rng = np.random.default_rng(0)
    w, b = rng.normal(size=(2, 100_000)), rng.normal(size=100_000)
    right = np.sum((XOR @ w + b > 0) == ANSWERS[:, None], axis=0)
    assert right.max() == 3


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize(
    "solver, options",
    [
        ("lbfgs", {}),
        ("sgd", {"learning_rate_init": 0.5, "momentum": 0.0, "tol": 0.0, "n_iter_no_change": 999}),
    ],
)
def test_1_3_the_mlp_gets_four_of_four(solver, options, activation):
    for seed in range(4):
        mlp = MLPClassifier(
            (8,), activation, solver=solver, alpha=0, max_iter=600, random_state=seed, **options
        )
        assert right_of_four(mlp.fit(XOR, ANSWERS).score(XOR, ANSWERS)) == 4


@pytest.mark.parametrize("seed", range(4))
def test_1_3_in_hidden_space_a_line_is_enough(seed):
    mlp = MLPClassifier((8,), "tanh", solver="lbfgs", alpha=0, random_state=seed).fit(XOR, ANSWERS)
    hidden = mlp.hidden_activations(XOR)
    assert hidden.shape == (4, 8)
    assert hidden == pytest.approx(np.tanh(XOR @ mlp.coefs_[0] + mlp.intercepts_[0]))
    assert LogisticRegression(C=1e4).fit(hidden, ANSWERS).score(hidden, ANSWERS) == 1.0
    assert LogisticRegression(C=1e4).fit(XOR, ANSWERS).score(XOR, ANSWERS) <= 0.75
