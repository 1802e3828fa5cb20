"""What goes out of a playground gives the same numbers where it arrives; what comes in is checked."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tasou
from tasou.cli import main
from tasou.errors import TasouError
from tasou.formulas import activations, optimizers
from tasou.play import Session
from tasou.play.commands import call
from tasou.play.opening import open_lesson
from tasou.play.recording import record
from tasou.play.share import open_run, write

pytestmark = pytest.mark.apart


def a_session(**recipe: Any) -> Session:
    setup = {
        "data": {"name": "spiral", "n": 60},
        "recipe": {"hidden": [4], "lr": 0.5, "batch_size": 20, **recipe},
    }
    session = Session(setup)
    session.step(n=9, unit="epoch")
    return session


def test_a_run_that_was_saved_goes_on_bit_for_bit_and_back_to_its_beginning() -> None:
    session = a_session(optimizer="adam", lr=0.02)
    begin = session.run.frames.before(0)[0].theta
    session.step(n=1, unit="batch")
    session.run.set_rate(0.05)
    _, _, data = write(session.run, "run")
    again = Session()
    state = again.take_run(data)
    assert (state["runs"][0]["update"], state["rates"]) == (28, [(0, 0.02), (28, 0.05)])
    assert (again.run.network.theta == session.run.network.theta).all()
    for each in (session, again):
        each.step(n=5, unit="epoch")
    assert (again.run.network.theta == session.run.network.theta).all()
    np.testing.assert_array_equal(again.run.curves.since(0), session.run.curves.since(0))
    again.seek(update=0)
    assert (again.run.network.theta == begin).all()


def test_the_file_of_a_run_is_the_library_s_own(tmp_path: Path) -> None:
    session = a_session()
    (tmp_path / "a.tasou-run").write_bytes(write(session.run, "run")[2])
    training = tasou.load(tmp_path / "a.tasou-run")
    assert (training.network.theta == session.run.network.theta).all()


@pytest.mark.parametrize("cut", [0, 10, 500, -1])
def test_a_damaged_file_is_told(cut: int) -> None:
    data = write(a_session().run, "run")[2]
    damaged = data[:cut] if cut >= 0 else data[:-9] + b"\x00" * 9
    with pytest.raises(TasouError) as told:
        open_run(damaged, Session().rows_of)
    assert told.value.text("ja")


def test_a_file_of_a_plain_model_is_no_run() -> None:
    with pytest.raises(TasouError) as told:
        open_run(write(a_session().run, "model")[2], Session().rows_of)
    assert told.value.code == "play.no_run_file"


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_script_trains_the_same_numbers(optimizer: str, tmp_path: Path) -> None:
    session = a_session(optimizer=optimizer, lr=0.05, activation="leaky_relu(alpha=0.1)")
    session.run.set_rate(0.02)
    session.step(n=4, unit="batch")
    path = tmp_path / "script.py"
    path.write_bytes(write(session.run, "script")[2])
    said = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True).stdout
    run = session.run
    assert float(said.split()[1]) == pytest.approx(run.network.mean_loss(run.data.X, run.data.Y), rel=1e-13)


def told_by(run: Any, tmp_path: Path) -> float:
    path = tmp_path / "script.py"
    path.write_bytes(write(run, "script")[2])
    said = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True).stdout
    return float(said.split()[1])


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_script_of_a_branched_run_trains_the_same_numbers(optimizer: str, tmp_path: Path) -> None:
    session = a_session(optimizer=optimizer, lr=0.05)
    session.step(
        n=1, unit="batch"
    )  # in the middle of an epoch: memory, order and row are part of the beginning
    session.branch({"lr": 0.03})
    session.step(n=5, unit="epoch")
    session.run.set_rate(0.01)
    session.step(n=4, unit="batch")
    run, before = session.run, session.run.network.theta.copy()
    assert run.parent == ("A", 28)
    assert told_by(run, tmp_path) == pytest.approx(run.network.mean_loss(run.data.X, run.data.Y), rel=1e-13)
    assert (run.network.theta == before).all()


def test_the_script_of_other_layers_trains_the_same_numbers(tmp_path: Path) -> None:
    session = Session()
    call(session, "lesson", {"number": "7c"})
    session.step(n=2, unit="epoch")
    run = session.run
    assert told_by(run, tmp_path) == pytest.approx(run.network.mean_loss(run.data.X, run.data.Y), rel=1e-12)


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node here")
def test_the_javascript_module_predicts_and_learns_the_same_numbers(tmp_path: Path) -> None:
    session = a_session(batch_size=None)
    run = session.run
    (tmp_path / "network.mjs").write_bytes(write(run, "javascript")[2])
    X, Y = run.data.X, run.data.Y
    program = (
        "import { Learner } from './network.mjs';"
        f"const X = Float64Array.from({X.ravel().tolist()}), Y = Float64Array.from({Y.ravel().tolist()});"
        f"const learner = new Learner(), p = [...learner.forward(X, {len(X)})];"
        f"learner.step(X, Y, {len(X)}, {{ lr: {run.lr} }});"
        "console.log(JSON.stringify([p, [...learner.theta]]));"
    )
    said = subprocess.run(
        ["node", "--input-type=module", "-e", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    predicted, theta = json.loads(said.stdout)
    np.testing.assert_allclose(predicted, run.network.predict(X).ravel(), rtol=0, atol=1e-12)
    session.step(n=1, unit="batch")
    np.testing.assert_allclose(theta, run.network.theta, rtol=0, atol=1e-12)


def test_the_program_without_tasou_predicts_the_same_numbers(tmp_path: Path) -> None:
    run = a_session().run
    path = tmp_path / "alone.py"
    path.write_bytes(write(run, "predict")[2])
    rows = "\n".join([",".join(run.rows.features), *(f"{a!r},{b!r}" for a, b in run.rows.X[:5].tolist())])
    said = subprocess.run(
        [sys.executable, path], input=rows, capture_output=True, text=True, check=True
    ).stdout
    found = [[float(cell) for cell in row[-3:]] for row in list(csv.reader(io.StringIO(said)))[1:]]
    np.testing.assert_allclose(found, run.network.predict(run.rows.X[:5]), atol=1e-7)


def test_the_data_go_out_whole_and_no_cell_becomes_a_formula() -> None:
    from tasou.play.tables import Source, parse

    session = Session()
    text = "=1+1,b\n" + "".join(f"{i % 7},{'@x' if i % 2 else 'y'}\n" for i in range(40))
    session.take(Source(parse(text.encode(), "t.csv"), "t.csv"))
    session.learn("t.csv", "b")
    rows = list(csv.reader(io.StringIO(write(session.run, "csv")[2].decode())))
    assert rows[0] == ["'=1+1", "target", "part"]
    assert len(rows) == 41 and {row[1] for row in rows[1:]} == {"'@x", "y"}


@pytest.mark.parametrize("kind", ["onnx", "javascript", "svg", "png", "model"])
def test_every_form_can_be_written(kind: str) -> None:
    name, media, content = write(a_session().run, kind)
    assert len(content) > 500 and "/" in media and name.startswith("tasou-A-9")


def test_a_recorded_page_is_one_small_file_that_asks_for_nothing() -> None:
    session = Session()
    session.run.forward(500, "epoch")
    before = session.run.network.theta.copy()
    page = record(session.run)
    assert len(page.encode()) <= 600_000
    assert (session.run.network.theta == before).all() and session.run.epoch == 500
    assert not re.search(r"(src|href)=|https?://(?!www\.w3\.org)", page)
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    assert len(data["epochs"]) == 501 and data["n"] == 300


def test_hostile_names_cannot_leave_the_data_of_a_page_and_rows_can_be_left_out() -> None:
    from tasou.play.tables import Source, parse

    session = Session()
    text = "a,</script><script>alert(1)</script>,c\n" + "".join(
        f"{i % 7},{i % 5},{i % 2}\n" for i in range(40)
    )
    session.take(Source(parse(text.encode(), "</script>.csv"), "</script>.csv"))
    session.learn("</script>.csv", "c")
    page = record(session.run)
    assert page.count("</script>") == 2 and "alert(1)</script>" not in page
    assert '"X"' not in record(session.run, rows=False)


def test_other_layers_than_dense_ones_are_not_recorded() -> None:
    session = Session()
    open_lesson(session, "7a")
    with pytest.raises(TasouError) as told:
        record(session.run)
    assert told.value.code == "play.not_recorded"


def test_the_command_writes_a_page_and_says_what_is_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.html"
    assert main(["record", "--lecture", "1.2", "--epochs", "20", "-o", str(path), "--lang", "en"]) == 0
    assert "the page holds the 4 rows" in capsys.readouterr().out
    assert main(["record", "--live", "--no-rows", "-o", str(path)]) == 0
    assert "<title>tasou</title>" in path.read_text("utf-8")


CURVE = {"name": "curve"}
EVERY: list[dict[str, Any]] = [
    *({"recipe": {"hidden": [3, 2], "activation": name, "lr": 0.1}} for name in activations.names()),
    *(
        {"recipe": {"hidden": [3], "optimizer": name, "lr": 0.01, "batch_size": 16}}
        for name in optimizers.names()
    ),
    *({"data": CURVE, "recipe": {"hidden": [3], "loss": name, "lr": 0.01}} for name in ("huber", "log_cosh")),
    {"data": {"name": "moons"}, "recipe": {"hidden": [], "loss": "perceptron"}},
    {"recipe": {"activation": "leaky_relu(alpha=0.2)", "l2": 0.5, "clip_norm": 0.3, "weight_decay": 0.1}},
    {"data": {"name": "moons"}, "recipe": {"loss": "squared_error", "output_activation": "sigmoid"}},
    {"recipe": {"batch_size": 16, "shuffle": False}},
]


def test_the_program_with_numpy_alone_trains_the_same_numbers_with_every_formula(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for setup in EVERY:
        session = Session({**setup, "data": {"n": 40, **setup.get("data", {"name": "spiral"})}})
        run = session.run
        run.forward(2, "epoch")
        run.set_rate(0.05)
        run.forward(2, "batch")
        text = write(run, "numpy")[2].decode()
        assert "tasou" not in text.partition('"""\n')[2]
        exec(compile(text, "program", "exec"), {"__name__": "program"})
        loss = run.network.mean_loss(run.data.X, run.data.Y)
        assert float(capsys.readouterr().out.split()[-1]) == pytest.approx(loss, rel=1e-12), setup


def test_what_numpy_alone_cannot_train_is_told() -> None:
    for recipe in ({"dropout": 0.2}, {"schedule": "cosine"}, {"optimizer": "lbfgs"}):
        with pytest.raises(TasouError) as told:
            write(Session({"recipe": recipe}).run, "numpy")
        assert told.value.code == "play.not_alone"
