"""The forms of a picture: for light and dark pages, for wide ones and for phones."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("matplotlib")
from matplotlib.figure import Figure

from weaving import Page, html, narrow


def test_on_a_phone_panels_stand_below_each_other_as_high_as_before():
    with narrow.drawing():
        figure = Figure((12, 4))
        left, middle, right = figure.subplots(1, 3, sharey=True, width_ratios=(2, 1, 1))
    left.set_ylabel("loss")
    narrow.finish(figure)
    assert tuple(figure.get_size_inches()) == (narrow.WIDTH, 12)
    assert left.get_position().y0 > middle.get_position().y1 > right.get_position().y1
    assert right.get_ylabel() == "loss"
    assert Figure((12, 4)).subplots(1, 2)[1].get_position().x0 > 0.5  # afterwards as ever


def test_a_grid_of_panels_keeps_the_shape_that_was_asked_for():
    with narrow.drawing():
        assert Figure((9, 7)).subplots(2, 2).shape == (2, 2)
        assert Figure((9, 7)).subplots(2, 1, squeeze=False).shape == (2, 1)
        assert Figure((9, 7)).subplots().axison
        small = Figure((4, 3))
        small.subplots(1, 2)
    assert tuple(small.get_size_inches()) == (4, 3)


def test_a_picture_that_is_moved_sideways_is_drawn_for_every_page_alike(tmp_path):
    code = "from matplotlib.figure import Figure\nfigure = Figure((9, 3))\nfigure.subplots(1, 2)\nfigure"
    page = Page("p", "en", tmp_path)
    assert page.weave(f"```{{picture}}\n:alt: a\n{code}\n```").count(" narrow\n") == 2
    moved = page.weave(f"```{{picture}}\n:alt: a\n:narrow: scroll\n{code}\n```")
    assert re.findall(r":class: (.*)", moved) == ["only-light alone", "only-dark alone"]
    assert "{container} panorama" in moved


class Shown:
    """What has a picture in its HTML, and text around it."""

    def _repr_html_(self):
        from matplotlib import rcParams

        ground = rcParams["figure.facecolor"]
        return f'<p>before</p><img alt="{ground}" src="data:image/png;base64,AA=="><p>after</p>'


def test_a_picture_that_an_object_shows_is_dark_on_dark_pages():
    shown = html.shown_by(Shown())
    assert re.findall(r'<img class="([^"]*)"', shown) == [
        "only-light wide", "only-dark wide", "only-light narrow", "only-dark narrow",
    ]  # fmt: skip
    assert len(set(re.findall(r'alt="([^"]*)"', shown))) == 2
    assert shown.count("before") == shown.count("after") == 1


def test_a_wide_table_of_words_becomes_cards_on_a_phone_and_a_small_one_or_one_of_numbers_stays():
    from weaving.folding import folding

    def table(cell, given=""):
        head, row = "<th>name</th>" * 3, f"<td{given}>{cell}</td>" * 3
        return f'<table class="docutils"><thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody></table>'

    cards = folding(table("a_word_that_is_long"))
    assert 'class="docutils folding"' in cards and cards.count('data-name="name"') == 3
    assert folding(cards) == cards
    for left in (table("word"), table("100,000,000,000", ' class="text-right"')):
        assert folding(left) == left
