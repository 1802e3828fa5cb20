"""Numbers are counts of rows: true down, predicted across."""

from __future__ import annotations

import numpy as np
import pytest

from tasou.errors import ShapeError, TasouError
from tasou.plots import confusion

X = np.array([[-1.0], [-2], [1], [2], [3]])
Y = np.array(["minus", "plus", "plus", "plus", "minus"])


def cells(ax):
    return {(round(t.get_position()[1]), round(t.get_position()[0])): t.get_text() for t in ax.texts}


def test_counts(ax, sign):
    confusion(sign(), X, Y, ax=ax, lang="en")
    assert cells(ax) == {(0, 0): "1", (0, 1): "1", (1, 0): "1", (1, 1): "2"}
    assert ax.get_title() == "Confusion: 3 of 5 right (60.0%)"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")
    for axis in (ax.xaxis, ax.yaxis):
        assert [label.get_text() for label in axis.get_ticklabels()] == ["minus", "plus"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first class on top


def test_right_is_blue_and_wrong_is_red_by_the_share_of_the_row(ax, sign):
    confusion(sign(), X, Y, ax=ax)
    colours = np.asarray(ax.images[0].get_array())
    assert colours[1, 1, 2] > colours[1, 1, 0] and colours[1, 0, 0] > colours[1, 0, 2]
    assert colours[1, 1].sum() < colours[0, 0].sum()  # two thirds are deeper than a half


def test_shares(ax, sign):
    confusion(sign(), X, Y, ax=ax, normalize=True)
    assert cells(ax)[1, 1] == "67%" and cells(ax)[0, 1] == "50%"


def test_networks_and_trainings(ax, trained):
    network, points, y, *_, training = trained
    confusion(training, points, y, ax=ax)
    table = np.array([[int(cells(ax)[i, j]) for j in range(3)] for i in range(3)])
    guessed = network.predict(points).argmax(axis=1)
    assert all(table[i, j] == ((y == i) & (guessed == j)).sum() for i in range(3) for j in range(3))


def test_many_classes_have_colours_alone(ax):
    class Same:
        def predict(self, rows):
            return np.asarray(rows)[:, 0]

    confusion(Same(), np.arange(50)[:, None], np.arange(50), ax=ax)
    assert not ax.texts and len(ax.get_xticks()) == 25


def test_long_names_are_slanted(ax, sign):
    confusion(sign(answers=("a" * 40, "b" * 40)), X, ["a" * 40] * 5, ax=ax)
    assert {label.get_rotation() for label in ax.get_xticklabels()} == {45}


def test_what_cannot_be_drawn_is_said(ax, sign):
    with pytest.raises(ShapeError, match="y must be one label a row"):
        confusion(sign(), X, Y[:2], ax=ax)
    with pytest.raises(TasouError, match="X has no rows"):
        confusion(sign(), X[:0], Y[:0], ax=ax)
    with pytest.raises(TasouError, match="int has no predict"):
        confusion(3, X, Y, ax=ax)
