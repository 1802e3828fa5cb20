"""What holds of every plot: ``ax`` in and out, both languages, light and dark, no trace left behind."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from inspect import signature
from pathlib import Path

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tasou import TableRegressor, plots
from tasou.plots import theme
from tasou.plots._folder import stub
from tasou.tabular.calibration import Calibration


@cache
def table_model():
    """A fitted table estimator."""
    x = np.linspace(-1, 1, 80)
    return TableRegressor("fast", random_state=0).fit({"x": x, "town": ["Nara", "Uji"] * 40}, x)


OPTIONS = {
    "importances": lambda s: {"source": table_model().importances_},
    "calibration": lambda s: {"source": Calibration.of(np.linspace(0.01, 0.99, 60), np.arange(60) % 3 > 0)},
    "partial_dependence": lambda s: {"source": table_model().partial_dependence("town")},
    "loss_curve": lambda s: {"source": s[3]},
    "network": lambda s: {"data": s[1]},
    "unit_maps": lambda s: {"y": s[2], "units": [0, 1]},
    "weight_histogram": lambda s: {"before": s[0]},
    "loss_landscape": lambda s: {"resolution": 9},
}
"""what some of them are handed besides, or instead"""
OF_SEVERAL = {"overview", "animate_training"}
"""draw on figures of their own, and have tests of their own"""


def subjects(s):
    """What a plot is about, by the name of its parameter."""
    network, X, y, history, recorder, training = s
    runs = {1: history, 9: [1, 2]}
    of_training = {"history": history, "recorder": recorder, "training": training, "runs": runs}
    return {"source": network, "classifier": network, "X": X, "y": y, "activation": "relu", **of_training}


def drawing(name):
    """A function that draws the plot of what was trained, on the smallest grid."""
    plot = getattr(plots, name)
    parameters = signature(plot).parameters

    def draw(s, **how):
        known = subjects(s)
        wanted = [p.name for p in parameters.values() if p.default is p.empty]
        lacking = [p for p in wanted if p not in known]
        assert not lacking, f"{name} wants {lacking}: call it one of {sorted(known)}, or give it a default"
        given = {p: known[p] for p in wanted} | ({"resolution": 20} if "resolution" in parameters else {})
        return plot(**{**given, **OPTIONS.get(name, lambda s: {})(s), **how})

    return draw


NAMES = [name for name in plots.__all__ if "lang" in signature(getattr(plots, name)).parameters]
PLOTS = {name: drawing(name) for name in NAMES if name not in OF_SEVERAL}


def test_the_stub_of_the_folder_is_up_to_date():
    written = Path(plots.__file__).with_suffix(".pyi").read_text("utf-8")
    assert "".join(written.split()) == "".join(stub().split()), "scripts/stub writes it anew"


def test_a_name_is_the_plot_and_not_its_file():
    for name in plots.__all__:
        assert callable(getattr(plots, name)), name


every_plot = pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)


@every_plot
def test_draws_on_the_axes_handed_in_and_returns_them(draw, trained, ax):
    settings = dict(matplotlib.rcParams)
    assert draw(trained, ax=ax, lang="en") is ax
    assert ax.get_title()
    assert pyplot.get_fignums() == []
    assert dict(matplotlib.rcParams) == settings


@every_plot
def test_makes_a_pyplot_figure_where_no_axes_are_given(draw, trained):
    with pyplot.rc_context({"backend": "agg"}):
        ax = draw(trained, lang="en")
    try:
        assert pyplot.get_fignums() == [ax.figure.number]
    finally:
        pyplot.close(ax.figure)


@every_plot
@pytest.mark.parametrize("lang, style", [("en", "default"), ("ja", "dark_background")])
def test_the_languages_differ_and_no_glyph_is_missing(draw, trained, style, lang, caplog, request):
    if lang == "ja":
        request.getfixturevalue("japanese_font")
    with matplotlib.style.context(style):
        figure = Figure(figsize=(3, 2.5), dpi=50)
        FigureCanvasAgg(figure)
        ax = draw(trained, ax=figure.subplots(), lang=lang)
        figure.draw_without_rendering()  # a missing glyph is a warning, and warnings are errors
    assert not caplog.records  # Matplotlib's formulas only log theirs
    assert any(ord(letter) > 0x3000 for letter in plots.save.__globals__["describe"](figure)) == (
        lang == "ja"
    )
    assert ax.get_title()


@every_plot
def test_without_a_japanese_font_labels_are_english_and_one_warning_says_so(
    draw, trained, no_japanese_font, ax
):
    with pytest.warns(UserWarning, match="no Japanese font was found.*fonts-noto-cjk") as caught:
        draw(trained, ax=ax, lang="ja")
        plots.loss_curve([1.0], ax=Figure().subplots(), lang="ja")
    assert len(caught) == 1
    english = Figure().subplots()
    assert draw(trained, ax=english, lang="en").get_title() == ax.get_title()


def test_matplotlib_is_imported_with_the_first_picture():
    code = "import sys, tasou.plots; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_no_two_classes_look_alike():
    looks = [(theme.colour(k), theme.marker(k)) for k in range(100)]
    assert len(set(looks)) == 100
    assert looks[:3] == [("#3f90da", "o"), ("#ffa90e", "^"), ("#bd1f01", "s")]


def test_a_japanese_font_only_stands_behind_the_one_in_use():
    before = list(matplotlib.rcParams["font.family"])
    with theme.lettering("en"):
        assert matplotlib.rcParams["font.family"][: len(before)] == before
    assert matplotlib.rcParams["font.family"] == before


def test_a_long_title_is_set_smaller_in_small_axes():
    small, large = (Figure(figsize=(width, 3)).subplots() for width in (2.5, 9))
    for ax in (small, large):
        theme.label(ax, title="Decision boundary: 295 of 300 right (98.3%)")
    assert (
        small.title.get_fontsize()
        < large.title.get_fontsize()
        == matplotlib.font_manager.FontProperties(
            size=matplotlib.rcParams["axes.titlesize"]
        ).get_size_in_points()
    )


def test_ink_stands_out_from_the_ground(ax):
    assert max(theme.ink(ax)) < 0.2
    ax.set_facecolor("black")
    assert min(theme.ink(ax)) > 0.8
    ax.set_facecolor("none")
    assert theme.ground(ax) == (1.0, 1.0, 1.0)


def test_dollar_signs_of_users_begin_no_formula(ax):
    ax.set_title(theme.plain("$ and $"))
    ax.figure.canvas.draw()
    assert not matplotlib.cbook.is_math_text(ax.get_title())
