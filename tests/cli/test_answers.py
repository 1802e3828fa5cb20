"""What predict writes: the file's own cells as they stood, names that do not collide, any encoding."""

import csv
import io

import numpy as np
import pytest

from tasou.cli import main
from tasou.cli._answers import _csv

CELLS = [
    ["id", "amount", "code", "date", "note", "y"],
    ["1", "1,234", "007", "2024-03-01", "=1+1", "a"],
    ["2", "1234567.891", "0.10", "2024-03-02", "髙い", "b"],
    ["9007199254740993", "NA", "1.50", "", 'say "hi"\nthere', "a"],
    ["4", "", "-0", "不明", " x ", "b"],
] + [[str(i), f"{i}.5", "1", "2024-03-03", "plain", "ab"[i % 2]] for i in range(5, 40)]


def text_of(rows):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def rows_of(data, encoding="utf-8"):
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))


@pytest.fixture
def folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TASOU_LANG", "en")
    (tmp_path / "a.csv").write_text(text_of(CELLS), encoding="utf-8")
    options = ["--epochs", "1", "--hidden", "2", "--drop", "note,date,code,amount", "-q"]
    assert main(["train", "--preset", "plain", "a.csv", "--target", "y", "--numeric", "id", *options]) == 0
    capsys.readouterr()
    return tmp_path


def predict(*options):
    return main(["predict", "a.tasou", *options, "-o", "out.csv"])


def test_kept_cells_are_written_as_they_stood(folder):
    assert predict("a.csv", "--keep", "-q") == 0
    found = rows_of((folder / "out.csv").read_bytes())
    assert [row[:-1] for row in found] == CELLS and found[0][-1] == "predicted_y"


def test_a_long_file_comes_back_byte_for_byte(folder):
    rng = np.random.default_rng(0)
    rows = [
        f"{i},{rng.normal():.{i % 9}f},{rng.normal()!r},{'東京' if i % 3 else ''},00{i}"
        for i in range(25_000)
    ]
    text = "\n".join(["id,a,b,c,d", *rows, ""])
    (folder / "b.csv").write_text(text, encoding="utf-8", newline="")
    assert predict("b.csv", "--keep", "-q") == 0
    found = (folder / "out.csv").read_text("utf-8")
    assert "".join(line.rpartition(",")[0] + "\n" for line in found.splitlines()) == text


def test_kept_columns_of_a_parquet_file_keep_every_digit(folder):
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    columns = {
        "id": [123456780, None, 2**60 + 1],
        "amount": [1234567.891, None, 0.1],
        "whole": [123456780.0, None, 7.0],
        "when": pyarrow.array(np.array(["2024-03-01", "NaT", "2024-03-01T12:30:01"], "datetime64[ns]")),
    }
    parquet.write_table(pyarrow.table(columns), "k.parquet")
    assert predict("k.parquet", "--keep", "-q") == 0
    assert [row[:4] for row in rows_of((folder / "out.csv").read_bytes())] == [
        ["id", "amount", "whole", "when"],
        ["123456780", "1234567.891", "123456780", "2024-03-01T00:00:00"],
        ["", "", "", ""],
        ["1152921504606846977", "0.1", "7", "2024-03-01T12:30:01"],
    ]


def test_columns_of_the_file_stay_and_new_ones_take_another_name(folder, capsys):
    rows = [[*CELLS[0], "predicted_y", "p_a"], *([*row, "old", "0"] for row in CELLS[1:])]
    (folder / "b.csv").write_text(text_of(rows), encoding="utf-8")
    assert predict("b.csv", "--keep", "--proba") == 0
    found = rows_of((folder / "out.csv").read_bytes())
    assert [row[:8] for row in found] == rows
    assert found[0][8:] == ["predicted_y_2", "p_a_2", "p_b"]
    err = capsys.readouterr().err
    assert "note: the file has a column 'predicted_y' itself: the new one is called 'predicted_y_2'" in err


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig", "utf-16", "euc_jis_2004"])
def test_answers_in_any_encoding(folder, encoding):
    (folder / "b.csv").write_text(
        text_of([["id", "名"], ["1", "はい"], ["2", "①" if encoding == "cp932" else "é"]])
    )
    assert predict("b.csv", "--keep", "-q", "--output-encoding", encoding) == 0
    data = (folder / "out.csv").read_bytes()
    assert rows_of(data, encoding)[1][1] == "はい"
    assert data.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")


@pytest.mark.parametrize(
    ("name", "cell", "place"),
    [("名", "한", "'한' (U+D55C): column '名', line 3"), ("한", "x", "'한' (U+D55C): column '한', its name")],
)
def test_a_character_that_does_not_fit_is_named_and_nothing_is_written(folder, capsys, name, cell, place):
    (folder / "b.csv").write_text(text_of([["id", name], ["1", "x"], ["2", cell]]), encoding="utf-8")
    assert predict("b.csv", "--keep", "--output-encoding", "cp932") == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and f"cp932 has no character {place}" in err
    assert not (folder / "out.csv").exists()


@pytest.mark.parametrize("encoding", ["klingon", "base64", ""])
def test_an_unknown_output_encoding_is_refused_before_the_work(folder, capsys, encoding):
    assert predict("a.csv", "--output-encoding", encoding) == 2
    assert "unknown encoding" in capsys.readouterr().err


def test_formulas_are_made_harmless_if_asked(folder):
    cells = ["=1+1", "-3.5", "+x", "@a", "-", "＝A1", "\tx", "7"]
    (folder / "b.csv").write_text(text_of([["id", "=n"], *(["1", cell] for cell in cells)]), encoding="utf-8")
    assert predict("b.csv", "--keep", "--excel-safe", "-q") == 0
    found = [row[1] for row in rows_of((folder / "out.csv").read_bytes())]
    assert found == ["'=n", "'=1+1", "-3.5", "'+x", "'@a", "'-", "'＝A1", "'\tx", "7"]


def test_a_carriage_return_in_a_cell_is_quoted():
    assert _csv([["a", "b\rc"]]) == '"a","b\rc"\n'


def test_in_one_column_every_line_has_its_prediction(folder, capsys):
    (folder / "b.csv").write_text("id\n1\n\n3\n")
    assert main(["predict", "a.tasou", "b.csv", "-q"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_names_typed_on_a_mac_are_found(folder, capsys):
    rows = "サイス\u3099,テ\u3099ータ\n" + "".join(f"{i},{i * 1.5}\n" for i in range(40))
    (folder / "m.csv").write_text(rows, encoding="utf-8")
    assert (
        main(
            [
                "train",
                "--preset",
                "plain",
                "m.csv",
                "--target",
                "データ",
                "--numeric",
                "サイズ",
                "--epochs",
                "1",
                "-q",
            ]
        )
        == 0
    )
    assert main(["predict", "m.tasou", "m.csv", "-q"]) == 0
    assert capsys.readouterr().out.startswith("predicted_データ\n")


def test_train_and_predict_tell_what_was_left_out(folder, capsys):
    text = text_of(CELLS)
    (folder / "b.csv").write_text(text + text, encoding="utf-8")
    assert (
        main(["train", "--preset", "plain", "b.csv", "--target", "y", "--epochs", "1", "--report", "r.html"])
        == 0
    )
    told = "line 42 is the header again and left out"
    assert f"note: {told}\n" in capsys.readouterr().out
    assert told in (folder / "r.html").read_text("utf-8")
    assert predict("b.csv") == 0
    assert f"note: {told}\n" in capsys.readouterr().err


def test_a_query_on_the_command_line(folder, capsys):
    import sqlite3

    with sqlite3.connect("d.db") as connection:
        connection.execute("CREATE TABLE t (id, y)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [(i, "ab"[i % 2]) for i in range(30)])
    connection.close()
    assert main(["predict", "a.tasou", "d.db", "--query", "SELECT id FROM t LIMIT 3", "-q"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4
    assert (
        main(
            [
                "train",
                "--preset",
                "plain",
                "d.db",
                "--table",
                "t",
                "--target",
                "y",
                "--numeric",
                "id",
                "--epochs",
                "1",
                "-q",
            ]
        )
        == 0
    )
