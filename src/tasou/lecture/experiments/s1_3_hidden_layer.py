"""1.3 A hidden layer makes XOR separable: the same four points in input space and in hidden space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tasou import datasets, plots
from tasou.lecture.drawing import caption
from tasou.lecture.experiments._common import Array, right, train
from tasou.lecture.opened import RIGHT, Opened, setup
from tasou.lecture.opened import right as right_of
from tasou.lecture.outcome import Measure, Outcome
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
    "en": "The same four points twice: in input space, where no single line is enough, and in the space of the two "
    "hidden units, where one straight line is enough. Both units have come to look along the same direction, so the whole grid of the input plane is folded onto one curve, on which the two yellow points fall together.",
    "ja": "同じ4点を2通りに表示。入力空間では1本の直線では足りない。隠れユニット2つの空間では1本の直線で足りる。2つのユニットが同じ方向を見るように学習したため、入力平面の格子は1本の曲線に折りたたまれ、正解が1の2点が重なる。",
}
check = {
    "en": "right rows; the perceptron, which converges on separable points only, run on both spaces",
    "ja": "正解数。線形分離できるときだけ収束するパーセプトロンを、両方の空間で学習させる",
}
TITLES = {
    "en": ("Input space: {right} of 4 right", "Hidden space: one straight line"),
    "ja": ("入力空間：4点中{right}点が正解", "隠れ層の空間：直線で分かれる"),
}
WHAT = {
    "right": {"en": "right of 4", "ja": "4行中の正解"},
    "starts": {"en": "starts needed", "ja": "必要だった初期値の回数"},
    "input": {
        "en": "perceptron converges on the inputs (1 yes, 0 no)",
        "ja": "入力のままでパーセプトロンが収束（1：する、0：しない）",
    },
    "hidden": {
        "en": "perceptron converges on the hidden features",
        "ja": "隠れ層の特徴でパーセプトロンが収束",
    },
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
        Measure("right", WHAT["right"], right(network, X, y), "=", 4),
        Measure("starts", WHAT["starts"], start, "<=", 30),
        Measure("input", WHAT["input"], _separable(X, y), "=", 0),
        Measure("hidden", WHAT["hidden"], _separable(H, y), "=", 1),
    ]
    return Outcome(measures, (network, X, y, H))


def _separable(points: Array, y: Array) -> bool:
    from tasou.estimators import Perceptron

    return bool(Perceptron(max_iter=1000, tol=None).fit(points, y).converged_)


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Input space and hidden space side by side."""
    network, X, y, H = shown
    left, right_ax = figure.subplots(1, 2)
    plots.decision_boundary(network, X, y, ax=left, lang=lang)
    plots.space_warp(network, X, y, ax=right_ax, lang=lang)
    first, second = (text.format(right=right(network, X, y)) for text in TITLES[lang])
    caption(left, first, "$x_1$", "$x_2$")
    caption(right_ax, second, "$a^{[1]}_1$", "$a^{[1]}_2$")
    for ax, points in ((left, X), (right_ax, H)):
        _name_points(ax, X, points)


def _name_points(ax: Axes, X: Array, points: Array) -> None:
    """Each point's inputs beside it, towards the middle; where two lie together, both in one line."""
    names: dict[tuple[float, float], str] = {}
    for x, (x1, x2) in zip(X.astype(int), points.round(1), strict=True):
        place, name = (float(x1), float(x2)), f"{x[0]}{x[1]}"
        names[place] = f"{names[place]}, {name}" if place in names else name
    middle = points.mean(axis=0)
    for place, name in names.items():
        right, up = place[0] > middle[0], place[1] > middle[1]
        offset = -0.6 if right else 0.6, -0.9 if up else 0.9
        style: dict[str, Any] = {"ha": "right" if right else "left", "va": "center_baseline"}
        ax.annotate(name, place, offset, textcoords="offset fontsize", **style)


play = Opened(
    lambda seed: setup(
        "xor", options={"n": 4}, hidden=[2], activation="tanh", loss="binary_cross_entropy", lr=1.0, epochs=800
    )(1000 * seed + 1),
    {
        "en": "Look at the space of layer 1: one straight line is enough there. Other weights may get stuck.",
        "ja": "「第1層の空間」を選ぶと、4点が直線1本で分かれます。初期値によっては行き詰まることもあります。",
    },
    RIGHT, right_of, "=", 4, until=800, look={"layer": 1},
)  # fmt: skip
