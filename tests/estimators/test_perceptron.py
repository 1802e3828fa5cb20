"""Perceptron: the weights of scikit-learn's, sample by sample."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn
from scipy import sparse
from sklearn import linear_model
from sklearn.datasets import load_iris, make_classification
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.fixes import parse_version

from tasou import Perceptron, datasets
from tasou.errors import DivergenceError, TasouError
from tasou.estimators._one_against_rest import rows_kept_out

PENALTY_IN_OBJECTIVE = parse_version(sklearn.__version__) >= parse_version("1.9")
"""before, scikit-learn stopped by the loss alone"""


def iris():
    X, y = load_iris(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(y))
    return X[order], y[order]


def two_classes():
    return make_classification(200, 6, n_informative=4, random_state=1)


DATA = {"binary": two_classes, "multiclass": iris}
GATE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
AND, XOR = [0, 0, 0, 1], [0, 1, 1, 0]


def same(theirs, ours):
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=1e-9, atol=1e-9)
    assert (ours.n_iter_, ours.t_) == (theirs.n_iter_, theirs.t_)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("class_weight", [None, "balanced", {0: 2.0, 1: 0.5}])
@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("data", DATA)
def test_weights_are_scikit_learns(data, shuffle, early_stopping, class_weight, weighted):
    X, y = DATA[data]()
    w = np.random.default_rng(1).integers(0, 3, len(y)).astype(float) if weighted else None
    how = {
        "shuffle": shuffle,
        "early_stopping": early_stopping,
        "class_weight": class_weight,
        "random_state": 3,
    }
    same(
        linear_model.Perceptron(**how, max_iter=60, eta0=0.3).fit(X, y, sample_weight=w),
        Perceptron(**how, max_iter=60, eta0=0.3).fit(X, y, sample_weight=w),
    )


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("fit_intercept", [False, True])
@pytest.mark.parametrize("penalty", ["l2", "l1", "elasticnet"])
@pytest.mark.parametrize("data", DATA)
def test_penalised_weights_are_scikit_learns(data, penalty, fit_intercept):
    X, y = DATA[data]()
    how = {"penalty": penalty, "alpha": 1e-3, "tol": None, "max_iter": 12, "fit_intercept": fit_intercept}
    same(linear_model.Perceptron(**how).fit(X, y), Perceptron(**how).fit(X, y))


@pytest.mark.skipif(not PENALTY_IN_OBJECTIVE, reason="scikit-learn >= 1.9 stops by loss and penalty")
@pytest.mark.parametrize(
    "penalty", ["l2", "l1"]
)  # its elastic net adds a norm that is out of date after l1 steps
@pytest.mark.parametrize("data", DATA)
def test_penalised_runs_stop_where_scikit_learns_stop(data, penalty):
    X, y = DATA[data]()
    how = {"penalty": penalty, "alpha": 1e-3, "eta0": 0.3}
    same(linear_model.Perceptron(**how).fit(X, y), Perceptron(**how).fit(X, y))


@pytest.mark.parametrize("data", DATA)
def test_partial_fit_takes_scikit_learns_steps(data):
    X, y = DATA[data]()
    theirs, ours = linear_model.Perceptron(), Perceptron()
    for rows in np.array_split(np.arange(len(y)), 4):
        theirs.partial_fit(X[rows], y[rows], classes=np.unique(y))
        ours.partial_fit(X[rows], y[rows], classes=np.unique(y))
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-9, atol=1e-9)
    assert ours.t_ == theirs.t_


def test_starting_weights_and_warm_start():
    X, y = two_classes()
    start = {"coef_init": np.full((1, 6), 0.5), "intercept_init": [1.0]}
    ours = Perceptron().fit(X, y, **start)
    assert (start["coef_init"] == 0.5).all()  # scikit-learn writes into the array it is given
    same(linear_model.Perceptron().fit(X, y, **start), ours)
    theirs, ours = linear_model.Perceptron(warm_start=True), Perceptron(warm_start=True)
    for _ in range(2):
        same(theirs.fit(X, y), ours.fit(X, y))
    with pytest.raises(ValueError, match=r"warm_start goes on from coef_ of shape \(1, 6\).*\(1, 3\)"):
        ours.fit(X[:, :3], y)


def test_early_stopping_with_l2_scores_the_weights_that_predict():
    """scikit-learn scores them before their shrinking is multiplied in, but with the final intercept."""
    X, y = two_classes()
    how = {"penalty": "l2", "alpha": 0.02, "shuffle": False, "random_state": 3}
    model = Perceptron(early_stopping=True, n_iter_no_change=3, **how).fit(X, y)
    kept_out = rows_kept_out(y, np.ones(len(y)), model.validation_fraction, 3)
    scores = []
    for epochs in range(1, model.n_iter_ + 1):
        shorter = Perceptron(max_iter=epochs, tol=None, **how).fit(X[~kept_out], y[~kept_out])
        scores.append(shorter.score(X[kept_out], y[kept_out]))
    best, stalled, stops = -np.inf, 0, []
    for score in scores:
        stalled = stalled + 1 if score < best + model.tol else 0
        best = max(best, score)
        stops.append(stalled >= 3)
    assert stops == [False] * (len(stops) - 1) + [True]


def test_sparse_rows_teach_the_same():
    X, y = iris()
    X = np.where(X > 2, X, 0)
    same(Perceptron().fit(X, y), Perceptron().fit(sparse.csr_array(X), y))


def test_it_says_whether_it_converged():
    land, xor = Perceptron().fit(GATE, AND), Perceptron().fit(GATE, XOR)
    assert land.converged_ and not xor.converged_
    assert "converged: after" in land.report("en") and "it makes no mistake" in land.report("en")
    assert "収束しました" in land.report("ja") and "収束しませんでした" in xor.report("ja")
    left = int(np.sum(xor.predict(GATE) != XOR))
    assert f"still makes {left} mistake(s)" in xor.report("en")


@pytest.mark.parametrize("name, y", [("and", AND), ("or", [0, 1, 1, 1])])
def test_gates_are_learnt_whatever_the_seed(name, y):
    assert all(Perceptron(random_state=seed).fit(GATE, y).converged_ for seed in range(50))


def test_verbose_prints_the_end(capsys):
    Perceptron(verbose=1).fit(GATE, AND)
    assert "converged" in capsys.readouterr().out


def test_labels_may_be_anything():
    X, y = iris()
    names = load_iris().target_names
    assert set(Perceptron().fit(X, names[y]).predict(X)) <= set(names)


def test_out_of_epochs_is_said():
    X, y = datasets.make("moons", n=100)
    with pytest.warns(ConvergenceWarning, match="Maximum number of iteration reached"):
        Perceptron(max_iter=2).fit(X, y)


def test_what_cannot_be_is_refused():
    X, y = two_classes()
    with pytest.raises(TasouError, match="one class only"):
        Perceptron().fit(X, np.ones(len(y)))
    with pytest.raises(ValueError, match=r"(?i)sample.weight"):
        Perceptron().fit(X, y, sample_weight=np.zeros(len(y)))
    with pytest.raises(ValueError, match="early_stopping should be False"):
        Perceptron(early_stopping=True).partial_fit(X, y, classes=[0, 1])
    with pytest.raises(ValueError, match="'balanced' is not supported"):
        Perceptron(class_weight="balanced").partial_fit(X, y, classes=[0, 1])
    with pytest.raises(ValueError, match=r"not in classes: \[2\]"):
        Perceptron().partial_fit(X, y, classes=[0, 1]).partial_fit(X[:1], [2])
    with pytest.raises(ValueError, match="weights for validation set are all zero"):
        Perceptron(early_stopping=True).fit(X, y, sample_weight=np.eye(len(y))[0])
    with pytest.raises(AttributeError):
        Perceptron().predict_proba  # noqa: B018


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_weights_beyond_the_numbers_are_an_error():
    with pytest.raises(DivergenceError, match="no longer finite after epoch"):
        Perceptron(eta0=1e308).fit(np.array([[1e10], [2e10], [-1e10]]), [0, 1, 0])


def test_one_class_alone_is_refused_in_the_first_call_too():
    with pytest.raises(TasouError, match=r"classes holds one class only \('a'\)"):
        Perceptron().partial_fit([[0.0], [1.0]], ["a", "a"], classes=["a"])
