"""The commands train, predict and info, as a user types them."""

import csv
import io
import os
import re
import subprocess
import sys

import numpy as np
import pytest

import tasou
from tasou.cli import main
from tasou.cli._progress import Progress
from tasou.models.table_model import TableModel
from tasou.tables import Table, infer
from tasou.text import width

PLAIN = ("train", "--preset", "plain")

N = 120


def rows(n=N):
    rng = np.random.default_rng(3)
    yield ["id", "年齢", "city", "note", "survived", "price"]
    for i in range(n):
        age = rng.integers(18, 80)
        city = ["Kyoto", "Osaka", ""][i % 3]
        price = 100 + 3 * age + (i % 3) * 50 + rng.normal()
        yield [i, age if i % 10 else "", city, "same", "yes" if age > 45 else "no", f"{price:.2f}"]


def text(n=N):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows(n))
    return out.getvalue()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TASOU_LANG", "en")
    (tmp_path / "a.csv").write_text(text(), encoding="utf-8")
    return tmp_path


@pytest.fixture
def model(folder, capsys):
    assert (
        main([*PLAIN, "a.csv", "--target", "survived", "--epochs", "8", "--hidden", "8", "--drop", "price"])
        == 0
    )
    capsys.readouterr()
    return "a.tasou"


def test_train_tells_roles_result_and_files(folder, capsys):
    assert (
        main(
            [*PLAIN, "a.csv", "--target", "survived", "--epochs", "3", "-o", "m.tasou", "--report", "r.html"]
        )
        == 0
    )
    out, err = capsys.readouterr()
    assert re.search(r"id +id \(not used\) +0 to 119 +counts the rows", out)
    assert re.search(r"note +constant \(not used\) .* always same", out)
    assert "96 rows to learn from, 24 kept apart to test" in out
    assert re.search(r"accuracy +[\d.]+ +0\.\d+", out) and "always yes" in out
    assert "epoch    1 of at most 3: loss" in err
    assert tasou.load("m.tasou").test.rows == 24
    page = (folder / "r.html").read_text("utf-8")
    assert page.startswith("<!doctype html>") and "<svg" in page and "年齢" in page and "http" not in page
    assert "<h2>At every threshold (ROC)</h2>" in page and "<th>recall</th>" in page
    assert "a.csv --target survived --epochs 3 -o m.tasou --report r.html</pre>" in page


def test_train_in_japanese(folder, capsys, monkeypatch):
    args = [
        *PLAIN,
        "a.csv",
        "--target",
        "price",
        "--epochs",
        "2",
        "--lang",
        "ja",
        "--report",
        "r.html",
    ]
    assert main(args) == 0
    assert "決定係数" in capsys.readouterr().out
    page = (folder / "r.html").read_text("utf-8")
    assert '<html lang="ja">' in page and "<h2>残差</h2>" in page


def test_quiet_says_nothing(folder, capsys):
    assert main([*PLAIN, "a.csv", "--target", "survived", "--epochs", "2", "-q"]) == 0
    assert capsys.readouterr() == ("", "")


def test_same_seed_same_model(folder):
    for name in ("1", "2"):
        assert main([*PLAIN, "a.csv", "--target", "survived", "--epochs", "3", "-q", "-o", name]) == 0
    assert (folder / "1").read_bytes() == (folder / "2").read_bytes()


def test_roles_by_hand(folder, capsys):
    by_hand = ["--drop", "city,price", "--categorical", "年齢", "--numeric", "id"]
    assert main([*PLAIN, "a.csv", "--target", "survived", "--epochs", "1", "--hidden", "0", *by_hand]) == 0
    found = tasou.load("a.tasou")
    assert found.preparation.columns == ["id", "年齢"]
    assert [step.kind for step in found.preparation.steps] == ["numeric", "categorical"]
    assert len(found.network.sizes) == 2


def test_predict_keeps_order_and_adds_probabilities(folder, model, capsys):
    assert main(["predict", model, "a.csv", "-o", "p.csv", "--proba", "--keep"]) == 0
    err = capsys.readouterr().err
    assert "has the target survived in 120 rows" in err
    with open("p.csv", encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["id"] for row in found] == [str(i) for i in range(N)]
    assert all(abs(float(row["p_no"]) + float(row["p_yes"]) - 1) < 1e-5 for row in found)
    assert all((float(row["p_yes"]) > 0.5) == (row["predicted_survived"] == "yes") for row in found)


def test_predict_from_standard_input_to_standard_output(folder, model):
    done = subprocess.run(
        [sys.executable, "-m", "tasou", "predict", model],
        input=text(5).encode("cp932"),
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().splitlines()[0] == "predicted_survived"
    assert len(done.stdout.decode().splitlines()) == 6


def test_a_reader_that_goes_away_is_no_drama(folder, model):
    (folder / "long.csv").write_text(text(20_000), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "tasou", "predict", model, "long.csv", "--keep", "-q"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


def test_columns_the_model_does_not_know_are_named(folder, model, capsys):
    (folder / "b.csv").write_text("年齢,city,colour\n30,Kyoto,red\n", encoding="utf-8")
    assert main(["predict", model, "b.csv"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "predicted_survived"
    assert err == "note: the model does not know the columns colour; they are not used\n"


def test_values_the_model_has_not_seen_are_named(folder, model, capsys):
    (folder / "b.csv").write_text("年齢,city\n30,Kyoto\n40,Nara\n50,Nara\n,\n", encoding="utf-8")
    assert main(["predict", model, "b.csv"]) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 5
    assert err == "note: column 'city': not seen in training: 'Nara'\n"


def test_rows_that_differ_from_training_are_told_of(folder, model, capsys):
    (folder / "b.csv").write_text("年齢,city\n" + "900,Kyoto\n,Kyoto\n" * 20, encoding="utf-8")
    assert main(["predict", model, "b.csv", "-o", "p.csv"]) == 0
    err = capsys.readouterr().err
    assert re.search(r"note: column '年齢': values from \d+ to 900, in training from \d+ to \d+", err)
    assert "note: column '年齢': 50% of the cells have no value" in err
    assert "note: column 'city': levels are distributed otherwise than in training: 'Kyoto' has 100%" in err


def test_info_about_the_installation(capsys, monkeypatch):
    monkeypatch.setenv("TASOU_LANG", "en")
    assert main(["info"]) == 0
    out = capsys.readouterr().out
    assert re.search(rf"tasou +{re.escape(tasou.__version__)}", out) and re.search(
        r"backend +(numpy|native) \(", out
    )


@pytest.mark.parametrize(("lang", "words"), [("en", "columns it reads"), ("ja", "読む列")])
def test_info_about_a_model(folder, model, capsys, lang, words):
    assert main(["info", model, "--lang", lang]) == 0
    out = capsys.readouterr().out
    assert words in out and "年齢" in out and "sigmoid" in out and "Osaka" in out


def test_info_about_a_bare_network(folder, capsys):
    tasou.save(tasou.Network((2, 3, 1), loss="squared_error", rng=0), "n.tasou")
    assert main(["info", "n.tasou"]) == 0
    assert "a Network" in capsys.readouterr().out


def test_interrupted_training_still_writes_its_model(folder, capsys, monkeypatch):
    def interrupt(self, training):
        if len(training.history) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "on_epoch", interrupt)
    assert main([*PLAIN, "a.csv", "--target", "survived"]) == 130
    assert "interrupted after 3 epochs" in capsys.readouterr().out
    assert len(tasou.load("a.tasou").history["loss"]) == 3


def test_interruption_before_anything_was_learnt_writes_nothing(folder, capsys, monkeypatch):
    monkeypatch.setattr("tasou.tables.read", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    assert main([*PLAIN, "a.csv", "--target", "survived"]) == 130
    assert capsys.readouterr().err == "tasou: interrupted\n"
    assert sorted(p.name for p in folder.iterdir()) == ["a.csv"]


def test_small_tables_have_no_test_part(folder, capsys):
    (folder / "xor.csv").write_text("a,b,y\n0,0,no\n0,1,yes\n1,0,yes\n1,1,no\n")
    assert main([*PLAIN, "xor.csv", "--target", "y"]) == 0
    out = capsys.readouterr().out
    assert "there is no test part" in out and re.search(r"accuracy +1\.000", out)


def test_three_header_rows_in_cp932_with_tabs(folder, capsys):
    body = [line.replace(",", "\t") for line in text().splitlines()[1:]]
    lines = [
        "c1\tc2\tc3\tc4\tc5\tc6",
        "2020\t2020\t2020\t2020\t2020\t2020",
        "番号\t年齢\t市\t備考\t生存\t価格",
        *body,
    ]
    (folder / "b.tsv").write_bytes("\r\n".join(lines).encode("cp932"))
    assert main([*PLAIN, "b.tsv", "--target", "生存", "--header-rows", "3", "--epochs", "1", "-q"]) == 0
    assert tasou.load("b.tasou").goal.column == "生存"


BAD_TRAIN = {
    "no such file: nowhere.csv": ("nowhere.csv", "y", None),
    "data is a directory, not a data file": ("data", "y", None),
    "b.csv is empty": ("b.csv", "y", b""),
    "b.csv has no data: only 1 header row": ("b.csv", "y", b"x,y\n"),
    "b.csv has no column 'Y': did you mean 'y'?": ("b.csv", "Y", b"x,y\n1,a\n2,b\n"),
    "target 'y' has one value only ('a')": ("b.csv", "y", b"x,y\n1,a\n2,a\n"),
    "target 'y' has no value in any row of b.csv": ("b.csv", "y", b"x,y\n1,\n2,NA\n"),
    "b.csv has no column to learn from: 'x (no cell has a value)'": ("b.csv", "y", b"x,y\n,a\n,b\n"),
    "b.csv, line 3: 3 fields where the header has 2": ("b.csv", "y", b"x,y\n1,a\n1,2,3\n"),
    "b.csv: byte 0xff at offset 4 (line 2) is not UTF-8": ("b.csv", "y", b"x,y\n\xff,a\n"),
}


@pytest.mark.parametrize("message", BAD_TRAIN)
def test_bad_data_is_one_line_and_nothing_is_written(folder, capsys, message):
    file, target, content = BAD_TRAIN[message]
    (folder / "data").mkdir()
    if content is not None:
        (folder / "b.csv").write_bytes(content)
    before = sorted(folder.rglob("*"))
    assert main([*PLAIN, file, "--target", target, "--report", "r.html"]) == 2
    check_error(capsys, message)
    assert sorted(folder.rglob("*")) == before


BAD_USE = {
    "cannot write no/m.tasou: there is no folder no": "train a.csv --target survived -o no/m.tasou",
    "cannot write data: it is a folder": "train a.csv --target survived -o data",
    "cannot write no/r.html: there is no folder no": "train a.csv --target survived --report no/r.html",
    "unknown encoding 'x'": "train a.csv --target survived --encoding x",
    "a.csv has no column 'agee'; it has": "train a.csv --target survived --drop agee",
    "the following arguments are required: --target (see: tasou train --help)": "train a.csv",
    "argument --hidden: 'x' is not a number of units of at least 1; several": "train a.csv --target price --hidden 8,x",
    "argument --hidden: '0' is not a number of units": "train a.csv --target survived --hidden 0,5",
    "argument --test-size: '2' is not a share of at least 0 and below 1": "train a.csv --target survived --test-size 2",
    "argument --epochs: '0' is not a whole number of at least 1": "train a.csv --target survived --epochs 0",
    "argument --seed: '-1' is not a whole number of at least 0": "train a.csv --target survived --seed -1",
    "argument --lr: 'nan' is not a number above 0": "train a.csv --target survived --lr nan",
    "cannot write ./a.csv: this command reads that file already; choose": "train a.csv --target survived -o ./a.csv",
    "cannot write m: this command writes that file already": "train a.csv --target survived -o m --report m",
    "cannot write the model to the standard output": "train a.csv --target survived -o -",
    "a.csv has no column 'id', but line 1 does: is there 1 header row?": "train a.csv --target id --header-rows 0",
    "invalid choice: 'trian': did you mean 'train'?": "trian a.csv",
    "unrecognized arguments: --epohcs 5: did you mean '--epochs'?": "train a.csv --target survived --epohcs 5",
    "a.csv: not a model file": "predict a.csv a.csv",
    "cannot read no.tasou": "predict no.tasou a.csv",
    "no such file: no.csv": "predict a.tasou no.csv",
    "b.csv lacks the columns '年齢', 'city' that the model needs; it has 'colour' instead": "predict a.tasou b.csv",
    "b.csv has no data": "predict a.tasou c.csv",
    "cannot write no/p.csv": "predict a.tasou a.csv -o no/p.csv",
    "cannot write a.csv: this command reads that file already": "predict a.tasou a.csv -o a.csv",
    "cannot write a.tasou: this command reads that file already": "predict a.tasou a.csv -o a.tasou",
    "n.tasou holds a bare Network": "predict n.tasou a.csv",
    "d.csv, line 2: column '年齢' must hold numbers, but here it says 'old'": "predict a.tasou d.csv",
}


@pytest.mark.parametrize("message", BAD_USE)
def test_bad_use_is_one_line_and_nothing_is_written(folder, model, capsys, message):
    (folder / "data").mkdir()
    (folder / "b.csv").write_text("colour\nred\n")
    (folder / "c.csv").write_text("年齢,city\n", encoding="utf-8")
    (folder / "d.csv").write_text("年齢,city\nold,Kyoto\n", encoding="utf-8")
    tasou.save(tasou.Network((2, 2), rng=0), "n.tasou")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert main(BAD_USE[message].split()) == 2
    check_error(capsys, message.replace("b.csv has no data", "c.csv has no data"))
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_more_than_fits_into_the_memory_is_one_line(folder, capsys, monkeypatch):
    assert main([*PLAIN, "a.csv", "--target", "survived", "-q", "--hidden", "999999999,999999999"]) == 2
    check_error(capsys, "the memory does not suffice: Unable to allocate")
    assert not (folder / "a.tasou").exists()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize(
    "command", ["info", "predict a.tasou a.csv -q", "train a.csv --target survived --epochs 1"]
)
def test_a_full_disk_behind_the_standard_output_is_one_line(folder, model, command):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tasou", *command.split()], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2 and done.stderr.splitlines()[-1] == "tasou: error: No space left on device"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_one_line(folder, model, capsys):
    assert main(["predict", model, "a.csv", "-q", "-o", "/dev/full"]) == 2
    check_error(capsys, "cannot write /dev/full: No space left on device")


def check_error(capsys, message):
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("tasou: error: ") and err.count("\n") == 1 and "Traceback" not in err
    assert message in err


def test_help_in_both_languages(capsys):
    for lang, words in (("en", "train networks on a data file"), ("ja", "ネットワークに学習させる")):
        assert main([*PLAIN, "--help", f"--lang={lang}"]) == 0
        assert words in capsys.readouterr().out
    assert main([]) == 0
    assert "predict" in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"tasou {tasou.__version__}\n"


def test_the_japanese_help_has_no_english_left_in_it(capsys):
    for argv in (["--lang", "ja"], ["--help", "--lang=ja"], ["predict", "--help", "--lang", "ja"]):
        assert main(argv) == 0
        text = capsys.readouterr().out
        assert text.startswith("使い方：tasou")
        assert "\nオプション：\n" in text
        first, second = text.splitlines()[:2] if "predict" in argv else ("", "")
        assert width(first.partition("[")[0]) == len(second) - len(second.lstrip())
        assert not [word for word in ("usage", "options:", "arguments", "show this", "exit") if word in text]


def test_the_language_may_stand_before_the_command(capsys):
    assert main(["--lang", "ja", "explain", "T001"]) == 0
    assert "死んだReLU" in capsys.readouterr().out


def test_help_loads_no_heavy_library():
    code = "import sys; from tasou.cli import main; main(['--help']); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1].split()
    assert not {"sklearn", "matplotlib", "scipy", "pandas", "tqdm"} & set(loaded)


def test_unbuffered_output_is_whole(folder, model):
    """An unbuffered pipe takes 64 kB at a time; none of the rest may be lost."""
    (folder / "long.csv").write_text(text(8_000), encoding="utf-8")
    command = [sys.executable, "-u", "-m", "tasou", "predict", model, "long.csv", "--keep", "-q"]
    assert len(subprocess.run(command, capture_output=True, check=True).stdout.splitlines()) == 8_001


def test_a_training_is_diagnosed_if_asked(folder, capsys):
    assert main([*PLAIN, "a.csv", "--target", "survived", "--epochs", "300", "--diagnose"]) == 0
    assert re.search(r"^(Healthy: \d+ illnesses|\d+ findings?)", capsys.readouterr().err, re.M)
    assert main([*PLAIN, "a.csv", "--target", "survived", "--epochs", "2", "--diagnose", "--lang", "ja"]) == 0
    assert re.search(r"(健康|所見)", capsys.readouterr().err)
    assert main([*PLAIN, "a.csv", "--target", "survived", "--epochs", "2"]) == 0
    assert "ealthy" not in capsys.readouterr().err


def test_the_last_language_counts(capsys):
    assert main(["--lang", "ja", "info", "--lang", "en"]) == 0
    text = capsys.readouterr().out
    assert "backend" in text and "行列積" not in text and "システム" not in text


def test_info_about_a_model_whose_training_a_callback_ended(folder, capsys):
    table = Table({"x": np.linspace(-1, 1, 20), "side": ["left"] * 10 + ["right"] * 10})
    roles = infer(table, "side")
    tasou.save(
        TableModel.fit(table, roles, callbacks=[lambda training: len(training.history) == 2]), "c.tasou"
    )
    assert main(["info", "c.tasou", "--lang", "en"]) == 0
    assert "ended by a callback after 2 epochs" in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv",
    [
        ["predict", "MODEL", "a.csv", "-o", ""],
        [*PLAIN, "a.csv", "--target", "price", "--report", ""],
    ],
)
def test_an_empty_name_is_refused_before_the_work(folder, model, capsys, argv):
    assert main([model if part == "MODEL" else part for part in argv]) == 2
    check_error(capsys, "cannot write : the name is empty")


def test_predict_tells_what_each_column_contributes(folder, model, capsys):
    assert main(["predict", model, "a.csv", "--proba", "--contributions", "-o", "p.csv"]) == 0
    assert "Mean size of contributions to 120 rows" in capsys.readouterr().err
    with open("p.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    told = [name for name in rows[0] if name.startswith("c_")]
    assert told[0] == "c_base" and "c_年齢" in told
    for row in rows:
        logit = np.log(float(row["p_yes"]) / float(row["p_no"]))
        assert sum(float(row[name]) for name in told) == pytest.approx(logit, abs=1e-4)
    size = {name: np.abs([float(row[name]) for row in rows]).mean() for name in told[1:]}
    assert max(size, key=size.get) == "c_年齢"
