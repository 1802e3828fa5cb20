"""Tables, targets, groups and times of any make: taken as they are meant, or refused in a line that says what to do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tasou import TableClassifier, TableRegressor
from tasou.errors import TasouError, UnknownName
from tasou.tabular._given import jobs, kept_together, plain_target

N = 80
RNG = np.random.default_rng(0)
X = pd.DataFrame({"a": RNG.normal(size=N), "town": RNG.choice(["Nara", "Uji"], N)})
Y = X["a"].to_numpy() + (X["town"] == "Uji")


@pytest.fixture(scope="module")
def model():
    return TableRegressor("fast", random_state=0).fit(X, Y)


def test_columns_in_another_order_are_named_with_what_to_do(model):
    with pytest.raises(TasouError, match=r"same order(.|\n)*X\[list\(model.feature_names_in_\)\]") as told:
        model.predict(X[["town", "a"]])
    assert "順番だけが違います" in told.value.text("ja")
    with pytest.raises(TasouError, match=r"unseen at fit time:\n- more") as told:
        model.predict(X.assign(more=1))
    assert "学習のときになかった列：\n- more" in told.value.text("ja")
    with pytest.raises(TasouError, match="yet now missing") as told:
        model.predict(X[["a"]])
    assert "足りないもの：\n- town" in told.value.text("ja") and "X[" not in told.value.text("en")


def test_arrays_and_structured_arrays_stand_for_the_frame_that_was_learnt(model):
    told = model.predict(X)
    assert (model.predict(X.to_records(index=False)) == told).all()
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        assert (model.predict(X.to_numpy()) == told).all()


def test_dicts_of_rows_stand_for_the_frame_that_was_learnt(model):
    told = model.predict(X)
    rows = [dict(reversed(row.items())) for row in X.to_dict("records")]
    assert (model.predict(rows) == told).all()
    own = TableRegressor("fast", random_state=0).fit(X.to_dict("records"), Y)
    assert (own.predict(rows) == told).all()
    with pytest.raises(TasouError, match="now missing: town"):
        model.predict([{"a": 1.0}])


def test_names_that_are_partly_numbers_are_taken_as_texts(model):
    mixed = X.rename(columns={"a": 0})
    own = TableRegressor("fast", random_state=0).fit(mixed, Y)
    assert own.feature_names_in_.tolist() == ["0", "town"] and (own.predict(mixed) == model.predict(X)).all()


def test_a_name_above_two_columns_is_told(model):
    with pytest.raises(TasouError, match="the name 'a' stands above several columns"):
        TableRegressor("fast").fit(pd.concat([X, X[["a"]]], axis=1), Y)


@pytest.mark.parametrize(
    ("y", "kind"),
    [
        (pd.Series([True, False], dtype="boolean"), "b"),
        (pd.Series([1, 2], dtype="Int64"), "i"),
        (pd.Series(["x", "y"], dtype="category"), "OUT"),
    ],
)
def test_classes_of_nullable_columns_keep_their_type(y, kind):
    assert plain_target(y).dtype.kind in kind


def test_a_target_without_a_value_is_named_by_its_row():
    for y in (pd.Series([1, None, 3], dtype="Int64"), np.array([1.0, np.nan, 3.0])):
        with pytest.raises(TasouError, match=r"Input y contains NaN: 1 of 3 rows has no value .* row 1"):
            plain_target(y)


def test_what_means_nothing_is_refused_in_a_line():
    labels = (Y > 0.5).astype(int)
    with pytest.raises(UnknownName, match="class_weight 'balance': did you mean 'balanced'"):
        TableClassifier("fast", class_weight="balance").fit(X, labels)
    with pytest.raises(TasouError, match="not for several labels at once"):
        TableClassifier("fast", class_weight="balanced").fit(X, np.stack([labels, 1 - labels], axis=1))
    with pytest.raises(TasouError, match="by groups or by time"):
        TableRegressor("fast").fit(X, Y, groups=X["town"], time=np.arange(N))
    with pytest.raises(TasouError, match="numbers beyond 1e100"):
        TableRegressor("fast").fit(X, Y * 1e150)
    for n_jobs in (0, 2.5, "two"):
        with pytest.raises(TasouError, match="n_jobs must be a whole number of threads"):
            jobs(n_jobs)


@pytest.mark.parametrize(
    ("settings", "given", "says"),
    [
        ({"verbose": "loud"}, {}, "verbose must be False, True, 'bar' or 'log', not 'loud'"),
        ({"callbacks": [3]}, {}, "3 is no callback: give a function"),
        (
            {"callbacks": lambda training: True},
            {},
            r"or a function that gives the list of member j, not True",
        ),
        ({"categorical": True}, {}, "X has no column 'True'"),
        (
            {},
            {"sample_weight": np.arange(N) < 1},
            "sample_weight is above 0 in 1 row alone: with some rows kept out",
        ),
        ({}, {"groups": ["one"] * N}, "every row has the same groups: nothing can be kept out together"),
        ({}, {"time": ["2024-1-1"] * N}, "every row has the same time"),
        ({}, {"y": pd.date_range("2024", periods=N)}, "y holds dates or durations"),
    ],
)
def test_settings_and_rows_that_cannot_be_are_refused_before_anything_is_learnt(settings, given, says):
    with pytest.raises(TasouError, match=says):
        TableRegressor("fast", **settings).fit(X, **{"y": Y, **given})


def test_classes_that_look_alike_and_those_of_one_row_are_spoken_of():
    labels = np.where(Y > 0.5, "yes", "no").astype(object)
    labels[3], labels[4:9] = "odd", "Yes "
    told = " ".join(map(str, TableClassifier("plain", random_state=0).fit(X, labels).notes_))
    assert "classes 'Yes ', 'yes' differ in blanks, width or letter case alone" in told
    assert "there is one row alone of 'odd'" in told


def test_times_as_texts_are_dates_and_those_of_nobody_are_named():
    days = [f"2024-{month}-1" for month in range(1, 13)]  # October does not come before February
    periods = kept_together(None, days, 12)
    assert (np.diff(periods) >= 0).all() and len(set(periods.tolist())) == 12
    with pytest.raises(TasouError, match=r"row 2 \(counted from 0\) has 'soon'"):
        kept_together(None, ["2024-1-1", "2024-2-1", "soon"], 3)
    with pytest.raises(TasouError, match=r"time has no value in row 1 \(counted from 0\): leave out"):
        kept_together(None, pd.to_datetime(pd.Series(["2024-1-1", None])), 2)


def test_rows_fewer_than_folds_are_learnt():
    for n in (2, 3):
        model = TableRegressor("fast", random_state=0).fit(
            {"x": np.arange(n), "z": np.arange(n) ** 2}, np.arange(n)
        )
        assert np.isfinite(model.predict({"x": [1], "z": [1]})).all()


def test_what_was_read_otherwise_than_it_stands_is_told():
    odd = X.assign(a=np.where(np.arange(N) < 3, np.inf, X["a"]))
    told = " ".join(map(str, TableRegressor("fast", random_state=0).fit(odd, Y).notes_))
    assert "3 cells" in told and "infinite" in told
