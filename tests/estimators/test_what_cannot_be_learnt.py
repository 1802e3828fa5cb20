"""Labels that are no classes, and training that explodes: one short line in the user's own words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tasou import LogisticRegression, MLPClassifier, MLPRegressor, Perceptron, SoftmaxRegression

RNG = np.random.default_rng(0)
X = RNG.normal(size=(100, 2))
Y = np.arange(100) % 2
TEXTS = np.array(["a", "b"])[Y].astype(object)
CLASSIFIERS = [MLPClassifier(max_iter=3), LogisticRegression(), SoftmaxRegression(), Perceptron()]
each = pytest.mark.parametrize("model", CLASSIFIERS, ids=lambda model: type(model).__name__)

BAD = {
    "fractions": (
        Y * 0.5 + 0.5 * (X[:, 0] > 0),
        ValueError,
        "Unknown label type: continuous. y holds fractions",
    ),
    "numbers": (X[:, 0], ValueError, "learn numbers with MLPRegressor"),
    "fractions among objects": ((Y * 0.5).astype(object), ValueError, "y holds fractions such as 0.5"),
    "NaN among texts": (np.r_[TEXTS[:2], [np.nan], TEXTS[3:]], ValueError, "no label in row 2"),
    "None": (np.r_[[None], TEXTS[1:]], TypeError, r"no label in row 0 \(None\)"),
    "pandas' NA": (np.r_[TEXTS[:3], [pd.NA], TEXTS[4:]], TypeError, "no label in row 3"),
    "mixed": (
        np.r_[np.array([1], object), TEXTS[1:]],
        TypeError,
        r"mixes labels.*1 \(number\) in row 0, 'b' \(text\)",
    ),
}


@each
@pytest.mark.parametrize("name", BAD)
def test_labels_that_cannot_be_learnt_are_told_in_a_line(model, name):
    y, kind, words = BAD[name]
    with pytest.raises(kind, match=words) as caught:
        model.fit(X, y)
    assert (
        isinstance(caught.value, ValueError)
        and len(str(caught.value)) < 300
        and "\n" not in str(caught.value)
    )


@pytest.mark.parametrize("name", BAD)
def test_labels_of_a_fit_that_goes_on_and_of_validation_rows_are_told_alike(name):
    y, kind, words = BAD[name]
    with pytest.raises(kind, match=words):
        MLPClassifier(max_iter=3).fit(X, TEXTS, X_val=X, y_val=y)
    known = MLPClassifier().partial_fit(X, TEXTS, classes=["a", "b"])
    with pytest.raises(kind, match=words):
        known.partial_fit(X, y)
    for model in (MLPClassifier(), Perceptron()):
        with pytest.raises(kind, match=words):
            model.partial_fit(X, TEXTS, classes=y)


@each
def test_whole_numbers_in_floats_and_texts_in_objects_are_classes(model, recwarn):
    assert set(model.fit(X, Y.astype(float)).predict(X)) <= {0, 1}
    assert set(model.fit(X, TEXTS).predict(X)) <= {"a", "b"}


@each
def test_numbers_kept_as_objects_are_told_how_to_become_classes(model):
    for y in (Y.astype(object), (Y == 1).astype(object)):
        with pytest.raises(ValueError, match=r"Unknown label type: unknown.*y.astype\(int\)"):
            model.fit(X, y)


def test_early_stopping_names_the_class_of_one_row():
    with pytest.raises(ValueError, match=r"class 'rare' has 1 row\(s\) only"):
        MLPClassifier(early_stopping=True).fit(X, np.where(np.arange(100) == 3, "rare", "usual"))


@pytest.mark.parametrize("solver", ["sgd", "lbfgs"])
def test_a_training_that_explodes_says_so_with_early_stopping_too(solver):
    rows, y = X * (1e3 if solver == "sgd" else 1e200), np.arange(100) % 3 * 1e6
    options = {"solver": solver, "learning_rate_init": 10.0, "early_stopping": True, "random_state": 0}
    model = MLPRegressor(**options, max_iter=50)
    with pytest.warns(UserWarning, match=r"training diverged.*best validation score") as caught:
        model.fit(rows, y)
    assert np.isfinite(model.predict(X)).all()
    assert "発散" in caught[-1].message.text("ja")
