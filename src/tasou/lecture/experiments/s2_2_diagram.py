"""2.2 The multilayer perceptron: the lecture's diagram, 3 inputs, 4 hidden ReLU units, 3 softmax outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import plots
from tasou.lecture.experiments._common import largest_difference
from tasou.lecture.opened import Opened, setup
from tasou.lecture.opened import parameters as parameters_of
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "2.2"
title = {"en": "The multilayer perceptron as a diagram", "ja": "多層パーセプトロンの図"}
claim = {
    "en": "The network is two formulas, h = f⁽¹⁾(W⁽¹⁾x + b⁽¹⁾) and ŷ = f⁽²⁾(W⁽²⁾h + b⁽²⁾): written out, they give the "
    "same numbers; 3 → 4 → 3 has 31 parameters.",
    "ja": "ネットワークは2つの式 h = f⁽¹⁾(W⁽¹⁾x + b⁽¹⁾)、ŷ = f⁽²⁾(W⁽²⁾h + b⁽²⁾) そのもの。書き下しても同じ数値になる。"
    "3 → 4 → 3 のパラメータは31個。",
}
data = {"en": "100 random inputs of three features", "ja": "3特徴のランダムな入力100個"}
model = {
    "en": "3 → 4 ReLU → 3 softmax, random weights",
    "ja": "3 → 4（ReLU）→ 3（ソフトマックス）、重みは乱数",
}
seen = {
    "en": "The network as a diagram: three columns of units and a line for each weight, its width the size of the "
    "weight, its colour and dash the sign.",
    "ja": "ネットワークの図。3列のユニットと、重み1つにつき1本の線。太さは重みの大きさ、色と線種は符号を表す。",
}
check = {
    "en": "both formulas in plain NumPy against the engine",
    "ja": "2つの式をNumPyで書き下し、ライブラリの出力と比べる",
}
size = (7.0, 4.6)
WHAT = {
    "parameters": {"en": "parameters (4·3 + 4 + 3·4 + 3)", "ja": "パラメータ数（4·3 + 4 + 3·4 + 3）"},
    "difference": {"en": "largest difference to the formulas", "ja": "式との差の最大値"},
}


def measure(seed: int) -> Outcome:
    """The two formulas by hand."""
    network = Network((3, 4, 3), rng=seed)
    X = np.random.default_rng(seed).normal(size=(100, 3))
    (W1, b1), (W2, b2) = network.parameters
    h = np.maximum(0, X @ W1.T + b1)
    e = np.exp(h @ W2.T + b2)
    y_hat = e / e.sum(axis=1, keepdims=True)
    measures = [
        Measure("parameters", WHAT["parameters"], network.theta.size, "=", 31),
        Measure(
            "difference",
            WHAT["difference"],
            largest_difference(network.predict(X), y_hat),
            "<=",
            1e-12,
            ".1e",
        ),
    ]
    return Outcome(measures, network)


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """The diagram."""
    plots.network(shown, ax=figure.subplots(), lang=lang)


play = Opened(
    setup("random", options={"n": 100, "features": 3, "classes": 3}, hidden=[4], lr=0.1),
    {
        "en": "Choose a unit: the lines that enter it are its weights. Add a unit and count the parameters anew.",
        "ja": "ユニットを選ぶと、入ってくる線がその重みです。ユニットを1つ増やして、パラメータ数を数え直してみてください。",
    },
    WHAT["parameters"], parameters_of, "=", 31,
)  # fmt: skip
