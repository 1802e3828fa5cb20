"""4.3 The binary cross-entropy of one sigmoid output."""

from __future__ import annotations

import numpy as np

from tasou.lecture.exercise import Mistake, Task
from tasou.lecture.exercises._parts import network, tenths

number = "4.3"
title = {
    "en": "Two classes: sigmoid and binary cross-entropy",
    "ja": "二値分類：シグモイドと二値交差エントロピー",
}


def make(rng: np.random.Generator) -> Task:
    """L = -y log ŷ - (1 - y) log(1 - ŷ), ŷ = σ(z)."""
    z, y = float(tenths(rng, 1, reach=25)[0]), int(rng.integers(0, 2))
    output = network((1, 1), [np.eye(1), np.zeros(1)], loss="binary_cross_entropy")

    def loss(y: int) -> float:
        return output.mean_loss([[z]], np.array([y]))

    y_hat = float(output.predict([[z]])[0, 0])
    return Task(
        {
            "en": f"The last unit of a two-class network gives z = {z:g}; the true label is y = {y}. What are ŷ = σ(z) and the "
            "binary cross-entropy L?",
            "ja": f"二値分類ネットワークの最後のユニットが z = {z:g}、正解は y = {y}。ŷ = σ(z) と二値交差エントロピー L を求めよ。",
        },
        ("ŷ", "L"),
        (y_hat, loss(y)),
        (
            Mistake(
                {
                    "en": "ŷ is right. The loss has the wrong sign: it is never negative.",
                    "ja": "ŷ は正しいですが、損失の符号が逆です。損失は負になりません。",
                },
                (y_hat, -loss(y)),
            ),
            Mistake(
                {
                    "en": f"ŷ is right. That is the loss for y = {1 - y}.",
                    "ja": f"ŷ は正しいですが、それは y = {1 - y} のときの損失です。",
                },
                (y_hat, loss(1 - y)),
            ),
            Mistake(
                {
                    "en": "ŷ is right. You used the decimal logarithm.",
                    "ja": "ŷ は正しいですが、常用対数を使っています。",
                },
                (y_hat, loss(y) / np.log(10)),
            ),
            Mistake(
                {
                    "en": "ŷ is right. That is the squared error, not the cross-entropy.",
                    "ja": "ŷ は正しいですが、それは二乗誤差です。",
                },
                (y_hat, (y_hat - y) ** 2),
            ),
            Mistake(
                {
                    "en": "The sign of z is wrong: σ(z) = 1/(1 + e^(−z)).",
                    "ja": "z の符号が逆です。σ(z) = 1/(1 + e^(−z)) です。",
                },
                (1 - y_hat, loss(1 - y)),
            ),
        ),
        {"en": "L = −y log ŷ − (1 − y) log(1 − ŷ).", "ja": "L = −y log ŷ − (1 − y) log(1 − ŷ) です。"},
    )
