"""Displays as scikit-learn has them: computed once, plotted as often as wanted."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from tasou.errors import TasouError
from tasou.plots import DecisionBoundaryDisplay, LossCurveDisplay, decision_boundary
from tasou.training import History

X = np.array([[-1.0, 0.0], [-0.5, 1.0], [0.5, 0.2], [1.0, 0.8]])
Y = ["minus", "plus", "plus", "plus"]


def test_losses(ax):
    history = History(loss=[1.0, 0.5], validation_loss=[1.1, 0.7])
    display = LossCurveDisplay.from_estimator(history, ax=ax, name="mine", lang="en")
    assert display.ax_ is ax and display.figure_ is ax.figure
    assert [line.get_label() for line in display.lines_] == ["mine", "mine (validation)"]
    history.loss.append(0.1)
    again = display.plot(ax=Figure().subplots(), name="other", log=True)
    assert again is display and display.ax_ is not ax
    assert display.lines_[0].get_label() == "other" and display.loss.tolist() == [1.0, 0.5]
    with pytest.raises(TasouError, match="has neither"):
        LossCurveDisplay.from_estimator(3)


def test_boundaries(ax, sign):
    classifier = sign()
    display = DecisionBoundaryDisplay.from_estimator(classifier, X, Y, resolution=20, ax=ax, lang="en")
    assert display.ax_ is ax and display.figure_ is ax.figure and display.surface_ in ax.images
    assert display.xx0.shape == display.xx1.shape == display.response.shape == (20, 20)
    assert ((display.xx0 > 0) == (display.classes[display.response] == "plus")).all()
    classifier.predict = None
    other = display.plot(ax=Figure().subplots(), lang="en").ax_
    assert other is not ax and other.get_title() == ax.get_title()


def test_probabilities(ax, trained):
    network, points, y = trained[:3]
    display = DecisionBoundaryDisplay.from_estimator(network, points, y, resolution=5, proba=True, ax=ax)
    grid = np.column_stack([display.xx0.ravel(), display.xx1.ravel()])
    assert np.allclose(display.response.reshape(-1, 3), network.predict(grid))


def test_the_display_draws_what_the_function_draws(ax, sign):
    DecisionBoundaryDisplay.from_estimator(sign(), X, Y, resolution=20, ax=ax, lang="en")
    other = decision_boundary(sign(), X, Y, resolution=20, ax=Figure().subplots(), lang="en")
    assert np.array_equal(ax.images[0].get_array(), other.images[0].get_array())
    assert ax.get_title() == other.get_title()
