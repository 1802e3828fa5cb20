"""3.3 Why activations: without them a deep network is one linear map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets, plots
from tasou.errors import TasouError
from tasou.lecture.drawing import caption
from tasou.lecture.experiments._common import Array, largest_difference, right, train
from tasou.lecture.opened import ACCURACY, Opened, accuracy, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "3.3"
title = {"en": "A deep linear network collapses", "ja": "活性化関数のない深いネットワークは1層につぶれる"}
claim = {
    "en": "Without activations W₃W₂W₁x is one linear map: a single layer has the same outputs, and training "
    "the deep one separates no better. With activations it cannot be collapsed.",
    "ja": "活性化関数がなければ W₃W₂W₁x は1つの線形変換にすぎない。1層で同じ出力になり、深くしても分類は良くならない。"
    "活性化関数があれば、1層にはまとめられない。",
}
data = {"en": "two rings, 200 points", "ja": "同心円、200点"}
model = {
    "en": "2 → 8 → 8 → 1 without activations, and the same with tanh; 300 epochs of Adam",
    "ja": "2 → 8 → 8 → 1、活性化関数なしと tanh の2通り。Adam で300エポック",
}
seen = {
    "en": "Two decision boundaries: three layers without activations still draw a straight line; with tanh, a ring.",
    "ja": "2つの決定境界。活性化関数なしでは3層でも直線のまま、tanh を入れると輪になる。",
}
check = {
    "en": "outputs of the deep network and of the layer W₃W₂W₁; accuracy of both trained networks",
    "ja": "深いネットワークと1層 W₃W₂W₁ の出力の差。学習後の正解率",
}
TITLES = {
    "en": ("3 layers, no activation: {share:.0%}", "3 layers with tanh: {share:.0%}"),
    "ja": ("3層、活性化関数なし：{share:.0%}", "3層、tanh：{share:.0%}"),
}
WHAT = {
    "difference": {"en": "largest difference, 3 layers against 1", "ja": "3層と1層の出力の差"},
    "parameters": {"en": "parameters of the one layer", "ja": "1層にまとめたパラメータ数"},
    "linear": {"en": "accuracy without activations", "ja": "活性化関数なしの正解率"},
    "tanh": {"en": "accuracy with tanh", "ja": "tanh ありの正解率"},
    "refused": {
        "en": "collapsing the one with tanh is refused",
        "ja": "tanh のあるネットワークは1層にできない",
    },
}


def measure(seed: int) -> Outcome:
    """Train both, collapse the linear one, try to collapse the other."""
    X, y = datasets.make("circles", 200, rng=seed)
    linear, curved = (_trained(activation, X, y, seed) for activation in ("identity", "tanh"))
    collapsed = linear.collapse()
    measures = [
        Measure(
            "difference",
            WHAT["difference"],
            largest_difference(linear.decision(X), collapsed.decision(X)),
            "<=",
            1e-9,
            ".1e",
        ),
        Measure("parameters", WHAT["parameters"], collapsed.theta.size, "=", 3),
        Measure("linear", WHAT["linear"], right(linear, X, y) / len(y), "<=", 0.75, ".1%"),
        Measure("tanh", WHAT["tanh"], right(curved, X, y) / len(y), ">=", 0.98, ".1%"),
        Measure("refused", WHAT["refused"], _refuses(curved), "=", 1),
    ]
    return Outcome(measures, (X, y, linear, curved))


def _trained(activation: str, X: Array, y: Array, seed: int) -> Network:
    network = Network((2, 8, 8, 1), activation, loss="binary_cross_entropy", rng=seed)
    train(network, X, y, epochs=300, optimizer="adam", lr=0.03)
    return network


def _refuses(network: Network) -> bool:
    try:
        network.collapse()
    except TasouError:
        return True
    return False


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Both boundaries."""
    X, y, *networks = shown
    for ax, network, text in zip(figure.subplots(1, 2), networks, TITLES[lang], strict=True):
        plots.decision_boundary(network, X, y, ax=ax, lang=lang)
        caption(ax, text.format(share=np.mean(right(network, X, y) / len(y))), "$x_1$", "$x_2$")


play = Opened(
    setup(
        "circles", options={"n": 200}, hidden=[8, 8], activation="identity", loss="binary_cross_entropy",
        optimizer="adam", lr=0.03, epochs=300,
    ),
    {
        "en": "Three layers, and still a straight line. Choose tanh at the beginning, and play again.",
        "ja": "3層あっても境界は直線のままです。活性化関数を tanh に変えて、もう一度学習させてください。",
    },
    ACCURACY, accuracy, "<=", 0.75, ".1%", until=300,
)  # fmt: skip
