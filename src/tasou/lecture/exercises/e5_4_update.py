"""5.4 One update by gradient descent."""

from __future__ import annotations

import numpy as np

from tasou.lecture.exercise import Task
from tasou.lecture.exercises._parts import filled, mistakes, network, tenths, told, wholes, written
from tasou.training import Training

number = "5.4"
title = {"en": "One step of gradient descent", "ja": "勾配降下法の1ステップ"}
QUESTION = {
    "en": "A linear unit ŷ = wᵀx with L = (ŷ − y)²/2: {given}. What is w after one step of gradient descent?",
    "ja": "線形ユニット ŷ = wᵀx、損失 L = (ŷ − y)²/2 で、{given}。勾配降下法で1ステップ進んだあとの w を求めよ。",
}
CAUSES = {
    "sign": {
        "en": "Wrong sign: the step goes against the gradient, w − α∇w.",
        "ja": "符号が逆です。勾配と逆向きに進みます：w − α∇w。",
    },
    "rate": {"en": "You forgot the learning rate α.", "ja": "学習率 α を掛け忘れています。"},
    "gradient": {
        "en": "That is the gradient: w itself is asked for after the step.",
        "ja": "それは勾配です。更新後の w を答えます。",
    },
    "step": {
        "en": "That is the step alone: subtract it from w.",
        "ja": "それは1歩の大きさです。w から引きます。",
    },
    "input": {
        "en": "You forgot to multiply by x: ∇w = (ŷ − y) x.",
        "ja": "x を掛け忘れています。∇w = (ŷ − y) x です。",
    },
}
SOLUTION = {"en": "∇w = (ŷ − y) x = {gradient}.", "ja": "∇w = (ŷ − y) x = {gradient} です。"}


def make(rng: np.random.Generator) -> Task:
    """w := w - α ∇w for a linear unit with squared error on one sample."""
    w, x, lr = tenths(rng, 2), wholes(rng, 2, 2), float(rng.choice([0.1, 0.2, 0.5]))
    delta = float(tenths(rng, 1, reach=20)[0])
    unit = network((2, 1), [w[None], np.zeros(1)], loss="squared_error", bias=False)
    y = unit.predict(x[None]) - delta
    Training(unit, lr=lr, rng=0).run(x[None], y, epochs=1)
    gradient, new = delta * x, unit[1].W[0].copy()
    given = f"w = {written(w)}, x = {written(x)}, ŷ − y = {delta:g}, α = {lr:g}"
    answers = {
        "sign": told(w + lr * gradient),
        "rate": told(w - gradient),
        "gradient": told(gradient),
        "step": told(lr * gradient),
        "input": told(w - lr * delta),
    }
    return Task(
        filled(QUESTION, given=given),
        ("w_1", "w_2"),
        told(new),
        mistakes(CAUSES, answers),
        filled(SOLUTION, gradient=written(gradient)),
    )
