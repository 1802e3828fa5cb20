"""A column that is known only once the target is, is spoken of before anybody is proud of the scores."""

from __future__ import annotations

import numpy as np
import pytest

from tasou.tables import Table, infer

N = 300
RNG = np.random.default_rng(0)
PRICE = np.exp(RNG.normal(10, 1, N)).round()
LEFT = RNG.random(N) < 0.3


def notes(columns, target):
    cells = {name: [str(cell) for cell in values] for name, values in columns.items()}
    return [note.message.code for note in infer(Table(cells), target).notes]


def nearly(share):
    """LEFT, with this share of the cells drawn at random."""
    return np.where(RNG.random(N) < share, RNG.random(N) < 0.5, LEFT)


@pytest.mark.parametrize(
    ("column", "target"),
    [
        ((0.1 * PRICE + RNG.normal(0, 20, N)).round(1), PRICE),
        (np.log(PRICE).round(3), PRICE),
        (np.where(LEFT, RNG.integers(100, 900, N), 0), np.where(LEFT, "yes", "no")),
        (np.where(nearly(0.005), "refund", "none"), np.where(LEFT, "yes", "no")),
        (np.where(LEFT, "gone", "there"), np.where(LEFT, 1.5, 0.25)),
    ],
    ids=["tax on the price", "another scale", "refund of those who left", "levels", "a number of two values"],
)
def test_a_column_that_nearly_tells_the_target_is_suspicious(column, target):
    other = RNG.normal(size=N).round(2)
    assert notes({"tells": column, "other": other, "y": target}, "y") == ["role.nearly_target"]


@pytest.mark.parametrize(
    ("column", "target"),
    [
        (PRICE + RNG.normal(0, 0.3, N) * PRICE, PRICE),
        (np.where(nearly(0.3), "calls", "none"), np.where(LEFT, "yes", "no")),
        (np.arange(N) % 40, np.where(LEFT, "yes", "no")),
    ],
    ids=["a good predictor", "a fair sign", "many values"],
)
def test_a_column_that_tells_much_is_not(column, target):
    assert notes({"tells": column, "other": RNG.normal(size=N).round(2), "y": target}, "y") == []
