"""What somebody changes by hand: a weight, a formula, the settings of an experiment that is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.conftest import complaints, picture
from tests.browser.test_page import at_update, pixels, readout, set_rate, wait_for

Play = Callable[..., Any]


def test_a_weight_is_typed_and_a_branch_goes_on_with_it(play: Play) -> None:
    page = play()
    page.keyboard.press("Alt+s")
    at_update(page, 1)
    seen = readout(page)
    page.click("#net-body .unit[data-unit='1.2']")
    wait_for(page, "document.querySelector('#weight-4')?.value")
    before = page.input_value("#weight-4")
    page.fill("#weight-4", "-3.25")
    page.keyboard.press("Enter")
    page.wait_for_selector("#runs button[aria-pressed=true]:has-text('B')")
    wait_for(page, "document.querySelector('#weight-4')?.value === '-3.25'")
    wait_for(page, f"document.querySelector('#readout').innerText !== {seen!r}")
    page.click("#step")
    at_update(page, 2)
    page.click("#runs button:has-text('A')")
    wait_for(page, f"document.querySelector('#readout').innerText === {seen!r}")
    wait_for(page, f"document.querySelector('#weight-4')?.value === {before!r}")
    page.click("#run-table summary")
    wait_for(page, "document.querySelector('#run-table').textContent.includes('W[1] (3, 1) = -3.25')")
    assert complaints(page) == []
    picture(page, "weight-by-hand")


def test_a_click_on_a_line_leads_to_its_weight(play: Play) -> None:
    page = play()
    box = page.locator("#net-body").bounding_box()
    middle = page.evaluate(
        "(({x1, y1, x2, y2}) => [(x1.baseVal.value + x2.baseVal.value) / 2, (y1.baseVal.value + y2.baseVal.value) / 2])"
        "(document.querySelector('#net-body line'))"
    )
    page.mouse.click(box["x"] + middle[0], box["y"] + middle[1])
    wait_for(page, "document.activeElement.id === 'weight-0'")
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    wait_for(page, "document.querySelector('#weight-0').value === '0.5'")
    assert page.inner_text("#runs") == ""


def test_a_formula_of_one_s_own_is_learnt_and_what_is_none_is_told(play: Play) -> None:
    page = play()
    page.click("[data-data=formula]")
    page.wait_for_selector("#expression")
    page.fill("#expression", "x2 > sin(2 x1)")
    page.keyboard.press("Enter")
    page.wait_for_selector("#boundary canvas[aria-label*='sin']")
    page.fill("#expression", "<img src=x onerror=alert(1)>")
    page.keyboard.press("Enter")
    page.wait_for_selector("#notice:has-text('cannot be read')")
    page.fill("#expression", "sin(x1) x2")
    page.keyboard.press("Enter")
    page.wait_for_selector("#r-score-word:has-text('R²')")


def test_regions_are_hatched_for_whom_colours_are_not_enough(play: Play) -> None:
    page = play()
    plain = pixels(page)
    page.check("#hatch")
    wait_for(page, f"document.querySelector('.plane .paint').toDataURL() !== {plain!r}")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.is_checked("#hatch")


def test_an_experiment_stays_open_with_other_settings_and_begins_anew_where_it_is_done(play: Play) -> None:
    page = play("--lecture", "5.4a")
    page.click("#lesson-run")
    page.wait_for_selector("#lesson-number.good:has-text('✓')")
    set_rate(page, "60")
    page.wait_for_selector("#runs button[aria-pressed=true]:has-text('B')")
    at_update(page, 0)
    page.wait_for_selector("#lesson-number:has-text('with your settings')")
    page.click("#lesson-run")
    wait_for(page, "Number(document.documentElement.dataset.epoch) > 20")
    page.select_option("#loss", "squared_error")
    page.wait_for_selector("#lesson-number:has-text('with your settings')")
    page.keyboard.press("Shift+R")
    page.wait_for_selector("#runs:empty", state="attached")
    assert page.is_visible("#lesson") and page.is_hidden("#notice")
    page.click("#lesson button:has-text('Close')")
    page.wait_for_selector("#lesson", state="hidden")


def test_the_perceptron_stays_one_on_the_data_that_it_cannot_learn(play: Play) -> None:
    page = play("--lecture", "2.1")
    page.click("[data-data=xor]")
    page.wait_for_selector("[data-data=xor][aria-pressed=true]")
    assert page.input_value("#loss") == "perceptron" and page.input_value("#batch_size") == "1"
    page.click("[data-data=curve]")
    page.wait_for_selector("#loss:has(option:checked[value=squared_error])")


def test_an_experiment_shows_its_own_space_part_and_units_and_nothing_of_the_one_before(play: Play) -> None:
    page = play("--lecture", "5.2b")
    page.wait_for_selector("[data-phase=check][aria-pressed=true]")
    for number, layer in (("1.3", "1"), ("4.2b", "0")):
        page.click("#lecture")
        page.click(f"[data-lesson='{number}']")
        page.wait_for_selector(f"#lesson[data-number='{number}']")
        page.wait_for_selector("[data-phase=forward][aria-pressed=true]")
        assert page.input_value("#space") == layer
    page.wait_for_selector(".unit[data-unit='8.19']")
    black = "[...document.querySelectorAll('.unit[data-unit^=\"8.\"] canvas')].map(c => c.getContext('2d')"
    wait_for(page, f"{black}.getImageData(8, 8, 1, 1).data).every(([r, g, b]) => r + g + b > 0)")
