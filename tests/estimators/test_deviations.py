"""Where scikit-learn errs we do not: one test for each line of the table in "Coming from scikit-learn"."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pytest
from sklearn.datasets import load_iris, make_classification

from tasou import LogisticRegression, MLPClassifier, MLPRegressor, Perceptron

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 3))
LABELS = X[:, 0] > 0
OUTPUTS = np.column_stack([X[:, 0], X[:, 1], X[:, 2] ** 2, X[:, 0] * X[:, 1]])


def test_several_outputs_loss_and_gradient_belong_together():
    """scikit-learn reports the mean over the outputs and descends the sum."""
    model = MLPRegressor(hidden_layer_sizes=(4,), activation="tanh", alpha=0, max_iter=1, random_state=0)
    network = model.fit(X, OUTPUTS).network_
    _, gradient = network.objective(X, OUTPUTS)
    gradient, theta, numeric = gradient.copy(), network.theta.copy(), np.empty_like(gradient)
    for i in range(theta.size):
        losses = []
        for h in (1e-6, -1e-6):
            network.theta = theta
            network.theta[i] += h
            losses.append(network.objective(X, OUTPUTS)[0])
        numeric[i] = (losses[0] - losses[1]) / 2e-6
    np.testing.assert_allclose(gradient, numeric, rtol=1e-5, atol=1e-8)
    network.theta = theta
    by_hand = np.sum((model.predict(X) - OUTPUTS) ** 2, axis=1).mean() / 2
    assert network.objective(X, OUTPUTS)[0] == pytest.approx(by_hand)


def test_several_outputs_are_the_sum_of_single_ones():
    """So without hidden layer each output is learnt as if it were alone, however many there are."""
    how = {"hidden_layer_sizes": (), "solver": "lbfgs", "alpha": 0.5, "tol": 1e-10, "max_iter": 500}
    together = MLPRegressor(**how).fit(X, OUTPUTS)
    for k in range(4):
        alone = MLPRegressor(**how).fit(X, OUTPUTS[:, k])
        np.testing.assert_allclose(together.coefs_[0][:, k], alone.coefs_[0][:, 0], atol=1e-4)


def test_partial_fit_does_not_repeat_its_random_order():
    """scikit-learn starts its generator anew in every call."""
    model = MLPClassifier((3,), batch_size=1, random_state=7)
    states = []
    for _ in range(3):
        model.partial_fit(X, LABELS, classes=[False, True])
        states.append(pickle.dumps(model._random_state.get_state()))
    assert len(set(states)) == 3


@pytest.mark.parametrize("Model", [MLPClassifier, MLPRegressor])
def test_float32_stays_float32_with_lbfgs(Model):
    """scikit-learn answers in float64."""
    small = X.astype(np.float32)
    model = Model(solver="lbfgs", max_iter=5).fit(small, LABELS if Model is MLPClassifier else small[:, 0])
    assert {W.dtype for W in [*model.coefs_, *model.intercepts_]} == {np.dtype(np.float32)}
    answer = model.predict_proba(small) if Model is MLPClassifier else model.predict(small)
    assert answer.dtype == np.float32


def test_a_batch_that_weighs_nothing_teaches_nothing():
    """scikit-learn divides by its zero weight."""
    how = {"hidden_layer_sizes": (3,), "solver": "sgd", "batch_size": 5, "random_state": 0, "shuffle": False}
    weight = np.r_[np.zeros(40), np.ones(20)]
    weighted = MLPClassifier(**how, max_iter=3).fit(X, LABELS, sample_weight=weight)
    alone = MLPClassifier(**how, max_iter=3).fit(X[40:], LABELS[40:])
    for a, b in zip(weighted.coefs_, alone.coefs_, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)


@pytest.mark.parametrize("solver", ["adam", "sgd"])
def test_a_batch_that_weighs_nothing_leaves_the_optimizer_alone_but_counts(solver):
    """The rule of adam and the schedule count batches taken; momentum and its kin do not fade."""
    weight = np.r_[np.ones(20), np.zeros(20)]
    how = {
        "hidden_layer_sizes": (3,),
        "solver": solver,
        "batch_size": 20,
        "shuffle": False,
        "random_state": 0,
    }
    one = MLPClassifier(**how).partial_fit(X[:20], LABELS[:20], classes=np.unique(LABELS))
    both = MLPClassifier(**how).partial_fit(X[:40], LABELS[:40], weight, classes=np.unique(LABELS))
    for a, b in zip(one.coefs_, both.coefs_, strict=True):
        np.testing.assert_array_equal(a, b)
    states = one._optimizer_state, both._optimizer_state
    for name in states[0].keys() - {"rule", "clock"}:
        np.testing.assert_array_equal(states[0][name], states[1][name])
    assert [state["clock"]["updates"] for state in states] == [1, 2]


def test_lbfgs_stops_early_and_keeps_its_loss_curve():
    """scikit-learn's lbfgs passes over early_stopping, and has no loss_curve_."""
    noisy = RNG.permutation(LABELS)
    how = {"solver": "lbfgs", "max_iter": 200, "random_state": 0}
    model = MLPClassifier((30,), early_stopping=True, n_iter_no_change=5, **how).fit(X, noisy)
    assert model.n_iter_ < 60 and len(model.validation_scores_) == model.n_iter_
    assert model.best_validation_score_ == max(model.validation_scores_)
    curve = MLPClassifier((30,), **how).fit(X, LABELS).loss_curve_
    assert len(curve) > 1 and curve == sorted(curve, reverse=True)


def test_log_probabilities_are_finite():
    """scikit-learn takes the logarithm of probabilities that have been rounded to zero."""
    for y in (LABELS, np.digitize(X[:, 0], [-0.5, 0.5])):
        model = MLPClassifier((3,), max_iter=2, random_state=0).fit(X, y)
        model.coefs_[-1][:] *= 1e4
        log_p = model.predict_log_proba(X)
        assert model.predict_proba(X).min() == 0 and np.isfinite(log_p).all() and log_p.min() < -700
    flat = LogisticRegression(C=1e9).fit(X, LABELS)
    flat.coef_[:] *= 1e6
    assert np.isfinite(flat.predict_log_proba(X)).all()


def test_the_loss_of_a_sure_mistake_is_not_clipped():
    """scikit-learn stops counting at 36.04, the logarithm of the rounding error."""
    model = MLPClassifier((), solver="sgd", learning_rate_init=1e-12, alpha=0, max_iter=1)
    rows, labels = [[1000.0], [-1000.0]], [0, 1]
    model.fit(rows, labels)
    model.coefs_[0][:], model.intercepts_[0][:] = 1, 0
    assert model.partial_fit(rows, labels).loss_ == pytest.approx(1000)


def test_a_pickle_holds_no_object_of_an_optimizer():
    """Arrays, numbers and strings only: nothing that a careful loader must refuse."""
    model = MLPClassifier((3,), max_iter=2).fit(X, LABELS)
    names = {f"{type(v).__module__}.{type(v).__name__}" for v in vars(model)["_optimizer_state"].values()}
    assert names <= {"numpy.ndarray", "builtins.str", "builtins.dict", "builtins.int"}


def test_perceptron_that_makes_no_mistake_gives_no_warning():
    """scikit-learn warns whenever max_iter is reached."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Perceptron(max_iter=10).fit([[0.0, 0.0], [1.0, 1.0]], [0, 1]).converged_


def test_perceptron_leaves_the_starting_weights_alone():
    """scikit-learn learns in the very array that it is given."""
    start = np.zeros((1, 3))
    Perceptron().fit(X, LABELS, coef_init=start)
    assert not start.any()


def test_balanced_classes_of_weighted_rows():
    """class_weight="balanced" counts a row of weight 2 as two rows (scikit-learn: since 1.9)."""
    X, y = make_classification(100, weights=[0.8], random_state=0)
    weight = RNG.integers(1, 4, len(y))
    how = {"class_weight": "balanced", "tol": 1e-10, "max_iter": 1000}
    weighted = LogisticRegression(**how).fit(X, y, sample_weight=weight)
    repeated = LogisticRegression(**how).fit(np.repeat(X, weight, axis=0), np.repeat(y, weight))
    np.testing.assert_allclose(weighted.coef_, repeated.coef_, atol=1e-6)


def test_callbacks_may_stop_logistic_regression():
    """scikit-learn 1.9 calls them and does not listen."""
    pytest.importorskip("sklearn.callback")

    class Stop:
        def setup(self, estimator, context): ...
        def teardown(self, estimator, context): ...
        def on_fit_task_begin(self, estimator, context): ...
        def on_fit_task_end(self, estimator, context):
            return True

    data, target = load_iris(return_X_y=True)
    assert LogisticRegression().set_callbacks(Stop()).fit(data, target).n_iter_[0] == 1
