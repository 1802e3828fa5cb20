"""Every step of the tutorial runs, is short, and uses earlier steps alone."""

from __future__ import annotations

import importlib
import re
import runpy
import sys

import pytest

from weaving.page import DOCS

STEPS = sorted((DOCS / "steps").glob("step*.py"))


@pytest.fixture(params=STEPS, ids=lambda step: step.stem)
def step(request):
    return request.param


def printed_by(step, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(step), run_name="__main__")
    return capsys.readouterr().out


def test_runs_and_prints(step, capsys, monkeypatch, tmp_path):
    assert printed_by(step, capsys, monkeypatch, tmp_path).strip()


def test_is_short(step):
    assert len(step.read_text("utf-8").splitlines()) < 80


def test_uses_earlier_steps_alone(step):
    for used in re.findall(r"from (step\d\d_\w+) import", step.read_text("utf-8")):
        assert used < step.stem
        assert (DOCS / "steps" / f"{used}.py") in STEPS


def test_only_the_last_step_imports_tasou():
    with_tasou = [s.stem for s in STEPS if re.search(r"^(from|import) tasou", s.read_text("utf-8"), re.M)]
    assert with_tasou == [STEPS[-1].stem]


def test_says_what_it_is_in_both_languages(step):
    english, japanese = importlib.import_module(step.stem).__doc__.strip().split("\n\n")
    assert not re.search(r"[ぁ-ん]", english)
    assert re.search(r"[ぁ-ん]", japanese)


def test_no_neuron_solves_xor(capsys, monkeypatch, tmp_path):
    printed = printed_by(DOCS / "steps" / "step01_neuron.py", capsys, monkeypatch, tmp_path)
    assert "AND: 4 / 4\nXOR: 3 / 4" in printed


def test_the_forgotten_slope_is_caught(capsys, monkeypatch, tmp_path):
    printed = printed_by(DOCS / "steps" / "step06_gradient_check.py", capsys, monkeypatch, tmp_path)
    backward, forgetful = printed.splitlines()
    assert backward.endswith("OK")
    assert forgetful.endswith("WRONG")


def test_tasou_gives_the_same_numbers(capsys, monkeypatch, tmp_path):
    printed = printed_by(DOCS / "steps" / "step10_tasou.py", capsys, monkeypatch, tmp_path)
    differences = [float(number) for number in re.findall(r"at most (\S+)", printed)]
    assert len(differences) == 3
    assert max(differences) < 1e-12
    assert "gradient check: OK" in printed


def test_the_runner_of_the_pages_gives_the_same_output(capsys, monkeypatch, tmp_path):
    from weaving.steps import run

    step = STEPS[3]
    assert run(step, tmp_path) == printed_by(step, capsys, monkeypatch, tmp_path).rstrip("\n")
    assert "weaving" in sys.modules
