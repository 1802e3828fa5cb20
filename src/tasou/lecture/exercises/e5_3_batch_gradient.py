"""5.3 The gradient of a batch: the mean over its samples."""

from __future__ import annotations

import numpy as np

from tasou.lecture.exercise import Task
from tasou.lecture.exercises._parts import filled, mistakes, network, tenths, told, wholes, written

number = "5.3"
title = {"en": "The gradient of a batch", "ja": "バッチの勾配"}
QUESTION = {
    "en": "One unit, three samples with their local errors: {lines}. What are ∇W and ∇b of the batch, the mean "
    "over the samples?",
    "ja": "1つのユニットと、局所誤差の分かっている3サンプル：{lines}。バッチの ∇W と ∇b（サンプル平均）を求めよ。",
}
CAUSES = {
    "sum": {
        "en": "That is the sum over the batch: divide by 3 for the mean.",
        "ja": "それはバッチの和です。3で割って平均にします。",
    },
    "sum of δ": {
        "en": "The bias's gradient is the mean of the δ; you have their sum.",
        "ja": "∇b が δ の和になっています。平均にします。",
    },
    "input": {
        "en": "You forgot to multiply by the input: ∇W = δ xᵀ.",
        "ja": "入力を掛け忘れています。∇W = δ xᵀ です。",
    },
    "means": {
        "en": "Multiply each sample's δ by its own x first, then take the mean.",
        "ja": "平均どうしを掛けています。サンプルごとに δ と x を掛けてから平均します。",
    },
}
SOLUTION = {"en": "∇W = mean of δ xᵀ, ∇b = mean of δ.", "ja": "∇W は δ xᵀ の平均、∇b は δ の平均です。"}


def make(rng: np.random.Generator) -> Task:
    """∇W and ∇b of one linear unit with squared error, as means over three samples."""
    X, delta = wholes(rng, 6).reshape(3, 2), tenths(rng, 3, 1)
    unit = network((2, 1), [np.zeros((1, 2)), np.zeros(1)], loss="squared_error")
    _, gradient = unit.objective(X, -delta)  # ŷ is 0, so δ = ŷ - y is as drawn
    mean = gradient.copy()
    lines = "; ".join(f"x = {written(x)}, δ = {written(d[0])}" for x, d in zip(X, delta, strict=True))
    answers = {
        "sum": told(3 * mean),
        "sum of δ": told([*mean[:2], 3 * mean[2]]),
        "input": told([mean[2]] * 3),
        "means": told([*(delta.mean() * X.mean(axis=0)), mean[2]]),
    }
    return Task(
        filled(QUESTION, lines=lines), ("∇W_1", "∇W_2", "∇b"), told(mean), mistakes(CAUSES, answers), SOLUTION
    )
