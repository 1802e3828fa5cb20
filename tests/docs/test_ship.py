"""The guide "Ship a model": its shell lines run, and every program says what `tasou predict` says."""

import csv
import io
import os
import shutil
import subprocess
import sys

import pytest

from tasou.cli import main
from weaving import blocks
from weaving.commands import arguments
from weaving.page import DOCS

GUIDE = (DOCS / "en" / "guides" / "ship.md").read_text("utf-8")


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The page's folder, all its commands run."""
    folder = tmp_path_factory.mktemp("ship")
    shutil.copytree(DOCS / "data", folder, dirs_exist_ok=True)
    before = os.getcwd()
    os.chdir(folder)
    try:
        for block in blocks(GUIDE):
            if block.kind == "{command}":
                assert all(main(arguments(line)) == 0 for line in block.text.splitlines())
        assert main(["predict", "icecream.tasou", "next-week.csv", "-o", "answers.csv", "-q"]) == 0
    finally:
        os.chdir(before)
    return folder


def test_every_program_of_the_guide_says_what_predict_says(exported):
    header, *wanted = csv.reader(io.StringIO((exported / "answers.csv").read_text("utf-8")))
    ran = 0
    for block in blocks(GUIDE):
        for line in block.text.splitlines() if block.kind == "sh" else ():
            program = line.split()[0]
            if not (program == "python" or shutil.which(program) or (exported / program).exists()):
                continue
            line = line.replace("python", f'"{sys.executable}"', 1) if program == "python" else line
            done = subprocess.run(line, shell=True, cwd=exported, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            if done.stdout:
                names, *rows = csv.reader(io.StringIO(done.stdout))
                assert names == header
                numbers = [float(row[0]) for row in rows]
                assert numbers == pytest.approx([float(row[0]) for row in wanted], rel=1e-5)
                ran += 1
    assert ran >= 1


def test_the_guides_python_for_other_libraries_runs(exported, monkeypatch):
    """Where those libraries are; scripts/test-extras has them."""
    for name in ("onnxruntime", "skl2onnx", "skops"):
        pytest.importorskip(name)
    monkeypatch.chdir(exported)
    names: dict[str, object] = {}
    for block in blocks(GUIDE):
        if block.kind == "py":
            exec(compile(block.text, "ship.md", "exec"), names)
    rows = (exported / "answers.csv").read_text("utf-8").splitlines()
    assert names["value"][0, 0] == pytest.approx(float(rows[1]), rel=1e-5)  # type: ignore[index]
