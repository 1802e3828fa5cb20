"""3.2 The two-layer forward pass of one sample."""

from __future__ import annotations

import numpy as np

from tasou.lecture.exercise import Task
from tasou.lecture.exercises._parts import filled, given, mistakes, network, tenths, told, wholes, written

number = "3.2"
title = {"en": "Forward through two layers", "ja": "2層の順伝播"}
QUESTION = {
    "en": "A network 2 → 2 ReLU → 2 softmax:\n{given}\nWhat is ŷ?",
    "ja": "2 → 2（ReLU）→ 2（ソフトマックス）のネットワークで、次のとき ŷ を求めよ。\n{given}",
}
CAUSES = {
    "biases": {"en": "You forgot the biases.", "ja": "バイアスを足し忘れています。"},
    "first bias": {"en": "You forgot the bias b[1].", "ja": "バイアス b[1] を足し忘れています。"},
    "second bias": {"en": "You forgot the bias b[2].", "ja": "バイアス b[2] を足し忘れています。"},
    "relu": {
        "en": "You forgot ReLU: negative z[1] become 0.",
        "ja": "ReLU を忘れています。負の z[1] は0になります。",
    },
    "softmax": {
        "en": "That is z[2]: the softmax is missing.",
        "ja": "それは z[2] です。ソフトマックスを忘れています。",
    },
    "columns": {
        "en": "You used the columns of W: row j of W belongs to unit j.",
        "ja": "W の列を使っています。W の第 j 行がユニット j の重みです。",
    },
    "first columns": {
        "en": "You used the columns of W[1]: row j of W[1] belongs to unit j. W[2] is right.",
        "ja": "W[1] だけ列を使っています。W[1] の第 j 行がユニット j の重みです。W[2] は正しく使えています。",
    },
    "second columns": {
        "en": "You used the columns of W[2]: row j of W[2] belongs to unit j. W[1] is right.",
        "ja": "W[2] だけ列を使っています。W[2] の第 j 行がユニット j の重みです。W[1] は正しく使えています。",
    },
}
SOLUTION = {
    "en": "z[1] = {z1}, a[1] = {a1}, z[2] = {z2}.",
    "ja": "z[1] = {z1}、a[1] = {a1}、z[2] = {z2} です。",
}


def make(rng: np.random.Generator) -> Task:
    """ŷ = Softmax(W[2] ReLU(W[1] x + b[1]) + b[2])."""
    W1, b1, W2, b2 = (tenths(rng, *shape) for shape in ((2, 2), (2,), (2, 2), (2,)))
    x = wholes(rng, 2, 2)
    net = network((2, 2, 2), [W1, b1, W2, b2])
    trace = net.forward(x[None])

    def wrong(values: list[np.ndarray], activation: str = "relu") -> tuple[float, ...]:
        return told(network((2, 2, 2), values, activation).predict(x[None]))

    z1, a1, z2 = (written(v.round(4)) for v in (trace[1].z[0], trace[1].a[0], trace[2].z[0]))
    answers = {
        "biases": wrong([W1, 0 * b1, W2, 0 * b2]),
        "first bias": wrong([W1, 0 * b1, W2, b2]),
        "second bias": wrong([W1, b1, W2, 0 * b2]),
        "relu": wrong([W1, b1, W2, b2], "identity"),
        "softmax": told(trace[2].z[0]),
        "columns": wrong([W1.T, b1, W2.T, b2]),
        "first columns": wrong([W1.T, b1, W2, b2]),
        "second columns": wrong([W1, b1, W2.T, b2]),
    }
    return Task(
        filled(QUESTION, given=given(W1=W1, b1=b1, W2=W2, b2=b2, x=x)),
        ("ŷ_1", "ŷ_2"),
        told(trace.y_hat[0]),
        mistakes(CAUSES, answers),
        filled(SOLUTION, z1=z1, a1=a1, z2=z2),
    )
