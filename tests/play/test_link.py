"""A link opens the same run from settings and seeds; it holds no data, and a hostile one is refused in a sentence."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import numpy as np
import pytest

from tasou.errors import TasouError
from tasou.play import Session
from tasou.play.link import MOST_LETTERS, is_link, read_link


def linked(value: Any) -> str:
    return "http://127.0.0.1:8000/#play=" + urlsafe_b64encode(json.dumps(value).encode()).decode()


def played(session: Session) -> Session:
    while session.playing:
        session.advance(0.05)
    return session


def test_a_link_opens_the_same_run_with_the_same_numbers() -> None:
    session = Session({"data": {"name": "moons", "n": 80, "noise": 0.1, "seed": 3}})
    session.change({"hidden": [5, 4], "activation": "tanh", "batch_size": 16, "seed": 7, "lr": 0.2})
    session.step(n=4, unit="epoch")
    session.change({"lr": 0.05})
    session.step(n=3, unit="epoch")
    found = session.link()
    assert found["notes"] == [] and is_link("http://127.0.0.1:8000/#" + found["fragment"])
    other = Session()
    other.open_link("http://127.0.0.1:1/#token&" + found["fragment"])
    played(other)
    assert other.run.epoch == 7 and other.run.setup == session.run.setup
    assert np.array_equal(other.run.network.theta, session.run.network.theta)


def test_own_data_are_not_in_a_link_and_that_is_said() -> None:
    session = Session()
    rows = [[0.123, 0, 0], [1, 0, 1], [0, 1, 1], [1, 1, 0]]
    session.reset(setup={"data": {"name": "points", "rows": rows}, "recipe": {"hidden": [3]}})
    found = session.link()
    assert next(note["en"] for note in found["notes"]).startswith("your own data are not in the link")
    letters = found["fragment"].removeprefix("play=")
    text = urlsafe_b64decode(letters + "=" * (-len(letters) % 4)).decode()
    assert "0.123" not in text and "points" not in text
    other = Session({"data": {"name": "circles"}})
    other.open_link(found["fragment"])
    assert other.run.setup.data["name"] == "circles" and other.run.setup.recipe["hidden"] == [3]


HOSTILE = [
    "",
    "http://127.0.0.1:8000/",
    "#play=%%%",
    "#play=" + "A" * (MOST_LETTERS + 1),
    "#play=" + urlsafe_b64encode(b"[" * 5_000).decode(),
    linked([1]),
    linked({"recipe": {"hidden": "x"}}),
    linked({"recipe": {"lr": "<script>"}}),
    linked({"recipe": {"hidden": [10**9]}}),
    linked({"recipe": {"nonsense": 1}}),
    linked({"recipe": []}),
    linked({"data": {"name": "table", "file": "/etc/passwd"}}),
    linked({"data": {"name": "points", "rows": [[0, 0, 0]]}}),
    linked({"data": {"name": "moons", "n": 10**9}}),
    linked({"data": {"name": ["moons"]}}),
    linked({"theta": ["x"]}),
    linked({"theta": [1.0, 2.0]}),
    linked({"layers": [{"layer": "conv2d", "filters": 1e9}]}),
    linked({"rates": [[0, -1]]}),
    linked({"rates": [1]}),
    linked({"epoch": 1e9}),
    linked({"epoch": True}),
    linked({"__class__": "x"}),
]


@pytest.mark.parametrize("link", HOSTILE)
def test_a_hostile_link_is_refused_in_one_sentence_and_the_run_is_kept(link: str) -> None:
    session = Session({"data": {"name": "moons", "n": 20}})
    session.step(unit="epoch")
    with pytest.raises(TasouError) as told:
        session.open_link(link)
    for lang in ("en", "ja"):
        text = told.value.text(lang)
        assert text and "\n" not in text and len(text) < 300
    assert session.run.epoch == 1 and session.run.setup.data["name"] == "moons"


def test_a_link_is_told_from_a_file_name() -> None:
    assert is_link("http://127.0.0.1:8000/#play=e30") and is_link("#play=e30")
    assert not is_link("play=1.tasou-run") and read_link("#play=e30").setup == {}


@pytest.mark.parametrize(
    "data",
    [
        {"name": "spiral", "held": 10**9}, {"name": "spiral", "classes": 10**6}, {"name": "sequences", "steps": 10**9},
        {"name": "moons", "noise": 1e300}, {"name": "moons", "noise": float("nan")}, {"name": "edges", "held": 10**7},
    ],
)  # fmt: skip
def test_a_link_that_asks_for_more_than_a_machine_has_is_refused_at_once(data: dict[str, Any]) -> None:
    with pytest.raises(TasouError) as told:
        Session().open_link(linked({"data": data, "recipe": {}}))
    assert told.value.code == "play.too_much"
