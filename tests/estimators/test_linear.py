"""LogisticRegression and SoftmaxRegression: scikit-learn's optimum, parameters and words."""

from __future__ import annotations

import copy
import warnings

import numpy as np
import pytest
import sklearn
from scipy import sparse
from sklearn import linear_model
from sklearn.datasets import load_iris, make_classification
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import scale
from sklearn.utils.fixes import parse_version

from tasou import LogisticRegression, SoftmaxRegression, datasets
from tasou.errors import TasouError

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*iprint:DeprecationWarning"
)  # of older scikit-learn, by SciPy

WEIGHTED_BALANCE = parse_version(sklearn.__version__) >= parse_version("1.9")
"""before, "balanced" did not look at the sample weights"""


def iris():
    X, y = load_iris(return_X_y=True)
    return scale(X), load_iris().target_names[
        y
    ]  # badly scaled, two runs agree to 1e-5 only: the optimum is flat


def two_classes():
    return make_classification(150, 8, n_informative=5, weights=[0.7], flip_y=0.1, random_state=1)


DATA = {"binary": two_classes, "multiclass": iris}
TIGHT = {"tol": 1e-10, "max_iter": 2000}


def as_given(X, kind):
    X = np.where(np.abs(X) > 0.3, X, 0)
    return X if kind == "dense" else sparse.csr_array(X)


@pytest.mark.parametrize("kind", ["dense", "sparse"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("class_weight", [None, "balanced", "dict"])
@pytest.mark.parametrize("data", DATA)
def test_the_optimum_is_scikit_learns(data, class_weight, weighted, kind):
    X, y = DATA[data]()
    X = as_given(X, kind)
    w = np.random.default_rng(2).integers(0, 4, len(y)).astype(float) if weighted else None
    if weighted and class_weight == "balanced" and not WEIGHTED_BALANCE:
        pytest.skip("this scikit-learn balances without the sample weights")
    if class_weight == "dict":
        class_weight = {label: 1.0 + k for k, label in enumerate(np.unique(y))}
    how = {**TIGHT, "class_weight": class_weight, "C": 0.7}
    theirs = linear_model.LogisticRegression(**how).fit(X, y, sample_weight=w)
    ours = LogisticRegression(**how).fit(X, y, sample_weight=w)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-6)
    np.testing.assert_allclose(ours.predict_log_proba(X), theirs.predict_log_proba(X), atol=1e-5)
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=1e-5)
    assert (ours.predict(X) == theirs.predict(X)).all()


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("max_iter", [0, 1, 5, 100])
@pytest.mark.parametrize("data", DATA)
def test_every_iterate_is_scikit_learns(data, max_iter):
    X, y = DATA[data]()
    theirs = linear_model.LogisticRegression(max_iter=max_iter).fit(X, y)
    ours = LogisticRegression(max_iter=max_iter).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-5, atol=1e-7)
    assert ours.n_iter_.tolist() == theirs.n_iter_.tolist()
    assert len(ours.loss_curve_) == max(1, ours.n_iter_[0])


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("data", DATA)
def test_without_penalty(data, fit_intercept):
    X, y = two_classes() if data == "binary" else iris()
    if data == "multiclass":  # separable classes have no optimum without a penalty: mix them
        y = np.random.default_rng(0).permutation(y)
    how = {**TIGHT, "C": np.inf, "fit_intercept": fit_intercept}
    theirs, ours = linear_model.LogisticRegression(**how).fit(X, y), LogisticRegression(**how).fit(X, y)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-6)
    assert fit_intercept or not ours.intercept_.any()


def test_softmax_has_a_row_for_every_class():
    X, y = two_classes()
    softmax = SoftmaxRegression(**TIGHT).fit(X, y)
    assert softmax.coef_.shape == (2, 8) and softmax.decision_function(X).shape == (len(y),)
    # two rows share the work: W and -W, with half the square each
    sigmoid = LogisticRegression(**TIGHT, C=2).fit(X, y)
    np.testing.assert_allclose(softmax.coef_[1] - softmax.coef_[0], sigmoid.coef_[0], atol=1e-6)
    np.testing.assert_allclose(softmax.predict_proba(X), sigmoid.predict_proba(X), atol=1e-6)
    X, y = iris()
    np.testing.assert_allclose(
        SoftmaxRegression(**TIGHT).fit(X, y).coef_, LogisticRegression(**TIGHT).fit(X, y).coef_
    )


@pytest.mark.parametrize("batch_size", [None, 32])
@pytest.mark.parametrize("Model", [LogisticRegression, SoftmaxRegression])
def test_gradient_descent_walks_to_the_same_optimum(Model, batch_size):
    X, y = two_classes()
    optimum = Model(**TIGHT).fit(X, y)
    how = {"tol": 1e-12, "max_iter": 4000, "learning_rate_init": 0.5}
    walked = Model(solver="gd", batch_size=None, **how).fit(X, y)
    np.testing.assert_allclose(walked.coef_, optimum.coef_, atol=1e-4)
    falling = np.diff(walked.loss_curve_)
    assert (falling <= 1e-12).all() and walked.loss_curve_[-1] == pytest.approx(optimum.loss_curve_[-1])
    if batch_size:
        how = {"tol": 1e-4, "max_iter": 200, "random_state": 0}
        noisy = [Model(solver="gd", batch_size=batch_size, **how).fit(X, y) for _ in range(2)]
        np.testing.assert_array_equal(noisy[0].coef_, noisy[1].coef_)
        assert noisy[0].score(X, y) >= optimum.score(X, y) - 0.03


def test_the_loss_curve_is_that_of_the_objective():
    X, y = two_classes()
    model = LogisticRegression(C=0.5, **TIGHT).fit(X, y)
    p = model.predict_proba(X)[np.arange(len(y)), y]
    penalty = np.sum(model.coef_**2) / (2 * 0.5)
    assert model.loss_curve_[-1] == pytest.approx((-np.log(p).sum() + penalty) / len(y))
    assert model.loss_curve_ == sorted(model.loss_curve_, reverse=True)


def test_float32_stays_and_converges():
    X, y = iris()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = LogisticRegression(tol=1e-10, max_iter=1000).fit(X.astype(np.float32), y)
    assert model.coef_.dtype == model.predict_proba(X.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(model.coef_, LogisticRegression(**TIGHT).fit(X, y).coef_, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("data", DATA)
def test_warm_start_goes_on(data, dtype):
    X, y = DATA[data]()
    X = X.astype(dtype)
    model = LogisticRegression(warm_start=True, tol=1e-6, max_iter=1000).fit(X, y)
    first = model.n_iter_[0]
    model.sparsify()
    assert model.fit(X, y).n_iter_[0] < first / 3
    with pytest.raises(ValueError, match="warm_start goes on from coef_ of shape"):
        model.fit(X[:, :2], y)


def test_weights_can_be_written():
    X, y = iris()
    model = LogisticRegression().fit(X, y)
    model.coef_[:] = 0
    model.intercept_[:] = 0
    assert not model.decision_function(X).any()
    model.coef_, model.intercept_ = np.eye(3, 4, dtype=int), [1, 2, 3]
    np.testing.assert_allclose(model.decision_function(X), X[:, :3] + [1, 2, 3])


def test_a_model_can_be_made_by_hand():
    model = LogisticRegression()
    model.classes_, model.coef_, model.intercept_ = np.array(["no", "yes"]), [[2.0]], [-1.0]
    model.n_features_in_ = 1
    assert model.predict([[0.0], [1.0]]).tolist() == ["no", "yes"]


@pytest.mark.parametrize("Model", [LogisticRegression, SoftmaxRegression])
def test_sparse_coefficients(Model):
    X, y = iris()
    model = Model().fit(X, y)
    dense, z = model.coef_.copy(), model.decision_function(X)
    assert model.sparsify() is model and sparse.issparse(model.coef_)
    np.testing.assert_allclose(model.decision_function(sparse.coo_array(X)), z, atol=1e-12)
    assert sparse.issparse(model.coef_)  # predicting has not turned it back
    assert sparse.issparse(copy.deepcopy(model).coef_)
    np.testing.assert_array_equal(model.densify().coef_, dense)


def test_verbose_prints_iterations(capsys):
    X, y = two_classes()
    for solver in ("lbfgs", "gd"):
        model = LogisticRegression(verbose=1, solver=solver, tol=1e-3).fit(X, y)
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == model.n_iter_[0]
        assert lines[-1] == f"Iteration {len(lines)}, loss = {model.loss_curve_[-1]:.8f}"


@pytest.mark.parametrize("solver", ["lbfgs", "gd"])
def test_out_of_iterations_is_said(solver):
    X, y = iris()
    with pytest.warns(ConvergenceWarning, match=r"(not|failed to) converge.*Increase"):
        LogisticRegression(max_iter=3, solver=solver).fit(X, y)


@pytest.mark.parametrize(
    "how, words",
    [
        ({"l1_ratio": 1}, "Solver lbfgs supports only 'l2' or None penalties, got l1 penalty"),
        ({"l1_ratio": 0.5}, "got elasticnet penalty"),
        ({"dual": True}, "Solver lbfgs supports only dual=False, got dual=True"),
        ({"solver": "saga"}, "solver='saga' is not offered here; solver='lbfgs' arrives at the same optimum"),
    ],
)
def test_what_is_not_offered_is_refused(how, words):
    with pytest.raises(TasouError, match=words):
        LogisticRegression(**how).fit(*two_classes())


@pytest.mark.parametrize(
    "how, category, words",
    [
        ({"penalty": "l2"}, FutureWarning, "'penalty' was deprecated"),
        ({"penalty": None}, FutureWarning, "'penalty' was deprecated"),
        ({"penalty": None, "C": 4}, UserWarning, "penalty=None will ignore the C"),
        ({"penalty": "l2", "l1_ratio": 1}, UserWarning, "Inconsistent values: penalty=l2 with l1_ratio=1"),
        ({"l1_ratio": None}, FutureWarning, "'l1_ratio=None' was deprecated"),
        ({"n_jobs": 1}, FutureWarning, "'n_jobs' has no effect"),
    ],
)
def test_parameters_on_their_way_out(how, category, words):
    X, y = two_classes()
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        model = LogisticRegression(**how).fit(X, y)
    found = [warning for warning in seen if words in str(warning.message)]
    assert len(found) == 1 and issubclass(found[0].category, category) and found[0].filename == __file__
    reference = LogisticRegression(C=np.inf if how.get("penalty", "") is None else 1.0).fit(X, y)
    np.testing.assert_array_equal(model.coef_, reference.coef_)


def test_penalty_elasticnet_wants_its_ratio():
    with (
        pytest.warns(FutureWarning, match="'penalty'"),
        pytest.raises(ValueError, match="l1_ratio must be specified"),
    ):
        LogisticRegression(penalty="elasticnet", l1_ratio=None).fit(*two_classes())


def test_balanced_weights_count_repeated_rows():
    X, y = two_classes()
    w = np.random.default_rng(0).integers(0, 3, len(y))
    how = {**TIGHT, "class_weight": "balanced"}
    weighted = LogisticRegression(**how).fit(X, y, sample_weight=w)
    repeated = LogisticRegression(**how).fit(np.repeat(X, w, axis=0), np.repeat(y, w))
    np.testing.assert_allclose(weighted.coef_, repeated.coef_, atol=1e-6)


def test_one_class_is_none_to_tell_apart():
    with pytest.raises(TasouError, match="one class only"):
        LogisticRegression().fit([[0.0], [1.0]], ["a", "a"])


def test_xor_is_beyond_a_linear_model():
    X, y = datasets.make("xor", 4)
    assert LogisticRegression().fit(X, y).score(X, y) <= 0.75
