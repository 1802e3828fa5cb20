"""2.3 A network is a composition of functions: each layer warps space, until a straight line is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tasou import datasets, plots
from tasou.lecture.drawing import caption
from tasou.lecture.experiments._common import Array, largest_difference, train
from tasou.lecture.opened import ACCURACY, Opened, accuracy, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "2.3b"
title = {"en": "Composition: space warped layer by layer", "ja": "合成関数：層ごとに空間が変形される"}
claim = {
    "en": "A network is f₃(f₂(f₁(x))): each layer moves the points, and what no line separates at the input, a line "
    "separates before the output.",
    "ja": "ネットワークは f₃(f₂(f₁(x))) という合成関数。層を通るたびに点が動き、入力では直線で分けられない点が、出力の手前では直線で分けられる。",
}
data = {"en": "two rings, 200 points", "ja": "同心円、200点"}
model = {
    "en": "2 → 8 tanh → 2 tanh → 1 sigmoid, Adam, 400 epochs, L2 penalty 0.1",
    "ja": "2 → 8（tanh）→ 2（tanh）→ 1（シグモイド）、Adam、400エポック、L2正則化0.1",
}
seen = {
    "en": "The rings and a grid of lines at the input, after the first hidden layer (seen along its two main "
    "directions), and after the second, where the two classes lie apart; the ground "
    "is coloured by what the layers behind answer.",
    "ja": "同心円と格子線が、入力、第1隠れ層のあと（2つの主方向から見たもの）、第2隠れ層のあとでどう動くか。最後には2クラスが離れている。背景色は、その先の層が答えるクラス。",
}
check = {
    "en": "accuracy of a linear model on the points as they are after each layer; the composition done layer by layer",
    "ja": "各層のあとの点に線形モデルを当てた正解率。層ごとの合成とネットワークの出力の差",
}
size = (12.0, 4.6)
TITLES = {
    "en": ("input: linear model {share:.0%}", "after layer 1: {share:.0%}", "after layer 2: {share:.0%}"),
    "ja": ("入力：線形モデルで{share:.0%}", "第1層のあと：{share:.0%}", "第2層のあと：{share:.0%}"),
}
WHAT = {
    "input": {"en": "linear model on the input", "ja": "入力での線形モデルの正解率"},
    "first": {"en": "… after the first hidden layer", "ja": "… 第1隠れ層のあと"},
    "last": {"en": "… after the second", "ja": "… 第2隠れ層のあと"},
    "composed": {
        "en": "difference of f₃(f₂(f₁(x))) to the network",
        "ja": "f₃(f₂(f₁(x))) とネットワークの差",
    },
}


def measure(seed: int) -> Outcome:
    """Train, then ask a linear model about every layer."""
    from tasou.estimators import LogisticRegression

    X, y = datasets.make("circles", 200, rng=seed)
    network = Network((2, 8, 2, 1), "tanh", loss="binary_cross_entropy", l2=0.1, rng=seed)
    train(network, X, y, epochs=400, optimizer="adam", lr=0.03)
    spaces = [X, network.hidden(X, 1), network.hidden(X, 2)]
    shares = [float(LogisticRegression().fit(points, y).score(points, y)) for points in spaces]
    measures = [
        Measure("input", WHAT["input"], shares[0], "<=", 0.75, ".1%"),
        Measure("first", WHAT["first"], shares[1], form=".1%"),
        Measure("last", WHAT["last"], shares[2], ">=", 0.98, ".1%"),
        Measure("composed", WHAT["composed"], _composed(network, X), "<=", 1e-12, ".1e"),
    ]
    return Outcome(measures, (network, X, y, shares))


def _composed(network: Network, X: Array) -> float:
    """Three networks of one layer each, one after the other."""
    a = X
    for layer in network.layers:
        last = layer.l == network.L
        loss = network.loss if last else "squared_error"
        single = Network(layer.W.shape[::-1], loss=loss, output_activation=layer.activation, init="zeros")
        single[1].W[...], single[1].b[...] = layer.W, layer.b
        a = single.predict(a)
    return largest_difference(a, network.predict(X))


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """The points and a grid after each layer."""
    network, X, y, shares = shown
    for l, ax in enumerate(figure.subplots(1, 3)):
        plots.space_warp(network, X, y, layer=l, ax=ax, lang=lang)
        caption(ax, TITLES[lang][l].format(share=shares[l]))


play = Opened(
    setup(
        "circles", options={"n": 200}, hidden=[8, 2], activation="tanh", loss="binary_cross_entropy", l2=0.1,
        optimizer="adam", lr=0.03, epochs=400,
    ),
    {
        "en": "Go through the spaces one after the other: input, layer 1, layer 2. Where does one line suffice?",
        "ja": "入力空間、第1層、第2層の空間を順に見てください。直線1本で分かれるのはどこからでしょうか。",
    },
    ACCURACY, accuracy, ">=", 0.98, ".1%", until=400, look={"layer": 2},
)  # fmt: skip
