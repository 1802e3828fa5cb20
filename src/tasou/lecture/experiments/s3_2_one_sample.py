"""3.1-3.2 The two-layer forward pass of one sample, every number by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import plots
from tasou.lecture.experiments._common import Array, largest_difference, ledger
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "3.2"
rows = ("3.1",)
title = {"en": "One sample forward, by hand", "ja": "1サンプルの順伝播を手計算で"}
claim = {
    "en": "z[1] = W[1]x + b[1], a[1] = ReLU(z[1]), z[2] = W[2]a[1] + b[2], ŷ = Softmax(z[2]): done by hand with "
    "single numbers, these four lines give what the network computes.",
    "ja": "z[1] = W[1]x + b[1]、a[1] = ReLU(z[1])、z[2] = W[2]a[1] + b[2]、ŷ = Softmax(z[2])。"
    "この4行を1つずつの数で手計算すると、ネットワークの計算結果と一致する。",
}
data = {"en": "one sample of two features", "ja": "2特徴の1サンプル"}
model = {
    "en": "2 → 3 ReLU → 2 softmax, weights with one decimal",
    "ja": "2 → 3（ReLU）→ 2（ソフトマックス）、重みは小数第1位まで",
}
seen = {
    "en": "The network with every weight written on its line and every bias in its unit; on the left the sample, on the right the "
    "probabilities that come out.",
    "ja": "すべての重みを線の上に、すべてのバイアスをユニットの中に書いたネットワークの図。左端は入力の値、右端は出てくる確率。",
}
check = {
    "en": "the four lines in plain Python, number by number, against the trace; the printed ledger shows each",
    "ja": "4つの式を素のPythonで1つずつ計算し、記録と比べる。表示される台帳にすべての数値がある",
}
size = (8.0, 4.6)
WHAT = {
    "difference": {"en": "largest difference to the engine", "ja": "ライブラリとの差の最大値"},
    "sum": {"en": "|sum of the probabilities − 1|", "ja": "|確率の和 − 1|"},
    "shape": {"en": "units of z[1] (rows of W[1])", "ja": "z[1] のユニット数（W[1] の行数）"},
}


def measure(seed: int) -> Outcome:
    """Forward by the engine and by hand."""
    network, x = small_network(seed)
    trace = network.forward(x[None])
    z1, a1, z2, y_hat = by_hand(network, x)
    worst = max(
        largest_difference(*pair)
        for pair in ((z1, trace[1].z[0]), (a1, trace[1].a[0]), (z2, trace[2].z[0]), (y_hat, trace.y_hat[0]))
    )
    measures = [
        Measure("difference", WHAT["difference"], worst, "<=", 1e-12, ".1e"),
        Measure("sum", WHAT["sum"], abs(sum(y_hat) - 1), "<=", 1e-12, ".1e"),
        Measure("shape", WHAT["shape"], trace[1].z.shape[1], "=", 3),
    ]
    return Outcome(measures, (network, x, y_hat), **ledger(trace))


def small_network(seed: int) -> tuple[Network, Array]:
    """Weights, biases and a sample with one decimal, as on a blackboard; ReLU cuts one of the three hidden units off."""
    rng = np.random.default_rng(seed)
    network = Network((2, 3, 2), init="zeros")
    while True:
        network.theta = rng.integers(-9, 10, network.theta.size) / 10
        x = rng.integers(1, 4, 2) * rng.choice([-1.0, 1.0], 2)
        z = network.forward(x[None])[1].z[0]
        if sorted(np.sign(z.round(6))) == [-1, 1, 1]:
            return network, x


def by_hand(network: Network, x: Array) -> tuple[list[float], list[float], list[float], list[float]]:
    """z[1], a[1], z[2], ŷ with loops and single numbers alone."""
    z1 = _affine(network[1].W, x, network[1].b)
    a1 = [max(0.0, z) for z in z1]
    z2 = _affine(network[2].W, a1, network[2].b)
    e = [math.exp(z) for z in z2]
    return z1, a1, z2, [value / sum(e) for value in e]


def _affine(W: Any, a: Any, b: Any) -> list[float]:
    return [
        sum(float(w) * float(v) for w, v in zip(row, a, strict=True)) + float(bias)
        for row, bias in zip(W, b, strict=True)
    ]


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """The diagram with its numbers, what goes in and what comes out."""
    network, x, y_hat = shown
    inputs = [
        f"x{sign} = {value:.0f}".replace("-", "\N{MINUS SIGN}") for sign, value in zip("₁₂", x, strict=True)
    ]
    outputs = [f"ŷ{sign} = {value:.2f}" for sign, value in zip("₁₂", y_hat, strict=True)]
    plots.network(
        network, ax=figure.subplots(), lang=lang, show_values=True, feature_names=inputs, class_names=outputs
    )


def opened(seed: int) -> dict[str, Any]:
    """The small network with its sample, and a second one of the other class opposite."""
    network, x = small_network(seed)
    rows = [[*x.tolist(), 0], [*(-x).tolist(), 1]]
    return dict(
        setup(
            "points",
            options={"rows": rows},
            theta=network.theta.tolist(),
            hidden=[3],
            loss="cross_entropy",
            lr=0.5,
        )(seed)
    )


def _difference(seen: Seen) -> float:
    return largest_difference(by_hand(seen.network, seen.X[0])[-1], seen.network.predict(seen.X[:1])[0])


play = Opened(
    opened,
    {
        "en": "Walk through the rows with the key '.': compute each on paper before you look.",
        "ja": "キー「.」で1行ずつ進めます。答えを見る前に、紙の上で計算してみてください。",
    },
    WHAT["difference"], _difference, "<=", 1e-12, ".1e", look={"phase": "forward"},
)  # fmt: skip
