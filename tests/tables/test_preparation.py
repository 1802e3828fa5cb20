"""Preprocessing as data: learnt on one table, applied to another, written to JSON and back."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tasou.errors import TableError
from tasou.tables import Preparation, Table, infer, split
from tasou.tables.scaling import Scaling, heavy_tail

N = 200
RNG = np.random.default_rng(1)


def make(**more):
    columns = {
        "age": ["" if i % 10 == 0 else str(20 + i % 50) for i in range(N)],
        "fare": np.exp(2 * RNG.normal(size=N)),
        "port": [
            ["S", "C", "Q", "rare1", "rare2"][0 if i % 3 else 1] if i > 1 else f"rare{i}" for i in range(N)
        ],
        "day": [f"2024-{i % 12 + 1:02}-0{i % 9 + 1}" for i in range(N)],
        "y": [["no", "yes"][i % 2] for i in range(N)],
    }
    return Table({**columns, **more})


def fitted(table, target="y", **options):
    return Preparation.fit(table, infer(table, target, **options))


def test_features():
    table = make()
    preparation = fitted(table)
    X = preparation.transform(table, np.float64)
    named = dict(zip(preparation.feature_names, X.T, strict=True))
    assert list(named) == [
        *("age", "age missing", "fare", "port=S", "port=C", "port=(other)"),
        *("day month", "day day", "day weekday", "day days"),
    ]
    assert np.abs(named["fare"].mean()) < 1e-12 and abs(named["fare"].std() - 1) < 1e-12
    assert named["age missing"].sum() == 20
    assert named["port=(other)"].tolist() == [1, 1] + [0] * (N - 2)
    assert preparation.transform(table).dtype == np.float32


def test_missing_numbers_become_the_median():
    table = make()
    step = fitted(table).steps[0]
    median = np.nanmedian(table.column("age").numbers)
    assert step.scaling.impute == median
    assert step.apply(make(age=[""] * N))[0][0] == (median - step.scaling.mean) / step.scaling.scale


def test_heavy_tail_goes_through_a_log_and_a_single_wild_value_does_not():
    assert fitted(make()).steps[1].scaling.unit is not None
    wild = np.append(RNG.normal(100, 1, size=500), 1e6)
    assert heavy_tail(wild) is None


def test_far_values_are_clipped_when_predicting():
    preparation = fitted(make())
    far = preparation.transform(make(fare=[1e30] * N))[:, 2]
    seen = preparation.transform(make())[:, 2].max()
    assert np.isfinite(far).all() and far[0] <= seen + 1.001 + 3


def test_unknown_levels():
    preparation = fitted(make())
    other = preparation.transform(make(port=["new"] * N))[:, 3:6]
    assert other[0].tolist() == [0, 0, 1]
    without = fitted(make(port=["S", "S", "C", "C"] * (N // 4)))
    at = [j for j, name in enumerate(without.feature_names) if name.startswith("port=")]
    assert len(at) == 2 and not without.transform(make(port=["new"] * N))[:, at].any()


def test_clean_numbers_must_stay_numbers():
    preparation = fitted(make())
    with pytest.raises(TableError, match="row 1: column 'fare' must hold numbers, but here it says 'cheap'"):
        preparation.transform(make(fare=["cheap"] * N))
    with pytest.raises(TableError, match="column 'day' must hold dates, but here it says 'soon'"):
        preparation.transform(make(day=["soon"] * N))


def test_missing_and_extra_columns_are_named():
    preparation = fitted(make())
    with pytest.raises(
        TableError, match="lacks the columns 'age', 'port' that the model needs; it has 'Age' instead"
    ):
        preparation.transform(make(Age=[1] * N).drop("age", "port"))
    assert preparation.check(make(Age=[1] * N)) == ["Age"]


@pytest.mark.parametrize(
    ("values", "classes", "dtype"),
    [
        (["no", "yes"], ("no", "yes"), object),
        (["10", "9"], (9, 10), np.int64),
        ([1.5, 2.5], (1.5, 2.5), np.float64),
        ([True, False], (False, True), np.bool_),
    ],
)
def test_classes_keep_their_type(values, classes, dtype):
    table = make(y=values * (N // 2))
    preparation = fitted(table, task="classification")
    again = Preparation.from_dict(json.loads(json.dumps(preparation.to_dict())))
    assert again.goal.classes == classes and list(map(type, again.goal.classes)) == list(map(type, classes))
    assert again.target(table).dtype == dtype and set(again.target(table).tolist()) == set(classes)


def test_target_of_unknown_class_or_missing_number_names_its_row():
    preparation = fitted(make())
    with pytest.raises(TableError, match="row 1: 'maybe' is no class of 'y'"):
        preparation.target(make(y=["maybe"] * N))
    preparation = fitted(make(), "fare")
    with pytest.raises(TableError, match="row 2: target 'fare' is missing"):
        preparation.target(make(fare=[1.0, np.nan] * (N // 2)))


def test_regression_target_comes_back_in_its_unit():
    table = make()
    goal = fitted(table, "fare").goal
    y = goal.values(table)
    assert goal.scaling.unit is not None
    np.testing.assert_allclose(goal.scaling.undo(goal.scaling.standardise(y)), y, rtol=1e-12)
    assert goal.scaling.undo(np.array([1e9]))[0] < 1e3 * y.max()


@given(arrays(np.float64, 30, elements=st.floats(-1e12, 1e12)))
def test_scaling_is_finite_and_undone_exactly_enough(x):
    scaling = Scaling.fit(x)
    assert np.isfinite(scaling.apply(x)).all()
    back = scaling.undo(scaling.standardise(x))
    np.testing.assert_allclose(back, x, rtol=1e-6, atol=1e-6 * max(1.0, np.abs(x).max()))
    assert Scaling(**json.loads(json.dumps(scaling.to_dict()))) == scaling


def test_json_round_trip_is_exact():
    for target in ("y", "fare"):
        table = make()
        preparation = fitted(table, target)
        again = Preparation.from_dict(json.loads(json.dumps(preparation.to_dict(), allow_nan=False)))
        assert again == preparation
        np.testing.assert_array_equal(again.transform(table), preparation.transform(table))


DAMAGES = {
    "preparation: field 'columns' is missing": lambda d: d.pop("columns"),
    "preparation: unknown field 'code'": lambda d: d.update(code="import os"),
    "column 1: field 'scale' must be a number above zero, not 0": lambda d: d["columns"][0].update(scale=0),
    "column 1: field 'mean' must be a finite number, not nan": lambda d: d["columns"][0].update(
        mean=float("nan")
    ),
    "column 1: field 'kind' must be one of categorical, date, numeric": lambda d: d["columns"][0].update(
        kind="eval"
    ),
    "column 3: field 'levels' must be a list of different texts": lambda d: d["columns"][2].update(
        levels=["a", "a"]
    ),
    "column 4, a part of the date: field 'part'": lambda d: d["columns"][3]["parts"][0].update(
        part="century"
    ),
    "a column appears twice": lambda d: d["columns"].append(d["columns"][0]),
    "target: field 'classes' must be a list of at least two": lambda d: d["target"].update(classes=["a"]),
    "target: field 'type' must be one of": lambda d: d["target"].update(type="pickle"),
    "column 1: an object is expected, not 3": lambda d: d["columns"].__setitem__(0, 3),
}


@pytest.mark.parametrize("message", DAMAGES)
def test_damaged_data_is_refused_in_words(message):
    data = fitted(make()).to_dict()
    DAMAGES[message](data)
    with pytest.raises(TableError, match=message):
        Preparation.from_dict(data)


def test_split_keeps_shares_and_is_repeatable():
    y = np.repeat([0, 1, 2, 3], [100, 50, 9, 1])
    train, test = split(160, 0.2, rng=3, stratify=y)
    assert np.bincount(y[test], minlength=4).tolist() == [20, 10, 2, 0]
    assert sorted([*train, *test]) == list(range(160))
    assert (split(160, 0.2, rng=3, stratify=y)[1] == test).all()
    assert len(split(10, 0.25, rng=0)[1]) == 2 and len(split(10, 0.0, rng=0)[1]) == 0
    with pytest.raises(TableError, match="below 1, not 1"):
        split(10, 1)
