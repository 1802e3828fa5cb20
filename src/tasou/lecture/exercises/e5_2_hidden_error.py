"""5.2 The local error of a hidden layer: back through the weights, times the slope."""

from __future__ import annotations

import numpy as np

from tasou.lecture.exercise import Task
from tasou.lecture.exercises._parts import filled, given, mistakes, network, tenths, told, written

number = "5.2"
title = {"en": "The local error of a hidden layer", "ja": "隠れ層の局所誤差"}
QUESTION = {
    "en": "A hidden tanh layer:\n{given}\nWhat is δ[1] = (W[2]ᵀ δ[2]) ⊙ tanh′(z[1])?",
    "ja": "tanh の隠れ層で、次のとき δ[1] = (W[2]ᵀ δ[2]) ⊙ tanh′(z[1]) を求めよ。\n{given}",
}
CAUSES = {
    "slope": {
        "en": "You forgot f′: multiply by tanh′(z) = 1 − tanh(z)².",
        "ja": "f′ を掛け忘れています。tanh′(z) = 1 − tanh(z)² を掛けます。",
    },
    "transpose": {
        "en": "You forgot the transpose: the error comes back through the columns of W[2].",
        "ja": "転置を忘れています。誤差は W[2] の列に沿って戻ります。",
    },
    "both": {
        "en": "Two slips: you forgot the transpose, and f′ is missing: (W[2]ᵀ δ[2]) ⊙ tanh′(z[1]).",
        "ja": "2か所あります。転置を忘れ、f′ も掛けていません：(W[2]ᵀ δ[2]) ⊙ tanh′(z[1])。",
    },
    "value": {
        "en": "You multiplied by tanh(z), not by its slope.",
        "ja": "tanh(z) そのものを掛けています。掛けるのは傾き tanh′(z) です。",
    },
    "square": {
        "en": "tanh′(z) = 1 − tanh(z)²: the square is missing.",
        "ja": "tanh′(z) = 1 − tanh(z)² です。2乗を忘れています。",
    },
}
SOLUTION = {
    "en": "W[2]ᵀ δ[2] = {back}, tanh′(z[1]) = {slope}.",
    "ja": "W[2]ᵀ δ[2] = {back}、tanh′(z[1]) = {slope} です。",
}


def make(rng: np.random.Generator) -> Task:
    """δ[1] = (W[2]ᵀ δ[2]) ⊙ tanh'(z[1]), with squared error so that δ[2] is a number with one decimal."""
    z1, W2, delta2 = tenths(rng, 2), tenths(rng, 2, 2), tenths(rng, 2)
    net = network((2, 2, 2), [np.eye(2), np.zeros(2), W2, np.zeros(2)], "tanh", loss="squared_error")
    trace = net.forward(z1[None])
    net.backward(trace, trace.y_hat - delta2)
    a1, delta1 = trace[1].a[0].copy(), trace[1].delta[0].copy()
    slope = 1 - a1**2
    answers = {
        "slope": told(W2.T @ delta2),
        "transpose": told((W2 @ delta2) * slope),
        "both": told(W2 @ delta2),
        "value": told((W2.T @ delta2) * a1),
        "square": told((W2.T @ delta2) * (1 - a1)),
    }
    return Task(
        filled(QUESTION, given=given(W2=W2, δ2=delta2, z1=z1)),
        ("δ[1]_1", "δ[1]_2"),
        told(delta1),
        mistakes(CAUSES, answers),
        filled(SOLUTION, back=written((W2.T @ delta2).round(4)), slope=written(slope.round(4))),
    )
