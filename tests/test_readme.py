"""What the READMEs show runs as it stands."""

from __future__ import annotations

import doctest
import json
import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ["README.md", "README.ja.md"]


@pytest.mark.parametrize("page", PAGES)
def test_examples(page):
    result = doctest.testfile(str(ROOT / page), module_relative=False, encoding="utf-8")
    assert result.attempted >= 10
    assert result.failed == 0


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.filterwarnings("ignore:no Japanese font|日本語フォント")
def test_notebook_lines(page):
    code = [
        c
        for c in re.findall(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), re.S)
        if ">>>" not in c
    ]
    assert len(code) == 2
    for block in code:
        exec(compile(block, page, "exec"), {})
    from matplotlib import pyplot

    pyplot.close("all")


@pytest.mark.parametrize("page", [*PAGES, "DESIGN.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([\w/.-]+\.\w+|LICENSE)\)", (ROOT / page).read_text("utf-8")):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("page", PAGES)
def test_commands_are_commands(page):
    """Every `tasou` line in a shell block is parsed by the command line."""
    from tasou.cli import main

    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text("utf-8"), re.S)
    commands = {
        line.split()[1] for block in blocks for line in block.splitlines() if line.startswith("tasou ")
    }
    assert commands == {
        "demo",
        "example",
        "train",
        "predict",
        "info",
        "export",
        "lecture",
        "explain",
        "play",
        "serve",
    }
    for command in commands:
        assert main([command, "--help"]) == 0


@pytest.mark.parametrize("page", PAGES)
def test_the_shell_block_runs_as_printed_in_an_empty_folder(page, tmp_path, monkeypatch, capsys):
    """Line by line, in one folder, with nothing there but what the lines before have written."""
    from tasou.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    (block,) = [
        b
        for b in re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text("utf-8"), re.S)
        if "tasou train" in b
    ]
    # tests of the lecture run the first two, tests of the server the third, which ends when it is told to
    slow = ("tasou lecture --all", "tasou lecture --slides", "tasou serve")
    for line in block.splitlines():
        if not line.startswith(slow):
            assert main(shlex.split(line, comments=True)[1:]) == 0, line
    assert {"customers.csv", "customers.tasou", "new.csv"} <= {path.name for path in tmp_path.iterdir()}
    assert "p_yes" in capsys.readouterr().out


def test_figures_are_those_that_were_measured(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks import readme

    results = json.loads((ROOT / "benchmarks" / "results" / "benchmarks.json").read_text("utf-8"))
    rows = [*readme.rows(results), *readme.rows_of_several(results)]
    assert len(rows) >= 8
    for page in PAGES:
        shown = (ROOT / page).read_text("utf-8").split(readme.BEGIN)[1].split(readme.END)[0]
        assert [line for line in shown.splitlines() if line in rows] == rows, (
            f"scripts/bench --weave renews {page}"
        )
