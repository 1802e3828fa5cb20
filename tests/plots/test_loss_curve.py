"""Whatever wrote the losses down, the curve shows them."""

from __future__ import annotations

import numpy as np
import pytest

import tasou
from tasou.errors import TasouError
from tasou.plots import loss_curve
from tasou.training import History

LOSS = [1.1, 0.5, 0.25]


def curves(ax):
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


@pytest.mark.parametrize("source", [LOSS, tuple(LOSS), np.array(LOSS), History(loss=LOSS), iter(LOSS)])
def test_all_sources_give_the_same_curve(ax, source):
    loss_curve(source, ax=ax, lang="en")
    (line,) = curves(ax).values()
    assert line.get_xdata().tolist() == [1, 2, 3]
    assert line.get_ydata().tolist() == LOSS
    assert ax.get_title() == "Loss 1.1 → 0.25 in 3 epochs"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")
    assert ax.get_legend() is None
    assert ax.get_ylim()[0] == 0


def test_a_fitted_estimator(ax, spiral):
    _, X, y, _ = spiral
    estimator = tasou.MLPClassifier((5,), solver="sgd", random_state=0)
    for _ in range(3):
        estimator.partial_fit(X, y, classes=[0, 1, 2])
    loss_curve(estimator, ax=ax, lang="en")
    assert len(estimator.loss_curve_) == 3
    assert next(iter(curves(ax).values())).get_ydata().tolist() == estimator.loss_curve_


def test_validation_loss_is_dashed_and_its_lowest_point_ringed(ax):
    loss_curve(History(loss=LOSS, validation_loss=[1.0, 0.6, 0.7]), ax=ax, lang="en")
    drawn = curves(ax)
    assert list(drawn) == ["training", "validation", "lowest at 2"]
    assert drawn["validation"].get_linestyle() == "--"
    assert drawn["lowest at 2"].get_xydata().tolist() == [[2, 0.6]]
    assert len(ax.get_legend().get_texts()) == 3


def test_scores_have_an_axis_of_their_own(ax):
    loss_curve(History(loss=LOSS, validation_score=[0.1, 0.5, 0.9]), ax=ax, lang="en")
    right = next(other for other in ax.figure.axes if other is not ax)
    assert right.get_ylabel() == "validation score"
    assert right.lines[0].get_ydata().tolist() == [0.1, 0.5, 0.9]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training", "validation score"]


def test_several_trainings_are_told_apart_by_colour_and_marker(ax):
    loss_curve({"slow": LOSS, "fast": History(loss=[1.0, 0.1], validation_loss=[1, 0.2])}, ax=ax, lang="en")
    drawn = curves(ax)
    assert list(drawn) == ["slow", "fast", "fast (validation)", "lowest at 2"]
    assert drawn["slow"].get_color() != drawn["fast"].get_color() == drawn["fast (validation)"].get_color()
    ends = {line.get_marker() for line in ax.lines if len(line.get_xdata()) == 1}
    assert {"o", "^"} <= ends
    assert ax.get_title() == "Loss over the epochs"


def test_label_name_and_logarithm(ax):
    loss_curve(LOSS, ax=ax, log=True, label="mine", loss_name="cross-entropy")
    assert list(curves(ax)) == ["mine"]
    assert ax.get_yscale() == "log" and ax.get_ylabel() == "cross-entropy"
    assert 0 < ax.get_ylim()[0] < 0.25


def test_negative_losses_are_not_cut_off(ax):
    loss_curve([0.5, -1.0], ax=ax)
    assert ax.get_ylim()[0] < -1


def test_a_training_that_diverged_is_drawn_as_far_as_it_went(ax):
    loss_curve(History(loss=[1.0, np.inf], validation_loss=[np.nan, np.nan]), ax=ax)
    ax.figure.canvas.draw()
    assert "inf" in ax.get_title()


@pytest.mark.parametrize(
    "source, words",
    [
        (tasou.MLPClassifier(), "this MLPClassifier is not fitted yet; call fit first"),
        ([], "non-empty"),
        ({}, "mapping is empty"),
        ([[1, 2], [3, 4]], r"shape \(2, 2\)"),
        (["a"], "sequence of numbers"),
        (3.0, "float has neither"),
    ],
)
def test_what_holds_no_loss_is_said(ax, source, words):
    with pytest.raises(TasouError, match=words):
        loss_curve(source, ax=ax)


def test_a_training_brings_its_history_and_a_network_has_none(ax, trained):
    loss_curve(trained[5], ax=ax, lang="en")
    assert next(iter(curves(ax).values())).get_ydata().tolist() == trained[3].loss
    with pytest.raises(TasouError, match="Network has neither 'loss_curve_' nor 'loss'"):
        loss_curve(trained[0], ax=ax)
