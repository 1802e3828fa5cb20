"""What scikit-learn's tools expect of an estimator beside fitting: routing, HTML, memory maps, frames."""

from __future__ import annotations

import inspect
import io

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from sklearn import config_context, linear_model, neural_network
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.ensemble import AdaBoostClassifier, BaggingClassifier, StackingClassifier, VotingClassifier
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.fixes import parse_version

from tasou import LogisticRegression, MLPClassifier, MLPRegressor, Perceptron, SoftmaxRegression
from tasou.estimators import _network

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

OLD = parse_version(sklearn.__version__) < parse_version("1.9")

X, Y = load_iris(return_X_y=True)
FRAME = pd.DataFrame(X, columns=list("abcd"))

ALL = [
    MLPClassifier((4,), max_iter=4, random_state=0),
    MLPRegressor(hidden_layer_sizes=(4,), max_iter=4, random_state=0),
    LogisticRegression(),
    SoftmaxRegression(),
    Perceptron(),
]
each = pytest.mark.parametrize("model", ALL, ids=lambda m: type(m).__name__)

# --- drop-in ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(OLD, reason="parameters have come, gone and moved since")
@pytest.mark.parametrize(
    "ours, theirs",
    [
        (MLPClassifier, neural_network.MLPClassifier),
        (MLPRegressor, neural_network.MLPRegressor),
        (LogisticRegression, linear_model.LogisticRegression),
        (Perceptron, linear_model.Perceptron),
    ],
    ids=lambda cls: cls.__module__,
)
def test_every_call_that_fits_theirs_fits_ours(ours, theirs):
    """The parameters of scikit-learn 1.9, first and in their order, with its defaults."""
    for name in ("__init__", "fit", "partial_fit", "predict", "score"):
        if not hasattr(theirs, name):
            continue
        here, there = (inspect.signature(getattr(cls, name)).parameters for cls in (ours, theirs))
        shared = [parameter for parameter in here if parameter in there]
        assert list(here)[: len(shared)] == shared
        assert shared == list(there)
        for parameter in shared:
            assert here[parameter].default == there[parameter].default


# --- metadata routing ------------------------------------------------------------------------------------------------


@each
def test_sample_weights_are_routed(model):
    with config_context(enable_metadata_routing=True):
        weight = np.r_[np.ones(100), np.zeros(50)]
        asked = clone(model).set_fit_request(sample_weight=True).set_score_request(sample_weight=False)
        pipeline = make_pipeline(StandardScaler().set_fit_request(sample_weight=False), asked)
        routed = pipeline.fit(X, Y, sample_weight=weight)
        direct = clone(model).fit(StandardScaler().fit_transform(X), Y, sample_weight=weight)
        np.testing.assert_array_equal(routed.predict(X), direct.predict(StandardScaler().fit_transform(X)))
        search = GridSearchCV(asked, {"max_iter": [3]}, cv=2)
        search.fit(X, Y, sample_weight=np.arange(150.0) + 1)


def test_validation_rows_are_scaled_by_the_pipeline():
    """``Pipeline(transform_input=["X_val"])`` is scikit-learn >= 1.6."""
    with config_context(enable_metadata_routing=True):
        model = MLPClassifier((4,), max_iter=5, early_stopping=True, random_state=0)
        model.set_fit_request(X_val=True, y_val=True)
        pipeline = make_pipeline(StandardScaler(), model, transform_input=["X_val"])
        pipeline.fit(X[::2], Y[::2], X_val=X[1::2], y_val=Y[1::2])
        scaler = StandardScaler().fit(X[::2])
        direct = clone(model).fit(
            scaler.transform(X[::2]), Y[::2], X_val=scaler.transform(X[1::2]), y_val=Y[1::2]
        )
        assert pipeline[-1].validation_scores_ == direct.validation_scores_


# --- HTML ------------------------------------------------------------------------------------------------------------


@each
def test_html_links_to_the_reference_where_there_is_one(model, monkeypatch):
    monkeypatch.setattr(_network, "documentation", lambda: "https://example.org/tasou")
    name = type(model).__name__
    link = f"https://example.org/tasou/en/reference/api-estimators.html#tasou.{name}"
    assert link in model._repr_html_()
    monkeypatch.setattr(_network, "documentation", lambda: "")
    for shown in (model._repr_html_(), clone(model).fit(X, Y)._repr_html_()):
        assert (
            name in shown and "example.org" not in shown and "href" not in shown
        )  # no link, rather than a dead one


def test_documentation_is_read_from_the_package():
    assert not _network.documentation() or _network.documentation().startswith("https://")


# --- copies and memory -----------------------------------------------------------------------------------------------


@each
def test_joblib_and_memory_maps(model, tmp_path):
    joblib.dump((X, Y), tmp_path / "data.joblib")
    mapped_X, mapped_Y = joblib.load(tmp_path / "data.joblib", mmap_mode="r")
    fitted = clone(model).fit(mapped_X, mapped_Y)
    np.testing.assert_array_equal(fitted.predict(mapped_X), clone(model).fit(X, Y).predict(X))
    joblib.dump(fitted, tmp_path / "model.joblib")
    mapped = joblib.load(tmp_path / "model.joblib", mmap_mode="r")  # its weights are read-only
    np.testing.assert_array_equal(mapped.predict(X), fitted.predict(X))
    if hasattr(mapped, "partial_fit"):
        np.testing.assert_array_equal(
            mapped.partial_fit(X, Y).predict(X), fitted.partial_fit(X, Y).predict(X)
        )
    buffer = io.BytesIO()
    joblib.dump(fitted, buffer)
    assert buffer.tell() < 40_000


@pytest.mark.apart
@each
def test_in_parallel_processes(model):
    result = cross_validate(model, X, Y, cv=2, n_jobs=2)
    np.testing.assert_allclose(result["test_score"], cross_validate(model, X, Y, cv=2)["test_score"])


# --- frames ----------------------------------------------------------------------------------------------------------


@each
@pytest.mark.parametrize("frame", [FRAME, pl.DataFrame(FRAME.to_dict("list"))], ids=["pandas", "polars"])
def test_feature_names_are_kept_and_checked(model, frame):
    if OLD and isinstance(frame, pl.DataFrame) and not hasattr(frame, "__dataframe__"):
        pytest.skip("this scikit-learn finds no names in this polars")
    fitted = clone(model).fit(frame, pd.Series(Y) if isinstance(frame, pd.DataFrame) else pl.Series(Y))
    assert fitted.feature_names_in_.tolist() == list("abcd")
    np.testing.assert_array_equal(fitted.predict(frame), clone(model).fit(X, Y).predict(X))
    with pytest.raises(ValueError, match="feature names"):
        fitted.predict(
            frame.rename(columns={"a": "z"}) if isinstance(frame, pd.DataFrame) else frame.rename({"a": "z"})
        )


@pytest.mark.parametrize("output", ["pandas", "polars"])
def test_transform_answers_with_a_frame(output):
    model = clone(ALL[0]).set_output(transform=output).fit(FRAME, Y)
    hidden = model.transform(FRAME)
    assert list(hidden.columns) == [f"mlpclassifier{i}" for i in range(4)]
    np.testing.assert_array_equal(hidden.to_numpy(), model.hidden_activations(FRAME))


# --- as a guest ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model", [m for m in ALL if not isinstance(m, MLPRegressor)], ids=lambda m: type(m).__name__
)
@pytest.mark.parametrize(
    "host",
    [
        lambda m: BaggingClassifier(m, n_estimators=2, random_state=0),
        lambda m: VotingClassifier([("m", m)]),
        lambda m: StackingClassifier([("m", m)], final_estimator=LogisticRegression(), cv=2),
        lambda m: OneVsRestClassifier(m),
    ],
    ids=["bagging", "voting", "stacking", "one against rest"],
)
def test_as_a_guest(model, host):
    guest = clone(model).set_params(max_iter=60)
    if hasattr(guest, "learning_rate_init"):
        guest.set_params(learning_rate_init=0.03)
    scaled = StandardScaler().fit_transform(X)
    assert host(guest).fit(scaled, Y).score(scaled, Y) > 0.7


def test_boosting_weighs_the_samples():
    boosted = AdaBoostClassifier(
        MLPClassifier((), solver="lbfgs", max_iter=30), n_estimators=3, random_state=0
    )
    assert boosted.fit(X, Y).score(X, Y) > 0.9
