"""1.2 How many rows of XOR a given line gets right."""

from __future__ import annotations

import numpy as np

from tasou import datasets
from tasou.lecture.exercise import Task
from tasou.lecture.exercises._parts import filled, mistakes, network, tenths, written

number = "1.2"
title = {"en": "XOR: how many rows does this line get right?", "ja": "XOR：この直線で何行当たるか"}
QUESTION = {
    "en": "A line says 1 where wᵀx + b > 0 and 0 elsewhere, with {given}. How many of the four rows of XOR "
    "(00→0, 01→1, 10→1, 11→0) does it get right?",
    "ja": "wᵀx + b > 0 なら1、それ以外は0と答える直線がある（{given}）。XORの4行（00→0、01→1、10→1、11→0）のうち、何行当たるか。",
}
CAUSES = {
    "wrong ones": {"en": "You counted the wrong ones.", "ja": "間違った行の方を数えています。"},
    "bias": {"en": "You forgot the bias b.", "ja": "バイアス b を忘れています。"},
    "all": {
        "en": "Four of four: no straight line can do that. Compute wᵀx + b for each row.",
        "ja": "4行すべてを当てる直線は存在しません。各行で wᵀx + b を計算しましょう。",
    },
}
SOLUTION = {"en": "No line gets more than 3.", "ja": "どんな直線でも3行が限界です。"}


def make(rng: np.random.Generator) -> Task:
    """Rows of XOR with ŷ = 1 where wᵀx + b > 0."""
    X, y = datasets.make("xor", 4)
    w, b = tenths(rng, 1, 2), tenths(rng, 1)

    def right(w: np.ndarray, b: np.ndarray) -> float:
        sides = network((2, 1), [w, b], loss="binary_cross_entropy").decision(X)[:, 0] > 0
        return float((sides == y).sum())

    given = f"w = {written(w[0])}, b = {written(b[0])}"
    answers = {
        "wrong ones": (4 - right(w, b),),
        "bias": (right(w, 0 * b),),
        "all": (4.0,),
    }
    question = filled(QUESTION, given=given)
    return Task(question, ("n",), (right(w, b),), mistakes(CAUSES, answers), SOLUTION, whole=True)
