"""1.3 A hidden layer makes XOR separable: the same four points in input space and in hidden space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets, plots
from tasou.estimators import Perceptron
from tasou.lecture.drawing import caption, line, scatter
from tasou.lecture.experiment import Measure, Outcome
from tasou.lecture.experiments._common import Array, right, train
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

number = "1.3"
title = {"en": "A hidden layer makes XOR separable", "ja": "隠れ層がXORを分けられる形にする"}
claim = {
    "en": "With one hidden layer of two units the network gets 4 of 4; seen through the hidden units, the four "
    "points are separated by a straight line.",
    "ja": "2ユニットの隠れ層を1つ入れるだけで4行すべて正解になる。隠れ層を通して見ると、4点は直線で分けられる。",
}
data = {"en": "the four rows of XOR", "ja": "XORの4行"}
model = {
    "en": "2 → 2 tanh → 1 sigmoid, gradient descent; started anew, at most 30 times, where it gets stuck",
    "ja": "2 → 2（tanh）→ 1（シグモイド）、勾配降下法。行き詰まったら初期値を変えてやり直す（最大30回）",
}
seen = {
    "en": "The same four points twice: in input space, where the boundary must bend, and in the space of the two "
    "hidden units, where a straight line is enough.",
    "ja": "同じ4点を2通りに表示。入力空間では境界は曲がり、2つの隠れユニットが作る空間では1本の直線で足りる。",
}
check = {
    "en": "right rows; the perceptron, which converges on separable points only, run on both spaces",
    "ja": "正解数。線形分離できるときだけ収束するパーセプトロンを、両方の空間で学習させる",
}
TITLES = {
    "en": ("Input space: {right} of 4 right", "Hidden space: one straight line"),
    "ja": ("入力空間：4点中{right}点が正解", "隠れ層の空間：直線1本で分かれる"),
}


def measure(seed: int) -> Outcome:
    """Train until it succeeds, then ask the perceptron about both spaces."""
    X, y = datasets.make("xor", 4)
    for start in range(1, 31):
        network = Network((2, 2, 1), "tanh", loss="binary_cross_entropy", rng=1000 * seed + start)
        train(network, X, y, epochs=800, lr=1.0)
        if right(network, X, y) == 4:
            break
    H = network.hidden(X, 1)
    measures = [
        Measure("right", {"en": "right of 4", "ja": "4行中の正解"}, right(network, X, y), "=", 4),
        Measure("starts", {"en": "starts needed", "ja": "必要だった初期値の回数"}, start, "<=", 30),
        Measure(
            "input",
            {
                "en": "perceptron converges on the inputs (1 yes, 0 no)",
                "ja": "入力のままでパーセプトロンが収束（1：する、0：しない）",
            },
            _separable(X, y),
            "=",
            0,
        ),
        Measure(
            "hidden",
            {"en": "perceptron converges on the hidden features", "ja": "隠れ層の特徴でパーセプトロンが収束"},
            _separable(H, y),
            "=",
            1,
        ),
    ]
    return Outcome(measures, (network, X, y, H))


def _separable(points: Array, y: Array) -> bool:
    return bool(Perceptron(max_iter=1000, tol=None).fit(points, y).converged_)


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Input space and hidden space side by side."""
    network, X, y, H = shown
    left, right_ax = figure.subplots(1, 2)
    plots.decision_boundary(network, X, y, ax=left, lang=lang)
    first, second = (
        text.format(right=right(network, X, y)) for text in TITLES["ja" if lang == "ja" else "en"]
    )
    caption(left, first, "$x_1$", "$x_2$")
    _draw_hidden(right_ax, network, X, y, H)
    caption(right_ax, second, "$a^{[1]}_1$", "$a^{[1]}_2$")


def _draw_hidden(ax: Axes, network: Network, X: Array, y: Array, H: Array) -> None:
    """The points where the hidden layer puts them, named by their inputs, and the output unit's line."""
    scatter(ax, H, y, size=90)
    ax.set(xlim=(-1.5, 1.5), ylim=(-1.5, 1.5))
    line(ax, network[2].W[0], float(network[2].b[0]), color=plots._style.ink(ax), ls="--")
    offsets: dict[tuple[float, ...], int] = {}
    for x, h in zip(X.astype(int), H, strict=True):
        place = tuple(np.round(h, 1))
        offsets[place] = offsets.get(place, 0) + 1
        ax.annotate(
            f"{x[0]}{x[1]}", h, textcoords="offset points", xytext=(8, -14 + 24 * (offsets[place] - 1))
        )
