"""The curves are the formulas' own values."""

from __future__ import annotations

import numpy as np
import pytest

from tasou.errors import TasouError, UnknownName
from tasou.formulas import activations
from tasou.plots import activation


@pytest.mark.parametrize("name", activations.names())
def test_every_activation_is_drawn_from_its_formula(ax, name, caplog):
    activation(name, ax=ax, lang="en")
    formula = activations.get(name)
    function, slope = ax.lines[-2:]
    z = np.asarray(function.get_xdata())
    a = formula.f(z, np)
    assert np.array_equal(function.get_ydata(), a)
    drawn = np.asarray(slope.get_ydata())
    shown = ~np.isnan(drawn)
    assert np.allclose(drawn[shown], formula.slope(z, a, np)[shown] * np.ones(shown.sum()))
    assert (z[0], z[-1]) == (-5, 5) == ax.get_xlim()
    assert "$f(z) = " in ax.get_title()
    ax.figure.draw_without_rendering()  # the formula can be typeset
    assert not caplog.records


def test_a_jump_of_the_slope_is_a_gap(ax):
    activation("relu", ax=ax, lang="en")
    z, slope = map(np.asarray, ax.lines[-1].get_data())
    gap = np.flatnonzero(np.isnan(slope))
    assert len(gap) == 1 and abs(z[gap[0]]) < 0.02
    assert set(slope[: gap[0]]) == {0} and set(slope[gap[0] + 1 :]) == {1}
    assert ax.get_title() == r"ReLU: $f(z) = \max(0, z)$"


def test_in_japanese_the_sigmoid_has_its_japanese_name_beside_the_formula(ax, japanese_font, caplog):
    activation("sigmoid", ax=ax, lang="ja")
    assert ax.get_title().startswith("シグモイド: $f(z) = ")
    ax.figure.draw_without_rendering()
    assert not caplog.records  # no letter was missing


def test_smooth_slopes_have_none(ax):
    activation("tanh", ax=ax)
    assert not np.isnan(ax.lines[-1].get_ydata()).any()


def test_parameters_and_own_activations(ax):
    activation(activations.get("leaky_relu", alpha=0.3), ax=ax)
    assert "Leaky ReLU (α = 0.3)" in ax.get_title()
    square = activations.Activation("square", f=lambda z, xp: z * z, slope=lambda z, a, xp: 2 * z)
    activation(square, ax=ax, zlim=(0, 3))
    assert ax.get_title() == "square" and ax.get_xlim() == (0, 3)


def test_what_cannot_be_drawn_is_said(ax):
    with pytest.raises(UnknownName, match="did you mean 'relu'"):
        activation("reul", ax=ax)
    for zlim in ((1, 1), (2, 1), (0, np.inf)):
        with pytest.raises(TasouError, match="zlim must be an interval"):
            activation("relu", ax=ax, zlim=zlim)
