"""The linear model of the blend against scikit-learn's, and what it says of rows that it has not seen."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

from tasou.backends import pools
from tasou.ensembles import fit_linear, linear
from tasou.ensembles.linear import log_probabilities


def rows(n=400, d=6, seed=0):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(n, d))
    return A, A @ rng.normal(size=d) + 0.5, np.arange(n) % 4


def test_a_fold_model_is_the_ridge_regression_of_the_other_folds():
    A, y, fold = rows()
    found = fit_linear(A, y, fold, classes=0)
    for j in range(4):
        peer = Ridge(alpha=found.penalty).fit(A[fold != j], y[fold != j])
        # the constant of ours is penalised by a millionth
        assert found.w[j] == pytest.approx([*peer.coef_, peer.intercept_], abs=1e-6)
        assert found.said[fold == j] == pytest.approx(peer.predict(A[fold == j]), abs=1e-5)


def test_a_fold_model_is_the_logistic_regression_of_the_other_folds():
    A, z, fold = rows()
    y = (z + np.random.default_rng(1).logistic(size=len(z)) > 0).astype(int)
    found = fit_linear(A, y, fold, classes=2)
    for j in range(4):
        peer = LogisticRegression(C=1 / found.penalty, tol=1e-10).fit(A[fold != j], y[fold != j])
        assert found.w[j] == pytest.approx(
            [*peer.coef_[0], *peer.intercept_], abs=0.01
        )  # Newton is not run to the end


def test_probabilities_of_new_rows_sum_to_one():
    A, z, fold = rows()
    found = fit_linear(A.astype(np.float32), (z > 0).astype(int), fold, classes=2)
    p = np.exp(found.logarithms(A.astype(np.float32)))
    assert p.sum(axis=1) == pytest.approx(np.ones(len(A)), abs=1e-5)
    assert ((p[:, 1] > 0.5) == (z > 0)).mean() > 0.95


def test_columns_that_say_the_same_twice_are_no_trouble():
    A, y, fold = rows()
    twice = np.concatenate([A, A, np.zeros((len(A), 1))], axis=1)
    assert np.isfinite(fit_linear(twice, y, fold, classes=0).w).all()


@pytest.mark.parametrize("classes", [0, 2, 3])
def test_a_row_of_weight_two_is_two_rows(classes):
    A, z, fold = rows(80)
    y = np.digitize(z, [0, 2][: classes - 1]) if classes else z
    weight = np.where(np.arange(80) < 40, 2.0, 1.0)
    twice = np.concatenate([np.arange(80), np.arange(40)])
    weighed = fit_linear(A, y, fold, classes=classes, weight=weight)
    doubled = fit_linear(A[twice], y[twice], fold[twice], classes=classes)
    assert weighed.w == pytest.approx(doubled.w, abs=0.01 if classes > 2 else 1e-9)


def of_three(n=400, d=6):
    rng = np.random.default_rng(2)
    A = rng.normal(size=(n, d)) + 1
    return A, (A @ rng.normal(size=(d, 3)) + rng.gumbel(size=(n, 3))).argmax(axis=1), np.arange(n) % 4


@pytest.mark.parametrize(("n", "d"), [(400, 6), (60, 90)])
def test_a_fold_model_is_the_multinomial_regression_of_the_other_folds(n, d, monkeypatch):
    monkeypatch.setattr(linear, "MOST_STEPS", 1_000)  # to the end, which a blend does not need
    monkeypatch.setattr(linear, "NEAR", 1e-12)
    A, y, fold = of_three(n, d)
    found = fit_linear(A, y, fold, classes=3)
    assert found.w.shape == (4, 3, d + 1) and np.isnan(found.said).sum() == 0
    for j in range(4):
        peer = LogisticRegression(C=1 / found.penalty, tol=1e-10, max_iter=1000).fit(
            A[fold != j], y[fold != j]
        )
        w = np.column_stack([peer.coef_, peer.intercept_])
        assert found.w[j] == pytest.approx(w - [*np.zeros(d), w[:, -1].mean()], abs=1e-4)
        assert found.by_fold(A, np.arange(n))[fold == j] == pytest.approx(found.said[fold == j], abs=1e-9)
        log_p = np.log(peer.predict_proba(A[fold == j]))
        assert log_probabilities(found.said[fold == j]) == pytest.approx(log_p, abs=1e-3)


def test_a_class_that_a_fold_lacks_is_improbable_there():
    A, y, fold = of_three()
    y[fold > 0] %= 2
    found = fit_linear(A.astype(np.float32), y, fold, classes=3)
    p = np.exp(found.logarithms(A.astype(np.float32)))
    assert np.isfinite(found.w).all() and p.sum(axis=1) == pytest.approx(np.ones(len(A)), abs=1e-5)
    assert (log_probabilities(found.said)[fold == 0, 2] < -3).all()


def test_its_products_wake_no_threads_of_numpy_s(monkeypatch):
    number, seen, ridge = [4], [], linear._ridge
    pool = pools.Pool(lambda: number[0], lambda n: number.__setitem__(0, n))
    monkeypatch.setattr(pools, "elsewhere", lambda: [pool])
    monkeypatch.setattr(linear, "_ridge", lambda *args: seen.append(number[0]) or ridge(*args))
    A = np.random.default_rng(0).normal(size=(60, 3))
    fit_linear(A, A[:, 0], np.arange(60) % 3)
    assert seen == [1, 1, 1] and number == [4]
