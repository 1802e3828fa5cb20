"""The guide "Ship a model": its shell lines run, and every program says what `tasou predict` says."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tasou.cli import main
from weaving import blocks
from weaving.commands import arguments
from weaving.page import DOCS

pytestmark = pytest.mark.apart

ROOT = Path(__file__).parents[2]
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
    for lines in typed():
        for line in () if of_a_server(lines) else lines.splitlines():
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


def typed(lang="en"):
    """What is typed into a shell, block by block."""
    text = (DOCS / lang / "guides" / "ship.md").read_text("utf-8")
    return [block.text.strip() for block in blocks(text) if block.kind == "sh"]


def of_a_server(lines):
    return "tasou serve" in lines or lines.startswith("curl")


def of_the_server(lang="en"):
    """What is typed for the server: it is started, asked, and started for others."""
    return [lines for lines in typed(lang) if of_a_server(lines)]


@contextmanager
def server(line, folder):
    """A server started as a line of the guide says, on a free port; the port."""
    command = [sys.executable, "-m", *line.split(), "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline().rpartition(":")[2])
        finally:
            process.terminate()
            assert process.wait(20) == 0


def test_the_guides_requests_are_answered_as_predict_answers(exported):
    pytest.importorskip("uvicorn", reason="tasou[serve] is not installed")
    if not shutil.which("curl"):
        pytest.skip("curl is not here")
    serve, requests, _ = of_the_server()
    found = []
    with server(serve, exported) as port:
        for line in requests.replace("\\\n", " ").splitlines():
            assert line.startswith("curl http://127.0.0.1:8000/predict")
            done = subprocess.run(
                line.replace(":8000", f":{port}"), shell=True, cwd=exported, capture_output=True, check=True
            )
            found.append(json.loads(done.stdout)["predictions"])
    rows = (exported / "answers.csv").read_text("utf-8").splitlines()[1:]
    table, (row,) = found
    assert [one["value"] for one in table] == pytest.approx([float(text) for text in rows], rel=1e-6)
    assert row == table[0]


def test_a_server_for_others_is_started_as_the_guide_says(exported):
    pytest.importorskip("uvicorn", reason="tasou[serve] is not installed")
    *_, lines = of_the_server()
    token, serve = lines.splitlines()
    if not shutil.which("openssl"):
        pytest.skip("openssl is not here")
    subprocess.run(token, shell=True, cwd=exported, check=True)
    here = serve.replace("0.0.0.0", "127.0.0.1")
    with server(here, exported) as port:
        secret = (exported / "token").read_text().strip()
        headers = {"Host": "models.example", "Authorization": f"Bearer {secret}"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/health", headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert json.load(answer) == {"status": "ok"}


def test_both_languages_type_the_same_lines():
    assert of_the_server("en") == of_the_server("ja") and len(of_the_server()) == 3


def test_the_guides_load_figures_are_those_that_were_measured(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks import serving

    results = json.loads((ROOT / "benchmarks" / "results" / "serving.json").read_text("utf-8"))
    for page in serving.SENTENCES:
        shown = (ROOT / page).read_text("utf-8").split(serving.BEGIN)[1].split(serving.END)[0]
        assert shown.strip() == serving.sentence(results, page)
    for n in map(str, serving.CONNECTIONS):
        assert results["rates"]["tasou serve"][n][0] >= 3 * results["rates"][serving.PEER_NAME][n][0]
    assert set(results["malformed"]["statuses"]) <= {
        "0",
        "200",
        "400",
        "403",
        "404",
        "405",
        "408",
        "413",
        "415",
        "422",
    }
    assert results["malformed"]["printed"] == "" and results["malformed"]["code"] == 0
