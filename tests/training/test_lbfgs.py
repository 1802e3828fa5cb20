"""L-BFGS on the flat vector: finds the minimum, records its way, stops when asked."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import Network, datasets
from tasou.training.lbfgs import minimize

X, Y = datasets.make("spiral", n=60)


def test_linear_regression_is_the_least_squares_solution():
    rng = np.random.default_rng(0)
    A, targets, w = rng.normal(size=(30, 4)), rng.normal(size=(30, 2)), rng.uniform(0.1, 2, 30)
    network = Network((4, 2), loss="squared_error", rng=0)
    result = minimize(network, A, targets, w, gtol=1e-10, ftol=0)
    design = np.column_stack([A, np.ones(30)]) * np.sqrt(w)[:, None]
    exact = np.linalg.lstsq(design, targets * np.sqrt(w)[:, None], rcond=None)[0].T
    assert np.allclose(np.column_stack([network[1].W, network[1].b]), exact, atol=1e-7)
    assert result.loss == pytest.approx(network.mean_loss(A, targets, w))


def test_ridge_regression_has_its_closed_form():
    rng = np.random.default_rng(1)
    A, targets = rng.normal(size=(20, 3)), rng.normal(size=(20, 1))
    network = Network((3, 1), loss="squared_error", l2=2.0, bias=False, rng=0)
    minimize(network, A, targets, gtol=1e-10, ftol=0)
    exact = np.linalg.solve(A.T @ A + 2.0 * np.eye(3), A.T @ targets).ravel()
    assert network[1].W[0] == pytest.approx(exact, abs=1e-7)


def test_the_gradient_is_flat_at_the_end_and_the_way_is_recorded():
    network = Network((2, 8, 3), "tanh", l2=0.1, rng=0)
    start = network.objective(X, Y)[0]
    result = minimize(network, X, Y, gtol=1e-5, ftol=0, max_iter=2000)
    loss, gradient = network.objective(X, Y)
    assert result.converged and np.abs(gradient).max() <= 1e-5
    assert result.loss == pytest.approx(loss) == pytest.approx(result.history.loss[-1])
    assert len(result.history) == len(result.history.seconds) == result.n_iter <= result.n_fun
    assert start > result.history.loss[0] and np.all(np.diff(result.history.loss) <= 0)


def test_it_stops_after_max_iter_and_says_so():
    network = Network((2, 8, 3), "tanh", rng=0)
    result = minimize(network, X, Y, max_iter=3)
    assert not result.converged and result.n_iter == 3 and result.message


def test_float32_stays_float32():
    network = Network((2, 8, 3), "tanh", dtype=np.float32, rng=0)
    result = minimize(network, X, Y, max_iter=30)
    assert network.theta.dtype == np.float32 and result.loss < 0.9


def test_who_watches_may_end_the_run():
    network, seen = Network((2, 8, 3), "tanh", rng=0), []

    def watch(result):
        seen.append((result.n_iter, network.objective(X, Y)[0]))
        return result.n_iter == 4

    result = minimize(network, X, Y, on_iteration=watch)
    assert [n for n, _ in seen] == [1, 2, 3, 4] and result.n_iter == 4
    assert [loss for _, loss in seen] == pytest.approx(result.history.loss)  # the network is at the iterate
    assert network.objective(X, Y)[0] == pytest.approx(result.history.loss[-1])


def test_ctrl_c_keeps_the_newest_iterate():
    network, kept, calls = Network((2, 8, 3), "tanh", rng=0), [], []
    right = network.objective_on

    def objective_on(*data):
        objective = right(*data)
        return lambda: trial(objective)

    def trial(objective):
        calls.append(1)
        if len(kept) == 5:
            network.theta[:] = 9.0  # a trial of the line search
            raise KeyboardInterrupt
        return objective()

    network.objective_on = objective_on
    result = minimize(network, X, Y, on_iteration=lambda r: kept.append(network.theta.copy()))
    assert result.interrupted and not result.converged and result.n_iter == 5
    assert np.array_equal(network.theta, kept[-1]) and result.n_fun == len(calls)
    assert result.loss == result.history.loss[-1]


def test_ctrl_c_before_the_first_evaluation_is_told_like_any_other():
    network, told = Network((2, 3), rng=0), []
    before = network.theta.copy()

    class Interrupts:
        def on_start(self, run, data):
            raise KeyboardInterrupt

        def on_end(self, run):
            told.append(run.finished)

    result = minimize(network, *datasets.make("spiral", 30), callbacks=[Interrupts()])
    assert result.interrupted and told == ["interrupted"]
    assert np.array_equal(network.theta, before)
