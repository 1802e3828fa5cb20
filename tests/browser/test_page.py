"""What somebody does on the page, and what is seen then."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
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


def set_rate(page: Any, alpha: str) -> None:
    page.fill("#lr", alpha)
    page.keyboard.press("Enter")
    wait_for(page, f"document.querySelector('#lr').value === '{alpha}'")


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
    for update in range(6):
        page.click("#step")
        at_update(page, update + 1)
    seen = readout(page), pixels(page)
    page.focus("#scrub")
    for update in (5, 4, 3, 2):
        page.keyboard.press("ArrowLeft")
        at_update(page, update)
    assert readout(page) != seen[0]
    for update in (3, 4, 5, 6):
        page.keyboard.press("ArrowRight")
        at_update(page, update)
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
    assert "activation: tanh → ReLU" in page.inner_text("#differences")
    page.click("#run-table summary")
    page.wait_for_selector("#run-table:has-text('activation = tanh')")
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


def test_playing_ends_at_the_epoch_that_was_set(play: Play) -> None:
    page = play()
    page.click("#more-settings summary")
    page.fill("#stop-at", "30")
    page.keyboard.press("Enter")
    page.select_option("#speed", "max")
    page.click("#play")
    at_update(page, 30)
    page.wait_for_selector("#play-word[data-w=play]")
    assert epoch(page) == 30


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


def test_a_server_that_was_killed_and_started_again_is_found_and_its_new_address_asked_for(
    play: Play,
) -> None:
    page = play("--port", "8791")
    page.server.process.kill()
    page.server.process.communicate()
    page.wait_for_selector("#notice:has-text('reconnect')")
    again = play("--port", "8791")
    page.wait_for_selector("#notice:has-text('Open that address again')")
    page.goto(again.server.address)
    page.wait_for_selector("html[data-ready]", state="attached")
    again.wait_for_selector("#notice:has-text('another tab')")
    play.said.clear()  # type: ignore[attr-defined]  # a refused connection is an error in the console


def test_an_address_without_the_key_is_told_what_to_do(play: Play) -> None:
    page = play()
    page.evaluate("sessionStorage.clear()")
    page.goto("about:blank")
    page.goto(page.server.address.split("#")[0] + "#wrong")
    page.wait_for_selector("#notice:has-text('Open that address again')")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_diverging_run_is_told_in_words(play: Play, theme: str) -> None:
    page = play()
    if theme == "dark":
        page.keyboard.press("d")
    page.click("[data-data=hills]")
    page.wait_for_selector("[data-data=hills][aria-pressed=true]")
    page.select_option("#optimizer", "sgd")
    set_rate(page, "80")
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


HOSTILE = "<img src=x onerror=window.hurt=1>"


def test_a_table_in_cp932_with_hostile_names_is_learnt_and_shown_as_text(play: Play, tmp_path: Path) -> None:
    path = tmp_path / "名簿.csv"
    lines = [
        f"{20 + i % 40},{'男女'[i % 2]},<script>window.hurt=1</script>{i % 3},{'合' if i % 40 > 18 else '否'}"
        for i in range(120)
    ]
    path.write_text("\n".join([f"年齢,性別,{HOSTILE},合否", *lines]), "cp932")
    page = play()
    page.set_input_files("#table-file", path)
    page.wait_for_selector("#table-dialog[open]")
    page.select_option("#table-target", "合否")
    page.wait_for_selector("#table-learn:not([disabled])")
    assert HOSTILE in page.inner_text("#table-dialog")
    page.locator("#table-dialog tr:has-text('性別') select").select_option("drop")
    page.wait_for_timeout(200)
    picture(page, "table-dialog")
    page.click("#table-learn")
    page.wait_for_selector("#plane-kind")
    page.click("#step")
    at_update(page, 1)
    assert HOSTILE in page.inner_text("#plane-choice select >> nth=1")
    assert page.evaluate("window.hurt") is None
    assert page.evaluate("document.querySelectorAll('main img, main script').length") == 0
    picture(page, "table")


def test_a_table_that_cannot_be_read_is_told_and_nothing_is_lost(play: Play, tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"PK\x03\x04 no workbook")
    page = play()
    page.keyboard.press("Alt+s")
    at_update(page, 1)
    page.set_input_files("#table-file", path)
    page.wait_for_selector("#notice:has-text('broken.xlsx')")
    page.keyboard.press("Alt+s")
    at_update(page, 2)
    play.said.clear()  # type: ignore[attr-defined]  # an answer 422 is an error in the console


def test_the_calculation_shows_the_numbers_of_the_ledger_and_lights_their_parents(play: Play) -> None:
    page = play()
    trace = the_trace_of_the_first_step()
    cells = "[...document.querySelectorAll('#inside-body tr[data-q] td.value')]"
    rows = f"{cells}.map(e => e.textContent.replaceAll('−', '-'))"
    wait_for(page, f"{rows}.length > 20")
    forward = [row.value for q in trace.table(0, lr=1.0).quantities if q.phase == "forward" for row in q.rows]
    assert page.evaluate(rows) == forward
    page.keyboard.press(".")
    page.keyboard.press(".")
    page.keyboard.press(".")
    assert page.locator("#net-body .unit.lit").count() == 3
    assert page.locator("#inside-body tr.parent").count() == 2
    page.click("[data-phase=check]")
    page.wait_for_selector(".verdict.good")
    page.check("#check-forget")
    page.wait_for_selector(".verdict.bad")


def the_trace_of_the_first_step() -> Any:
    from tasou import datasets
    from tasou.network import Network

    network = Network((2, 10, 3), rng=0)
    X, y = datasets.make("spiral", 300)
    trace = network.forward(X)
    Y = network.as_target(y)
    network.measure(trace, Y)
    network.backward(trace, Y)
    return trace


def test_a_remedy_is_tried_beside_the_run_that_was_not_well(play: Play) -> None:
    page = play()
    set_rate(page, "60")
    page.select_option("#unit", "epoch")
    for _ in range(12):
        page.click("#step")
    at_update(page, 12)
    page.click(".remedies button >> nth=0")
    page.wait_for_selector("#planes.two")
    at_update(page, 12)


def test_a_digit_that_is_drawn_goes_through_the_net(play: Play) -> None:
    page = play()
    page.click("[data-data=digits]")
    page.wait_for_selector("#sketch-field")
    page.select_option("#unit", "epoch")
    for _ in range(3):
        page.click("#step")
    wait_for(page, "document.documentElement.dataset.epoch === '3'")
    page.click("#sketch button >> nth=1")
    page.wait_for_selector("#sketch-answer .best")
    picture(page, "digits")


def test_the_lecture_s_experiment_opens_at_the_command_s_word_and_its_number_appears(play: Play) -> None:
    page = play("--lecture", "6")
    page.click("#lesson-run")
    page.wait_for_selector("#lesson-number.good:has-text('✓')")
    assert "99.3%" in page.inner_text("#lesson-number")
    page.keyboard.press("PageDown")
    page.wait_for_selector("#h-lesson:has-text('7')")


def test_every_experiment_is_in_the_list_and_shows_the_number_that_must_appear(play: Play) -> None:
    page = play()
    page.click("#lecture")
    page.wait_for_selector(".lessons button")
    numbers = page.evaluate("[...document.querySelectorAll('.lessons button')].map(e => e.dataset.lesson)")
    assert len(numbers) >= 32
    page.keyboard.press("Escape")
    for number in numbers:
        page.click("#lecture")
        page.click(f"[data-lesson='{number}']")
        wait_for(page, f"document.querySelector('#h-lesson')?.textContent.startsWith('{number} ')")
        page.wait_for_selector("#lesson-number:has-text('must be')")
        if page.locator("#lesson-run").count():
            page.click("#lesson-run")
        page.wait_for_selector("#lesson-number.good:has-text('✓')", timeout=90_000)
        picture(page, f"lesson-{number}")


def test_the_presenter_chooses_panels_and_darkens_the_screen(play: Play) -> None:
    page = play("--lecture", "4.2a")
    page.keyboard.press("p")
    page.wait_for_selector("html.presenting")
    assert not page.is_visible("#settings") and page.is_visible("#net")
    picture(page, "presenting")
    page.keyboard.press("b")
    assert page.is_visible("#black")
    page.keyboard.press("b")
    page.keyboard.press("p")
    assert page.is_visible("#settings")


def test_a_run_is_saved_and_opened_again(play: Play, tmp_path: Path) -> None:
    page = play()
    page.select_option("#unit", "epoch")
    for _ in range(3):
        page.click("#step")
    at_update(page, 3)
    seen = readout(page)
    page.click("#share")
    with page.expect_download() as download:
        page.click("[data-form=run]")
    download.value.save_as(tmp_path / "a.tasou-run")
    other = play("--open", str(tmp_path / "a.tasou-run"))
    at_update(other, 3)
    assert readout(other) == seen
    other.keyboard.press("r")
    at_update(other, 0)


def test_a_recorded_page_shows_the_engine_s_numbers_and_a_live_one_trains_to_them(
    browser: Any, tmp_path: Path
) -> None:
    from tasou.cli import main
    from tasou.play import Session

    session = Session()
    session.run.forward(60, "epoch")
    loss = session.run.network.mean_loss(session.run.data.X, session.run.data.Y)
    for name, extra in (("record", []), ("live", ["--live"])):
        path = tmp_path / f"{name}.html"
        assert main(["record", "--epochs", "60", "-o", str(path), "--lang", "en", *extra]) == 0
        page = browser.new_page()
        said: list[str] = []
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(path.as_uri())
        page.wait_for_selector("#readout")
        if name == "live":
            page.click("#train")
            wait = "Number(document.documentElement.dataset.frames) > 60"
            while not page.evaluate(wait):
                page.wait_for_timeout(50)
            page.click("#train")
        page.fill("input[type=range]", "60")
        page.wait_for_timeout(100)
        assert page.evaluate("document.documentElement.dataset.epoch") == "60"
        assert float(page.evaluate("document.documentElement.dataset.loss")) == pytest.approx(loss, rel=1e-12)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert complaints(page) == [] and said == []
        picture(page, name)
        page.close()


@pytest.mark.parametrize("form", ["forced-colors", "reduced-motion"])
def test_forced_colours_and_reduced_motion_are_heeded(play: Play, form: str) -> None:
    page = play()
    page.emulate_media(
        **({"forced_colors": "active"} if form == "forced-colors" else {"reduced_motion": "reduce"})
    )
    page.keyboard.press("Alt+s")
    at_update(page, 1)
    picture(page, form)
