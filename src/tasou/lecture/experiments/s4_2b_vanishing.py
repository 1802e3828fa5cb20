"""4.2 Vanishing gradients through eight hidden layers: sigmoid against tanh and ReLU, on a log axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets, plots
from tasou.lecture.drawing import caption, look
from tasou.lecture.experiments._common import Array, look_back
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network
from tasou.plots.theme import spell

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "4.2b"
title = {"en": "Vanishing gradients through eight layers", "ja": "8層を通ると勾配が消える（勾配消失）"}
claim = {
    "en": "Through eight sigmoid layers the gradient shrinks layer by layer, more than a hundredfold in all; through tanh "
    "and ReLU it keeps its size to within a factor of ten.",
    "ja": "シグモイドを8層重ねると、勾配は層を戻るたびに小さくなり、全体で100分の1以下になる。tanh や ReLU なら10倍以内の差にとどまる。",
}
data = {"en": "spiral, 300 points, one batch", "ja": "渦巻き、300点を1バッチ"}
model = {
    "en": "2 → 8 hidden layers of 20 units → 3, untrained, with the initial weights that suit each activation",
    "ja": "2 → 20ユニットの隠れ層×8 → 3、学習前。初期値は各活性化関数に合ったもの",
}
seen = {
    "en": "The size of the gradient in each layer on a logarithmic axis: for sigmoid a straight fall towards the input, for tanh "
    "and ReLU nearly level.",
    "ja": "各層の勾配の大きさ（対数軸）。シグモイドは入力側に向かってまっすぐ下がり、tanh と ReLU はほぼ水平。",
}
check = {
    "en": "root mean square of ∇W[8] over that of ∇W[1], the median of five initialisations",
    "ja": "∇W[8] と ∇W[1] の二乗平均平方根の比。初期値5通りの中央値",
}
size = (7.0, 4.4)
NAMES = ("sigmoid", "tanh", "relu")
TITLE = {"en": "Gradient in each layer, before training", "ja": "各層の勾配の大きさ（学習前）"}
AXES = {"en": ("layer", "RMS of ∇W"), "ja": ("層", "∇W の大きさ（RMS）")}
DEPTH, STARTS = 8, 5


def measure(seed: int) -> Outcome:
    """The gradient of every layer, for each activation."""
    X, y = datasets.make("spiral", 300, rng=seed)
    sizes = {
        name: np.median([_sizes(name, X, y, 100 * seed + k) for k in range(STARTS)], axis=0) for name in NAMES
    }
    ratio = {name: float(values[DEPTH - 1] / values[0]) for name, values in sizes.items()}
    ratio |= {name: max(ratio[name], 1 / ratio[name]) for name in ("tanh", "relu")}
    claimed: dict[str, Any] = {"sigmoid": (">=", 100.0), "tanh": ("<=", 10.0), "relu": ("<=", 10.0)}
    measures = [
        Measure(
            name,
            {
                "en": f"{spell(name)}: factor between ∇W[1] and ∇W[8]",
                "ja": f"{spell(name, 'ja')}：∇W[1] と ∇W[8] の比（倍）",
            },
            ratio[name],
            *claimed[name],
        )
        for name in NAMES
    ]
    falls = int((np.diff(np.log(sizes["sigmoid"][:DEPTH])) > 0).sum())
    measures.append(
        Measure(
            "falls",
            {
                "en": "of the 7 steps back, smaller under sigmoid",
                "ja": "シグモイドで、7回戻るうち小さくなる回数",
            },
            falls,
            ">=",
            6,
        )
    )
    return Outcome(measures, sizes)


def _sizes(activation: str, X: Array, y: Array, seed: int) -> list[float]:
    network = Network((2, *[20] * DEPTH, 3), activation, rng=seed)
    grad = look_back(network, X, y).grad
    return [float(np.sqrt(np.mean(grad[l].W ** 2))) for l in range(1, network.L + 1)]


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """One line per activation."""
    ax = figure.subplots()
    for k, (name, values) in enumerate(shown.items()):
        ax.semilogy(range(1, len(values) + 1), values, label=spell(name, lang), **look(ax, k, marker=True))
    ax.set_xticks(range(1, DEPTH + 2))
    plots.theme.legend_below(ax)
    caption(ax, TITLE[lang], *AXES[lang])


def _factor(seen: Seen) -> float:
    grad = look_back(seen.network, seen.X, seen.y).grad
    first, last = (float(np.sqrt(np.mean(grad[l].W ** 2))) for l in (1, DEPTH))
    return last / first


play = Opened(
    setup("spiral", options={"n": 300}, hidden=[20] * DEPTH, activation="sigmoid", lr=0.1),
    {
        "en": "Let the lines show the gradient: on the left it has vanished. Then choose ReLU or tanh.",
        "ja": "線に「勾配」を表示すると、左の層ほど消えています。次に ReLU や tanh を選んでください。",
    },
    {"en": "factor between ∇W[8] and ∇W[1]", "ja": "∇W[8] と ∇W[1] の比（倍）"}, _factor, ">=", 100,
    look={"edges": "gradient"},
)  # fmt: skip
