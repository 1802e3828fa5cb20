"""3.4 The picture of the flow: dot product, add the bias, activate; at the end a probability per class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import plots
from tasou.lecture.drawing import caption
from tasou.lecture.experiments._common import largest_difference
from tasou.lecture.experiments.s3_2_one_sample import opened, small_network
from tasou.lecture.matrices import Cells, equation
from tasou.lecture.opened import Opened, Seen
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "3.4"
title = {"en": "The flow: dot product, bias, activation", "ja": "計算の流れ：内積 → バイアス → 活性化"}
claim = {
    "en": "Every layer does the same three things: dot product, add the bias, activate. What comes out is a "
    "probability for each class: between 0 and 1, together 1.",
    "ja": "どの層でもすることは同じ3つ：内積をとり、バイアスを足し、活性化する。最後に出てくるのは各クラスの確率で、0〜1の値、合計は1。",
}
data = {
    "en": "one sample; for the probabilities 1000 random ones",
    "ja": "1サンプル。確率の確認にはランダムな1000サンプル",
}
model = {"en": "2 → 3 ReLU → 2 softmax", "ja": "2 → 3（ReLU）→ 2（ソフトマックス）"}
seen = {
    "en": "The numbers of one sample as coloured cells from left to right: x, W x, + b, ReLU, then the same again up to "
    "the bars of the two probabilities.",
    "ja": "1サンプルの数値が色付きのマスで左から右へ流れる：x、内積、バイアスを足す、ReLU、もう一度同じ流れ、最後に2クラスの確率の棒グラフ。",
}
check = {
    "en": "the three things done one after the other against the engine; range and sum of the probabilities",
    "ja": "3つの操作を順に行った結果とライブラリの差。確率の範囲と合計",
}
size = (11.0, 3.2)
NAMES = ("$x$", "$W^{[1]}x$", "$z^{[1]}$", "$a^{[1]}$", "$W^{[2]}a^{[1]}$", "$z^{[2]}$", "$\\hat{y}$")
UNDER = {
    "en": ("input", "dot\nproduct", "add\nbias", "ReLU", "dot\nproduct", "add\nbias", "Softmax"),
    "ja": ("入力", "内積", "バイアス\nを足す", "ReLU", "内積", "バイアス\nを足す", "ソフト\nマックス"),
}
PROBABILITIES = {"en": "Probabilities", "ja": "各クラスの確率"}
WHAT = {
    "difference": {"en": "difference to the engine", "ja": "ライブラリとの差"},
    "lowest": {"en": "lowest probability of 1000 samples", "ja": "1000サンプルで最小の確率"},
    "highest": {"en": "highest", "ja": "最大の確率"},
    "sum": {"en": "largest |sum − 1|", "ja": "|合計 − 1| の最大値"},
}


def measure(seed: int) -> Outcome:
    """The three things, layer by layer."""
    network, x = small_network(seed)
    stages = _stages(network, x)
    many = network.predict(np.random.default_rng(seed).normal(0, 3, (1000, 2)))
    measures = [
        Measure(
            "difference",
            WHAT["difference"],
            largest_difference(stages[-1], network.predict(x[None])[0]),
            "<=",
            1e-12,
            ".1e",
        ),
        Measure("lowest", WHAT["lowest"], many.min(), ">", 0, ".2g"),
        Measure("highest", WHAT["highest"], many.max(), "<", 1, ".6f"),
        Measure("sum", WHAT["sum"], np.abs(many.sum(axis=1) - 1).max(), "<=", 1e-12, ".1e"),
    ]
    return Outcome(measures, stages)


def _stages(network: Network, x: Any) -> list[Any]:
    """x, then dot product, bias and activation of both layers."""
    stages = [x]
    for layer in network.layers:
        product = layer.W @ stages[-1]
        z = product + layer.b
        stages += [product, z, np.maximum(0, z)] if layer.l == 1 else [product, z]
    return [*stages, np.exp(stages[-1]) / np.exp(stages[-1]).sum()]


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Cells from left to right, bars at the end."""
    flow, bars = figure.subplots(1, 2, width_ratios=(5, 1))
    parts: list[Cells | str] = []
    for values, name, under in zip(shown, NAMES, UNDER[lang], strict=True):
        parts += ["→", Cells(values, name, under)]
    equation(flow, parts[1:])
    y_hat = shown[-1]
    names = [f"$\\hat{{y}}_{k + 1}$" for k in range(len(y_hat))]
    drawn = bars.bar(names, y_hat, color=plots.theme.COLOURS[: len(y_hat)])
    bars.bar_label(drawn, fmt="%.2f")
    bars.set(ylim=(0, 1.1), yticks=(0, 0.5, 1))
    caption(bars, PROBABILITIES[lang])


def _sum(seen: Seen) -> float:
    return float(np.abs(seen.network.predict(seen.X).sum(axis=1) - 1).max())


play = Opened(
    opened,
    {
        "en": "Follow one sample: dot product, bias, activation, twice. The probabilities add up to 1.",
        "ja": "1つのサンプルを追ってみてください。内積、バイアス、活性化が2回続き、確率の和は1になります。",
    },
    WHAT["sum"], _sum, "<=", 1e-12, ".1e", look={"phase": "forward"},
)  # fmt: skip
