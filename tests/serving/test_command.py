"""The command: a process that serves until it is told to end, and mistakes in one line."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="tasou[serve] is not installed")

import tasou
from tasou.cli import main
from tasou.network import Network
from tasou.serving import launch

pytestmark = pytest.mark.apart


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = str(tmp_path / "net.tasou")
    tasou.save(Network((2, 3, 2), rng=0), path)
    return path


def started(model: str, *options: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "tasou", "serve", model, "--port", "0", "--lang", "en", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_process_answers_and_ends_cleanly_when_told_to(model: str, end: signal.Signals) -> None:
    process, address = started(model, "--seconds", "1.5")
    try:
        port = int(address.rpartition(":")[2])
        assert address == f"http://127.0.0.1:{port}"
        request = urllib.request.Request(
            f"{address}/predict", b'{"rows": [[1, 2]]}', {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert len(json.load(answer)["predictions"][0]["output"]) == 2
        with socket.create_connection(("127.0.0.1", port), timeout=20) as late:
            head = (
                b"POST /predict HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n" % port
            )
            late.sendall(head + b"Content-Length: 19\r\n\r\n")
            time.sleep(0.2)
            process.send_signal(end)  # while a request is under way
            time.sleep(0.2)
            late.sendall(b'{"rows": [[1, 2]]} ')
            assert late.recv(12) == b"HTTP/1.1 200"
        out, err = process.communicate(timeout=20)
        assert process.returncode == 0 and err == "" and out == ""
    finally:
        process.kill()


CONNECTIONS = [
    "Patient",
    pytest.param(
        "Swift", marks=pytest.mark.skipif(find_spec("httptools") is None, reason="httptools is not installed")
    ),
]


@pytest.fixture
def answers_to(model: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What a server says first to each of several connections that send these bytes, by a kind of connection."""
    from tasou.serving import launch
    from tasou.serving.application import application
    from tasou.serving.limits import Limits
    from tasou.serving.service import service_of
    from tasou.web import patience, running

    monkeypatch.setattr(patience.Patience, "SECONDS", 0.3)

    def ask_all(kind: str, sent: Any) -> list[bytes]:
        http = patience.Patient if kind == "Patient" else launch.fastest()
        assert http.__name__ == kind
        with running.listen(0) as listening:
            port = listening.getsockname()[1]
            app = application(service_of(tasou.load(model)), port=port, limits=Limits(seconds=0.3))
            found: list[bytes] = []

            def ask() -> None:
                for data in sent(b"Host: 127.0.0.1:%d\r\n" % port):
                    with socket.create_connection(("127.0.0.1", port), timeout=20) as slow:
                        slow.sendall(data)
                        found.append(slow.recv(12))
                os.kill(os.getpid(), signal.SIGTERM)

            asking = threading.Thread(target=ask)
            running.run(
                app, listening, opened=asking.start, seconds_to_end=1, http=http, ws="none",
                h11_max_incomplete_event_size=http.HEAD,
            )  # fmt: skip
        return found

    return ask_all


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("kind", CONNECTIONS)
def test_whoever_sends_slowly_is_not_waited_for(kind: str, answers_to: Any) -> None:
    def sent(host: bytes) -> list[bytes]:
        rest = b"Content-Type: text/csv\r\nContent-Length: 9\r\n\r\nx1"
        return [b"", b"GET /hea", b"POST /predict HTTP/1.1\r\n" + host + rest]

    assert answers_to(kind, sent) == [b"", b"", b"HTTP/1.1 408"]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("kind", CONNECTIONS)
def test_a_head_without_an_end_or_no_head_at_all_is_refused(kind: str, answers_to: Any) -> None:
    def sent(host: bytes) -> list[bytes]:
        begun = b"GET /health HTTP/1.1\r\n" + host
        return [
            begun + b"\r\n",
            begun + b"X-Long: " + b"x" * 20_000,
            begun + b"X: y\r\n" * 4_000,
            begun + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n",
            b"what is this\r\n\r\n",
        ]

    fine, *refused = answers_to(kind, sent)
    assert fine == b"HTTP/1.1 200" and set(refused) <= {b"HTTP/1.1 400", b"HTTP/1.1 431"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "0.0.0.0"], "missing: the token, --allow-host"),
        (["--allow-host", "a.example"], "missing: the token"),
        (["--host", "::", "--token-file", "token"], "missing: --allow-host"),
        (["--token-file", "short"], "at least 20"),
        (["--token-file", "nowhere"], "nowhere"),
        (["--port", "70000"], "70000"),
    ],
)
def test_a_server_that_could_be_reached_without_a_token_does_not_start(
    options: list[str],
    words: str,
    model: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TASOU_TOKEN", raising=False)
    Path("token").write_text("0123456789abcdef0123456789\n")
    Path("short").write_text("secret\n")
    assert main(["serve", model, "--lang", "en", *options]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and words in said.err


def test_beyond_this_machine_it_is_said_that_http_is_plain(
    model: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TASOU_TOKEN", "0123456789abcdef0123456789")
    monkeypatch.setattr(launch, "serve", lambda *args, **options: None)
    assert main(["serve", model, "--host", "0.0.0.0", "--allow-host", "a.example", "--lang", "en"]) == 0
    assert "HTTP is plain" in capsys.readouterr().err


def test_what_predicts_nothing_is_not_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.tasou").write_bytes(b"no model")
    assert main(["serve", str(tmp_path / "x.tasou"), "--port", "0"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
