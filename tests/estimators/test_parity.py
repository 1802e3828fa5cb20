"""The same weights as scikit-learn: same data, same seed, float64, within 1e-8 of the largest weight."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pytest
import sklearn.neural_network as theirs
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning

import tasou as ours

pytestmark = pytest.mark.filterwarnings("ignore")

TOLERANCE = 1e-8
RNG = np.random.RandomState(7)
N = 90
X = RNG.normal(size=(N, 5))
WEIGHTS = RNG.uniform(0.2, 2.0, N)
TARGETS = {
    "binary": (X[:, 0] + X[:, 1] ** 2 > 0.5).astype(int),
    "multiclass": np.digitize(X[:, 0] - X[:, 1], [-0.7, 0.7]),
    "multilabel": (X[:, :3] + 0.3 * X[:, 1:4] > 0).astype(int),
    "regression": X[:, 0] ** 2 + np.sin(X[:, 1]),
    "poisson": RNG.poisson(np.exp(0.5 * X[:, 0])),
}
SOLVERS = {
    "sgd": dict(solver="sgd", learning_rate_init=0.05),
    "sgd plain": dict(solver="sgd", momentum=0.0, nesterovs_momentum=False, learning_rate_init=0.1),
    "sgd momentum": dict(solver="sgd", nesterovs_momentum=False, learning_rate_init=0.05),
    "sgd invscaling": dict(solver="sgd", learning_rate="invscaling", learning_rate_init=0.1, power_t=0.2),
    "sgd adaptive": dict(
        solver="sgd", learning_rate="adaptive", learning_rate_init=0.1, tol=5e-2, n_iter_no_change=2
    ),
    "adam": dict(solver="adam", learning_rate_init=0.01),
    "lbfgs": dict(solver="lbfgs", max_iter=12),
}


def pair(kind: str, **parameters):
    """scikit-learn's estimator and ours, with the same parameters."""
    parameters = {"hidden_layer_sizes": (8,), "max_iter": 15, "random_state": 3, **parameters}
    if kind in ("regression", "poisson"):
        loss = "poisson" if kind == "poisson" else "squared_error"
        if "loss" in theirs.MLPRegressor().get_params():
            parameters["loss"] = loss
        elif kind == "poisson":
            pytest.skip("this scikit-learn has no poisson loss")
        return theirs.MLPRegressor(**parameters), ours.MLPRegressor(**parameters)
    return theirs.MLPClassifier(**parameters), ours.MLPClassifier(**parameters)


def fit_both(kind: str, X=X, fit=None, **parameters):
    a, b = pair(kind, **parameters)
    y = TARGETS[kind]
    for estimator in (a, b):
        estimator.fit(X, y, **(fit or {}))
    return a, b


def assert_same(a, b, tolerance: float = TOLERANCE) -> None:
    """Same iteration count, same loss curve, same weights."""
    assert a.n_iter_ == b.n_iter_
    assert a.t_ == b.t_ or a.solver == "lbfgs"
    if a.solver != "lbfgs":
        np.testing.assert_allclose(b.loss_curve_, a.loss_curve_, rtol=1e-8)
        assert np.isclose(b.loss_, a.loss_, rtol=1e-8)
    for p, q in zip(a.coefs_ + a.intercepts_, b.coefs_ + b.intercepts_, strict=True):
        assert p.shape == q.shape and p.dtype == q.dtype
        assert np.abs(p - q).max() <= tolerance * max(1.0, np.abs(p).max())


@pytest.mark.parametrize("kind", TARGETS)
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
def test_solver_activation_target(kind, solver, activation):
    assert_same(*fit_both(kind, activation=activation, **SOLVERS[solver]))


@pytest.mark.parametrize("kind", TARGETS)
@pytest.mark.parametrize("sizes", [(), (7,), 6, (6, 5), (6, 5, 4)])
@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_depths(kind, sizes, solver):
    assert_same(*fit_both(kind, hidden_layer_sizes=sizes, **SOLVERS[solver]))


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize(
    ("batch_size", "shuffle", "alpha"),
    list(itertools.product([1, 30, 32, 90, 200, "auto"], [True, False], [0.0, 1.0])),
)
def test_batches(kind, batch_size, shuffle, alpha):
    for solver in ("sgd", "adam"):
        parameters = {
            "solver": solver,
            "batch_size": batch_size,
            "shuffle": shuffle,
            "alpha": alpha,
            "max_iter": 5,
        }
        assert_same(*fit_both(kind, learning_rate_init=0.003, **parameters))


@pytest.mark.parametrize("kind", ["binary", "multiclass", "multilabel", "regression"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_early_stopping(kind, weighted, solver):
    fit = {"sample_weight": WEIGHTS} if weighted and weights_known() else {}
    a, b = fit_both(
        kind, fit=fit, early_stopping=True, validation_fraction=0.2, max_iter=40, **SOLVERS[solver]
    )
    assert_same(a, b)
    np.testing.assert_allclose(b.validation_scores_, a.validation_scores_)
    assert np.isclose(b.best_validation_score_, a.best_validation_score_)
    assert b.best_loss_ is None and a.best_loss_ is None


@pytest.mark.parametrize("kind", TARGETS)
@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_sample_weight(kind, solver):
    if not weights_known():
        pytest.skip("this scikit-learn has no sample_weight")
    assert_same(*fit_both(kind, fit={"sample_weight": WEIGHTS}, batch_size=40, **SOLVERS[solver]))


@pytest.mark.parametrize("kind", ["multiclass", "regression"])
@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
@pytest.mark.parametrize("make", [sparse.csr_matrix, sparse.csc_matrix, sparse.csr_array])
def test_sparse(kind, solver, make):
    few = np.where(np.abs(X) > 0.7, X, 0.0)
    assert_same(*fit_both(kind, X=make(few), **SOLVERS[solver]))


@pytest.mark.parametrize("kind", ["binary", "regression"])
@pytest.mark.parametrize("solver", ["sgd", "sgd invscaling", "sgd adaptive", "adam", "lbfgs"])
def test_warm_start(kind, solver):
    a, b = pair(kind, warm_start=True, **{**SOLVERS[solver], "max_iter": 4})
    for _ in range(3):
        a.fit(X, TARGETS[kind])
        b.fit(X, TARGETS[kind])
        assert_same(a, b)


@pytest.mark.parametrize("kind", ["binary", "multiclass", "multilabel", "regression"])
def test_partial_fit_on_the_whole_batch(kind):
    """With a full batch the order of the rows does not matter, and so scikit-learn's reseeding does not either."""
    for solver in ("sgd", "adam"):
        a, b = pair(kind, batch_size=N, **SOLVERS[solver])
        y = TARGETS[kind]
        first = (
            {} if kind == "regression" else {"classes": range(3) if kind == "multilabel" else np.unique(y)}
        )
        for estimator in (a, b):
            estimator.partial_fit(X, y, **first)
            for _ in range(4):
                estimator.partial_fit(X, y)
        assert_same(a, b)


@pytest.mark.parametrize("kind", ["multiclass", "regression"])
def test_float32_stays_close(kind):
    a, b = fit_both(kind, X=X.astype(np.float32), **SOLVERS["adam"])
    assert b.coefs_[0].dtype == np.float32
    for p, q in zip(a.coefs_, b.coefs_, strict=True):
        np.testing.assert_allclose(q, p, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("kind", TARGETS)
def test_predictions_and_attributes(kind):
    a, b = fit_both(kind, **SOLVERS["adam"])
    np.testing.assert_allclose(b.predict(X), a.predict(X), rtol=1e-7)
    if hasattr(a, "predict_proba"):
        np.testing.assert_allclose(b.predict_proba(X), a.predict_proba(X), rtol=1e-7)
        np.testing.assert_allclose(b.predict_log_proba(X), a.predict_log_proba(X), rtol=1e-7)
        np.testing.assert_array_equal(b.classes_, a.classes_)
    public = {name for name in vars(a) if name.endswith("_") and not name.startswith("_")}
    assert public <= set(dir(b)), public - set(dir(b))
    for name in ("n_layers_", "n_outputs_", "out_activation_", "n_features_in_", "best_loss_"):
        assert getattr(a, name) == pytest.approx(getattr(b, name)), name


@pytest.mark.parametrize("name", ["MLPClassifier", "MLPRegressor"])
def test_parameters_come_in_scikit_learns_order(name):
    """Names, order and defaults; what is more comes after them."""
    a, b = (getattr(module, name)().get_params() for module in (theirs, ours))
    for parameter, default in a.items():
        assert b[parameter] == default or parameter == "random_state"
    from inspect import signature

    their_names = list(signature(getattr(theirs, name)).parameters)
    our_names = [n for n in signature(getattr(ours, name)).parameters if n != "loss" or n in their_names]
    assert our_names[: len(their_names)] == their_names  # (scikit-learn before 1.7 has no loss)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_lbfgs_goes_on_for_more_iterations_than_other_solvers_wait_for(activation):
    rng = np.random.default_rng(7)
    X = rng.normal(size=(200, 10))
    y = X @ rng.normal(size=10) + np.sin(3 * X[:, 0])
    how = {
        "hidden_layer_sizes": 50,
        "activation": activation,
        "tol": 1e-3,
        "random_state": 1,
        "n_iter_no_change": 1,
    }
    a, b = (module.MLPRegressor(solver="lbfgs", **how).fit(X, y) for module in (theirs, ours))
    assert a.n_iter_ == b.n_iter_ > 20 and b.loss_ == pytest.approx(a.loss_, rel=1e-6)


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_same_warnings(solver):
    for estimator in pair("multiclass", **{**SOLVERS[solver], "max_iter": 2}):
        with pytest.warns(ConvergenceWarning):
            estimator.fit(X, TARGETS["multiclass"])
    for estimator in pair("binary", learning_rate_init=0.05, tol=1e-2, n_iter_no_change=3, max_iter=500):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            estimator.fit(X, TARGETS["binary"])


def weights_known() -> bool:
    """Whether the installed scikit-learn's MLP takes sample weights (1.7 and later)."""
    from inspect import signature

    return "sample_weight" in signature(theirs.MLPClassifier.fit).parameters
