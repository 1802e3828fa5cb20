"""5.1 The local error of a softmax output."""

from __future__ import annotations

import numpy as np

from tasou.lecture.exercise import Task
from tasou.lecture.exercises._parts import filled, mistakes, network, tenths, told, written

number = "5.1"
title = {"en": "The local error of the output", "ja": "出力層の局所誤差"}
QUESTION = {
    "en": "A softmax output with z = {z}; the true class is {k} (counted from 1). What is the local error δ = "
    "∂L/∂z of the cross-entropy?",
    "ja": "ソフトマックス出力で z = {z}、正解はクラス{k}（1から数える）。交差エントロピーの局所誤差 δ = ∂L/∂z を求めよ。",
}
CAUSES = {
    "sign": {
        "en": "Wrong sign: δ is ŷ − y, not y − ŷ.",
        "ja": "符号が逆です。δ は y − ŷ ではなく ŷ − y です。",
    },
    "one-hot": {
        "en": "That is ŷ: subtract the one-hot y.",
        "ja": "それは ŷ です。ワンホットの y を引きます。",
    },
    "softmax": {
        "en": "You forgot the softmax: δ = Softmax(z) − y.",
        "ja": "ソフトマックスを忘れています。δ = Softmax(z) − y です。",
    },
    "sum": {
        "en": "You forgot to divide by the sum in the softmax.",
        "ja": "ソフトマックスで和で割るのを忘れています。",
    },
}
SOLUTION = {"en": "ŷ = {y_hat}, δ = ŷ − y.", "ja": "ŷ = {y_hat}、δ = ŷ − y です。"}


def make(rng: np.random.Generator) -> Task:
    """δ = ŷ - y with ŷ = Softmax(z)."""
    z, k = tenths(rng, 3, reach=15), int(rng.integers(0, 3))
    output, y = network((3, 3), [np.eye(3), np.zeros(3)]), np.eye(3)[k]
    trace = output.forward(z[None])
    output.backward(trace, y[None])
    y_hat, delta = trace.y_hat[0].copy(), trace[1].delta[0].copy()
    answers = {
        "sign": told(-delta),
        "one-hot": told(y_hat),
        "softmax": told(z - y),
        "sum": told(np.exp(z) - y),
    }
    return Task(
        filled(QUESTION, z=written(z), k=k + 1),
        ("δ_1", "δ_2", "δ_3"),
        told(delta),
        mistakes(CAUSES, answers),
        filled(SOLUTION, y_hat=written(y_hat.round(4))),
    )
