"""Everything that the command says is said in the language asked for, complaints included."""

from __future__ import annotations

import re

import pytest

from tasou.cli import main

TABLE = "size,price\n" + "".join(f"{k},{2 * k}\n" for k in range(30))
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    (tmp_path / "t.csv").write_text(TABLE)
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("train t.csv", "次の引数が必要です：--target"),
        ("train t.csv --target price --lr", "--lr：値を1つ指定してください"),
        (
            "train t.csv --target price --epochs 0",
            "--epochs：'0' は使えません。1以上の整数を指定してください",
        ),
        ("train t.csv --target price --hidden 8,x", "'x' は使えません。1以上のユニット数"),
        ("train t.csv --target price --task guess", "'guess' は使えません（使えるもの："),
        ("train t.csv --target price --frobnicate", "知らない引数です：--frobnicate"),
        ("train t.csv --target price -o no/m.tasou", "no/m.tasou に書き込めません：フォルダ no がありません"),
        ("train t.csv --target price -o folder", "フォルダです。その中のファイル名を指定してください"),
        ("train t.csv --target price -o t.csv", "このコマンドがそのファイルを読んでいます"),
        ("train t.csv --target price -o -", "-o でファイル名を指定してください"),
        ("predict t.csv t.csv", "t.csv：モデルファイルではないか、途中で切れています"),
        ("predict folder t.csv", "folder はフォルダで、モデルファイルではありません"),
        ("predict none.tasou t.csv", "none.tasou を読めません：ファイルやフォルダがありません"),
        ("explain dead-rleu", "所見 'dead-rleu' はありません。もしかして 'dead-relu' ですか？"),
        ("lecture x", "'x' は講義の節の番号ではありません"),
        ("lecture exercise 99", "演習 '99' はありません"),
        ("demo nothing", "知らない引数です：nothing"),
        ("nothing", "使えません（使えるもの："),
    ],
)
def test_a_complaint_in_japanese(line, complaint, capsys):
    assert main([*line.split(), "--lang", "ja"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("tasou: error: ")
    assert told.count("\n") == 1
    assert complaint in told


@pytest.mark.parametrize("variable", ["TASOU_LANG", "LC_ALL", "LANG"])
def test_the_environment_chooses_too(variable, capsys, monkeypatch):
    for name in ("TASOU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "ja_JP.UTF-8")
    assert main(["explain", "nothing"]) == 2
    assert JAPANESE.search(capsys.readouterr().err)


@pytest.mark.parametrize("command", ["train", "serve", "play"])
def test_help_in_japanese_fits_the_terminal_and_breaks_no_name(command, capsys, monkeypatch):
    from tasou.formulas import activations, schedules
    from tasou.text import width

    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TASOU_LANG", "ja")
    assert main([command, "--help"]) == 0
    said = capsys.readouterr().out
    explained = [
        line for line in said.splitlines() if line.startswith("    ") and not line.strip().startswith("[")
    ]
    assert max(width(line) for line in explained) <= 80
    assert not any(line.strip().startswith(("、", "。", "）")) for line in explained)
    if command == "train":
        assert all(name in said for name in (*activations.names(), *schedules.names()))
