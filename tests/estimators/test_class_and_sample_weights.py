"""A row of weight 2 is two rows, a row of weight 0 is none, and the weights of classes count everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import LogisticRegression, MLPClassifier, MLPRegressor, SoftmaxRegression
from tasou.training.class_weights import class_weights

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 3))
Y = (X[:, 0] + RNG.normal(size=60) > 0.8).astype(int)
SEVERAL = (X > 0.3).astype(int)
WEIGHT = RNG.integers(0, 4, 60)
REPEATED = np.repeat(np.arange(60), WEIGHT)
EXACT = {"solver": "lbfgs", "hidden_layer_sizes": (), "max_iter": 3000, "tol": 1e-10, "alpha": 0.05}
CLASSIFIERS = [
    MLPClassifier(**EXACT, random_state=0, class_weight="balanced"),
    LogisticRegression(tol=1e-10, max_iter=3000, class_weight="balanced"),
    SoftmaxRegression(tol=1e-10, max_iter=3000, class_weight="balanced"),
]
each = pytest.mark.parametrize("model", CLASSIFIERS, ids=lambda model: type(model).__name__)


@each
def test_balanced_counts_a_row_of_weight_2_as_two_rows(model):
    weighted = model.fit(X, Y, sample_weight=WEIGHT).predict_proba(X)
    repeated = model.fit(X[REPEATED], Y[REPEATED]).predict_proba(X)
    np.testing.assert_allclose(weighted, repeated, atol=1e-4)


@each
def test_balanced_does_not_see_rows_of_weight_0(model):
    more = np.r_[X, X[:40]], np.r_[Y, np.ones(40, int)]
    weighted = model.fit(*more, sample_weight=np.r_[np.ones(60), np.zeros(40)]).predict_proba(X)
    np.testing.assert_allclose(weighted, model.fit(X, Y).predict_proba(X), atol=1e-4)


def test_balanced_counts_weights_for_several_labels_at_once():
    model = MLPClassifier(**EXACT, random_state=0, class_weight="balanced")
    weighted = model.fit(X, SEVERAL, sample_weight=WEIGHT).predict_proba(X)
    repeated = model.fit(X[REPEATED], SEVERAL[REPEATED]).predict_proba(X)
    np.testing.assert_allclose(weighted, repeated, atol=1e-4)


def test_weights_by_label_multiply():
    one = MLPClassifier(**EXACT, random_state=0, class_weight=[{1: 3}, {1: 1}, {0: 2}]).fit(X, SEVERAL)
    by_hand = np.where(SEVERAL[:, 0] == 1, 3.0, 1.0) * np.where(SEVERAL[:, 2] == 0, 2.0, 1.0)
    same = MLPClassifier(**EXACT, random_state=0).fit(X, SEVERAL, sample_weight=by_hand)
    np.testing.assert_allclose(one.coefs_[0], same.coefs_[0], atol=1e-8)


@pytest.mark.parametrize("sparse", [False, True])
def test_scaling_weighs_the_rows(sparse):
    from scipy.sparse import csr_matrix

    form = csr_matrix if sparse else np.asarray
    t = X[:, 0] * 2
    how = {**EXACT, "random_state": 0, "scale": "auto"}
    plain = MLPRegressor(**how).fit(form(X), t).predict(X)
    odd = form(np.r_[X, [[1e5] * 3]]), np.r_[t, 0.0]
    weighted = MLPRegressor(**how).fit(*odd, sample_weight=np.r_[np.ones(60), 0.0]).predict(X)
    np.testing.assert_allclose(weighted, plain, atol=1e-3)
    twice = MLPRegressor(**how).fit(form(X), t, sample_weight=WEIGHT).predict(X)
    repeated = MLPRegressor(**how).fit(form(X[REPEATED]), t[REPEATED]).predict(X)
    np.testing.assert_allclose(twice, repeated, atol=1e-3)


def test_the_loss_on_validation_rows_of_ones_own_weighs_the_classes_too():
    own = {"X_val": X, "y_val": Y}
    weight = np.where(Y > 0, 9.0, 1.0)
    by_class = MLPClassifier(class_weight={0: 1, 1: 9}, max_iter=3, random_state=0).fit(X, Y, **own)
    by_row = MLPClassifier(max_iter=3, random_state=0)
    by_row.fit(X, Y, sample_weight=weight, **own, sample_weight_val=weight)
    np.testing.assert_allclose(by_class.validation_loss_curve_, by_row.validation_loss_curve_)
    balanced = MLPClassifier(class_weight="balanced", max_iter=3, random_state=0).fit(X, Y, **own)
    weight = class_weights("balanced", [0, 1], Y)[Y]
    by_row.fit(X, Y, sample_weight=weight, **own, sample_weight_val=weight)
    np.testing.assert_allclose(balanced.validation_loss_curve_, by_row.validation_loss_curve_)


def test_partial_fit_takes_a_batch_without_the_class_that_weighs_more():
    y = (np.arange(60) >= 50).astype(int)
    by_class, by_row = MLPClassifier(class_weight={1: 5}, random_state=0), MLPClassifier(random_state=0)
    for k in (1, 0):
        batch = y == k
        by_class.partial_fit(X[batch], y[batch], classes=[0, 1])
        weight = np.where(y[batch] == 1, 5.0, 1.0)
        by_row.partial_fit(X[batch], y[batch], classes=[0, 1], sample_weight=weight)
    np.testing.assert_allclose(by_class.coefs_[0], by_row.coefs_[0], atol=1e-12)


@pytest.mark.parametrize("cls", [MLPClassifier, LogisticRegression, SoftmaxRegression])
def test_a_weight_for_a_class_that_does_not_exist_is_refused_by_its_name(cls):
    with pytest.raises(
        ValueError, match="class_weight names the class 7, which is none of the classes: 0, 1"
    ):
        cls(class_weight={7: 2}).fit(X, Y)
