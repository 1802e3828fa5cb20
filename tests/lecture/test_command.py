"""tasou lecture, as a user types it."""

from __future__ import annotations

import pytest
from matplotlib import pyplot

from tasou import lecture
from tasou.cli import main
from tasou.lecture import Measure, Outcome, exercise


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(*argv):
    try:
        return main(["lecture", *argv])
    except SystemExit as end:
        return end.code


@pytest.mark.parametrize("lang, words", [("en", "XOR and the ceiling"), ("ja", "XORと線形モデルの限界")])
def test_without_anything_it_lists_all(capsys, lang, words):
    assert run("--lang", lang) == 0
    out = capsys.readouterr().out
    assert words in out
    assert all(f"  {e.number} " in out for e in lecture.all_experiments())


@pytest.mark.filterwarnings("ignore:no Japanese font|日本語フォント")
@pytest.mark.parametrize("lang, words", [("en", "The claim holds."), ("ja", "主張は成り立つ。")])
def test_one_experiment_prints_and_draws(capsys, tmp_path, lang, words):
    assert run("2.2", "--lang", lang) == 0
    out = capsys.readouterr().out
    assert words in out and "31" in out
    for ending in ("png", "svg"):
        path = tmp_path / "tasou-lecture" / f"lecture-2.2.{ending}"
        assert path.is_file() and path.name in out


def test_a_row_runs_all_its_experiments_into_a_folder_of_choice(capsys, tmp_path):
    assert run("5.2", "--figures", "out/pictures", "--seed", "1", "--lang", "en") == 0
    names = sorted(path.name for path in (tmp_path / "out/pictures").glob("*.svg"))
    assert names == ["lecture-5.2a.svg", "lecture-5.2b.svg"]
    assert "seed 1" in capsys.readouterr().out


def test_dark_pictures(tmp_path):
    assert run("2.2", "--dark", "--figures", "dark", "--lang", "en") == 0
    assert pyplot.imread(tmp_path / "dark/lecture-2.2.png")[0, 0, :3].max() < 0.1


@pytest.mark.filterwarnings("default:no Japanese font|日本語フォント")
def test_pictures_are_drawn_without_a_japanese_font(capsys, tmp_path, no_japanese_font):
    assert run("2.2", "--figures", "bare", "--lang", "ja") == 0
    said = capsys.readouterr()
    assert "主張は成り立つ。" in said.out and said.err.count("日本語フォントが見つからない") == 1
    assert (tmp_path / "bare/lecture-2.2.svg").is_file()


def few(monkeypatch, *numbers):
    chosen = tuple(lecture.find(number)[0] for number in numbers)
    monkeypatch.setattr("tasou.lecture.all_experiments", lambda: chosen)


def test_all_end_with_a_table(capsys, monkeypatch, tmp_path):
    few(monkeypatch, "2.2", "7")
    assert run("--all", "--lang", "en") == 0
    out = capsys.readouterr().out
    assert "2 of 2 claims hold" in out and "✓" in out
    assert not list(tmp_path.iterdir())


def test_a_claim_that_does_not_hold_is_exit_status_1(capsys, monkeypatch):
    few(monkeypatch, "2.2")
    broken = Outcome([Measure("x", {"en": "hits", "ja": "正解"}, 2.0, ">=", 3)])
    monkeypatch.setattr("tasou.lecture.run", lambda e, seed: lecture.Result(e, seed, broken, 0.0))
    assert run("--all", "--lang", "ja") == 1
    assert "✗ 2.2 正解" in capsys.readouterr().out


def test_an_exercise_asks_and_checks(capsys):
    assert run("exercise", "--lang", "en") == 0
    assert "Forward through two layers" in capsys.readouterr().out
    assert run("exercise", "3.2", "--seed", "7", "--lang", "ja") == 0
    assert "ŷ を求めよ" in capsys.readouterr().out
    task = exercise.find("3.2").task(7)
    right = ",".join(f"{value:.2f}" for value in task.answer)
    assert run("exercise", "3.2", "--seed", "7", f"--answer={right}", "--lang", "en") == 0
    assert "Right!" in capsys.readouterr().out
    wrong = ",".join(f"{value:.4f}" for value in task.mistakes[0].answer)
    assert run("exercise", "3.2", "--seed", "7", f"--answer={wrong}", "--lang", "ja") == 1
    assert "バイアスを足し忘れ" in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv, words",
    [
        (["9.9"], "unknown experiment"),
        (["xor"], "no section"),
        (["--seed", "-1"], "--seed"),
        (["1.2", "--all"], "--all"),
        (["1.2", "1.3"], "one experiment at a time"),
        (["1.2", "--answer", "1"], "--answer"),
        (["exercise", "3.9"], "unknown exercise"),
        (["exercise", "3.2", "--answer", "1,2,3"], "expected"),
        (["2.2", "--figures", "file/in"], "cannot make the folder"),
    ],
)
def test_mistakes_are_told_in_one_line(capsys, tmp_path, argv, words):
    (tmp_path / "file").write_text("")
    assert run(*argv) == 2
    err = capsys.readouterr().err
    assert words in err and len(err.splitlines()) == 1
