"""``tasou demo`` does the lecture's main job; a wrong option is one line and writes nothing."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys

import matplotlib
import numpy as np
import pytest

import tasou
from tasou.cli import demo, main

LINE = re.compile(r"epoch +(\d+)/(\d+)   loss (\d+\.\d{4})   accuracy +([\d.]+)%")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TASOU_LANG", "en")
    # Coarser pictures are drawn faster; what is in them is for the tests of the plots.
    monkeypatch.setitem(tasou.plots.save.__kwdefaults__, "dpi", 30)
    monkeypatch.setitem(tasou.plots.decision_boundary.__kwdefaults__, "resolution", 40)
    return tmp_path


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_lectures_network_learns_the_spiral(folder, capsys):
    assert main(["demo"]) == 0
    said = capsys.readouterr().out
    assert "Spiral: 300 points, 3 classes" in said and "2 → 10 → 3 (relu, softmax)" in said
    lines = [tuple(map(float, found)) for found in LINE.findall(said)]
    assert [epoch for epoch, *_ in lines] == [1, *range(50, 501, 50)]
    losses, accuracy = [line[2] for line in lines], lines[-1][3]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.06 and losses[-2] - losses[-1] < 0.005 and accuracy > 97
    assert "Picture: tasou-demo.png, tasou-demo.svg" in said
    assert files(folder) == ["tasou-demo.png", "tasou-demo.svg"]
    assert (folder / "tasou-demo.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", tasou.datasets.names())
def test_every_data_set_converges_by_itself(name, seed):
    data = tasou.datasets.make(name, rng=seed)
    training = demo._training(data, [10], "relu", demo._suitable_rate(name, [10]), seed)
    loss = np.array(training.run(data.X, data.y, epochs=500).loss)
    assert np.diff(loss).max() < 1e-4  # falls at every epoch
    assert loss[-101] - loss[-1] < 0.01
    assert demo._right(training, data) > 0.96 * len(data.y)


def test_deeper_networks_take_smaller_steps():
    sizes = [[], [10], [100], [10, 10], [10, 10, 10]]
    assert [demo._suitable_rate("spiral", hidden) for hidden in sizes] == [1.0, 1.0, 0.32, 0.35, 0.19]
    assert demo._suitable_rate("xor", [10]) == 0.5


def test_options_arrive(folder, capsys):
    options = "--data xor --samples 4 --hidden 5,4 --activation tanh --lr 0.3 --epochs 7 -o a.svg"
    assert main(["demo", *options.split()]) == 0
    said = capsys.readouterr().out
    assert "XOR: 4 points, 2 classes" in said and "2 → 5 → 4 → 2 (tanh, softmax)" in said
    assert "learning rate 0.3" in said and "after 7 epochs" in said
    assert files(folder) == ["a.svg"]
    assert "<desc>XOR: 2 → 5 → 4 → 2 (tanh, softmax), learning rate 0.3." in (folder / "a.svg").read_text()


def test_no_hidden_layer_is_softmax_regression(folder, capsys):
    assert main(["demo", "--hidden", "0", "--epochs", "3", "--noise", "0", "--out", "a.png"]) == 0
    assert "2 → 3 (softmax)" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore:no Japanese font|日本語フォント")
def test_in_japanese(folder, capsys):
    assert main(["demo", "--epochs", "3", "--lang", "ja", "--out", "渦.png"]) == 0
    said = capsys.readouterr().out
    assert "渦巻き：300点、3クラス" in said and "学習率" in said and "正解率" in said
    assert "図：渦.png" in said


@pytest.mark.filterwarnings("default:no Japanese font|日本語フォント")
def test_without_a_japanese_font_the_picture_is_english_and_one_line_says_so(
    folder, capsys, no_japanese_font
):
    assert main(["demo", "--epochs", "3", "--lang", "ja", "--out", "渦.svg"]) == 0
    said = capsys.readouterr()
    assert "図：渦.svg" in said.out and "正解率" in said.out
    assert said.err.count("日本語フォントが見つからない") == 1 and "tasou[ja]" in said.err
    assert "Spiral" in (folder / "渦.svg").read_text("utf-8")


def test_the_seed_decides(folder, capsys, monkeypatch):
    monkeypatch.setattr(demo, "_draw", lambda *_: ["nothing"])
    said = {}
    for seed in ("0", "0", "1"):
        assert main(["demo", "--epochs", "2", "--seed", seed, "--out", "p"]) == 0
        said.setdefault(seed, set()).add(capsys.readouterr().out)
    assert len(said["0"]) == 1 and said["0"] != said["1"]


def test_a_folder_takes_the_picture_under_its_usual_name(folder):
    (folder / "pictures").mkdir()
    assert main(["demo", "--epochs", "1", "--output", "pictures"]) == 0
    assert files(folder / "pictures") == ["tasou-demo.png", "tasou-demo.svg"]


@pytest.mark.parametrize(
    "options, words",
    [
        ("--data spirl", "unknown data set 'spirl': did you mean 'spiral'"),
        ("--activation reul", "unknown activation 'reul': did you mean 'relu'"),
        (
            "--hidden abc",
            "--hidden: 'abc' is not a number of units of at least 1; several are separated by commas",
        ),
        ("--hidden 10,", "--hidden: '' is not a number of units"),
        ("--hidden -3", "--hidden: '-3' is not a number of units"),
        ("--hidden 10,0", "--hidden: '0' is not a number of units of at least 1"),
        ("--lr -1", "--lr: '-1' is not a number above 0"),
        ("--lr 0", "--lr: '0' is not a number above 0"),
        ("--lr nan", "--lr: 'nan' is not a number above 0"),
        ("--lr quick", "argument --lr: 'quick' is not a number above 0"),
        ("--epochs 0", "argument --epochs: '0' is not a whole number of at least 1"),
        ("--epochs 1.5", "argument --epochs"),
        ("--seed -1", "argument --seed: '-1' is not a whole number of at least 0"),
        ("--samples 2", "number of points must be whole and at least 3"),
        ("--noise -1", "--noise: '-1' is not a number of at least 0"),
        ("--noise inf", "--noise: 'inf' is not a number of at least 0"),
        ("--lang fr", "argument --lang: invalid choice: 'fr'"),
        ("--out nowhere/x", "cannot write nowhere/x.png: there is no folder nowhere"),
        ("--out file/x", "cannot write file/x.png: file is a file, not a folder"),
        ("--out nowhere/", "there is no folder nowhere"),
        ("--animate film.png", "a film's name ends in .gif, .html, .mp4"),
        ("--animate nowhere/film.gif", "cannot write nowhere/film.gif: there is no folder"),
        ("--nonsense", "unrecognized arguments: --nonsense"),
        ("--lr 1e300", "diverged"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(folder, capsys, options, words):
    (folder / "file").touch()
    assert main(["demo", *options.split(" ")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("tasou: error: ") and words in error
    assert error.count("\n") == 1
    assert files(folder) == ["file"]


def test_an_interrupt_keeps_what_was_learnt(folder, capsys, monkeypatch):
    calls = []

    def right(*_):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return 100

    monkeypatch.setattr(demo, "_right", right)
    assert main(["demo"]) == 130
    assert "Interrupted after 100 epochs" in capsys.readouterr().out
    assert files(folder) == ["tasou-demo.png", "tasou-demo.svg"]


def test_an_interrupt_before_anything_was_learnt_writes_nothing(folder, capsys, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("tasou.training.callbacks.Callbacks.on_start", interrupt)
    assert main(["demo"]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert files(folder) == []


def test_as_a_module_and_into_a_pipe_that_closes(folder):
    command = f"{shlex.quote(sys.executable)} -m tasou demo --epochs 20 | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=folder)
    assert done.stdout == "Spiral: 300 points, 3 classes\n" and done.stderr == ""


@pytest.mark.apart
def test_a_terminal_without_japanese_letters_gets_question_marks(folder):
    environment = {"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    environment["MPLCONFIGDIR"] = matplotlib.get_cachedir()  # the list of fonts takes seconds to make again
    code = "import sys; from tasou.cli import main; main(sys.argv[1:]); sys.exit('sklearn' in sys.modules)"
    command = [sys.executable, "-c", code, "demo", "--epochs", "1", "--lang", "ja", "--out", "a.png"]
    done = subprocess.run(command, capture_output=True, cwd=folder, env=environment)
    assert done.returncode == 0, "scikit-learn, which takes a second to import, is not needed for this"
    assert b"?" in done.stdout and b"Traceback" not in done.stderr


@pytest.mark.apart
def test_ctrl_c_ends_quietly(folder):
    command = [sys.executable, "-m", "tasou", "demo", "--epochs", "100000000", "--out", "a.png"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, text=True
    ) as run:
        for line in run.stdout:
            if line.startswith("epoch"):
                run.send_signal(signal.SIGINT)
                break
        try:
            rest, error = run.communicate(timeout=20)
        finally:
            run.kill()  # (a Ctrl-C that is not heard must not keep the tests waiting)
    assert run.returncode == 130 and error == ""
    assert "Interrupted after" in rest and files(folder) == ["a.png"]


def test_the_training_is_filmed(folder, capsys, monkeypatch):
    monkeypatch.setitem(tasou.plots.animate_training.__kwdefaults__, "frames", 2)
    assert main(["demo", "--epochs", "4", "--animate", "film.html", "--out", "a.png"]) == 0
    said = capsys.readouterr().out
    assert "epoch 4/4" in said and "Film: film.html\nPicture: a.png\n" in said
    assert files(folder) == ["a.png", "film.html"]
    assert "in 4 epochs" in (folder / "film.html").read_text()
