"""On machines as students have them: a Japanese Windows console, output into files, blanks in paths, open files."""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import matplotlib
import numpy as np
import pytest

import tasou
from tasou import writing
from tasou.cli import main
from tasou.errors import TasouError

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder whose name has a blank and Japanese letters, and a table in it."""
    place = tmp_path / "My Files 書類"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setitem(tasou.plots.save.__kwdefaults__, "dpi", 30)
    monkeypatch.setitem(tasou.plots.decision_boundary.__kwdefaults__, "resolution", 20)
    rng = np.random.default_rng(0)
    with open("乗客 名簿.csv", "w", newline="", encoding="cp932") as file:
        rows = csv.writer(file)
        rows.writerow(["年齢", "港", "生存"])
        for age in rng.integers(1, 80, 60):
            rows.writerow([age, "横浜" if age % 3 else "神戸", "はい" if age > 30 else "いいえ"])
    return place


@contextmanager
def japanese_console(data="cp932"):
    """Standard output and error of a Japanese Windows, redirected: cp932, and an error for every other letter."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "cp932", errors="strict") for _ in range(2))
    said = []
    with redirect_stdout(out), redirect_stderr(err):
        yield said
    for stream, encoding in ((out, data), (err, "cp932")):
        stream.flush()
        said.append(stream.buffer.getvalue().decode(encoding))


@pytest.mark.filterwarnings("ignore:no Japanese font|日本語フォント")
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_the_readme_types_fits_on_a_japanese_console(folder, lang):
    commands = [
        ["demo", "--data", "moons", "--hidden", "4", "--epochs", "2", "-o", "図 1"],
        [
            "train",
            "--preset",
            "plain",
            "乗客 名簿.csv",
            "--target",
            "生存",
            "--epochs",
            "3",
            "--diagnose",
            "--report",
            "報告 書.html",
        ],
        ["predict", "乗客 名簿.tasou", "乗客 名簿.csv", "--proba"],
        ["info", "乗客 名簿.tasou"],
        ["lecture", "2.2"],
        ["lecture", "5.1"],
        ["lecture", "exercise", "3.2"],
        ["explain", "T001"],
        ["--help"],
    ]
    for command in commands:
        with japanese_console("utf-8" if command[0] == "predict" else "cp932") as said:  # a table for a file
            assert main([*command, "--lang", lang]) == 0, command
        assert said[0], command
        assert not re.search(r"\?(?!\s)", said[0] + said[1]), "no letter is lost"
    assert {"図 1.png", "図 1.svg", "乗客 名簿.tasou", "報告 書.html"} <= {
        path.name for path in folder.iterdir()
    }


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_tables_of_python_can_be_printed_on_a_japanese_console(lang):
    network = tasou.Network((2, 3, 3), rng=0)
    X, y = np.array([[0.5, -1.2], [1.0, 0.0]]), np.array([0, 1])
    trace = network.forward(X)
    with japanese_console() as said:
        print(repr(network), trace.table(sample=0, lang=lang))
        network.measure(trace, network.as_target(y))
        network.backward(trace, network.as_target(y))
        print(trace.table(sample=0, lr=0.1, lang=lang).text(), trace.table(sample=None, lang=lang))
        history = tasou.Training(network, lr=1e3, rng=1).run(X, y, epochs=3)
        print(history, tasou.diagnose(network, X, y), tasou.check_gradients(network, X, y))
    assert "y^" in said[0] and "δ[2]" in said[0]


def test_the_columns_of_a_trace_line_up_where_letters_were_replaced():
    trace = tasou.Network((2, 3, 3), rng=0).forward(np.zeros((1, 2)))
    with japanese_console() as said:
        print(trace.table(sample=0, lang="en"))
    head, *rows = said[0].split("── forward ──")[-1].strip().splitlines()
    column = head.index("formula")
    assert {row[column - 2 : column] for row in rows} == {"  "}


def python(code, folder, *options, **environment):
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
    env = {
        **kept,
        "PATH": os.defpath,
        "HOME": str(folder),
        "MPLCONFIGDIR": matplotlib.get_cachedir(),
        **environment,
    }
    return subprocess.run([sys.executable, *options, "-c", code], cwd=folder, env=env, capture_output=True)


TRACE = "import tasou, numpy as np; print(tasou.Network((2, 3, 3), rng=0).forward(np.zeros((1, 2))).table(sample=0))"


def test_a_trace_is_printed_with_pythonioencoding_cp932(folder):
    done = python(TRACE, folder, PYTHONIOENCODING="cp932")
    assert done.returncode == 0, done.stderr.decode()
    assert "y^" in done.stdout.decode("cp932")


def test_a_trace_is_printed_in_a_cp932_locale(folder, tmp_path):
    made = None
    if shutil.which("localedef"):
        place = str(tmp_path / "ja_JP.SJIS")
        made = subprocess.run(
            ["localedef", "-c", "-i", "ja_JP", "-f", "SHIFT_JIS", place], capture_output=True
        )
    if made is None or not (tmp_path / "ja_JP.SJIS").exists():
        pytest.skip("this machine has no sources of locales to make ja_JP.SJIS from")
    done = python(TRACE, folder, LOCPATH=str(tmp_path), LC_ALL="ja_JP.SJIS", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr.decode("cp932", "replace")
    assert "y^" in done.stdout.decode("cp932")


@pytest.mark.apart
def test_no_file_is_read_or_written_in_the_encoding_of_the_locale(folder):
    """On Windows that is cp932; Python tells every file opened without saying how."""
    code = """
import warnings
warnings.filterwarnings("error", category=EncodingWarning, module="tasou")
from tasou.cli import main
for line in (["demo", "--epochs", "1", "-o", "a"], ["train", "乗客 名簿.csv", "--target", "生存", "--epochs", "1",
             "--preset", "fast", "--report", "r.html", "-o", "m.tasou"], ["info", "m.tasou"], ["lecture", "5.1"]):
    assert main(line) == 0, line
"""
    options = (
        "-X",
        "warn_default_encoding",
        "-W",
        "ignore::EncodingWarning",
    )  # Matplotlib's own are not ours
    done = python(code, folder, *options, PYTHONIOENCODING="utf-8", TASOU_LANG="en")
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture
def windows(monkeypatch):
    """Windows, where a file that is open elsewhere cannot be replaced; ``refuse`` says how often."""
    left, replace = [0], os.replace

    def refusing(source, target):
        if left[0]:
            left[0] -= 1
            raise PermissionError(13, "Access is denied")
        replace(source, target)

    monkeypatch.setattr(writing.os, "replace", refusing)
    monkeypatch.setattr(writing.time, "sleep", lambda _: None)
    monkeypatch.setattr(writing, "WINDOWS", True)
    return left


def test_a_model_that_is_open_for_a_moment_is_written_all_the_same(folder, windows):
    windows[0] = 2
    writing.write_text("m.txt", "new")
    assert Path("m.txt").read_text("utf-8") == "new"


def test_a_file_that_another_program_has_open_is_named_and_stays_as_it_was(folder, windows):
    Path("m.txt").write_text("old", "utf-8")
    windows[0] = 99
    with pytest.raises(TasouError, match=r"cannot write m\.txt: another program has the file open"):
        writing.write_text("m.txt", "new")
    assert Path("m.txt").read_text("utf-8") == "old"
    assert not list(folder.glob(".tasou-*"))


# --- scripts ---------------------------------------------------------------------------------------------------------

needs_sh = pytest.mark.skipif(shutil.which("sh") is None, reason="needs a POSIX shell")


def test_the_readme_s_two_commands_have_a_form_for_windows():
    for page in ("README.md", "README.ja.md"):
        text = (ROOT / page).read_text("utf-8")
        for name in ("demo", "test"):
            assert f"scripts/{name}" in text and rf"py scripts\{name}.py" in text
            assert (ROOT / "scripts" / f"{name}.py").is_file()


@needs_sh
def test_a_script_is_run_by_the_first_python_that_is_new_enough(tmp_path):
    scripts = tmp_path / "with blank" / "scripts"
    scripts.mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "python", scripts)
    (scripts / "say.py").write_text("import sys; print(sys.argv[1:])")
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")  # too old
    (tmp_path / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    for name in ("python", "python3"):
        (tmp_path / name).chmod(0o755)
    run = ["sh", str(scripts / "python"), str(scripts / "say.py"), "a b", "渦"]
    env = {"PATH": f"{tmp_path}{os.pathsep}/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(run, env=env, capture_output=True)
    assert done.stdout.decode() == "['a b', '渦']\n", done.stderr
    bad = subprocess.run(run, env=env | {"PYTHON": str(tmp_path / "python3")}, capture_output=True, text=True)
    assert bad.returncode == 1 and "no Python >= 3.11" in bad.stderr


def test_the_launcher_says_that_a_python_is_too_old(monkeypatch, capsys):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    import setup

    monkeypatch.setattr(setup.sys, "version_info", (3, 8))
    with pytest.raises(SystemExit):
        setup.setup()
    assert "Python 3.8 is too old, 3.11 or newer is needed" in capsys.readouterr().err
