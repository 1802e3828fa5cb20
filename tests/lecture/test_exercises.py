"""Exercises: the right answer is accepted, the usual mistakes are recognised and told in words."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest

from tasou.errors import TasouError, UnknownName
from tasou.lecture import exercise
from tasou.lecture.exercise import Mistake, Task

ALL = [found.number for found in exercise.exercises()]
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


def typed(values, digits=2):
    return ",".join(f"{value:.{digits}f}" for value in values)


def test_there_is_one_for_every_section_that_computes():
    assert {number[0] for number in ALL} >= set("12345") and len(ALL) >= 8


@pytest.mark.parametrize("seed", [0, 1, 20261123])
@pytest.mark.parametrize("number", ALL)
def test_the_answer_is_right_and_every_mistake_is_recognised(number, seed):
    task = exercise.find(number).task(seed)
    assert exercise.check(task, typed(task.answer)).right
    for mistake in task.mistakes:
        verdict = exercise.check(task, typed(mistake.answer, 6))
        assert not verdict.right
        for lang in ("en", "ja"):
            assert mistake.cause[lang] in verdict.text(lang)


@pytest.mark.parametrize("number", ALL)
def test_every_text_is_there_in_both_languages(number):
    found = exercise.find(number)
    task = found.task(7)
    for texts in (found.title, task.question, task.solution, *(m.cause for m in task.mistakes)):
        assert JAPANESE.search(texts["ja"]) or texts is task.solution
        assert not JAPANESE.search(texts["en"])
    assert len(task.names) == len(task.answer)


def test_the_numbers_come_from_the_seed():
    found = exercise.find("3.2")
    assert found.task(1) == found.task(1)
    assert found.task(1).question != found.task(2).question


def quantities(question):
    """The arrays as they stand in the question: vectors in one line, a matrix a line for each row."""
    for block in re.findall(r"= ((?:[\[⎡].*[\]⎤]\n\s*(?:[⎢⎣].*\n\s*)*))", question):
        rows = [np.fromstring(re.sub(r"[^\d.e-]", " ", line), sep=" ") for line in block.strip().splitlines()]
        yield np.array(rows) if len(rows) > 1 else rows[0]


def test_the_answer_of_the_forward_pass_by_hand():
    task = exercise.find("3.2").task(5)
    W1, b1, W2, b2, x = quantities(task.question["en"])
    z = W2 @ np.maximum(0, W1 @ x + b1) + b2
    assert task.answer == pytest.approx(np.exp(z) / np.exp(z).sum())


def test_the_answer_of_one_step_by_hand():
    task = exercise.find("5.4").task(5)
    w, x = (np.array(eval(part)) for part in re.findall(r"[wx] = (\[.*?\])", task.question["en"]))
    error, lr = (float(n) for n in re.findall(r"(?:y|α) = (-?[\d.]+\d)", task.question["en"]))
    assert task.answer == pytest.approx(w - lr * error * x)


NO = {"en": "", "ja": ""}


def task(*answer, mistakes=()):
    return Task(NO, tuple(f"n{k}" for k in range(len(answer))), answer, mistakes, NO)


@pytest.mark.parametrize(
    "answer, words",
    [
        ("-0.5,0.2", "signs"),
        ("50,-20", "percent"),
        ("-0.2,0.5", "order"),
        ("0.45,-0.2", "Close"),
        ("0.5,0.9", "n0; look again at n1"),
        ("3,4", "None of the usual mistakes"),
    ],
)
def test_what_happens_everywhere_is_recognised(answer, words):
    verdict = exercise.check(task(0.5, -0.2), answer)
    assert not verdict.right and words in verdict.text("en")


def test_two_mistakes_with_one_answer_are_both_named():
    mistakes = tuple(Mistake({"en": cause, "ja": cause}, (2.0,)) for cause in ("A.", "B."))
    assert "A. Or: B." in exercise.check(task(1.0, mistakes=mistakes), "2").text("en")


@pytest.mark.parametrize(
    "text, values",
    [
        ("0.5, -1", (0.5, -1)),
        ("1/4 2", (0.25, 2)),
        ("０．５、−２", (0.5, -2)),
        ("[1; 2]", (1, 2)),
        ("1e-2", (0.01,)),
    ],
)
def test_numbers_as_they_are_typed(text, values):
    assert exercise.numbers(text) == values


@pytest.mark.parametrize("text", ["", "a", "1,b", "1/0", "nan", "1,,x"])
def test_what_is_no_number_is_told(text):
    with pytest.raises(TasouError, match=r"no number|not finite"):
        exercise.numbers(text)


def test_too_few_numbers_and_unknown_exercises_are_told():
    with pytest.raises(TasouError, match=r"2 numbers expected \(n0, n1\), 1 given"):
        exercise.check(task(1, 2), "1")
    with pytest.raises(UnknownName):
        exercise.find("8.1")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_at_a_terminal_it_asks_until_the_answer_is_right(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", Terminal("9\nx\ny\n8\n0.5\n"))  # what is no number takes no try away
    assert exercise.ask(task(0.5), "en") == 0
    out = capsys.readouterr().out
    assert "Not yet" in out and "Please type 1 number(s)" in out and "Right!" in out


def test_after_three_tries_the_solution_is_told(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", Terminal("9\n9\n9\n"))
    assert exercise.ask(task(0.5), "ja") == 1
    assert "正解は 0.5" in capsys.readouterr().out


def test_without_a_terminal_nothing_is_asked(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("0.5\n"))
    assert exercise.ask(task(0.5), "en") == 0


def test_probabilities_that_are_not_one_together_are_told_so():
    found = exercise.find("3.2").task(0)
    assert "1 together; yours are 0.7" in exercise.check(found, "0.3,0.4").text("en")


def test_a_whole_number_is_not_asked_for_with_decimals():
    text = exercise.question("2.3", exercise.find("2.3").task(0), 0, "ja")
    assert "整数で" in text and "小数" not in text


def test_where_one_is_asked_the_question_says_how_often_and_names_no_option(monkeypatch):
    monkeypatch.setattr("sys.stdin", Terminal(""))
    text = exercise.question("3.2", exercise.find("3.2").task(0), 0, "en")
    assert "3 tries" in text and "--answer" not in text


@pytest.mark.parametrize(("number", "words"), [("5.2", "Two slips"), ("3.2", "columns of W[1]")])
def test_two_slips_at_once_and_one_matrix_alone_transposed_are_named(number, words):
    causes = [mistake.cause["en"] for mistake in exercise.find(number).task(0).mistakes]
    assert any(words in cause for cause in causes)


def test_a_matrix_stands_in_rows():
    assert "⎡" in exercise.find("3.2").task(0).question["ja"]
