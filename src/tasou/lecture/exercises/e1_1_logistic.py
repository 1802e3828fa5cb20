"""1.1 What logistic regression answers for one sample."""

from __future__ import annotations

import numpy as np

from tasou.lecture.exercise import Task
from tasou.lecture.exercises._parts import filled, mistakes, network, tenths, told, wholes, written

number = "1.1"
title = {
    "en": "Logistic regression: the probability of one sample",
    "ja": "ロジスティック回帰：1サンプルの確率",
}
QUESTION = {
    "en": "Logistic regression ŷ = σ(wᵀx + b) with {given}. What is ŷ?",
    "ja": "ロジスティック回帰 ŷ = σ(wᵀx + b) で、{given} のとき、ŷ はいくつか。",
}
CAUSES = {
    "bias": {"en": "You forgot the bias b.", "ja": "バイアス b を足し忘れています。"},
    "sigmoid": {
        "en": "That is z = wᵀx + b: the sigmoid is missing.",
        "ja": "それは z = wᵀx + b です。シグモイドを忘れています。",
    },
    "sign": {
        "en": "The sign of z is wrong: σ(z) = 1/(1 + e^(−z)), with a minus.",
        "ja": "z の符号が逆です。σ(z) = 1/(1 + e^(−z)) の指数にはマイナスが付きます。",
    },
}
SOLUTION = {"en": "z = {z:.4g}, ŷ = 1/(1 + e^(−z)).", "ja": "z = {z:.4g}、ŷ = 1/(1 + e^(−z)) です。"}


def make(rng: np.random.Generator) -> Task:
    """ŷ = σ(wᵀx + b)."""
    w, b, x = tenths(rng, 1, 2), tenths(rng, 1), wholes(rng, 2)

    def answer(w: np.ndarray, b: np.ndarray) -> tuple[float, ...]:
        return told(network((2, 1), [w, b], loss="binary_cross_entropy").predict(x[None]))

    z = float(w[0] @ x + b[0])
    given = f"w = {written(w[0])}, b = {written(b[0])}, x = {written(x)}"
    answers = {
        "bias": answer(w, 0 * b),
        "sigmoid": (z,),
        "sign": answer(-w, -b),
    }
    return Task(
        filled(QUESTION, given=given), ("ŷ",), answer(w, b), mistakes(CAUSES, answers), filled(SOLUTION, z=z)
    )
