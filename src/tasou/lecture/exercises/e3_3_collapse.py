"""3.3 Two linear layers as one."""

from __future__ import annotations

import numpy as np

from tasou.lecture.exercise import Task
from tasou.lecture.exercises._parts import filled, given, mistakes, network, told, wholes

number = "3.3"
title = {"en": "Two linear layers as one", "ja": "線形な2層を1層にまとめる"}
QUESTION = {
    "en": "Two layers without activations are one layer y = W x + b. What are W (row by row) and b?\n{given}",
    "ja": "活性化関数のない次の2層は、1つの層 y = W x + b と同じになる。W（行ごと）と b を求めよ。\n{given}",
}
CAUSES = {
    "order": {
        "en": "The order is the other way round: W = W[2] W[1], the first layer stands on the right.",
        "ja": "積の順序が逆です。W = W[2] W[1] で、最初の層が右に来ます。",
    },
    "elements": {
        "en": "That is the product element by element: multiply rows with columns.",
        "ja": "要素ごとの積になっています。行と列の積（行列積）を計算します。",
    },
    "passes": {
        "en": "W is right. The bias b[1] passes through W[2] too: b = W[2] b[1] + b[2].",
        "ja": "W は正しいです。b[1] も W[2] を通ります：b = W[2] b[1] + b[2]。",
    },
    "lost": {
        "en": "W is right, but b[1] is lost: b = W[2] b[1] + b[2].",
        "ja": "W は正しいですが、b[1] を忘れています：b = W[2] b[1] + b[2]。",
    },
}
SOLUTION = {
    "en": "W = W[2] W[1], b = W[2] b[1] + b[2].",
    "ja": "W = W[2] W[1]、b = W[2] b[1] + b[2] です。",
}


def make(rng: np.random.Generator) -> Task:
    """W = W[2] W[1], b = W[2] b[1] + b[2]."""
    W1, W2 = wholes(rng, 4).reshape(2, 2), wholes(rng, 4).reshape(2, 2)
    b1, b2 = wholes(rng, 2), wholes(rng, 2)
    single = network((2, 2, 2), [W1, b1, W2, b2], "identity", loss="squared_error").collapse()
    W, b = single[1].W, single[1].b
    answers = {
        "order": told([*(W1 @ W2).ravel(), *b]),
        "elements": told([*(W1 * W2).ravel(), *b]),
        "passes": told([*W.ravel(), *(b1 + b2)]),
        "lost": told([*W.ravel(), *b2]),
    }
    return Task(
        filled(QUESTION, given=given(W1=W1, b1=b1, W2=W2, b2=b2)),
        ("W_11", "W_12", "W_21", "W_22", "b_1", "b_2"),
        told([*W.ravel(), *b]),
        mistakes(CAUSES, answers),
        SOLUTION,
    )
