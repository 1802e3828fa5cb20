"""What somebody does on the page, and what is seen then."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.browser.conftest import complaints, picture

Play = Callable[..., Any]


def epoch(page: Any) -> int:
    return int(page.evaluate("document.documentElement.dataset.epoch"))


def wait_for(page: Any, condition: str, timeout: float = 20_000) -> None:
    """Ask again and again: the page's policy lets nobody plant a function in it."""
    end = time.monotonic() + timeout / 1000
    while not page.evaluate(condition):
        assert time.monotonic() < end, f"not within {timeout / 1000:g} s: {condition}; {readout(page)!r}"
        page.wait_for_timeout(30)


def at_update(page: Any, update: int) -> None:
    wait_for(page, f"document.documentElement.dataset.update === '{update}'")


def readout(page: Any) -> str:
    return str(page.inner_text("#readout"))


def pixels(page: Any) -> str:
    """The picture of the plane, as it is painted."""
    return str(page.evaluate("document.querySelector('.plane .paint').toDataURL()"))


def test_the_spiral_is_learnt_to_more_than_95_percent(play: Play) -> None:
    page = play()
    page.select_option("#speed", "max")
    page.keyboard.press("Space")
    wait_for(page, "Number(document.documentElement.dataset.epoch) > 500")
    page.keyboard.press("Space")
    page.wait_for_selector("#play-word[data-w=play]")
    assert float(page.inner_text("#r-score").rstrip("%")) > 95


def test_scrubbing_back_and_forth_shows_the_same_picture_and_numbers(play: Play) -> None:
    page = play()
    for _ in range(6):
        page.click("#step")
    at_update(page, 6)
    seen = readout(page), pixels(page)
    page.focus("#scrub")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    at_update(page, 2)
    assert readout(page) != seen[0]
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    at_update(page, 6)
    assert (readout(page), pixels(page)) == seen


def test_rewinding_keeps_the_weights_and_new_weights_are_new(play: Play) -> None:
    page = play()
    begin = readout(page)
    page.keyboard.press("Alt+s")
    at_update(page, 1)
    page.keyboard.press("r")
    at_update(page, 0)
    assert readout(page) == begin
    page.keyboard.press("Shift+R")
    wait_for(
        page,
        f"document.querySelector('#r-loss').innerText !== {begin.split()[begin.split().index('loss') + 1]!r}",
    )


def test_a_setting_changed_on_the_way_branches_and_two_runs_are_compared(play: Play) -> None:
    page = play()
    page.select_option("#unit", "epoch")
    for _ in range(3):
        page.click("#step")
    at_update(page, 3)
    page.select_option("#activation", "tanh")
    page.wait_for_selector("#runs button[aria-pressed=true]:has-text('B')")
    page.keyboard.press("c")
    page.wait_for_selector("#planes.two")
    assert page.locator(".plane").count() == 2
    assert "activation: tanh → relu" in page.inner_text("#differences")
    page.click("#step")
    at_update(page, 4)


def test_the_page_can_be_used_by_keys_alone(play: Play) -> None:
    page = play()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("s")
    at_update(page, 1)
    page.focus("#net-body .unit[tabindex='0']")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.unit") == "1.1"
    assert "Hidden layer 1, unit 2" in page.inner_text("#net-about")
    page.keyboard.press("?")
    assert page.locator("#keys[open]").count() == 1
    page.keyboard.press("Escape")
    page.focus("#lr")
    page.keyboard.type("s")
    assert epoch(page) == 1


def test_japanese_and_back_while_it_runs(play: Play) -> None:
    page = play("--lang", "ja")
    assert page.evaluate("document.documentElement.lang") == "ja"
    assert page.inner_text("#play-word") == "再生"
    text = page.inner_text("main")
    assert re.findall(r"\b(Data and settings|Learning|points|hidden layer)\b", text) == []
    page.click("#language")
    assert page.inner_text("#play-word") == "Play"
    assert re.findall(r"[ぁ-んァ-ヶ一-龠]", page.inner_text("main")) == []


def test_a_click_adds_a_point_of_the_chosen_class(play: Play) -> None:
    page = play()
    page.click("[data-data=points]")
    page.wait_for_selector(".classpick")
    count = page.inner_text(".classpick ~ details summary")
    page.keyboard.press("2")
    page.locator(".plane .marks").click(position={"x": 60, "y": 50})
    wait_for(page, f"document.querySelector('.classpick ~ details summary').innerText !== {count!r}")


def test_a_phone_shows_everything_without_scrolling_sideways(play: Play) -> None:
    page = play(width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate(
        "[...document.querySelectorAll('.controls button, .controls select, .tools button')]"
        ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.id)"
    )
    assert small == []


def test_a_server_that_was_away_is_found_again(play: Play) -> None:
    page = play("--port", "8791")
    page.server.stop()
    page.wait_for_selector("#notice:has-text('reconnect')")
    play.said.clear()  # type: ignore[attr-defined]  # a refused connection is an error in the console


def test_an_address_without_the_key_is_told_what_to_do(play: Play) -> None:
    page = play()
    page.evaluate("sessionStorage.clear()")
    page.goto(page.server.address.split("#")[0] + "#wrong")
    page.reload()
    page.wait_for_selector("#notice:has-text('Open that address again')")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_diverging_run_is_told_in_words(play: Play, theme: str) -> None:
    page = play()
    if theme == "dark":
        page.keyboard.press("d")
    page.click("[data-data=hills]")
    page.wait_for_selector("[data-data=hills][aria-pressed=true]")
    page.select_option("#optimizer", "sgd")
    page.fill("#lr", "80")
    page.keyboard.press("Enter")
    wait_for(page, "document.querySelector('#lr').value === '80'")
    page.select_option("#speed", "max")
    page.click("#play")
    page.wait_for_selector("#notice:has-text('diverged')")


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(play: Play, lang: str, theme: str) -> None:
    page = play("--lang", lang)
    if theme == "dark":
        page.keyboard.press("d")
    page.keyboard.press("Alt+s")
    at_update(page, 1)
    page.click("#more-settings summary")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_timeout(150)
        assert complaints(page) == []
        picture(page, f"page-{lang}-{theme}-{width}")
