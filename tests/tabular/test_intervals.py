"""Quantiles, and intervals that hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import TableRegressor
from tasou.errors import TasouError, TasouWarning
from tasou.formulas import quantiles
from tasou.tabular.intervals import Intervals

rng = np.random.default_rng(0)


def wedge(n):
    """Errors that grow with x."""
    x = rng.random(n)
    return {"x": x, "other": rng.normal(size=n)}, x + (0.05 + x) * rng.normal(size=n)


X, Y = wedge(1200)
NEW, TRUTH = wedge(2000)


@pytest.fixture(scope="module")
def numbers():
    return TableRegressor("fast", random_state=0).fit(X, Y)


@pytest.fixture(scope="module")
def levels():
    return TableRegressor("fast", loss="quantile", quantiles=(0.1, 0.5, 0.9), random_state=0).fit(X, Y)


def inside(intervals, truth):
    return ((intervals[:, 0] <= truth) & (truth <= intervals[:, 1])).mean()


@pytest.mark.parametrize("coverage", [0.5, 0.9])
@pytest.mark.parametrize("kind", ["numbers", "levels"])
def test_intervals_cover_what_they_promise(kind, coverage, request):
    model = request.getfixturevalue(kind)
    assert inside(model.predict_interval(NEW, coverage), TRUTH) == pytest.approx(coverage, abs=0.07)


@pytest.mark.parametrize("kind", ["numbers", "levels"])
def test_intervals_are_wide_where_errors_are_large(kind, request):
    width = np.diff(request.getfixturevalue(kind).predict_interval(NEW, 0.8))[:, 0]
    assert width[NEW["x"] > 0.8].mean() > 2 * width[NEW["x"] < 0.2].mean()


def test_quantiles_have_their_share_of_rows_below_and_never_cross(levels):
    said = levels.predict(NEW)
    assert said.shape == (2000, 3)
    assert (np.diff(said, axis=1) >= 0).all()
    for k, level in enumerate((0.1, 0.5, 0.9)):
        assert (said[:, k] >= TRUTH).mean() == pytest.approx(level, abs=0.06)
    share = (levels.oof_prediction_ >= Y[:, None])[~np.isnan(levels.oof_prediction_[:, 0])].mean(axis=0)
    assert share == pytest.approx([0.1, 0.5, 0.9], abs=0.01)  # moved to where rows kept out lie below
    assert any("were moved to hold on rows kept out" in str(note) for note in levels.notes_)
    assert levels.score(NEW, TRUTH) > 0.1


def test_one_level_is_one_number():
    model = TableRegressor("fast", loss="quantile", quantiles=[0.9], random_state=0).fit(X, Y)
    assert (model.predict(NEW) >= TRUTH).mean() == pytest.approx(0.9, abs=0.06)
    assert model.predict(NEW).shape == (2000,)


def test_sorting_quantiles_never_makes_their_loss_larger():
    z, y = rng.normal(size=(50, 4)), rng.normal(size=(50, 1))
    at = {"levels": (0.1, 0.3, 0.6, 0.9)}
    assert (
        quantiles.mean_loss(quantiles.rearranged(z, np), y, np, **at) <= quantiles.mean_loss(z, y, np, **at)
    ).all()


def test_the_slope_of_the_quantiles_loss_is_its_difference():
    z, y, step = rng.normal(size=(9, 2)), rng.normal(size=(9, 2)), 1e-6
    value, delta = quantiles.loss((0.2, 0.7))
    slope = (value(z + step, y, np) - value(z - step, y, np)) / (2 * step)
    assert delta(z, z, y, np) == pytest.approx(slope, abs=1e-6)


def test_counts_have_no_negative_interval_and_several_numbers_one_each():
    x = rng.normal(size=300)
    counts = TableRegressor("fast", loss="poisson", random_state=0).fit({"x": x}, rng.poisson(np.exp(x - 1)))
    assert counts.predict_interval({"x": x}).min() >= 0
    both = TableRegressor("fast", random_state=0).fit({"x": x}, np.stack([x, 10 * x], axis=1))
    found = both.predict_interval({"x": x})
    assert found.shape == (300, 2, 2)
    assert (found[..., 0] <= both.predict({"x": x})).all()


def test_few_rows_cannot_promise_much_and_it_is_said():
    model = TableRegressor("fast", random_state=0).fit({"x": rng.normal(size=30)}, np.arange(30.0) % 7)
    with pytest.warns(TasouWarning, match="too few for a coverage of 0.99"):
        model.predict_interval({"x": [1.0]}, 0.99)


def test_a_weight_of_three_is_three_rows():
    rng = np.random.default_rng(0)  # its own: others draw too, in whatever order tests run
    y, v = rng.normal(size=(300, 1)), rng.integers(1, 4, 300)
    nil = np.zeros((300, 1))
    many = np.repeat(np.arange(300), v)
    ends = [
        Intervals.fit(nil[rows], nil[rows], y[rows], weight=weight).around(nil[:1], nil[:1], None, 0.8)
        for rows, weight in ((np.arange(300), v), (many, None))
    ]
    assert ends[0] == pytest.approx(ends[1], abs=0.02)


def test_what_makes_no_sense_is_refused(numbers):
    with pytest.raises(TasouError, match="coverage must lie between 0 and 1"):
        numbers.predict_interval(NEW, 90)
    with pytest.raises(TasouError, match="each above the last"):
        TableRegressor("fast", loss="quantile", quantiles=(0.9, 0.1)).fit(X, Y)
    with pytest.raises(TasouError, match="learns one target at a time, not 2"):
        TableRegressor("fast", loss="quantile").fit(X, np.stack([Y, Y], axis=1))
    assert any("predictions are off by" in str(note) for note in numbers.notes_)
