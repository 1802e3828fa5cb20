"""A curve a rate; which ends lowest, and which diverged, is told."""

from __future__ import annotations

import numpy as np
import pytest

from tasou.errors import TasouError
from tasou.plots import learning_rate_comparison
from tasou.training import History

RUNS = {10: [1.0, 7.0, np.inf], 0.1: History(loss=[1.0, 0.9, 0.8]), 1.0: [1.0, 0.4, 0.1], 3: [1.0, 2.0, 1.5]}


def test_rates_from_small_to_large(ax):
    learning_rate_comparison(RUNS, ax=ax, lang="en")
    labels = [line.get_label() for line in ax.lines]
    assert labels == ["α = 0.1", "α = 1", "α = 3 (diverged)", "α = 10 (diverged)"]
    assert ax.lines[0].get_ydata().tolist() == [1.0, 0.9, 0.8]
    assert ax.get_title() == "Of 4 learning rates 1 ends lowest: loss 0.1"
    assert ax.get_yscale() == "log"


def test_the_best_is_thick_and_the_diverged_dotted_with_a_cross(ax):
    learning_rate_comparison(RUNS, ax=ax)
    small, best, risen, lost = ax.lines
    assert best.get_linewidth() > small.get_linewidth()
    assert [line.get_linestyle() for line in ax.lines] == ["-", "-", ":", ":"]
    assert {risen.get_marker(), lost.get_marker()} == {"x"} and small.get_marker() != best.get_marker()
    assert lost.get_markevery() == [1]  # the last finite loss


def test_an_exploding_loss_does_not_flatten_the_others(ax):
    learning_rate_comparison({1: [1.0, 0.5], 9: [1.0, 1e9]}, ax=ax, log=False)
    assert ax.get_ylim()[1] == 2.0 and ax.get_yscale() == "linear"


def test_all_diverge(ax, trained):
    learning_rate_comparison({5: [1, 2], 6: [np.nan, np.nan]}, ax=ax, lang="en", loss_name="mine")
    assert ax.get_title() == "All 2 learning rates diverge" and ax.get_ylabel() == "mine"
    ax.clear()
    assert "Of 1 learning" in learning_rate_comparison({1: trained[5]}, ax=ax, lang="en").get_title()


@pytest.mark.parametrize(
    "runs, words",
    [
        ({}, "mapping is empty"),
        ({"quick": [1.0]}, "from learning rates"),
        ([1, 2], "must be a mapping"),
        ({1: []}, "non-empty"),
    ],
)
def test_what_cannot_be_drawn_is_said(ax, runs, words):
    with pytest.raises(TasouError, match=words):
        learning_rate_comparison(runs, ax=ax)
