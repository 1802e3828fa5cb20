"""Slides: the same in both languages, with notes, nothing from outside, every number measured."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from matplotlib import pyplot

from tasou import lecture
from tasou.errors import TasouError
from tasou.lecture import Measure, Outcome, slides


@pytest.fixture(scope="module")
def decks(result):
    results = {e.number: result(e.number) for e in lecture.all_experiments()}
    dark = {"dark": slides.deck(results, "ja", dark=True)}
    return {lang: slides.deck(results, lang) for lang in ("en", "ja")} | dark


def parts(deck):
    return re.split(r"\n---\n", deck.removeprefix("---\n").split("\n---\n", 1)[1])


def test_both_languages_have_the_same_slides(decks):
    en, ja = (parts(decks[lang]) for lang in ("en", "ja"))
    assert len(en) == len(ja) > 30
    for a, b in zip(en, ja, strict=True):
        assert len(re.findall(r"!\[", a)) == len(re.findall(r"!\[", b))
        assert a.count("$$") == b.count("$$")
        assert re.findall(r"lecture-([\d.a-z]+)\.png", a) == re.findall(r"lecture-([\d.a-z]+)\.png", b)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_slide_has_a_heading_and_notes_and_nothing_from_outside(decks, lang):
    for part in parts(decks[lang]):
        assert re.search(r"^# ", part, re.M), part[:80]
        notes = [n for n in re.findall(r"<!--(.*?)-->", part, re.S) if not n.strip().startswith("_")]
        assert notes, part[:80]
    assert "http" not in decks[lang] and "<script" not in decks[lang] and "@import" not in decks[lang]
    assert "{{" not in decks[lang]
    assert decks[lang].startswith("---\nmarp: true\n")


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_slides_say_how_their_experiments_are_opened_in_the_playground(decks, lang):
    opened = re.findall(r"`tasou play --lecture ([\d.a-z]+)`", decks[lang])
    assert set(opened) == {each.number for each in lecture.all_experiments() if each.play is not None}
    for part in parts(decks[lang]):
        pictures = re.findall(r"lecture-([\d.a-z]+)\.png", part)
        footer = re.search(r'<!-- _footer: "▶ (.*)" -->', part)
        assert not pictures or all(f"`tasou play --lecture {number}`" in footer[1] for number in pictures)


def test_measured_numbers_stand_in_the_slides(decks, result):
    accuracy = result("6").outcome["accuracy"].number
    assert f"ten hidden units get {accuracy} right" in decks["en"]
    assert f"正解率 {accuracy}" in decks["ja"]


def test_titles_stand_at_the_same_height_on_every_slide(decks):
    assert all("section { place-content: start stretch; }" in deck for deck in decks.values())


def test_every_picture_has_letters_of_a_fortieth_of_the_slides_height():
    shown = set(re.findall(r"lecture-([\d.a-z]+)\.png|figure ([\d.a-z]+) ", "".join(slides._texts("ja"))))
    assert {a or b for a, b in shown} <= {n for n, size in slides.letters().items() if size > 12}
    assert slides.letters()["6"] * 420 / 4.6 / 72 == pytest.approx(720 / 40)  # 420 pixels high, of 4.6 inches


@pytest.fixture
def one_experiment(monkeypatch):
    """A chapter of one slide, so that writing it is quick."""
    chosen = lecture.find("2.2")
    monkeypatch.setattr(slides, "all_experiments", lambda: tuple(chosen))
    text = SimpleNamespace(read_text=lambda encoding: "# A\n\n{{figure 2.2 h:300}}\n\n{{table 2.2}}\n")
    monkeypatch.setattr(slides, "files", lambda package: SimpleNamespace(joinpath=lambda name: text))
    monkeypatch.setattr(slides, "SECTIONS", ("1",))
    return chosen[0]


@pytest.mark.filterwarnings("ignore:no Japanese font|日本語フォント")
def test_decks_and_pictures_are_written(one_experiment, tmp_path):
    paths = slides.write(tmp_path)
    assert [path.name for path in paths] == ["slides.en.md", "slides.ja.md"]
    for lang in ("en", "ja"):
        deck = (tmp_path / f"slides.{lang}.md").read_text("utf-8")
        picture = re.search(r"!\[h:300 .+\]\((.+)\)", deck)[1]
        assert (tmp_path / picture).is_file()
        assert "| 31 | = 31 |" in deck


def test_dark_slides_have_dark_pictures(one_experiment, tmp_path):
    (path,) = slides.write(tmp_path, lang="en", dark=True)
    assert "# A" in path.read_text("utf-8")
    picture = pyplot.imread(tmp_path / "figures/en/lecture-2.2.png")
    assert picture[0, 0, :3].max() < 0.1


def test_a_dark_deck_says_so_in_its_head_and_is_the_same_else(decks):
    assert decks["dark"].startswith("---\nmarp: true\nclass: invert\n")
    assert "_class: lead -->" not in decks["dark"]
    assert decks["dark"].replace("class: invert\n", "").replace("lead invert", "lead") == decks["ja"]


def test_a_claim_that_does_not_hold_is_not_presented(one_experiment, tmp_path, monkeypatch):
    broken = Outcome([Measure("x", {}, 0.0, ">", 1)])
    monkeypatch.setattr(slides, "run", lambda e, seed: lecture.Result(e, seed, broken, 0.0))
    with pytest.raises(TasouError, match=r"the claim of 2\.2 does not hold"):
        slides.write(tmp_path)
    assert not list(tmp_path.iterdir())
