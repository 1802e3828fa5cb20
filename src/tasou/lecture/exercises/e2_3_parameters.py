"""2.3 How many parameters a network has."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tasou.lecture.exercise import Mistake, Task
from tasou.network import Network

number = "2.3"
title = {"en": "Count the parameters", "ja": "パラメータの数を数える"}


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
    return Task(
        {
            "en": f"How many parameters (weights and biases) has a network {arrows}?",
            "ja": f"{arrows} のネットワークのパラメータ（重みとバイアス）は全部で何個か。",
        },
        ("n",),
        (float(total),),
        (
            Mistake(
                {
                    "en": "You forgot the biases: one for each unit but the inputs.",
                    "ja": "バイアスを忘れています。入力以外の各ユニットに1つずつあります。",
                },
                (float(weights),),
            ),
            Mistake(
                {"en": "The inputs have no bias.", "ja": "入力にはバイアスはありません。"},
                (float(total + sizes[0]),),
            ),
            Mistake(
                {
                    "en": "Those are the units. Each weight joins one unit to one of the layer before: multiply.",
                    "ja": "それはユニットの数です。重みは前の層との組ごとに1つあるので、掛け算になります。",
                },
                (float(sum(sizes)),),
            ),
            Mistake(
                {
                    "en": "One bias per layer is not enough: each unit has its own.",
                    "ja": "バイアスは層に1つではなく、ユニットごとに1つです。",
                },
                (float(weights + network.L),),
            ),
        ),
        {"en": f"{terms} = {total}.", "ja": f"{terms} = {total} です。"},
    )
