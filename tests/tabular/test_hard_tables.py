"""Tables that are hard to learn: nothing fails, and nothing is passed over in silence."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import TableClassifier, TableRegressor
from tasou.errors import TasouWarning

RNG = np.random.default_rng(0)


def test_two_percent_of_positives_are_ranked_and_their_share_is_told_truly():
    n = 3_000
    x = RNG.normal(size=(n, 4))
    y = x[:, 0] + x[:, 1] + RNG.logistic(size=n) > 5
    model = TableClassifier("fast", random_state=0).fit(x[:1_500], y[:1_500])
    p = model.predict_proba(x[1_500:])[:, 1]
    positive = y[1_500:]
    ranked = (p[positive][:, None] > p[~positive]).mean()
    assert ranked > 0.7
    assert 0.3 < p.mean() / positive.mean() < 3


def test_a_class_of_two_rows_is_a_class():
    y = np.array(["rare"] * 2 + ["often"] * 98)
    model = TableClassifier("fast", random_state=0).fit({"x": RNG.normal(size=100)}, y)
    assert model.classes_.tolist() == ["often", "rare"]
    assert np.isfinite(model.predict_proba({"x": np.zeros(3)})).all()


def test_three_hundred_rows_full_of_holes_beat_their_mean():
    x = RNG.normal(size=(450, 12))
    y = x[:, 0] - x[:, 1] + 0.5 * RNG.normal(size=450)
    x[RNG.random(x.shape) < 0.3] = np.nan
    model = TableRegressor("fast", random_state=0).fit(x[:300], y[:300])
    assert model.score(x[300:], y[300:]) > 0.3


def test_five_hundred_columns_of_which_one_tells():
    x = RNG.normal(size=(300, 500)).astype(np.float32)
    y = np.where(x[:, 7] > 0, "up", "down")
    model = TableClassifier("fast", random_state=0, time_limit=20).fit(x[:200], y[:200])
    assert model.score(x[200:], y[200:]) > 0.55


def test_a_thousand_levels_are_embedded_and_unseen_ones_answered():
    level = RNG.integers(0, 1_000, 2_500)
    y = (level % 7) + 0.1 * RNG.normal(size=2_500)
    names = np.array([f"code {j}" for j in range(1_000)])
    model = TableRegressor("fast", random_state=0, categorical=["c"]).fit({"c": names[level]}, y)
    assert model.score({"c": names[level]}, y) > 0.3
    assert model.predict({"c": ["code 5000"]}) == pytest.approx(y.mean(), abs=1.5)


def test_a_constant_target_is_told_and_answered():
    x = {"x": RNG.normal(size=60)}
    with pytest.warns(TasouWarning, match="y is 'yes' in every row"):
        model = TableClassifier("fast", random_state=0).fit(x, ["yes"] * 60)
    assert set(model.predict(x)) == {"yes"}
    with pytest.warns(TasouWarning, match="y is 7 in every row"):
        assert TableRegressor("fast").fit(x, np.full(60, 7.0)).predict(x).tolist() == [7.0] * 60


def test_columns_that_tell_nothing_are_named():
    with pytest.warns(TasouWarning, match="no column of X tells anything"):
        model = TableClassifier("fast", random_state=0).fit({"x": ["same"] * 40}, [0, 1] * 20)
    assert model.predict_proba({"x": ["same"]}).tolist() == [[0.5, 0.5]]
