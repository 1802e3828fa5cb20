"""What nobody may find in the way: dialogs and panels are looked over by axe in every form the page has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import complaints, picture

Play = Callable[..., Any]
CSV = "age,town,passed\n" + "".join(f"{20 + i % 40},{'abc'[i % 3]},{'yn'[i % 40 > 18]}\n" for i in range(120))


def help_(page: Any, tmp_path: Path) -> None:
    page.click("#help")
    page.wait_for_selector("#keys[open]")


def share(page: Any, tmp_path: Path) -> None:
    page.click("#share")
    page.wait_for_selector("#share-dialog[open]")


def lessons(page: Any, tmp_path: Path) -> None:
    page.click("#lecture")
    page.wait_for_selector("#lessons[open] button")


def table(page: Any, tmp_path: Path) -> None:
    path = tmp_path / "passed.csv"
    path.write_text(CSV, "utf-8")
    page.set_input_files("#table-file", path)
    page.wait_for_selector("#table-dialog[open]")
    page.select_option("#table-target", "passed")
    page.wait_for_selector("#table-learn:not([disabled])")


def points(page: Any, tmp_path: Path) -> None:
    page.click("[data-data=points]")
    page.wait_for_selector(".classpick")
    page.click(".classpick ~ details summary")


def settings(page: Any, tmp_path: Path) -> None:
    page.click("#more-settings summary")


def numbers(page: Any, tmp_path: Path) -> None:
    page.click("[data-phase=backward]")
    page.wait_for_selector("#all-symbols")
    page.click("#all-symbols")
    page.click("#boundary-table summary")
    page.click("#curve-table summary")


def check(page: Any, tmp_path: Path) -> None:
    page.click("[data-phase=check]")
    page.wait_for_selector(".verdict.good")


def presenting(page: Any, tmp_path: Path) -> None:
    page.keyboard.press("p")
    page.wait_for_selector("html.presenting")


SEEN = (help_, share, lessons, table, points, settings, numbers, check, presenting)
LESSONS = ("4.2a", "7a", "7c")


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_dialogs_and_panels(play: Play, lang: str, theme: str, tmp_path: Path) -> None:
    page = play("--lang", lang)
    if theme == "dark":
        page.keyboard.press("d")
    found = {}
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for show in SEEN:
            show(page, tmp_path)
            page.wait_for_timeout(150)
            if said := complaints(page):
                found[show.__name__, width] = said
            picture(page, f"{show.__name__}-{lang}-{theme}-{width}")
            if page.locator("dialog[open]").count():
                page.keyboard.press("Escape")
            if show is presenting:
                page.keyboard.press("p")
        page.click("[data-data=spiral]")
        page.wait_for_selector("[data-data=spiral][aria-pressed=true]")
    assert found == {}


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_where_an_experiment_is_open(play: Play, lang: str, theme: str) -> None:
    page = play("--lang", lang, "--lecture", LESSONS[0])
    if theme == "dark":
        page.keyboard.press("d")
    for number in LESSONS:
        page.click("#lecture")
        page.click(f"[data-lesson='{number}']")
        page.wait_for_selector(f"#lesson[data-number='{number}'] #lesson-number:has-text(' ')")
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 844})
            page.wait_for_timeout(300)
            assert complaints(page) == [], (number, width)
            picture(page, f"lesson-{number}-{lang}-{theme}-{width}")


def test_each_symbol_of_a_formula_changes_for_its_number_and_back(play: Play) -> None:
    page = play()
    page.wait_for_selector("[data-symbol='W[1]']")
    symbols = "[...document.querySelectorAll('#inside-body .symbol')].map(e => e.textContent)"
    before = page.evaluate(symbols)
    assert before[:3] == ["W[1]", "x", "b[1]"]
    page.locator("#inside-body .symbol >> nth=1").dispatch_event("click")
    page.wait_for_selector("[data-symbol=x][aria-pressed=true]")
    x = page.evaluate(
        "[...document.querySelectorAll('#inside-body tr[data-q=\"0\"] td.value')].map(e => e.textContent)"
    )
    after = page.evaluate(symbols)
    assert after[0] == "W[1]" and all(value in after[1] for value in x)
    page.click("[data-symbol=x]")
    page.wait_for_selector("[data-symbol=x][aria-pressed=false]")
    assert page.evaluate(symbols) == before
    page.click("#all-symbols")
    assert "W[1]" not in page.evaluate(symbols)
