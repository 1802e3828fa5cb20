"""partial_fit goes on where it stopped: weights, the optimizer's memory, the random stream; also after a pickle."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from tasou import MLPClassifier, MLPRegressor, Perceptron, datasets

X, Y = datasets.make("spiral", n=90)
SOLVERS = ["sgd", "adam", "adamw", "rmsprop", "adagrad"]


def model(solver="adam", **options):
    return MLPClassifier((6,), solver=solver, batch_size=20, **{"random_state": 3, "dropout": 0.2, **options})


def weights(mlp):
    return np.concatenate([part.ravel() for part in (*mlp.coefs_, *mlp.intercepts_)])


@pytest.mark.parametrize("solver", SOLVERS)
def test_calls_in_a_row_are_one_training(solver):
    """The optimizer's memory: with the rows in order and no dropout, n calls are a fit of n epochs."""
    options = {"shuffle": False, "dropout": 0.0, "n_iter_no_change": 100}
    calls = model(solver, **options)
    for _ in range(5):
        calls.partial_fit(X, Y, classes=[0, 1, 2])
    with pytest.warns(UserWarning, match="Maximum iterations"):
        fitted = model(solver, max_iter=5, **options).fit(X, Y)
    assert np.array_equal(weights(calls), weights(fitted))
    assert calls.loss_curve_ == fitted.loss_curve_ and calls.t_ == fitted.t_ == 450


@pytest.mark.parametrize(
    "keep", [copy.deepcopy, lambda mlp: pickle.loads(pickle.dumps(mlp))], ids=["copy", "pickle"]
)
@pytest.mark.parametrize("solver", SOLVERS)
def test_a_copy_goes_on_as_the_original_does(solver, keep):
    mlp = model(solver)
    for _ in range(3):
        mlp.partial_fit(X, Y, classes=[0, 1, 2])
    twin, before = keep(mlp), weights(mlp)
    for _ in range(3):
        twin.partial_fit(X, Y)
    assert np.array_equal(weights(mlp), before)  # each on its own memory
    for _ in range(3):
        mlp.partial_fit(X, Y)
    assert np.array_equal(weights(twin), weights(mlp))


def test_the_random_stream_goes_on():
    first, again = model(), model()
    for mlp in (first, again):
        for _ in range(2):
            mlp.partial_fit(X, Y, classes=[0, 1, 2])
    assert np.array_equal(weights(first), weights(again))
    fixed = model(shuffle=False, dropout=0.0)
    fixed.partial_fit(X, Y, classes=[0, 1, 2])
    assert not np.array_equal(weights(first), weights(fixed))


def test_a_cosine_falls_over_max_iter_calls():
    """Not within each call: as many calls as a fit has epochs are the same training."""
    options = {"learning_rate": "cosine", "max_iter": 5, "shuffle": False, "dropout": 0.0}
    calls = model(**options)
    for _ in range(5):
        calls.partial_fit(X, Y, classes=[0, 1, 2])
    with pytest.warns(UserWarning, match="Maximum iterations"):
        fitted = model(**options, n_iter_no_change=100).fit(X, Y)
    assert np.array_equal(weights(calls), weights(fitted))
    calls.partial_fit(X, Y)  # and then starts anew, instead of standing still
    assert np.abs(weights(calls) - weights(fitted)).max() > 1e-4


def test_it_learns_from_a_stream_of_rows():
    rng, mlp = np.random.default_rng(0), model(learning_rate_init=0.05, dropout=0.0)
    for _ in range(150):
        rows = rng.integers(0, 90, 30)
        mlp.partial_fit(X[rows], Y[rows], classes=[0, 1, 2])
    assert mlp.score(X, Y) > 0.9


def test_classes_are_told_at_first_and_then_known():
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        model().partial_fit(X, Y)
    mlp = model().partial_fit(X[Y < 2], Y[Y < 2], classes=[0, 1, 2])
    assert mlp.predict_proba(X).shape == (90, 3)
    with pytest.raises(ValueError, match=r"has classes not in"):
        mlp.partial_fit(X, Y + 1)


def test_a_change_of_solver_between_calls_is_no_crash():
    mlp = model("sgd").partial_fit(X, Y, classes=[0, 1, 2])
    mlp.set_params(solver="adam").partial_fit(X, Y)
    assert np.isfinite(weights(mlp)).all()


def test_regression_and_several_labels():
    mlp = MLPRegressor(hidden_layer_sizes=(20,), learning_rate_init=0.02, random_state=0)
    for _ in range(200):
        mlp.partial_fit(X, X[:, 0] ** 2)
    assert mlp.score(X, X[:, 0] ** 2) > 0.95
    labels = np.column_stack([Y == 0, Y > 0]).astype(int)
    assert model().partial_fit(X, labels, classes=[0, 1]).predict(X).shape == (90, 2)


def test_the_perceptron_too():
    rows, y = datasets.make("and_gate", n=4)
    model = Perceptron(shuffle=False)
    for _ in range(20):
        model.partial_fit(rows, y, classes=[0, 1])
    fitted = Perceptron(shuffle=False, max_iter=20, tol=None).fit(rows, y)
    assert np.array_equal(model.coef_, fitted.coef_) and model.converged_
    with pytest.raises(ValueError, match="classes"):
        Perceptron().partial_fit(rows, y)
    with pytest.raises(ValueError):
        model.partial_fit(rows, y + 5)
