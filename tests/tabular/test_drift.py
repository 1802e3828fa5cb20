"""What is told of new rows that differ from those of the training."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp

from tasou import TableRegressor
from tasou.formulas import drift


def frame(n, seed):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "size": np.where(rng.random(n) < 0.1, np.nan, rng.exponential(size=n)),
            "town": rng.choice(["Kyoto", "Nara", "Osaka"], n, p=[0.6, 0.3, 0.1]),
            "seen": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 360, n), "D"),
        }
    )


@pytest.fixture(scope="module")
def model():
    X = frame(300, 0)
    return TableRegressor("fast", random_state=0).fit(X, X["size"].fillna(0))


def test_rows_like_those_of_the_training_are_not_told_of(model):
    for seed in range(1, 11):
        assert model.notes(frame(300, seed)) == []
        assert model.notes(frame(5, seed)) == []


@pytest.mark.parametrize(
    ("change", "words", "ja"),
    [
        ({"size": 40.0}, "column 'size': values from 40 to 40, in training from", "範囲"),
        (
            {"size": np.nan},
            "column 'size': 100% of the cells have no value, in training it was",
            "値のないセル",
        ),
        (
            {"size": 1.5},
            "column 'size': values are distributed otherwise than in training: the middle one is 1.5",
            "分布",
        ),
        (
            {"town": "Osaka"},
            "column 'town': levels are distributed otherwise than in training: 'Osaka' has 100%",
            "水準の割合",
        ),
        (
            {"town": "Uji"},
            "column 'town': 100% of the cells hold texts without a level of their own",
            "水準にない文字列",
        ),
        (
            {"seen": pd.Timestamp("2026-05-01")},
            "column 'seen': values from 2026-05-01 to 2026-05-01, in training",
            "範囲",
        ),
    ],
)
def test_what_differs_is_told_in_both_languages(model, change, words, ja):
    found = model.notes(frame(100, 1).assign(**change))
    assert words in " ".join(map(str, found))
    assert ja in " ".join(note.text("ja") for note in found)


def test_distances_are_those_of_the_textbook():
    rng = np.random.default_rng(0)
    a, b = np.sort(rng.normal(size=50)), np.sort(rng.normal(0.5, 1, size=70))
    found = drift.kolmogorov(a, np.full(50, 1 / 50), b, np.full(70, 1 / 70), np)
    assert found == pytest.approx(ks_2samp(a, b).statistic)
    assert drift.total_variation(np.array([0.5, 0.5]), np.array([0.1, 0.9]), np) == pytest.approx(0.4)
