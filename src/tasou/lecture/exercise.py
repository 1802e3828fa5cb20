"""Exercises: questions whose numbers come from the student's own seed, checked against what the engine computes.

One file of the folder ``exercises`` is one exercise: ``number``, ``title`` and ``make(rng) -> Task``. A task knows the
answers that the usual mistakes lead to, so a wrong answer is told its likely cause.
"""

from __future__ import annotations

import importlib
import math
import re
import sys
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from tasou.errors import TasouError, UnknownName
from tasou.language import LANGUAGES, Texts, language, say
from tasou.messages import Message
from tasou.registry import names_in
from tasou.text import showable

NO_NUMBERS = Message(
    "exercise.no_numbers",
    en="no numbers found for exercise {number} and seed {seed}; try another seed",
    ja="演習 {number} とシード {seed} に合う数値が見つかりません。別のシードを試してください",
)
EXERCISE = Message("kind.exercise", en="exercise", ja="演習")
COUNT = Message(
    "exercise.count",
    en="{n} {n:number|numbers} expected ({names:list}), {given} given",
    ja="答えには {n} 個の数が必要です（{names:list}）。{given} 個でした",
)
NO_NUMBER = Message(
    "exercise.no_number",
    en="{part!r} is no number: answer like 0.53,-1.2",
    ja="{part!r} は数ではありません。0.53,-1.2 のように答えてください",
)
NOT_FINITE = Message(
    "exercise.not_finite",
    en="{part!r} is not finite: answer like 0.53,-1.2",
    ja="{part!r} は有限の数ではありません。0.53,-1.2 のように答えてください",
)

EXERCISES = f"{__package__}.exercises"
TOLERANCE = 0.006
"""an answer rounded to two decimals is right"""
APART = 4.0
"""by how many tolerances a mistake's answer must differ from the right one"""
COARSE = 0.06
ATTEMPTS = 10_000
TRIES = 3

ASK = {"en": "Answer ({names}): ", "ja": "解答（{names}）："}
FORM = {
    "decimals": {
        "en": "Answer with {names}, rounded to two decimals.",
        "ja": "{names} を小数第2位まで答えてください。",
    },
    "whole": {"en": "Answer with a whole number ({names}).", "ja": "整数で答えてください（{names}）。"},
}
HOW = {
    "en": 'To have an answer checked: tasou lecture exercise {number} --seed {seed} --answer="…"',
    "ja": '解答を確かめるには：tasou lecture exercise {number} --seed {seed} --answer="…"',
}
TRY = {
    "en": "You have {n} tries; an empty line ends.",
    "ja": "{n} 回まで答えられます。空行で終了します。",
}
RIGHT = {"en": "Right! {solution}", "ja": "正解！ {solution}"}
WRONG = {"en": "Not yet. {cause}", "ja": "まだ違います。{cause}"}
AGAIN = {
    "en": "Please type {n} number(s), with commas between: {names}.",
    "ja": "{n} 個の数をコンマで区切って入力してください：{names}。",
}
OR = {"en": " Or: ", "ja": "あるいは、"}
SOLUTION = {"en": "The solution: {answer}. {solution}", "ja": "正解は {answer}。{solution}"}
LIST = {
    "en": "Answer one with your own numbers: tasou lecture exercise {example} --seed 7",
    "ja": "自分用の数値で1問解く：tasou lecture exercise {example} --seed 7",
}
GENERAL = {
    "sign": {
        "en": "All signs are the wrong way round.",
        "ja": "符号がすべて逆です。",
    },
    "percent": {
        "en": "That looks like percent: give the number itself (0.53, not 53).",
        "ja": "パーセントで答えているようです。53 ではなく 0.53 のように答えてください。",
    },
    "order": {
        "en": "The numbers are right, their order is not.",
        "ja": "数値は合っていますが、順序が違います。",
    },
    "coarse": {
        "en": "Close: compute with more digits and round to two decimals at the end.",
        "ja": "近いです。もっと多くの桁で計算し、最後に小数第2位まで丸めてください。",
    },
    "some": {
        "en": "Right so far: {good}; look again at {bad}.",
        "ja": "{good} は合っています。{bad} を見直しましょう。",
    },
    "sum": {
        "en": "Probabilities are 1 together; yours are {total:.3g}.",
        "ja": "確率は足すと 1 になりますが、解答の和は {total:.3g} です。",
    },
    "unknown": {
        "en": "None of the usual mistakes: go through the steps once more, one line at a time.",
        "ja": "よくある間違いには当てはまりません。1行ずつ計算を見直しましょう。",
    },
}


@dataclass(frozen=True)
class Mistake:
    """A usual mistake, and the answer that it leads to."""

    cause: Texts
    answer: Sequence[float]


@dataclass(frozen=True)
class Task:
    """A question with its numbers filled in, the answer, and what the usual mistakes give."""

    question: Texts
    names: tuple[str, ...]
    """what each number of the answer is"""
    answer: tuple[float, ...]
    mistakes: tuple[Mistake, ...]
    solution: Texts
    whole: bool = False
    """whether the answer is a whole number"""

    @property
    def shares(self) -> bool:
        """Whether the numbers asked for are probabilities of all classes."""
        one = abs(sum(self.answer) - 1) <= len(self.answer) * TOLERANCE
        return len(self.answer) > 1 and one and all(name.startswith("ŷ") for name in self.names)

    @property
    def clear(self) -> bool:
        """Whether every mistake gives an answer that cannot be taken for the right one."""
        return all(not _same(mistake.answer, self.answer, APART) for mistake in self.mistakes)


@dataclass(frozen=True)
class Exercise:
    """A question of the lecture; each field is a name in the exercise's file."""

    number: str
    title: Texts
    make: Callable[[np.random.Generator], Task]

    def task(self, seed: int) -> Task:
        """The task of a seed: drawn again until no usual mistake happens to give the right answer."""
        for attempt in range(ATTEMPTS):
            task = self.make(np.random.default_rng([seed, attempt]))
            if task.clear:
                return task
        raise TasouError(NO_NUMBERS, number=self.number, seed=seed)


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and if not, what went wrong."""

    right: bool
    cause: Texts
    task: Task

    def text(self, lang: str | None = None) -> str:
        """The verdict as a sentence."""
        if self.right:
            return say(RIGHT, lang, solution=_text(self.task.solution, lang))
        return say(WRONG, lang, cause=_text(self.cause, lang))


@cache
def exercises() -> tuple[Exercise, ...]:
    """All exercises, in the order of the lecture."""
    found = [importlib.import_module(f"{EXERCISES}.{name}") for name in names_in(EXERCISES)]
    return tuple(sorted((Exercise(m.number, m.title, m.make) for m in found), key=lambda e: e.number))


def find(number: str) -> Exercise:
    """The exercise called so.

    Raises
    ------
    UnknownName
        there is none
    """
    for exercise in exercises():
        if exercise.number == number:
            return exercise
    raise UnknownName(EXERCISE, number, [exercise.number for exercise in exercises()])


def check(task: Task, answer: str) -> Verdict:
    """Judge an answer as it was typed: numbers, or fractions, with commas or spaces between.

    Raises
    ------
    TasouError
        the text holds no numbers, or not as many as are asked for
    """
    given = numbers(answer)
    if len(given) != len(task.answer):
        raise TasouError(COUNT, n=len(task.answer), names=list(task.names), given=len(given))
    if _same(given, task.answer):
        return Verdict(True, {}, task)
    return Verdict(False, _cause(task, given), task)


def numbers(text: str) -> tuple[float, ...]:
    """The numbers in a typed answer, full-width digits and fractions too.

    >>> numbers("−０.５、 3/4")
    (-0.5, 0.75)
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace("、", ",").strip(" ,[]()")
    return tuple(_number(part) for part in re.split(r"[,;\s]+", plain))


def _number(part: str) -> float:
    numerator, slash, denominator = part.partition("/")
    try:
        value = float(numerator) / (float(denominator) if slash else 1.0)
    except (ValueError, ZeroDivisionError):
        raise TasouError(NO_NUMBER, part=part) from None
    if not math.isfinite(value):
        raise TasouError(NOT_FINITE, part=part)
    return value


def _same(given: Sequence[float], wanted: Sequence[float], times: float = 1.0) -> bool:
    return all(_close(g, w, times) for g, w in zip(given, wanted, strict=True))


def _close(given: float, wanted: float, times: float = 1.0) -> bool:
    return abs(given - wanted) <= times * TOLERANCE


def _cause(task: Task, given: Sequence[float]) -> Texts:
    """The likely cause of a wrong answer: one of the task's mistakes first, then what happens everywhere."""
    causes = [mistake.cause for mistake in task.mistakes if _same(given, mistake.answer)]
    if causes:
        return {lang: say(OR, lang).join(_text(cause, lang) for cause in causes) for lang in LANGUAGES}
    if _same([-g for g in given], task.answer):
        return GENERAL["sign"]
    if _same([g / 100 for g in given], task.answer):
        return GENERAL["percent"]
    if _same(sorted(given), sorted(task.answer)):
        return GENERAL["order"]
    if all(abs(g - w) <= COARSE for g, w in zip(given, task.answer, strict=True)):
        return GENERAL["coarse"]
    return _partly(task, given)


def _partly(task: Task, given: Sequence[float]) -> Texts:
    """Which numbers are right, where some are."""
    fine = [_close(g, w) for g, w in zip(given, task.answer, strict=True)]
    if task.shares and abs(sum(given) - 1) > len(given) * TOLERANCE:
        return {lang: text.format(total=sum(given)) for lang, text in GENERAL["sum"].items()}
    if not any(fine):
        return GENERAL["unknown"]
    good = ", ".join(name for name, ok in zip(task.names, fine, strict=True) if ok)
    bad = ", ".join(name for name, ok in zip(task.names, fine, strict=True) if not ok)
    return {lang: text.format(good=good, bad=bad) for lang, text in GENERAL["some"].items()}


# --- what is printed -----------------------------------------------------------------------------------------------


def listing(lang: str | None = None) -> str:
    """All exercises with their titles."""
    lines = [f"  {exercise.number:<5} {say(exercise.title, lang)}" for exercise in exercises()]
    return "\n".join([*lines, "", say(LIST, lang, example="3.2")])


def question(number: str, task: Task, seed: int, lang: str | None = None) -> str:
    """The question, and in what form the answer is wanted; where nobody can be asked, how to hand it in."""
    form = say(FORM["whole" if task.whole else "decimals"], lang, names=", ".join(task.names))
    how = say(TRY, lang, n=TRIES) if _asking() else say(HOW, lang, number=number, seed=seed)
    heading = f"── {number} {say(find(number).title, lang)} ──"
    return f"{heading}\n{_text(task.question, lang).rstrip()}\n\n{form}\n{how}"


def _asking() -> bool:
    return sys.stdin.isatty()


def _text(texts: Texts, lang: str | None) -> str:
    """A text whose numbers are filled in already: braces in it mean nothing any more."""
    return texts[language(lang)]


def ask(task: Task, lang: str | None = None) -> int:
    """Ask at the terminal, up to three times, then tell the solution; nothing where there is no terminal."""
    if not _asking():
        return 0
    left = TRIES
    while left:
        typed = input(say(ASK, lang, names=", ".join(task.names)))
        if not typed.strip():
            break
        try:
            verdict = check(task, typed)
        except TasouError:
            print(say(AGAIN, lang, n=len(task.answer), names=", ".join(task.names)))
            continue  # a slip of the keyboard is no try
        left -= 1
        print(showable(verdict.text(lang)))
        if verdict.right:
            return 0
    answer = ", ".join(f"{value:.4g}" for value in task.answer)
    print(showable(say(SOLUTION, lang, answer=answer, solution=_text(task.solution, lang))))
    return 1
