"""Which columns matter, what they contribute to a row, and how: of a fitted table estimator."""

from __future__ import annotations

import pickle
import warnings

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from sklearn.inspection import PartialDependenceDisplay

import tasou
from tasou import TableClassifier, TableRegressor, plots
from tasou.errors import TasouError, UnknownName
from tasou.formulas import shapley
from tasou.tables.marginals import made_up
from tasou.tabular.contributions import contributions

N = 400


def frame(n=N, seed=0):
    rng = np.random.default_rng(seed)
    size, town = rng.normal(size=n), rng.choice(["Kyoto", "Nara", "Osaka", "Uji"], n, p=[0.4, 0.3, 0.2, 0.1])
    X = pd.DataFrame(
        {
            "size": np.where(rng.random(n) < 0.1, np.nan, size),
            "noise": rng.normal(size=n),
            "town": town,
            "seen": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 700, n), "D"),
            "bought": rng.random(n) < 0.3,
        }
    )
    return X, 2 * np.nan_to_num(X["size"].to_numpy()) + 1.5 * (town == "Nara") + 0.3 * rng.normal(size=n)


X, Y = frame()
NEW, TRUTH = frame(seed=1)


@pytest.fixture(scope="module")
def two():
    return TableClassifier("fast", random_state=0).fit(X, np.where(Y > 0.5, "high", "low"))


@pytest.fixture(scope="module")
def three():
    return TableClassifier("fast", random_state=0).fit(X, np.digitize(Y, [-0.5, 1]))


@pytest.fixture(scope="module")
def number():
    return TableRegressor("fast", random_state=0).fit(X, Y)


@pytest.fixture(scope="module")
def several():
    return TableRegressor("fast", random_state=0).fit(X, np.stack([Y, -Y], axis=1))


# --- importances -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["two", "three", "number", "several"])
def test_columns_that_matter_stand_above_noise_on_rows_kept_out(name, request):
    found = request.getfixturevalue(name).importances_
    assert set(found.names[:2]) == {"size", "town"}
    assert found.kept_out
    assert found.low[0] > 0
    noise = found.names.index("noise")
    assert found.low[noise] < 0.02 * found.mean[0]
    assert ((found.low <= found.mean) & (found.mean <= found.high)).all()


def test_importances_of_rows_kept_out_are_those_of_rows_never_seen(number):
    given = number.importances(NEW, TRUTH)
    assert not given.kept_out
    a, b = number.importances_.as_dict(), given.as_dict()
    assert a["size"] == pytest.approx(b["size"], rel=0.3)
    assert given.usual == pytest.approx(np.sqrt(np.mean((number.predict(NEW) - TRUTH) ** 2)), rel=1e-3)


def test_importances_speak_the_unit_that_is_asked_for(two, number):
    labels = np.where(TRUTH > 0.5, "high", "low")
    lost = two.importances(NEW, labels, scoring="accuracy", n_repeats=2)
    assert 1 - lost.usual == pytest.approx(two.score(NEW, labels))
    assert 0.1 < lost.mean[0] < 0.7
    r2 = number.importances(NEW, TRUTH, scoring="r2", n_repeats=2)
    assert 1 - r2.usual == pytest.approx(number.score(NEW, TRUTH), abs=1e-4)
    with pytest.raises(UnknownName, match="known: rmse, r2"):
        number.importances(NEW, TRUTH, scoring="accuracy")
    with pytest.raises(TasouError, match="y has classes that were not learnt: 'middle'"):
        two.importances(NEW, np.full(N, "middle"))


def test_importances_are_written_and_drawn_in_both_languages(number):
    found = number.importances_
    assert "root mean squared error when a column is shuffled" in repr(found)
    assert "重要度" in found.text("ja")
    assert "<table>" in found._repr_html_()
    ax = plots.importances(number, ax=Figure().subplots(), lang="en")
    assert [label.get_text() for label in ax.get_yticklabels()] == found.names
    with pytest.raises(TasouError, match="a int has none"):
        plots.importances(3, ax=ax)


def test_a_pickle_holds_no_row_of_the_training_table_but_what_was_said_of_them(number):
    fresh = pickle.loads(pickle.dumps(TableRegressor("fast", random_state=0).fit(X[:80], Y[:80])))
    with pytest.raises(TasouError, match="ask for importances_ before saving"):
        _ = fresh.importances_
    ours = number.importances_.as_dict()
    again = pickle.loads(pickle.dumps(number))
    assert again.importances_.as_dict() == ours
    assert again._kept_out is None


# --- contributions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["two", "three", "number", "several"])
def test_contributions_and_base_sum_to_the_answer(name, request):
    model = request.getfixturevalue(name)
    found = model.contributions(NEW[:4], n_orders=8)
    sums = found.values.sum(axis=1) + found.base
    assert sums == pytest.approx(found.answer, abs=1e-9)
    if name == "two":
        p = model.predict_proba(NEW[:4])
        assert sums == pytest.approx(np.log(p[:, 1] / p[:, 0]), abs=1e-9)
    elif name == "three":
        p = model.predict_proba(NEW[:4])
        assert np.exp(sums) / np.exp(sums).sum(axis=1, keepdims=True) == pytest.approx(p, abs=1e-9)
    else:
        assert sums == pytest.approx(model.predict(NEW[:4]), abs=1e-9)


def test_contributions_go_to_the_columns_that_matter(number):
    found = number.contributions(NEW[:12])
    size = dict(zip(found.names, abs(found.values).mean(axis=0), strict=True))
    assert size["size"] > size["town"] > 2 * max(size["noise"], size["seen"], size["bought"])
    again = number.contributions(NEW[:12])
    assert (found.values == again.values).all()
    one = number.contributions(NEW[3:4])
    assert one.values[0] == pytest.approx(found.values[3], abs=1e-4)
    assert "Row 0" in repr(one)
    assert "寄与" in one.text(lang="ja")
    assert "Mean size" in repr(found)
    assert "<table>" in found._repr_html_()


def test_contributions_of_labels_are_their_logits():
    model = TableClassifier("fast", random_state=0).fit(X, np.stack([Y > 0, Y > 1], axis=1).astype(int))
    found = model.contributions(NEW[:3], n_orders=8)
    p = model.predict_proba(NEW[:3])
    assert found.values.sum(axis=1) + found.base == pytest.approx(np.log(p / (1 - p)), abs=1e-9)


def test_sampled_orders_come_to_the_values_that_shapley_defined():
    """Of a product of three columns every order is known: all of them are walked by hand."""
    from itertools import permutations

    def answers(X):
        return (X[:, :1] * X[:, 1:2] + X[:, 2:] ** 2) * np.ones((1, 1))

    x, begin = np.array([[2.0, 3.0, 1.0]]), np.array([[0.5, -1.0, 0.0]] * 400)
    blocks = [slice(j, j + 1) for j in range(3)]
    found, error = contributions(answers, x, begin, blocks, last=answers(x), first=answers(begin))
    exact = np.zeros(3)
    for order in permutations(range(3)):
        way = np.repeat(begin[:1], 4, axis=0)
        for step, j in enumerate(order):
            way[step + 1 :, j] = x[0, j]
        exact += shapley.gains(answers(way), np.array(order), np)[:, 0] / 6
    assert found[0, :, 0] == pytest.approx(exact, abs=1e-9)
    assert error.max() < 0.2


def test_made_up_rows_follow_each_column_and_are_no_rows_of_the_table(number):
    table = made_up(number._preparation.seen, 200, np.random.default_rng(0))
    assert np.mean(table["town"] == "Kyoto") == pytest.approx(np.mean(X["town"] == "Kyoto"), abs=0.02)
    assert np.isnan(table["size"]).mean() == pytest.approx(X["size"].isna().mean(), abs=0.02)
    assert np.nanstd(table["size"]) == pytest.approx(X["size"].std(), rel=0.1)
    rows = number._preparation.transform(table)
    assert np.isfinite(rows).all()
    known = {tuple(row) for row in number._preparation.transform(number._table(X, reset=False)).tolist()}
    assert not known & {tuple(row) for row in rows.tolist()}


def test_a_marginal_of_many_values_keeps_their_distribution():
    from tasou.tables import Preparation, Table, infer

    values = np.random.default_rng(0).exponential(size=5000)
    table = Table({"x": values})
    found = Preparation.fit(table, infer(table)).seen[0]
    assert len(found.values) == 64
    assert found.high == values.max()
    assert found.values.mean() == pytest.approx(values.mean(), rel=0.05)


# --- partial dependence ----------------------------------------------------------------------------------------------


def test_partial_dependence_shows_what_a_column_does(number, two, three):
    found = number.partial_dependence("size")
    slope = np.polyfit(found.values, found.average[:, 0], 1)[0]
    assert slope == pytest.approx(2, abs=0.4)
    towns = two.partial_dependence("town", NEW)
    assert towns.outputs == ["low"]
    assert towns.labels[int(towns.average[:, 0].argmin())] == "Nara"
    seen = three.partial_dependence("seen")
    assert seen.average.shape == (len(seen.values), 3)
    assert seen.labels[0].startswith("2024-01")
    assert three.partial_dependence("bought").average.sum(axis=1) == pytest.approx(np.ones(2))
    with pytest.raises(UnknownName, match="did you mean 'town'"):
        number.partial_dependence("twon")


@pytest.mark.parametrize(("name", "column"), [("number", "size"), ("two", "town"), ("three", "seen")])
def test_partial_dependence_is_drawn(name, column, request):
    model = request.getfixturevalue(name)
    found = model.partial_dependence(column, NEW[:20])
    ax = plots.partial_dependence(found, ax=Figure().subplots(), lang="en")
    assert ax.get_title() == f"Partial dependence on {column}"
    assert column in repr(found)
    assert "部分依存" in found.text("ja")
    assert "<table>" in found._repr_html_()
    with pytest.raises(TasouError, match="a int has none"):
        plots.partial_dependence(3, ax=ax)


def test_scikit_learns_display_draws_a_table_estimator_too(number):
    backend = matplotlib.get_backend()
    matplotlib.use("agg")
    ax = Figure().subplots(1, 2)
    shown = PartialDependenceDisplay.from_estimator(
        number,
        NEW[:40].fillna({"size": 0.0}),
        ["size", "town"],
        categorical_features=["town"],
        grid_resolution=5,
        ax=ax,
    )
    matplotlib.use(backend)
    line = shown.lines_[0].get_ydata()
    assert line[-1] - line[0] > 1
    own = number.partial_dependence("town", NEW[:40].fillna({"size": 0.0}))
    theirs = dict(zip(shown.pd_results[1]["grid_values"][0], shown.pd_results[1]["average"][0], strict=True))
    assert dict(zip(own.labels, own.average[:, 0], strict=True)) == pytest.approx(theirs, abs=1e-5)


def test_where_nothing_was_learnt_it_is_said():
    with pytest.warns(UserWarning, match="no column of X tells anything"):
        model = TableRegressor("fast").fit({"x": np.ones(30)}, np.arange(30.0))
    for ask in (lambda: model.importances_, lambda: model.contributions({"x": [1.0]})):
        with pytest.raises(TasouError, match="there was nothing to learn from"):
            ask()


def test_a_file_knows_what_is_said_but_no_row(number, tmp_path):
    _ = number.importances_
    tasou.save(number, tmp_path / "m.tasou")
    found = tasou.load(tmp_path / "m.tasou")
    assert found.importances_.as_dict() == number.importances_.as_dict()
    assert (
        found.contributions(NEW[:2], n_orders=8).values == number.contributions(NEW[:2], n_orders=8).values
    ).all()
    for column in X:
        ours, theirs = number.partial_dependence(column), found.partial_dependence(column)
        assert ours.labels == theirs.labels
        assert (ours.average == theirs.average).all()
    assert (found.predict_interval(NEW) == number.predict_interval(NEW)).all()


def test_the_plain_network_is_asked_alike():
    model = TableClassifier("plain", random_state=0).fit(X[:120], np.where(Y[:120] > 0.5, "high", "low"))
    assert model.importances_.names[0] == "size"
    found = model.contributions(NEW[:3], n_orders=8)
    p = model.predict_proba(NEW[:3])
    assert found.values.sum(axis=1) + found.base == pytest.approx(np.log(p[:, 1] / p[:, 0]), abs=1e-9)
    assert model.partial_dependence("town").outputs == ["low"]
    assert "probabilities are off by" in str(model.notes_[0])
    few = TableRegressor("plain", random_state=0).fit(X[:40], Y[:40])
    assert few.notes_ == []
    with pytest.raises(TasouError, match="no row was kept out"):
        few.predict_interval(X)


def test_a_page_of_attributes_neither_fails_nor_computes_importances(number):
    fresh = pickle.loads(pickle.dumps(number))
    fresh._importances = None  # the rows are gone
    with warnings.catch_warnings(action="ignore"):
        constant = TableRegressor("fast", random_state=0).fit({"x": [0.5, 2.0, 1.0]}, [1, 1, 1])
    for model in (fresh, constant):
        assert not hasattr(model, "importances_")
        assert "TableRegressor" in model._repr_mimebundle_()["text/html"]
    assert "importances_" in dir(fresh) and "importances_" not in dir(constant)
    fresh._kept_out = number._kept_out
    assert "importances_" in dir(fresh) and fresh._repr_mimebundle_() and fresh._importances is None
