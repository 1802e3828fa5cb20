"""What goes out of a playground and is opened elsewhere: links, and pages that need no server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import complaints, picture
from tests.browser.test_page import at_update, readout, set_rate, wait_for

from tasou.cli import main
from tasou.play import Session
from tasou.play.recording import record

Play = Callable[..., Any]


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Open a page as a file, with a fragment if one is wanted; no mistake on it."""
    pages: list[Any] = []
    said: list[str] = []

    def show(text: str, fragment: str = "") -> Any:
        path = tmp_path / f"page{len(pages)}.html"
        path.write_text(text, "utf-8")
        page = browser.new_page()
        pages.append(page)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path.as_uri() + (f"#{fragment}" if fragment else ""))
        page.wait_for_selector("#readout")
        return page

    yield show
    for page in pages:
        page.close()
    assert said == []


def trained(page: Any) -> tuple[int, float]:
    found = page.evaluate("[document.documentElement.dataset.epoch, document.documentElement.dataset.loss]")
    return int(found[0]), float(found[1])


def test_a_link_opens_the_same_numbers_in_another_playground(play: Play) -> None:
    page = play()
    set_rate(page, "0.4")
    page.select_option("#unit", "epoch")
    for _ in range(3):
        page.click("#step")
    at_update(page, 3)
    seen = readout(page)
    page.click("#share")
    wait_for(page, "document.querySelector('#share-link').value.includes('#play=')")
    link = page.input_value("#share-link")
    other = play("--open", link)
    at_update(other, 3)
    wait_for(other, f"document.querySelector('#readout').innerText === {seen!r}")
    third = play()
    third.keyboard.press("Alt+s")
    at_update(third, 1)
    third.goto(third.url.split("#")[0] + "#" + link.partition("#")[2])  # as pasted into the address bar
    third.click("#link-yes")
    at_update(third, 3)
    assert "#" not in third.url
    third.click("#share")
    third.fill("#open-link", "http://127.0.0.1/#play=" + "x" * 400)
    third.keyboard.press("Enter")
    third.wait_for_selector("#notice:has-text('no settings of a playground')")
    at_update(third, 3)


def test_a_link_brings_a_recorded_page_to_its_epoch_and_a_live_one_to_its_numbers(
    opened: Callable[..., Any],
) -> None:
    session = Session()
    live = record(session.run, live=True)
    session.run.forward(25, "epoch")
    loss = session.run.network.mean_loss(session.run.data.X, session.run.data.Y)
    text = record(session.run)
    page = opened(text, session.link()["fragment"])
    assert trained(page) == (25, pytest.approx(loss, rel=1e-12))
    other = Session({"recipe": {"lr": 0.3, "seed": 4, "batch_size": 50}})
    other.run.forward(12, "epoch")
    link = other.link()["fragment"]
    assert "other settings" in opened(text, link).inner_text("#said")
    assert "cannot be read" in opened(text, "play=%%%").inner_text("#said")
    page = opened(live, link)
    wait_for_epoch(page, 12)
    there = other.run.network.mean_loss(other.run.data.X, other.run.data.Y)
    assert trained(page) == (12, pytest.approx(there, rel=1e-12))
    page.click("#link")
    assert "#play=" in page.url


def wait_for_epoch(page: Any, epoch: int) -> None:
    for _ in range(200):
        if trained(page)[0] == epoch:
            return
        page.wait_for_timeout(30)
    raise AssertionError(trained(page))


def test_a_page_draws_a_plane_through_more_than_two_features(opened: Callable[..., Any]) -> None:
    session = Session({"data": {"name": "random", "features": 5}, "recipe": {"lr": 0.5, "hidden": [6]}})
    session.run.forward(20, "epoch")
    loss = session.run.network.mean_loss(session.run.data.X, session.run.data.Y)
    for plane in ({"kind": "pca"}, {"kind": "features", "i": 3, "j": 1}):
        page = opened(record(session.run, plane=plane))
        page.fill("input[type=range]", "20")
        page.wait_for_timeout(100)
        assert trained(page) == (20, pytest.approx(loss, rel=1e-12))
        assert page.inner_text(".axis.x") == ("PC 1" if plane["kind"] == "pca" else "x4")
        assert complaints(page) == []
        picture(page, f"record-{plane['kind']}")


def test_a_live_page_learns_points_that_are_clicked_on_an_empty_plane(
    opened: Callable[..., Any], tmp_path: Path
) -> None:
    assert main(["record", "--live", "-o", str(tmp_path / "live.html"), "--lang", "en"]) == 0
    page = opened((tmp_path / "live.html").read_text("utf-8"))
    page.click("#clear")
    page.click("#train")
    assert "two points" in page.inner_text("#said")
    for k, x in enumerate((60, 250)):
        page.locator(".bar button[aria-pressed]").nth(k).click()
        for y in (70, 200):
            page.locator(".plane canvas[role=img]").click(position={"x": x, "y": y})
    page.click("#train")
    wait_for_learnt = "document.querySelector('#readout').innerText.includes('accuracy 100.0%')"
    for _ in range(200):
        if page.evaluate(wait_for_learnt):
            break
        page.wait_for_timeout(30)
    else:
        raise AssertionError(page.inner_text("#readout"))
    page.click("#train")
    assert complaints(page) == []


def test_lbfgs_is_walked_iteration_by_iteration_and_says_why_not_by_sample(play: Play) -> None:
    page = play()
    page.select_option("#optimizer", "lbfgs")
    page.wait_for_selector("#no-rate")
    page.select_option("#unit", "epoch")
    for _ in range(4):
        page.click("#step")
    at_update(page, 4)
    page.keyboard.press("Shift+S")
    page.wait_for_selector("#notice:has-text('all rows at once')")
    at_update(page, 4)
    page.select_option("#speed", "max")
    page.click("#play")
    page.wait_for_selector("#play-word[data-w=play]")
    wait_for(page, "Number(document.documentElement.dataset.epoch) > 20")
