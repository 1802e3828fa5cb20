"""1.1 What logistic regression answers for one sample."""

from __future__ import annotations

import numpy as np

from tasou.lecture.exercise import Mistake, Task
from tasou.lecture.exercises._parts import network, tenths, told, wholes, written

number = "1.1"
title = {
    "en": "Logistic regression: the probability of one sample",
    "ja": "ロジスティック回帰：1サンプルの確率",
}


def make(rng: np.random.Generator) -> Task:
    """ŷ = σ(wᵀx + b)."""
    w, b, x = tenths(rng, 1, 2), tenths(rng, 1), wholes(rng, 2)

    def answer(w: np.ndarray, b: np.ndarray) -> tuple[float, ...]:
        return told(network((2, 1), [w, b], loss="binary_cross_entropy").predict(x[None]))

    z = float(w[0] @ x + b[0])
    given = f"w = {written(w[0])}, b = {written(b[0])}, x = {written(x)}"
    return Task(
        {
            "en": f"Logistic regression ŷ = σ(wᵀx + b) with {given}. What is ŷ?",
            "ja": f"ロジスティック回帰 ŷ = σ(wᵀx + b) で、{given} のとき、ŷ はいくつか。",
        },
        ("ŷ",),
        answer(w, b),
        (
            Mistake(
                {"en": "You forgot the bias b.", "ja": "バイアス b を足し忘れています。"}, answer(w, 0 * b)
            ),
            Mistake(
                {
                    "en": "That is z = wᵀx + b: the sigmoid is missing.",
                    "ja": "それは z = wᵀx + b です。シグモイドを忘れています。",
                },
                (z,),
            ),
            Mistake(
                {
                    "en": "The sign of z is wrong: σ(z) = 1/(1 + e^(−z)), with a minus.",
                    "ja": "z の符号が逆です。σ(z) = 1/(1 + e^(−z)) の指数にはマイナスが付きます。",
                },
                answer(-w, -b),
            ),
        ),
        {"en": f"z = {z:.4g}, ŷ = 1/(1 + e^(−z)).", "ja": f"z = {z:.4g}、ŷ = 1/(1 + e^(−z)) です。"},
    )
