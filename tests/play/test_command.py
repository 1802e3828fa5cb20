"""tasou play on the command line: one line with the address, and an end that is clean."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

from tasou.cli import main
from tasou.errors import TasouError
from tasou.play import launch

pytestmark = pytest.mark.apart


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX")
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_its_address_serves_its_page_and_ends_without_a_word(
    ending: signal.Signals, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("x,y,side\n" + "".join(f"{i % 7},{i % 5},{'ab'[i % 2]}\n" for i in range(60)))
    command = [
        sys.executable,
        "-m",
        "tasou",
        "play",
        "--no-browser",
        "--data",
        str(table),
        "--target",
        "side",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/#[\w-]{43}", address)
        with urllib.request.urlopen(address) as page:
            assert b"<title>tasou play</title>" in page.read()
        process.send_signal(ending)
        out, said = process.communicate(timeout=15)
    assert (process.returncode, out, said) == (0, "", "")


def test_without_the_extra_one_line_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launch, "NEEDS", ("starlette", "no_such_package"))
    assert main(["play", "--no-browser", "--lang", "en"]) == 2
    assert capsys.readouterr().err == (
        "tasou: error: the playground needs no_such_package: pip install 'tasou[play]'\n"
    )


def test_a_port_that_is_taken_is_told() -> None:
    with launch.listen(None) as listening:
        listening.listen()
        with pytest.raises(TasouError) as told:
            launch.listen(listening.getsockname()[1])
    assert told.value.code == "web.port_taken"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--data", "nothing.csv", "--target", "y"], "nothing.csv"),
        (["--data", "t.csv"], "--target"),
        (["--data", "t.csv", "--target", "z"], "no column 'z'"),
    ],
)
def test_a_table_that_cannot_be_learnt_is_one_line(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text("x,y\n1,a\n2,b\n3,a\n")
    assert main(["play", "--no-browser", "--lang", "en", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and words in said.err


def test_a_hosted_notebook_is_told_by_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLAB_RELEASE_TAG", "x")
    told = launch.hosted()
    assert told is not None and "Google Colab" in told.text("en") and "--allow-host" in told.text("ja")


def test_behind_another_host_it_is_told_what_to_open_there() -> None:
    assert "8790" in (told := launch.elsewhere("http://127.0.0.1:8790/#abc").text("en")) and "#abc" in told


def test_the_words_of_the_page_are_plain_json() -> None:
    folder = Path(launch.__file__).parent / "page"
    for lang in ("en", "ja"):
        assert all(
            isinstance(text, str) and text
            for text in json.loads((folder / f"words-{lang}.json").read_text("utf-8")).values()
        )
