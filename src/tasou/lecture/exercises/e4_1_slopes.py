"""4.1 The slopes of four activation functions."""

from __future__ import annotations

import numpy as np

from tasou.formulas import activations
from tasou.lecture.exercise import Task
from tasou.lecture.exercises._parts import filled, mistakes, tenths, told, written

number = "4.1"
title = {"en": "Slopes of activation functions", "ja": "活性化関数の導関数の値"}
NAMES = ("relu", "sigmoid", "tanh", "leaky_relu")
QUESTION = {
    "en": "The slopes ReLU′(z_1), σ′(z_2), tanh′(z_3) and LeakyReLU′(z_4) (α = 0.01) for z = {z}?",
    "ja": "z = {z} のとき、ReLU′(z_1)、σ′(z_2)、tanh′(z_3)、LeakyReLU′(z_4)（α = 0.01）の値を求めよ。",
}
CAUSES = {
    "values": {
        "en": "Those are the values of the functions: the slopes are asked for.",
        "ja": "それは関数の値です。導関数の値を求めます。",
    },
    "sigmoid": {
        "en": "σ′ = a (1 − a): the factor (1 − a) is missing.",
        "ja": "σ′ = a (1 − a) です。(1 − a) を掛け忘れています。",
    },
    "tanh": {
        "en": "tanh′ = 1 − a²: the square is missing.",
        "ja": "tanh′ = 1 − a² です。2乗を忘れています。",
    },
    "relu": {"en": "ReLU′ is 1 or 0, not z.", "ja": "ReLU′ は1か0で、z ではありません。"},
}
SOLUTION = {
    "en": "1 or 0; a (1 − a); 1 − a²; 1 or α.",
    "ja": "順に、1か0、a (1 − a)、1 − a²、1か α です。",
}


def make(rng: np.random.Generator) -> Task:
    """ReLU', σ', tanh' and Leaky ReLU' at four z."""
    z = tenths(rng, 4, reach=20)
    formulas = [activations.get(name) for name in NAMES]
    a = np.array([float(f.f(v, np)) for f, v in zip(formulas, z, strict=True)])
    slopes = np.array([float(f.slope(v, w, np)) for f, v, w in zip(formulas, z, a, strict=True)])

    def replaced(i: int, value: float) -> tuple[float, ...]:
        return told([value if k == i else slope for k, slope in enumerate(slopes)])

    answers = {
        "values": told(a),
        "sigmoid": replaced(1, float(a[1])),
        "tanh": replaced(2, float(1 - a[2])),
        "relu": replaced(0, float(z[0])),
    }
    return Task(
        filled(QUESTION, z=written(z)),
        ("ReLU′", "σ′", "tanh′", "LeakyReLU′"),
        told(slopes),
        mistakes(CAUSES, answers),
        SOLUTION,
    )
