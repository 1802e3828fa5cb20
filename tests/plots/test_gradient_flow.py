"""One curve a layer, of what the recorder holds."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from tasou.errors import TasouError, UnknownName
from tasou.plots import gradient_flow
from tasou.training import Recorder


def recorded(norms, **others):
    norms = np.asarray(norms, float)
    return SimpleNamespace(updates=np.arange(1, len(norms) + 1), gradient_norms=norms, **others)


def test_a_curve_a_layer(ax, trained):
    recorder = trained[4]
    gradient_flow(recorder, ax=ax, lang="en")
    assert [line.get_label() for line in ax.lines] == ["layer 1", "layer 2"]
    for line, norms in zip(ax.lines, recorder.gradient_norms.T, strict=True):
        assert line.get_xdata().tolist() == recorder.updates.tolist()
        assert line.get_ydata().tolist() == norms.tolist()
    assert ax.get_yscale() == "log" and ax.get_xlabel() == "update"
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()


@pytest.mark.parametrize(
    "norms, words",
    [
        ([[1e-4, 9, 1], [9, 9, 9]], "at the start: 1/10,000 that of layer 3"),
        ([[4, 1], [1, 1]], "4 times that of layer 2"),
        ([[0.5, 1]], "0.5 times"),
        ([[0, 1]], "0 times"),
        ([[3], [2]], "Gradient norm of the only layer"),
    ],
)
def test_the_title_compares_the_first_layer_with_the_last(ax, norms, words):
    assert words in gradient_flow(recorded(norms), ax=ax, lang="en").get_title()
    ax.figure.canvas.draw()


def test_long_trainings_are_thinned_to_geometric_means(ax):
    norms = np.column_stack([np.tile([1.0, 100.0], 2000), np.ones(4000)])
    gradient_flow(recorded(norms), ax=ax)
    assert len(ax.lines[0].get_xdata()) == 400
    assert np.allclose(ax.lines[0].get_ydata(), 10)


def test_weights_and_dead_units(ax, trained):
    gradient_flow(trained[4], quantity="weight", ax=ax, lang="en")
    assert ax.lines[1].get_ydata().tolist() == trained[4].weight_norms[:, 1].tolist()
    ax.clear()
    shares = np.array([[0.0, 0.1], [0.2, 0.5]])
    gradient_flow(recorded([[1], [1]], dead_shares=shares), quantity="dead", ax=ax, lang="en")
    assert ax.get_title() == "Dead units: up to 50% of a layer at the end"
    assert ax.get_yscale() == "linear" and ax.get_ylim()[1] > 1
    ax.clear()
    gradient_flow(recorded([[1]], dead_shares=[[0.0]]), quantity="dead", ax=ax, lang="en")
    assert ax.get_title() == "No dead units at the end"


def test_what_cannot_be_drawn_is_said(ax, trained):
    with pytest.raises(TasouError, match=r"Network has recorded no layers: train with callbacks="):
        gradient_flow(trained[0], ax=ax)
    with pytest.raises(TasouError, match="nothing was recorded"):
        gradient_flow(Recorder(), ax=ax)
    with pytest.raises(UnknownName, match="unknown quantity 'weights': did you mean 'weight'"):
        gradient_flow(trained[4], quantity="weights", ax=ax)
