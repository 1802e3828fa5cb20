"""TableClassifier and TableRegressor: a raw table goes in, and what is said holds."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.utils.estimator_checks import parametrize_with_checks

from tasou import TableClassifier, TableRegressor
from tasou.errors import TasouError, TasouWarning
from tasou.tables.table import Table
from tasou.tabular.presets import PRESETS

N = 300


def frame(n=N, seed=0):
    """Numbers with gaps, flags, few and many categories, dates; and a number that follows from them."""
    rng = np.random.default_rng(seed)
    size, town = rng.exponential(size=n), rng.integers(0, 12, n)
    sex = rng.choice(["f", "m"], n)
    y = np.sin(3 * size) + (town % 3) + (sex == "f") * 0.7 + 0.1 * rng.normal(size=n)
    X = pd.DataFrame(
        {
            "size": np.where(rng.random(n) < 0.1, np.nan, size),
            "town": [f"town {j}" for j in town],
            "sex": pd.Categorical(sex),
            "seen": pd.to_datetime("2024-01-01") + pd.to_timedelta(rng.integers(0, 700, n), "D"),
            "bought": rng.random(n) < 0.5,
        }
    )
    return X, y


X, Y = frame()
CLASSES = np.where(Y > 1.5, "high", "low")


@pytest.fixture(scope="module")
def classifier():
    return TableClassifier("fast", random_state=0).fit(X, CLASSES)


@pytest.fixture(scope="module")
def regressor():
    return TableRegressor("fast", random_state=0).fit(X, Y)


def _impossible(estimator):
    """Batches of folds cannot hold that a row of weight 2 is two rows."""
    reason = "the folds and batches of a repeated row are others"
    return {f"check_sample_weight_equivalence_on_{kind}_data": reason for kind in ("dense", "sparse")}


@pytest.mark.filterwarnings("ignore:y is .* in every row")
@parametrize_with_checks(
    [TableClassifier("fast", random_state=0), TableRegressor("fast", random_state=0)],
    expected_failed_checks=_impossible,
)
def test_check_estimator(estimator, check, monkeypatch):
    monkeypatch.setitem(
        PRESETS, "fast", replace(PRESETS["fast"], members=(2, 2))
    )  # what holds for two holds for more
    check(estimator)


def test_a_raw_table_is_learnt(classifier, regressor):
    new, y = frame(seed=1)
    assert (classifier.predict(new) == np.where(y > 1.5, "high", "low")).mean() > 0.8
    assert regressor.score(new, y) > 0.75
    assert classifier.predict_proba(new).sum(axis=1) == pytest.approx(np.ones(N))
    assert classifier.classes_.tolist() == ["high", "low"]


def test_out_of_fold_answers_are_honest(regressor):
    said = regressor.oof_prediction_
    known = ~np.isnan(said)
    honest = np.mean((said[known] - Y[known]) ** 2)
    flattered = np.mean((regressor.predict(X)[known] - Y[known]) ** 2)
    assert flattered < honest < np.var(Y)


def test_polars_arrow_dicts_and_tables_of_our_own_are_tables(regressor):
    pl = pytest.importorskip("polars")
    numbers = X[["size", "bought"]].assign(town=X["town"].astype(object))
    model = TableRegressor("fast", random_state=0).fit(numbers, Y)
    told = model.predict(numbers)
    as_dict = {name: numbers[name].to_numpy() for name in numbers}
    own = Table.from_frame(numbers)
    for other in (pl.from_pandas(numbers), pl.from_pandas(numbers).to_arrow(), as_dict, own):
        assert model.predict(other) == pytest.approx(told, abs=1e-12)


def test_the_numbers_do_not_depend_on_the_jobs(regressor):
    other = TableRegressor("fast", random_state=0, n_jobs=2).fit(X, Y)
    assert (other.predict(X) == regressor.predict(X)).all()


def test_pickled_and_cloned(classifier):
    again = pickle.loads(pickle.dumps(classifier))
    assert (again.predict_proba(X) == classifier.predict_proba(X)).all()
    assert clone(classifier).get_params() == classifier.get_params()


def test_grid_search_and_cross_val_predict():
    small, labels = X[:80], CLASSES[:80]
    search = GridSearchCV(TableClassifier("fast", random_state=0), {"drop": [None, ["town"]]}, cv=2)
    assert search.fit(small, labels).best_params_ in ({"drop": None}, {"drop": ["town"]})
    p = cross_val_predict(
        TableClassifier("fast", random_state=0), small, labels, cv=2, method="predict_proba"
    )
    assert p.shape == (80, 2)


def test_roles_are_shown_and_set_by_hand():
    model = TableClassifier("fast", categorical=["size"], drop=["seen"], random_state=0).fit(X, CLASSES)
    assert model.roles_["size"].role == "categorical"
    assert model.roles_["seen"].role == "dropped"


def test_an_unseen_level_is_told_and_answered(regressor):
    new = X[:2].assign(town="moon")
    assert np.isfinite(regressor.predict(new)).all()
    assert "moon" in " ".join(map(str, regressor.notes(new)))


def test_a_missing_column_is_named(regressor):
    with pytest.raises(ValueError, match="town"):
        regressor.predict(X.drop(columns=["town"]))


def test_groups_are_kept_out_together():
    """Rows that repeat their group's number: only whole groups kept out show that it says nothing of others."""
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(60), 5)
    table = pd.DataFrame({"a": rng.normal(size=60)[group], "b": rng.normal(size=300)})
    y = rng.normal(size=60)[group]
    by_row = TableRegressor("fast", random_state=0).fit(table, y)
    by_group = TableRegressor("fast", random_state=0).fit(table, y, groups=group)

    def honest(model):
        said = model.oof_prediction_
        return np.nanmean((said - y) ** 2) / y.var()

    assert honest(by_row) < 0.8
    assert honest(by_group) > 0.9


def test_five_shops_are_enough_and_one_is_told():
    shop = np.arange(N) % 5
    model = TableRegressor("fast", random_state=0).fit(X, Y, groups=shop)
    known = ~np.isnan(model.oof_prediction_)
    assert all(len(set(known[shop == s])) == 1 for s in range(5))
    with pytest.raises(TasouError, match="every row has the same groups: nothing can be kept out together"):
        TableRegressor("fast", random_state=0).fit(X, Y, groups=np.zeros(N))


def test_weights_shift_the_answer():
    table = {"x": np.zeros(200) + np.arange(200) % 2}
    y = np.repeat([0.0, 1.0], 100)
    model = TableRegressor("fast", random_state=0).fit(table, y, sample_weight=np.repeat([1.0, 9.0], 100))
    assert model.predict(table).mean() > 0.75


def test_rare_classes_weigh_more_if_balanced():
    rng = np.random.default_rng(0)
    x = rng.normal(size=600)
    y = x + rng.normal(size=600) > 2.2
    plain = TableClassifier("fast", random_state=0).fit({"x": x}, y)
    balanced = TableClassifier("fast", class_weight="balanced", random_state=0).fit({"x": x}, y)
    assert balanced.predict({"x": x}).mean() > 2 * max(plain.predict({"x": x}).mean(), 0.01)


def test_several_numbers_and_several_labels_at_once():
    both = np.stack([Y, -Y], axis=1)
    model = TableRegressor("fast", random_state=0).fit(X, both)
    assert model.predict(X).shape == (N, 2)
    assert model.score(X, both) > 0.8
    labels = np.stack([Y > 1.5, Y > 0.5], axis=1).astype(int)
    many = TableClassifier("fast", random_state=0).fit(X, labels)
    assert (many.predict(X) == labels).mean() > 0.85


def test_counts_are_never_negative():
    rng = np.random.default_rng(0)
    x = rng.normal(size=400)
    y = rng.poisson(np.exp(x))
    model = TableRegressor("fast", loss="poisson", random_state=0).fit({"x": x}, y)
    said = model.predict({"x": np.linspace(-4, 4, 50)})
    assert (said >= 0).all()
    assert np.corrcoef(model.predict({"x": x}), np.exp(x))[0, 1] > 0.9
    with pytest.raises(TasouError, match="counts are at least 0"):
        model.fit({"x": x}, y - 1)


def test_useless_columns_are_told_and_answered():
    with pytest.warns(TasouWarning, match="no column of X tells anything"):
        model = TableRegressor("fast", random_state=0).fit({"x": np.ones(30)}, np.arange(30.0))
    assert model.predict({"x": [1.0]}).tolist() == [14.5]


@pytest.mark.parametrize("name", ["MLPClassifier", "MLPRegressor", "LogisticRegression", "Perceptron"])
def test_an_estimator_of_numbers_points_to_those_of_tables(name):
    import tasou

    with pytest.raises(TasouError, match=r"column 'town' holds text \('town \d+'\).*tasou.Table"):
        getattr(tasou, name)().fit(X[["bought", "town"]], CLASSES if name != "MLPRegressor" else Y)


def test_an_unknown_preset_is_answered_with_the_nearest_name():
    with pytest.raises(TasouError, match="default"):
        TableClassifier("defalt").fit(X, CLASSES)


def test_one_column_may_be_named_without_a_list():
    X = {"x": np.arange(60.0) % 7, "town": ["Nara", "Uji"] * 30}
    assert (
        TableClassifier("fast", drop="town", random_state=0).fit(X, X["x"] > 3).roles_["town"].role
        == "dropped"
    )


def test_targets_of_another_kind_are_named_in_words():
    X = {"x": np.arange(60.0) % 7}
    with pytest.raises(TasouError, match="one of them is 'b'; a classifier learns classes"):
        TableRegressor("fast").fit(X, ["1", "b"] * 30)
    with pytest.raises(TasouError, match="None"):
        TableClassifier("fast").fit(X, np.array(["a", None, "b"] * 20, dtype=object))
