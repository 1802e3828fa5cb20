"""The server lets its own page in and nobody else, and answers every mistake with a sentence."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

pytest.importorskip("starlette")
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tasou.play.frame import unpack
from tasou.play.recording import PARTS
from tasou.play.server import Playground, application, page_files
from tasou.play.session import Session
from tasou.web.guard import Guard

TOKEN = "a token for tests"
HOST = "127.0.0.1:8765"
OURS = {"host": HOST, "origin": f"http://{HOST}"}


@pytest.fixture
def app() -> Iterator[Guard]:
    playground = Playground(Session({"data": {"name": "spiral", "n": 60}}), TOKEN)
    app = application(playground, port=8765)
    playground.worker.start()
    yield app
    playground.worker.stop()


class Page:
    """What a page does: say hello, give commands, take frames."""

    def __init__(self, socket: Any) -> None:
        self.socket, self.frames, self.number = socket, [], 0
        socket.send_json({"token": TOKEN})
        self.hello = socket.receive_json()

    def ask(self, cmd: str, **arguments: Any) -> dict[str, Any]:
        self.number += 1
        self.socket.send_json({"id": self.number, "cmd": cmd, **arguments})
        while True:
            message = self.socket.receive()
            if message.get("bytes"):
                self.frames.append(unpack(message["bytes"]))
                self.socket.send_text("drawn")
            else:
                answer: dict[str, Any] = json.loads(message["text"])
                assert answer["id"] == self.number
                return answer

    def frame(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        message = self.socket.receive()
        self.socket.send_text("drawn")
        return unpack(message["bytes"])


@pytest.fixture
def page(app: Guard) -> Iterator[Page]:
    with TestClient(app).websocket_connect("/socket", headers=OURS) as socket:
        yield Page(socket)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example:8765"},
        {"host": "127.0.0.1:8766"},
        {"host": "127.0.0.1"},
        {"host": HOST, "origin": "http://evil.example"},
        {"host": HOST, "origin": "null"},
        {"host": HOST, "origin": "https://127.0.0.1:8765"},
    ],
)
def test_requests_from_elsewhere_are_refused_on_every_route_and_method(
    app: Guard, headers: dict[str, str]
) -> None:
    client = TestClient(app)
    for path in [*page_files(), "/socket", "/anything"]:
        for method in ("GET", "POST", "OPTIONS"):
            assert client.request(method, path, headers=headers).status_code == 403
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/socket", headers=headers) as socket:
        socket.receive_json()


def test_a_socket_without_an_origin_is_refused(app: Guard) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        TestClient(app).websocket_connect("/socket", headers={"host": HOST}) as s,
    ):
        s.receive_json()


@pytest.mark.parametrize("first", [{"token": "guessed"}, {"token": None}, {}, [], "hello", 3])
def test_a_socket_without_the_token_is_closed_before_it_hears_anything(app: Guard, first: Any) -> None:
    with TestClient(app).websocket_connect("/socket", headers=OURS) as socket:
        socket.send_json(first)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 1008


def test_only_fixed_files_can_be_had_without_the_token(app: Guard) -> None:
    client = TestClient(app)
    table = page_files()
    for route in app.app.routes:
        if route.path in table:
            answer = client.get(route.path, headers=OURS)
            assert answer.status_code == 200 and answer.content == table[route.path][0]
        elif route.path != "/socket":
            for method in route.methods:
                assert client.request(method, route.path, headers=OURS).status_code == 403, route.path
    for path in ("/../setup.py", "/..%2fsetup.py", "/%2e%2e/rows.py", "/page/", "/nothing", "//etc/passwd"):
        assert client.get(path, headers=OURS).status_code == 404


def test_every_answer_carries_the_strict_policy(app: Guard) -> None:
    for path in page_files():
        policy = TestClient(app).get(path, headers=OURS).headers
        assert "default-src 'none'" in policy["content-security-policy"]
        assert "unsafe" not in policy["content-security-policy"]
        assert policy["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in policy


def test_the_page_asks_for_nothing_from_elsewhere_and_is_small() -> None:
    found = {path: content for path, (content, _) in page_files().items() if path != "/"}
    for path, content in found.items():
        foreign = re.sub(rb"http://www\.w3\.org/[\w/.]+", b"", content)
        assert not re.search(rb"(https?:)?//[\w-]+\.[a-z]", foreign), path
        assert b"innerHTML" not in content and b"eval(" not in content, path
    assert sum(len(gzip.compress(content)) for content in found.values()) < 150_000


def test_both_languages_have_the_same_words_with_the_same_placeholders() -> None:
    words = {lang: json.loads(page_files()[f"/words-{lang}.json"][0]) for lang in ("en", "ja")}
    assert words["en"].keys() == words["ja"].keys()
    for key, text in words["en"].items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", words["ja"][key])), key


def test_every_word_the_page_asks_for_is_there_and_no_other() -> None:
    found = page_files()
    known = set(json.loads(found["/words-en.json"][0]))
    text = b"\n".join(
        content for path, (content, _) in found.items() if not path.startswith("/words-")
    ).decode()
    text += "".join(files("tasou.play").joinpath("page", part).read_text("utf-8") for part in PARTS)
    used = set(re.findall(r'(?:\bt\(|w: |data-w(?:-label)?=)"([a-z][\w.]*)"', text))
    assert used <= known, used - known
    quoted = set(re.findall(r'"([\w.]+)"', text))
    stems = {stem for stem in re.findall(r"`([\w]+\.)\$\{", text)}
    unused = {key for key in known if key not in quoted and not any(key.startswith(stem) for stem in stems)}
    assert not unused, unused


def test_a_page_hears_the_state_and_sees_a_picture(page: Page) -> None:
    state = page.hello["state"]
    assert state["network"]["sizes"] == [2, 10, 3]
    head, arrays = page.frame()
    assert head["update"] == 0 and arrays["class"].shape == (100, 100)
    assert arrays["maps"].shape == (13, 25, 25) and arrays["theta"].shape == (63,)


def test_it_plays_until_the_epoch_that_was_asked_for(page: Page) -> None:
    page.ask("play", speed=None, until=40)
    while (head := page.frame()[0])["epoch"] < 40:
        assert head["playing"]
    assert page.ask("where")["ok"]["epoch"] == 40


def test_commands_sent_at_once_are_done_in_their_order_and_answered_each(page: Page) -> None:
    asked = ["play", "pause", "diagnose", "play", "pause", "calculation", "pause"]
    for number, cmd in enumerate(asked, start=1):
        page.socket.send_json({"id": number, "cmd": cmd})
    answers = dict[int, Any]()
    while len(answers) < len(asked):
        message = page.socket.receive()
        if message.get("bytes"):
            page.socket.send_text("drawn")
        else:
            answer = json.loads(message["text"])
            answers[answer["id"]] = answer["ok"]
    assert "heading" in answers[3] and "quantities" in answers[6]
    page.number = len(asked)
    assert page.ask("where")["ok"]["playing"] is False


def test_steps_and_jumps_are_answered_with_the_place(page: Page) -> None:
    assert page.ask("step", n=3, unit="epoch")["ok"]["epoch"] == 3
    assert page.ask("seek", update=1)["ok"]["update"] == 1
    assert page.ask("branch", changes={"lr": 0.1})["ok"]["current"] == "B"
    assert page.ask("compare", name="A")["ok"]["differences"] == [["lr", 0.1, 1.0]]


@pytest.mark.parametrize(
    ("cmd", "arguments", "code"),
    [
        ("nothing", {}, "name.unknown"),
        ("__class__", {}, "name.unknown"),
        (None, {}, "name.unknown"),
        ("step", {"n": 1e9}, "play.number"),
        ("step", {"n": True}, "play.number"),
        ("step", {"unit": "mile"}, "play.one_of"),
        ("step", {"m": 3}, "play.arguments"),
        ("select", {"name": "Q"}, "play.no_run"),
        ("change", {"changes": {"hidden": [10**9]}}, "play.too_large"),
        ("change", {"changes": {"data": {"name": "spiral", "n": 10**9}}}, "play.too_many_points"),
        ("change", {"changes": {"data": {"name": "../etc/passwd"}}}, "name.unknown"),
        ("look", {"layer": 7}, "play.number"),
        ("look", {"edges": "soul"}, "play.one_of"),
        ("play", {"speed": -1}, "play.number"),
    ],
)
def test_a_command_that_cannot_be_is_a_sentence_in_both_languages(
    page: Page, cmd: Any, arguments: dict[str, Any], code: str
) -> None:
    error = page.ask(cmd, **arguments)["error"]
    assert error["code"] == code
    assert error["en"] and error["ja"] and error["en"] != error["ja"]


def test_what_is_no_message_does_no_harm(page: Page) -> None:
    for text in ("{", "[]", "[" * 5000, '"x"', "null", '{"id": 1, "cmd": "step", "n": null}'):
        page.socket.send_text(text)
        while "text" not in (message := page.socket.receive()):
            page.socket.send_text("drawn")
        assert "error" in json.loads(message["text"])
    assert page.ask("where")["ok"]["update"] == 0


def test_a_second_page_takes_over_and_finds_the_same_run(app: Guard) -> None:
    client = TestClient(app)
    with client.websocket_connect("/socket", headers=OURS) as first:
        page = Page(first)
        page.ask("step", n=7, unit="epoch")
        with client.websocket_connect("/socket", headers=OURS) as second:
            assert Page(second).hello["state"]["runs"][0]["epoch"] == 7


def test_a_table_is_handed_in_with_the_token_alone(app: Guard) -> None:
    client = TestClient(app)
    body = b"x,y\n1,a\n2,b\n3,a\n"
    assert client.post("/table", headers=OURS, content=body).status_code == 403
    headers = {**OURS, "x-tasou-token": TOKEN, "x-tasou-name": "..%2F..%2Fmy%20table.csv"}
    found = client.post("/table", headers=headers, content=body).json()["ok"]
    assert found["name"].endswith("my table.csv") and "/" not in found["name"] and found["rows"] == 3
    bad = client.post("/table", headers=headers, content=b"")
    assert bad.status_code == 422 and bad.json()["error"]["ja"]
