"""4.3 The binary cross-entropy of one sigmoid output."""

from __future__ import annotations

import numpy as np

from tasou.lecture.exercise import Task
from tasou.lecture.exercises._parts import filled, mistakes, network, tenths

number = "4.3"
title = {
    "en": "Two classes: sigmoid and binary cross-entropy",
    "ja": "二値分類：シグモイドと二値交差エントロピー",
}
QUESTION = {
    "en": "The last unit of a two-class network gives z = {z:g}; the true label is y = {y}. What are ŷ = σ(z) "
    "and the binary cross-entropy L?",
    "ja": "二値分類ネットワークの最後のユニットが z = {z:g}、正解は y = {y}。ŷ = σ(z) と二値交差エントロピー L を求めよ。",
}
CAUSES = {
    "sign": {
        "en": "ŷ is right. The loss has the wrong sign: it is never negative.",
        "ja": "ŷ は正しいですが、損失の符号が逆です。損失は負になりません。",
    },
    "other label": {
        "en": "ŷ is right. That is the loss for y = {other}.",
        "ja": "ŷ は正しいですが、それは y = {other} のときの損失です。",
    },
    "decimal": {
        "en": "ŷ is right. You used the decimal logarithm.",
        "ja": "ŷ は正しいですが、常用対数を使っています。",
    },
    "squared": {
        "en": "ŷ is right. That is the squared error, not the cross-entropy.",
        "ja": "ŷ は正しいですが、それは二乗誤差です。",
    },
    "sign of z": {
        "en": "The sign of z is wrong: σ(z) = 1/(1 + e^(−z)).",
        "ja": "z の符号が逆です。σ(z) = 1/(1 + e^(−z)) です。",
    },
}
SOLUTION = {"en": "L = −y log ŷ − (1 − y) log(1 − ŷ).", "ja": "L = −y log ŷ − (1 − y) log(1 − ŷ) です。"}


def make(rng: np.random.Generator) -> Task:
    """L = -y log ŷ - (1 - y) log(1 - ŷ), ŷ = σ(z)."""
    z, y = float(tenths(rng, 1, reach=25)[0]), int(rng.integers(0, 2))
    output = network((1, 1), [np.eye(1), np.zeros(1)], loss="binary_cross_entropy")

    def loss(y: int) -> float:
        return output.mean_loss([[z]], np.array([y]))

    y_hat = float(output.predict([[z]])[0, 0])
    answers = {
        "sign": (y_hat, -loss(y)),
        "other label": (y_hat, loss(1 - y)),
        "decimal": (y_hat, loss(y) / np.log(10)),
        "squared": (y_hat, (y_hat - y) ** 2),
        "sign of z": (1 - y_hat, loss(1 - y)),
    }
    return Task(
        filled(QUESTION, z=z, y=y),
        ("ŷ", "L"),
        (y_hat, loss(y)),
        mistakes(CAUSES, answers, other=1 - y),
        SOLUTION,
    )
