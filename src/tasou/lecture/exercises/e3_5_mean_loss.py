"""3.5 The mean cross-entropy of a batch."""

from __future__ import annotations

import numpy as np

from tasou.lecture.exercise import Task
from tasou.lecture.exercises._parts import Array, filled, mistakes, network, written

number = "3.5"
title = {"en": "The loss of a batch", "ja": "バッチの損失"}

QUESTION = {
    "en": "Three samples: {lines} (the true class, counted from 1). What is the cross-entropy of the batch, the mean over "
    "the samples?",
    "ja": "3つのサンプル：{lines}（y は正解のクラス、1から数える）。バッチの交差エントロピー（サンプル平均）を求めよ。",
}
CAUSES = {
    "sum": {
        "en": "That is the sum: divide by the 3 samples for the mean.",
        "ja": "それは和です。平均なので、サンプル数3で割ります。",
    },
    "all numbers": {
        "en": "You divided by all 9 numbers: each sample counts once.",
        "ja": "9個の数で割っています。サンプルは3つなので3で割ります。",
    },
    "sign": {
        "en": "The sign: the loss is −log ŷ, never negative.",
        "ja": "符号が逆です。損失は −log ŷ で、負にはなりません。",
    },
    "decimal": {
        "en": "You used the decimal logarithm: log is the natural one.",
        "ja": "常用対数を使っています。log は自然対数です。",
    },
    "binary": {
        "en": "That is the logarithm of base 2: log is the natural one.",
        "ja": "底が2の対数を使っています。log は自然対数です。",
    },
    "accuracy": {"en": "That is the accuracy, not the loss.", "ja": "それは正解率で、損失ではありません。"},
}
SOLUTION = {
    "en": "The mean of −log ŷ of each true class.",
    "ja": "各サンプルの正解クラスの −log ŷ を平均したものです。",
}


def make(rng: np.random.Generator) -> Task:
    """L = mean of -log ŷ of the true class."""
    parts = rng.integers(1, 8, (3, 3))
    Y_hat = np.round(parts / parts.sum(axis=1, keepdims=True), 2)
    Y_hat[:, 2] = 1 - Y_hat[:, :2].sum(axis=1)
    labels = rng.integers(0, 3, 3)
    through = network((3, 3), [np.eye(3), np.zeros(3)])  # Softmax(log ŷ) is ŷ again
    loss = through.mean_loss(np.log(Y_hat), labels)
    accuracy = float((Y_hat.argmax(axis=1) == labels).mean())
    answers = {
        "sum": (3 * loss,),
        "all numbers": (loss / 3,),
        "sign": (-loss,),
        "decimal": (loss / np.log(10),),
        "binary": (loss / np.log(2),),
        "accuracy": (accuracy,),
    }
    question = filled(QUESTION, lines=_lines(Y_hat, labels))
    return Task(question, ("L",), (loss,), mistakes(CAUSES, answers), SOLUTION)


def _lines(Y_hat: Array, labels: Array) -> str:
    """The samples as they stand in the question."""
    rows = zip(Y_hat.round(2), labels, strict=True)
    return "; ".join(f"ŷ = {written(row)}, y = {label + 1}" for row, label in rows)
