"""scikit-learn's callbacks follow our epochs and iterations, and may end them."""

from __future__ import annotations

import copy
import pickle
import warnings

import numpy as np
import pytest

pytest.importorskip("sklearn.callback")

import pandas as pd
from sklearn.callback import ProgressBar, ScoringMonitor
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import tasou
from tasou import LogisticRegression, MLPClassifier, MLPRegressor, SoftmaxRegression

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, Y = load_iris(return_X_y=True)
FRAME = pd.DataFrame(X, columns=list("abcd"))
NAMES = load_iris().target_names[Y]

ITERATIVE = {
    "adam": MLPClassifier((5,), max_iter=6, random_state=0),
    "early stopping": MLPClassifier((5,), max_iter=6, random_state=0, early_stopping=True),
    "lbfgs": MLPClassifier((5,), max_iter=6, random_state=0, solver="lbfgs"),
    "scaled": MLPClassifier((5,), max_iter=6, random_state=0, scale="auto"),
    "logistic": LogisticRegression(max_iter=6),
    "logistic, gd": LogisticRegression(max_iter=6, solver="gd"),
    "softmax": SoftmaxRegression(max_iter=6),
}


class StopAfter:
    """Asks for the end after so many iterations."""

    def __init__(self, n):
        self.n, self.seen, self.calls = n, 0, []

    def setup(self, estimator, context):
        self.calls.append("setup")

    def teardown(self, estimator, context):
        self.calls.append("teardown")

    def on_fit_task_begin(self, estimator, context):
        pass

    def on_fit_task_end(self, estimator, context, *, X=None, y=None, metadata=None):
        if context.parent is None:
            return False
        self.seen += 1
        self.data = (X, y, metadata) if X is not None else self.data
        return self.seen >= self.n


@pytest.mark.parametrize("name", ITERATIVE)
def test_scoring_monitor_scores_every_iteration(name):
    model = copy.deepcopy(ITERATIVE[name])
    monitor = ScoringMonitor(scoring="accuracy")
    model.set_callbacks(monitor).fit(FRAME, NAMES)
    rows = monitor.get_logs().data
    assert rows[0]["accuracy"] == model.score(FRAME, NAMES)  # the root: the fit as a whole
    scores = [row["accuracy"] for row in rows[1:]]
    assert len(scores) == int(np.ravel(model.n_iter_)[0])
    if name not in ("early stopping", "scaled"):
        shorter = copy.deepcopy(ITERATIVE[name]).set_params(max_iter=3).fit(FRAME, NAMES)
        assert scores[2] == shorter.score(FRAME, NAMES)
    if name == "scaled":
        assert scores[-1] == model.score(FRAME, NAMES)


def test_regressor_is_scored_too():
    monitor = ScoringMonitor(scoring="r2")
    model = (
        MLPRegressor(hidden_layer_sizes=(5,), max_iter=5, random_state=0)
        .set_callbacks(monitor)
        .fit(X[:, :3], X[:, 3])
    )
    assert monitor.get_logs().data[-1]["r2"] == pytest.approx(model.score(X[:, :3], X[:, 3]))


@pytest.mark.parametrize("name", ITERATIVE)
def test_a_callback_ends_the_training(name):
    model, stop = copy.deepcopy(ITERATIVE[name]).set_params(max_iter=50), StopAfter(2)
    weight = np.linspace(1, 2, len(Y))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.set_callbacks(stop).fit(FRAME, NAMES, sample_weight=weight)
    assert np.ravel(model.n_iter_)[0] == 2
    assert stop.calls == ["setup", "teardown"]
    assert stop.data[0] is FRAME and list(stop.data[1]) == list(NAMES)
    np.testing.assert_array_equal(stop.data[2]["sample_weight"], weight)


def test_callbacks_are_torn_down_after_an_error():
    stop = StopAfter(9)
    with pytest.raises(ValueError, match="non-finite"):
        MLPRegressor(
            hidden_layer_sizes=(5,), learning_rate_init=1e30, solver="sgd", max_iter=50
        ).set_callbacks(stop).fit(X, 1e30 * Y)
    assert stop.calls == ["setup", "teardown"]


@pytest.mark.parametrize("name", ["adam", "lbfgs", "logistic"])
def test_progress_bar(name, capsys):
    pytest.importorskip("rich")
    copy.deepcopy(ITERATIVE[name]).set_callbacks(ProgressBar()).fit(X, Y)
    assert type(ITERATIVE[name]).__name__ in capsys.readouterr().out


def test_they_pass_through_pipelines_and_searches():
    monitor = ScoringMonitor(scoring="accuracy")
    inner = MLPClassifier((3,), max_iter=2, random_state=0).set_callbacks(monitor)
    search = GridSearchCV(make_pipeline(StandardScaler(), inner), {"mlpclassifier__alpha": [0.1, 1]}, cv=2)
    search.fit(X, Y)
    runs = monitor.get_logs(select="all")
    assert sum(len(run.data) for run in runs) >= 2 * 2 * 2


def test_pickles_copies_and_files_of_a_model_that_had_callbacks(tmp_path):
    model = copy.deepcopy(ITERATIVE["adam"]).set_callbacks(ScoringMonitor(scoring="accuracy")).fit(X, Y)
    expected = model.predict_proba(X)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict_proba(X), expected)
    tasou.save(model, tmp_path / "model.tasou")
    np.testing.assert_array_equal(tasou.load(tmp_path / "model.tasou").predict_proba(X), expected)


def test_solvers_that_are_not_offered_say_so_at_once():
    with pytest.warns(UserWarning, match="only supported in LogisticRegression for solver='lbfgs'"):
        LogisticRegression(solver="saga").set_callbacks(StopAfter(1))


def test_without_callbacks_nothing_is_kept():
    model = MLPClassifier((3,), max_iter=2).fit(X, Y)
    assert not [name for name in vars(model) if "callback" in name and name != "callbacks"]
    with pytest.warns(ConvergenceWarning):
        LogisticRegression(max_iter=1).fit(X, Y)
