"""Parameters that are changed between two fits act in the next one, or are refused by name; copies stay equal."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from sklearn import neural_network

import tasou
from tasou import LogisticRegression, MLPClassifier, MLPRegressor, Perceptron
from tasou.formulas import losses

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:.*iprint:DeprecationWarning"),  # of older scikit-learn, by SciPy
]

RNG = np.random.default_rng(1)
X = RNG.normal(size=(150, 4))
Y = np.arange(150) % 3
X[:, 0] += Y
HOW = {"hidden_layer_sizes": (8,), "max_iter": 60, "random_state": 0}


@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
@pytest.mark.parametrize(
    "change", [{"alpha": 100.0}, {"activation": "tanh"}, {"activation": "logistic", "alpha": 1.0}], ids=str
)
def test_what_is_changed_before_a_warm_start_acts_with_scikit_learns_numbers(change, solver):
    how = {**HOW, "solver": solver, "warm_start": True, "max_iter": 8 if solver == "lbfgs" else 60}
    ours, theirs = (
        cls(**how).fit(X, Y).set_params(**change).fit(X, Y)
        for cls in (MLPClassifier, neural_network.MLPClassifier)
    )
    np.testing.assert_allclose(ours.coefs_[0], theirs.coefs_[0], atol=1e-5)


@pytest.mark.parametrize("change", [{"alpha": 300.0}, {"activation": "tanh"}], ids=str)
def test_what_is_changed_between_two_partial_fits_acts_with_scikit_learns_numbers(change):
    models = [cls(**HOW) for cls in (MLPClassifier, neural_network.MLPClassifier)]
    for model in models:
        for i in range(20):
            if i == 5:
                model.set_params(**change)
            model.partial_fit(X, Y, classes=[0, 1, 2])
    np.testing.assert_allclose(models[0].coefs_[0], models[1].coefs_[0], atol=1e-5)


CHANGES = [
    {"dropout": 0.5},
    {"weight_decay": 0.5},
    {"clip_norm": 1e-3},
    {"warmup": 50},
    {"solver": "sgd"},
    {"learning_rate": "cosine"},
    {"learning_rate_init": 0.1},
    {"batch_size": 10},
    {"shuffle": False},
    {"class_weight": {0: 9}},
    {"scale": "auto"},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_what_scikit_learn_does_not_have_acts_as_well(change):
    changed, same = (MLPClassifier(warm_start=True, batch_size=40, **HOW).fit(X, Y) for _ in range(2))
    assert not np.array_equal(changed.set_params(**change).fit(X, Y).coefs_[0], same.fit(X, Y).coefs_[0])


def test_another_loss_acts():
    how = {"hidden_layer_sizes": (4,), "max_iter": 20, "random_state": 0, "warm_start": True}
    changed, same = (MLPRegressor(**how).fit(X, 9.0 * Y) for _ in range(2))
    changed.set_params(loss=losses.get("quantile", quantile=0.9))
    assert not np.array_equal(changed.fit(X, 9.0 * Y).coefs_[0], same.fit(X, 9.0 * Y).coefs_[0])


def test_other_hidden_layers_are_refused_by_name():
    model = MLPClassifier(warm_start=True, **HOW).fit(X, Y).set_params(hidden_layer_sizes=(5,))
    with pytest.raises(ValueError, match=r"hidden_layer_sizes is now \(5,\), but warm_start goes on"):
        model.fit(X, Y)
    assert model.set_params(warm_start=False).fit(X, Y).coefs_[0].shape == (4, 5)


def test_another_number_of_outputs_is_refused():
    model = MLPRegressor(warm_start=True, **HOW).fit(X, X[:, :2])
    with pytest.raises(ValueError, match=r"y has 3 column\(s\)"):
        model.fit(X, X[:, :3])


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
@pytest.mark.parametrize("first", [True, False])
def test_early_stopping_may_be_switched_on_and_off(first, solver):
    model = MLPClassifier(warm_start=True, solver=solver, early_stopping=first, **HOW).fit(X, Y)
    model.set_params(early_stopping=not first).fit(X, Y)
    curve = model.loss_curve_ if first else model.validation_scores_
    best = model.best_loss_ if first else model.best_validation_score_
    assert np.isfinite(best) and len(curve) >= model.n_iter_


def test_scaling_switched_on_later_goes_on_from_the_same_predictions():
    X_far = X * [1, 1000, 0.01, 1] + 50
    model = MLPRegressor(
        hidden_layer_sizes=(4,), max_iter=50, random_state=0, warm_start=True, solver="lbfgs"
    )
    before = model.fit(X_far, 10.0 * Y).predict(X_far)
    model.set_params(scale="auto", solver="sgd", learning_rate_init=1e-12, max_iter=1).fit(X_far, 10.0 * Y)
    np.testing.assert_allclose(model.predict(X_far), before, rtol=1e-6, atol=1e-6)


COPIES = {
    "pickle": lambda model, path: pickle.loads(pickle.dumps(model)),
    "copy": lambda model, path: copy.deepcopy(model),
    "file": lambda model, path: (tasou.save(model, path), tasou.load(path))[1],
    "scikit-learn": lambda model, path: model.to_sklearn(),
}


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_predicts_what_the_object_predicts_whatever_was_set_since_the_fit(how, tmp_path):
    model = MLPClassifier(**HOW).fit(X, Y).set_params(activation="tanh", alpha=3.0)
    again = COPIES[how](model, tmp_path / "m.tasou")
    np.testing.assert_allclose(again.predict_proba(X), model.predict_proba(X), atol=1e-12)
    theirs = neural_network.MLPClassifier(**HOW).fit(X, Y).set_params(activation="tanh")
    np.testing.assert_allclose(model.predict_proba(X), theirs.predict_proba(X), atol=1e-6)


@pytest.mark.parametrize("model", [LogisticRegression(), Perceptron()], ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("how", ["pickle", "copy", "file"])
def test_linear_models_keep_their_predictions_too(model, how, tmp_path):
    fitted = model.fit(X, Y).set_params(fit_intercept=False)
    again = COPIES[how](fitted, tmp_path / "m.tasou")
    np.testing.assert_array_equal(again.decision_function(X), fitted.decision_function(X))


@pytest.mark.parametrize("verbose", ["log", "bar", "diagnose"])
def test_a_verbose_that_scikit_learn_does_not_know_is_left_out(verbose, capsys):
    fitted = MLPClassifier(verbose=verbose, **HOW).fit(X, Y).to_sklearn()
    assert fitted.verbose is False
    fitted.partial_fit(X, Y)
    fitted.fit(X, Y)


@pytest.mark.parametrize(
    "option", [{"solver": "rmsprop"}, {"learning_rate": "cosine"}, {"n_iter_no_change": 0}]
)
def test_whatever_else_scikit_learn_does_not_know_is_left_out(option):
    MLPClassifier(**HOW, **option).fit(X, Y).to_sklearn().fit(X, Y)
