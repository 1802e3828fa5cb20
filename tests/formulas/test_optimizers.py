"""Optimizers against loops over single numbers that follow the papers, and the contract of their folder."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tasou.formulas import optimizers

GRADIENTS = np.random.default_rng(0).normal(size=(25, 6)) * np.array([1e-6, 1e-2, 1, 1, 10, 1e3])


def sgd(theta, gradients, lr, momentum=0.0):
    v = 0.0
    for g in gradients:
        v = momentum * v - lr * g
        theta += v
    return theta


def nesterov(theta, gradients, lr, momentum=0.9):
    v = 0.0
    for g in gradients:  # each taken at theta + momentum v, the point ahead
        v = momentum * v - lr * g
        theta += v
    return theta + momentum * v


def adam(theta, gradients, lr, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        correct = 1 - beta_2**t
        theta -= lr * (m / (1 - beta_1**t)) / (math.sqrt(v / correct) + epsilon / math.sqrt(correct))
    return theta


def rmsprop(theta, gradients, lr, rho=0.9, epsilon=1e-8):
    v = 0.0
    for g in gradients:
        v = rho * v + (1 - rho) * g**2
        theta -= lr * g / (math.sqrt(v) + epsilon)
    return theta


def adagrad(theta, gradients, lr, epsilon=1e-10):
    v = 0.0
    for g in gradients:
        v += g**2
        theta -= lr * g / (math.sqrt(v) + epsilon)
    return theta


def lion(theta, gradients, lr, beta_1=0.9, beta_2=0.99):
    m = 0.0
    for g in gradients:
        c = beta_1 * m + (1 - beta_1) * g
        theta -= lr * math.copysign(1, c)
        m = beta_2 * m + (1 - beta_2) * g
    return theta


def nadam(theta, gradients, lr, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    """Algorithm 2 of the paper line by line, its mu_t = beta_1 for all t."""
    mu = [beta_1] * (len(gradients) + 2)
    m = n = 0.0
    for t, g in enumerate(gradients, start=1):
        g_hat = g / (1 - math.prod(mu[1 : t + 1]))
        m = mu[t] * m + (1 - mu[t]) * g
        m_hat = m / (1 - math.prod(mu[1 : t + 2]))
        n = beta_2 * n + (1 - beta_2) * g**2
        n_hat = n / (1 - beta_2**t)
        m_bar = (1 - mu[t]) * g_hat + mu[t + 1] * m_hat
        theta -= lr * m_bar / (math.sqrt(n_hat) + epsilon)
    return theta


LOOPS = {
    "sgd": (sgd, [{}, {"momentum": 0.8}]),
    "nesterov": (nesterov, [{}, {"momentum": 0.5}]),
    "adam": (adam, [{}, {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}]),
    "adamw": (adam, [{}, {"beta_1": 0.7}]),
    "rmsprop": (rmsprop, [{}, {"rho": 0.5, "epsilon": 1e-2}]),
    "adagrad": (adagrad, [{}, {"epsilon": 1.0}]),
    "lion": (lion, [{}, {"beta_1": 0.5, "beta_2": 0.7}]),
    "nadam": (nadam, [{}, {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}]),
}
CASES = [(name, constants) for name, (_, choices) in LOOPS.items() for constants in choices]


def run(rule, theta, gradients, lr):
    state = [np.zeros_like(theta) for _ in rule.state]
    for t, g in enumerate(gradients, start=1):
        theta, *state = rule.update(theta, g, *state, t, lr, np)
    return theta, state


def test_every_rule_has_its_papers_loop():
    lacking = sorted(set(optimizers.names()) - set(LOOPS))
    assert not lacking, (
        f"write the paper's rule for single numbers into LOOPS of {Path(__file__).name} for {lacking}"
    )


@pytest.mark.parametrize("name, constants", CASES)
def test_the_rule_is_the_papers(name, constants):
    rule, start = optimizers.get(name, **constants), np.linspace(-1, 1, 6)
    found, _ = run(rule, start, GRADIENTS, 0.05)
    loop = LOOPS[name][0]
    expected = [
        loop(x, g, 0.05, **constants) for x, g in zip(start.tolist(), GRADIENTS.T.tolist(), strict=True)
    ]
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("name", optimizers.names())
def test_a_rule_is_pure_and_keeps_dtype_and_shape(name):
    rule = optimizers.get(name)
    for dtype in (np.float32, np.float64):
        arrays = [np.linspace(0.5, 2, 7, dtype=dtype) for _ in range(2 + len(rule.state))]
        before = [x.copy() for x in arrays]
        found = rule.update(*arrays, 1, 0.1, np)
        assert len(found) == 1 + len(rule.state)
        assert all(x.dtype == dtype and x.shape == (7,) for x in found)
        assert all(np.array_equal(x, y) for x, y in zip(arrays, before, strict=True))


@pytest.mark.parametrize("name", optimizers.names())
def test_a_rule_is_elementwise(name):
    rule, start = optimizers.get(name), np.linspace(-1, 1, 6)
    whole, _ = run(rule, start, GRADIENTS, 0.1)
    parts = [run(rule, start[i : i + 1], GRADIENTS[:, i : i + 1], 0.1)[0].item() for i in range(6)]
    assert whole.tolist() == parts  # what blocks and shards of the flat vector rest on


@pytest.mark.parametrize("name", optimizers.names())
def test_a_rule_walks_down_at_its_usual_rate(name):
    rule, theta = optimizers.get(name), np.array([1.0, -2.0])
    curvature, state = np.array([1.0, 3.0]), [np.zeros(2) for _ in rule.state]
    losses = []
    for t in range(
        1, 1 + max(200, round(1 / rule.lr))
    ):  # a rule whose steps have the length lr needs 1 / lr of them
        losses.append(float(np.sum(curvature * theta**2)))
        theta, *state = rule.update(theta, curvature * theta, *state, t, rule.lr, np)
    assert losses[1] < losses[0] and losses[-1] < 0.9 * losses[0]


@pytest.mark.parametrize("name", optimizers.names())
def test_no_gradient_no_step(name):
    theta, state = run(optimizers.get(name), np.ones(3), np.zeros((4, 3)), 0.1)
    assert theta.tolist() == [1, 1, 1] and not np.any(state)


def test_adams_first_step_has_the_length_of_the_learning_rate():
    theta, _ = run(optimizers.get("adam"), np.zeros(3), np.array([[1e-3, -1.0, 1e5]]), 0.1)
    assert theta == pytest.approx([-0.1, 0.1, -0.1], rel=1e-3)


def test_the_rules_with_decoupled_decay_bring_their_papers():
    assert optimizers.get("adamw").weight_decay == 0.01 and optimizers.get("adam").weight_decay == 0
    lion, adamw = optimizers.get("lion"), optimizers.get("adamw")
    assert lion.lr * lion.weight_decay == pytest.approx(adamw.lr * adamw.weight_decay)  # as strong as AdamW's


def test_every_step_of_lion_has_the_length_of_the_learning_rate():
    theta, _ = run(optimizers.get("lion"), np.zeros(3), np.array([[1e-3, -1.0, 1e5]]), 0.1)
    assert theta.tolist() == [-0.1, 0.1, -0.1]
