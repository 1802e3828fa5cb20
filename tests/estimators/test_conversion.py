"""Fitted models to and from scikit-learn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn import linear_model, neural_network
from sklearn.base import clone
from sklearn.datasets import load_iris, make_multilabel_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.utils.fixes import parse_version

import tasou
from tasou.errors import TasouError

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:.*iprint:DeprecationWarning"),  # of older scikit-learn, by SciPy
]

X, Y = load_iris(return_X_y=True)
NAMES = load_iris().target_names[Y]
FRAME = pd.DataFrame(X, columns=list("abcd"))
MANY_X, MANY_Y = make_multilabel_classification(80, 6, random_state=0)
OLD = parse_version(sklearn.__version__) < parse_version("1.8")


def mlp(**how):
    return lambda home: home.MLPClassifier(hidden_layer_sizes=(6, 4), max_iter=12, random_state=0, **how)


def regressor(**how):
    return lambda home: home.MLPRegressor(hidden_layer_sizes=(6,), max_iter=12, random_state=0, **how)


CASES = {
    "adam": (mlp(), X, Y),
    "sgd": (mlp(solver="sgd", learning_rate="adaptive"), X, Y),
    "lbfgs": (mlp(solver="lbfgs", activation="logistic"), X, Y),
    "early stopping": (mlp(early_stopping=True, activation="tanh"), X, Y),
    "no hidden layer": (lambda home: home.MLPClassifier((), max_iter=5), X, Y),
    "binary": (mlp(activation="identity"), X, Y == 1),
    "names": (mlp(), FRAME, NAMES),
    "multilabel": (mlp(), MANY_X, MANY_Y),
    "float32": (mlp(), X.astype(np.float32), Y),
    "regression": (regressor(), X[:, :3], X[:, 3]),
    "outputs": (regressor(solver="lbfgs"), X[:, :2], X[:, 2:]),
    "logistic": (lambda home: home.LogisticRegression(C=0.3), FRAME, NAMES),
    "logistic, binary": (lambda home: home.LogisticRegression(C=np.inf), X, Y == 1),
    "perceptron": (lambda home: home.Perceptron(alpha=0.01, penalty="l2"), FRAME, NAMES),
    "perceptron, binary": (lambda home: home.Perceptron(), X, Y == 1),
}


class Home:
    """scikit-learn's classes in one place, as ours are."""

    MLPClassifier, MLPRegressor = neural_network.MLPClassifier, neural_network.MLPRegressor
    LogisticRegression, Perceptron = linear_model.LogisticRegression, linear_model.Perceptron


def answers(model, X):
    for method in ("predict", "predict_proba", "predict_log_proba", "decision_function"):
        if hasattr(model, method):
            yield method, getattr(model, method)(X)


def predict_the_same(a, b, X, *, digits):
    theirs, ours = dict(answers(a, X)), dict(answers(b, X))
    assert len(theirs) >= 1
    for method in theirs.keys() & ours.keys():
        if theirs[method].dtype.kind in "fc":
            np.testing.assert_allclose(ours[method], theirs[method], rtol=10.0**-digits, atol=10.0**-digits)
        else:
            np.testing.assert_array_equal(ours[method], theirs[method])
        assert ours[method].dtype == theirs[method].dtype


@pytest.mark.parametrize("name", CASES)
def test_from_sklearn(name):
    make, X, y = CASES[name]
    theirs = make(Home).fit(X, y)
    ours = tasou.from_sklearn(theirs)
    assert type(ours).__module__.startswith("tasou.") and type(ours).__name__ == type(theirs).__name__
    predict_the_same(theirs, ours, X, digits=5 if name == "float32" else 12)
    assert ours.score(X, y) == pytest.approx(theirs.score(X, y))
    shared = ours.get_params().keys() & theirs.get_params().keys() - {"penalty", "l1_ratio"}
    assert {k: ours.get_params()[k] for k in shared} == {k: theirs.get_params()[k] for k in shared}
    ours.coefs_[0][:] = 0
    assert np.any(getattr(theirs, "coef_", None) if hasattr(theirs, "coef_") else theirs.coefs_[0])


@pytest.mark.parametrize("name", CASES)
def test_to_sklearn(name):
    make, X, y = CASES[name]
    ours = make(tasou).fit(X, y)
    theirs = ours.to_sklearn()
    assert type(theirs).__module__.startswith("sklearn.")
    predict_the_same(theirs, ours, X, digits=5 if name == "float32" else 12)
    assert list(getattr(theirs, "feature_names_in_", [])) == list(getattr(ours, "feature_names_in_", []))
    clone(theirs).fit(X, y)  # its parameters are scikit-learn's
    again = tasou.from_sklearn(theirs)
    predict_the_same(ours, again, X, digits=5 if name == "float32" else 12)


@pytest.mark.parametrize("way", ["from", "to"])
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"solver": "sgd"},
        {"solver": "sgd", "nesterovs_momentum": False, "learning_rate": "invscaling"},
        {"solver": "sgd", "learning_rate": "adaptive", "tol": 0.1, "n_iter_no_change": 2},
    ],
    ids=str,
)
def test_partial_fit_goes_on_with_the_optimizer(how, way):
    make = mlp(shuffle=False, batch_size=40, **how)
    theirs, ours = make(Home).fit(X, Y), make(tasou).fit(X, Y)
    moved = tasou.from_sklearn(theirs) if way == "from" else ours.to_sklearn()
    stays = theirs if way == "from" else ours
    for _ in range(3):
        stays.partial_fit(X, Y)
        moved.partial_fit(X, Y)
    for a, b in zip(stays.coefs_, moved.coefs_, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)
    assert stays.t_ == moved.t_


def test_perceptron_goes_on_too():
    ours, theirs = tasou.Perceptron().fit(X, Y), linear_model.Perceptron().fit(X, Y)
    for a, b in ((ours, ours.to_sklearn()), (theirs, tasou.from_sklearn(theirs))):
        a.partial_fit(X, Y)
        b.partial_fit(X, Y)
        np.testing.assert_allclose(a.coef_, b.coef_)


def test_warm_start_goes_on_after_the_move():
    theirs = neural_network.MLPClassifier((5,), warm_start=True, max_iter=4, random_state=0).fit(X, Y)
    before = theirs.loss_curve_[-1]
    ours = tasou.from_sklearn(theirs).fit(X, Y)
    assert ours.loss_curve_[4] < before and len(ours.loss_curve_) == 8


def test_softmax_of_two_classes_becomes_a_sigmoid():
    ours = tasou.SoftmaxRegression().fit(X, Y == 1)
    theirs = ours.to_sklearn()
    assert theirs.coef_.shape == (1, 4)
    predict_the_same(theirs, ours, X, digits=12)


def test_what_matters_to_training_alone_is_left_out():
    ours = tasou.MLPClassifier(
        (5,), solver="adamw", learning_rate="cosine", dropout=0.1, warmup=3, callbacks=[print], max_iter=0 + 3
    ).set_params(callbacks=None)
    theirs = ours.fit(X, Y).to_sklearn()
    assert (theirs.solver, theirs.learning_rate, theirs.max_iter) == ("adam", "constant", 3)
    predict_the_same(theirs, ours, X, digits=12)
    walked = tasou.LogisticRegression(solver="gd").fit(X, Y).to_sklearn()
    assert walked.solver == "lbfgs"
    robust = tasou.MLPRegressor(loss="huber", hidden_layer_sizes=(3,), max_iter=3).fit(X[:, :3], X[:, 3])
    predict_the_same(robust.to_sklearn(), robust, X[:, :3], digits=12)


def test_scaling_is_in_the_weights():
    ours = tasou.MLPRegressor(hidden_layer_sizes=(4,), scale="auto", max_iter=20, random_state=0)
    ours.fit(1000 * X[:, :3], 1e4 * X[:, 3])
    predict_the_same(ours.to_sklearn(), ours, 1000 * X[:, :3], digits=9)


@pytest.mark.parametrize("activation", ["gelu", ["relu", "tanh"]])
def test_an_activation_that_scikit_learn_does_not_know(activation):
    ours = tasou.MLPClassifier((4, 3), activation=activation, max_iter=2).fit(X, Y)
    with pytest.raises(TasouError, match="scikit-learn has no network with the hidden activation"):
        ours.to_sklearn()


def test_poisson():
    if "loss" not in neural_network.MLPRegressor().get_params():
        pytest.skip("this scikit-learn has no Poisson loss")
    theirs = neural_network.MLPRegressor(loss="poisson", hidden_layer_sizes=(3,), max_iter=5).fit(X, Y)
    ours = tasou.from_sklearn(theirs)
    predict_the_same(theirs, ours, X, digits=12)
    predict_the_same(ours.to_sklearn(), ours, X, digits=12)


def test_penalties_of_older_versions_are_read():
    old = linear_model.LogisticRegression(C=0.5).fit(X, Y)
    old.penalty = "l2"
    assert (tasou.from_sklearn(old).penalty, tasou.from_sklearn(old).l1_ratio) == ("deprecated", 0.0)
    old.penalty = None
    assert np.isinf(tasou.from_sklearn(old).C)


def test_sparse_coefficients_stay_sparse():
    theirs = linear_model.LogisticRegression().fit(X, Y).sparsify()
    np.testing.assert_allclose(tasou.from_sklearn(theirs).predict_proba(X), theirs.predict_proba(X))


@pytest.mark.skipif(not OLD, reason="scikit-learn >= 1.8 has no one-against-rest logistic regression")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_one_against_rest_is_another_model():
    with pytest.raises(TasouError, match="one class against the rest"):
        tasou.from_sklearn(linear_model.LogisticRegression(solver="liblinear").fit(X, Y))


def test_what_cannot_be_converted():
    with pytest.raises(TasouError, match="RandomForestClassifier has no counterpart here"):
        tasou.from_sklearn(RandomForestClassifier())
    with pytest.raises(NotFittedError):
        tasou.from_sklearn(neural_network.MLPClassifier())
    with pytest.raises(NotFittedError):
        tasou.MLPClassifier().to_sklearn()
