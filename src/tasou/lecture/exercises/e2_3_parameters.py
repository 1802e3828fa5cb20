"""2.3 How many parameters a network has."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tasou.lecture.exercise import Task
from tasou.lecture.exercises._parts import filled, mistakes
from tasou.network import Network

number = "2.3"
title = {"en": "Count the parameters", "ja": "パラメータの数を数える"}
QUESTION = {
    "en": "How many parameters (weights and biases) has a network {arrows}?",
    "ja": "{arrows} のネットワークのパラメータ（重みとバイアス）は全部で何個か。",
}
CAUSES = {
    "biases": {
        "en": "You forgot the biases: one for each unit but the inputs.",
        "ja": "バイアスを忘れています。入力以外の各ユニットに1つずつあります。",
    },
    "inputs": {"en": "The inputs have no bias.", "ja": "入力にはバイアスはありません。"},
    "units": {
        "en": "Those are the units. Each weight joins one unit to one of the layer before: multiply.",
        "ja": "それはユニットの数です。重みは前の層との組ごとに1つあるので、掛け算になります。",
    },
    "layers": {
        "en": "One bias per layer is not enough: each unit has its own.",
        "ja": "バイアスは層に1つではなく、ユニットごとに1つです。",
    },
}
SOLUTION = {"en": "{terms} = {total}.", "ja": "{terms} = {total} です。"}


def make(rng: np.random.Generator) -> Task:
    """Σ n_l (n_{l-1} + 1)."""
    sizes = [
        int(rng.integers(2, 7)),
        int(rng.integers(4, 13)),
        int(rng.integers(3, 9)),
        int(rng.integers(2, 5)),
    ]
    network = Network(sizes, init="zeros")
    weights, total = network.parameters.weights.size, network.theta.size
    arrows = " → ".join(map(str, sizes))
    terms = " + ".join(f"{n}·{m} + {m}" for n, m in pairwise(sizes))
    answers = {
        "biases": (float(weights),),
        "inputs": (float(total + sizes[0]),),
        "units": (float(sum(sizes)),),
        "layers": (float(weights + network.L),),
    }
    return Task(
        filled(QUESTION, arrows=arrows),
        ("n",),
        (float(total),),
        mistakes(CAUSES, answers),
        filled(SOLUTION, terms=terms, total=total),
        whole=True,
    )
