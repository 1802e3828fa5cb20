"""Every step of the tutorial runs, is short, and uses earlier steps alone."""

from __future__ import annotations

import contextlib
import importlib
import io
import re
import runpy
import sys
from functools import cache

import pytest

from weaving.page import DOCS

STEPS = sorted((DOCS / "steps").glob("step*.py"))


@pytest.fixture(params=STEPS, ids=lambda step: step.stem)
def step(request):
    return request.param


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """What a step prints; each runs once."""

    @cache
    def run(name):
        output, folder = io.StringIO(), tmp_path_factory.mktemp(name)
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.chdir(folder),
            contextlib.redirect_stdout(output),
        ):
            patch.setattr(sys, "argv", [f"{name}.py"])
            runpy.run_path(str(DOCS / "steps" / f"{name}.py"), run_name="__main__")
        assert not list(folder.iterdir()), "a step leaves no file where the reader happens to be"
        return output.getvalue()

    return run


def test_runs_and_prints(step, printed):
    assert printed(step.stem).strip()


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


def test_no_neuron_solves_xor(printed):
    lines = printed("step01_neuron")
    assert "AND: 4 / 4\nXOR: 3 / 4" in lines


def test_the_forgotten_slope_is_caught(printed):
    lines = printed("step06_gradient_check")
    backward, forgetful = lines.splitlines()
    assert backward.endswith("OK")
    assert forgetful.endswith("WRONG")


def test_tasou_gives_the_same_numbers(printed):
    lines = printed("step10_tasou")
    differences = [float(number) for number in re.findall(r"at most (\S+)", lines)]
    assert len(differences) == 3
    assert max(differences) < 1e-12
    assert "gradient check: OK" in lines


def test_the_runner_of_the_pages_gives_the_same_output(printed, tmp_path):
    from weaving.steps import run

    assert run(STEPS[3], tmp_path) == printed(STEPS[3].stem).rstrip("\n")
