"""2.1 One step of the perceptron learning rule."""

from __future__ import annotations

import numpy as np

from tasou.lecture.exercise import Task
from tasou.lecture.exercises._parts import filled, mistakes, network, tenths, told, wholes, written
from tasou.training import Training

number = "2.1"
title = {"en": "The perceptron: one learning step", "ja": "パーセプトロン：学習則の1ステップ"}
QUESTION = {
    "en": "A perceptron ŷ = sign(wᵀx + b) with {given} gets this sample wrong. What are w and b after one step "
    "of the learning rule?",
    "ja": "パーセプトロン ŷ = sign(wᵀx + b) がこのサンプルを間違えた（{given}）。学習則で1回更新したあとの w と b を答えよ。",
}
CAUSES = {
    "direction": {
        "en": "Wrong direction: add η y x, do not subtract it.",
        "ja": "向きが逆です。η y x は引くのではなく足します。",
    },
    "bias": {"en": "The bias learns too: b := b + η y.", "ja": "バイアスも更新します：b := b + η y。"},
    "rate": {"en": "You forgot the learning rate η.", "ja": "学習率 η を掛け忘れています。"},
    "nothing": {
        "en": "Nothing was learnt: the sample is on the wrong side, so w and b change.",
        "ja": "更新されていません。このサンプルは間違った側にあるので、w と b は変わります。",
    },
}
SOLUTION = {"en": "w := w + η y x, b := b + η y.", "ja": "w := w + η y x、b := b + η y です。"}


def make(rng: np.random.Generator) -> Task:
    """A sample on the wrong side: w := w + η y x, b := b + η y."""
    lr = float(rng.choice([0.2, 0.5]))
    w, b, x = tenths(rng, 2), tenths(rng, 1), wholes(rng, 2)
    y = -1.0 if w @ x + b[0] > 0 else 1.0

    def step(lr: float, y: float) -> tuple[float, ...]:
        learner = network((2, 1), [w[None], b], loss="perceptron")
        Training(learner, lr=lr, rng=0).run(x[None], np.array([[y]]), epochs=1)
        return told([*learner[1].W[0], *learner[1].b])

    new = step(lr, y)
    given = f"w = {written(w)}, b = {written(b[0])}, η = {lr:g}; x = {written(x)}, y = {y:+.0f}"
    answers = {
        "direction": told([*(w - lr * y * x), b[0] - lr * y]),
        "bias": (*new[:2], float(b[0])),
        "rate": step(1.0, y),
        "nothing": told([*w, *b]),
    }
    return Task(filled(QUESTION, given=given), ("w_1", "w_2", "b"), new, mistakes(CAUSES, answers), SOLUTION)
