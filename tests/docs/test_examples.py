"""Each example of the pages is a program that runs alone, in an empty folder, and holds what it asserts."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

import pytest

from weaving.blocks import blocks
from weaving.page import DOCS

PROGRAMS = sorted((DOCS / "examples").glob("*.py"))


@pytest.mark.apart
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_an_example_runs_and_leaves_nothing_behind(program, tmp_path):
    done = subprocess.run(
        [sys.executable, program], cwd=tmp_path, env={**os.environ, "TASOU_LANG": "en"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_an_example_says_what_it_is_and_checks_its_result(program):
    text = program.read_text("utf-8")
    english, japanese = text.split('"""')[1].strip().split("\n\n")
    assert english.isascii() and re.search(r"[ぁ-ん]", japanese)
    assert re.search(r"^assert ", text, re.M)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_example_is_on_the_page(lang):
    shown = [
        block.argument
        for block in blocks((DOCS / lang / "examples.md").read_text("utf-8"))
        if block.kind == "{program}"
    ]
    assert sorted(shown) == [program.stem for program in PROGRAMS]


@pytest.mark.apart
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_commands_of_the_cheat_sheet_run_one_after_the_other_in_an_empty_folder(
    lang, tmp_path, monkeypatch
):
    from tasou.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("TASOU_LANG", lang)
    shown = blocks((DOCS / lang / "cheatsheet.md").read_text("utf-8"))
    for line in next(block.text for block in shown if block.kind == "sh").splitlines():
        assert line.startswith("tasou ") and main(shlex.split(line, comments=True)[1:]) == 0, line
    assert len((tmp_path / "answers.csv").read_text("utf-8").splitlines()) == 6
    assert (tmp_path / "report.html").stat().st_size > 10_000
