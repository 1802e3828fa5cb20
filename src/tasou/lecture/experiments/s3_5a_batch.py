"""3.5 Batches: the same numbers as sample by sample, and much faster."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from tasou.lecture.drawing import caption, look
from tasou.lecture.experiments._common import Array, largest_difference
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network, Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "3.5a"
title = {"en": "A batch: the same numbers, faster", "ja": "バッチ処理：同じ数値を、より速く"}
claim = {
    "en": "Z[1] = X W[1]ᵀ + b[1] gives a whole batch the numbers that it would get sample by sample, many times faster.",
    "ja": "Z[1] = X W[1]ᵀ + b[1] とまとめて計算しても、1サンプルずつ計算した場合と同じ数値になり、しかも何倍も速い。",
}
data = {"en": "1000 random samples of 20 features", "ja": "20特徴のランダムな1000サンプル"}
model = {"en": "20 → 50 ReLU → 10 softmax", "ja": "20 → 50（ReLU）→ 10（ソフトマックス）"}
seen = {
    "en": "Microseconds per sample against the batch size, both axes logarithmic: the curve falls steeply.",
    "ja": "バッチの大きさに対する1サンプルあたりの時間（マイクロ秒、両対数）。大きく下がっていく。",
}
check = {
    "en": "largest difference of z[1] and ŷ; time of the forward pass, the best of 5",
    "ja": "z[1] と ŷ の差の最大値。順伝播の時間（5回の最短）",
}
size = (6.4, 4.2)
N, BATCHES = 1000, (1, 10, 100, 1000)
TITLE = {"en": "Forward pass: {gain:.0f} times faster in a batch", "ja": "順伝播：バッチで{gain:.0f}倍速い"}
AXES = {"en": ("batch size", "µs per sample"), "ja": ("バッチの大きさ", "1サンプルあたりの時間（µs）")}
WHAT = {
    "z1": {"en": "largest difference of z[1]", "ja": "z[1] の差の最大値"},
    "y_hat": {"en": "largest difference of ŷ", "ja": "ŷ の差の最大値"},
    "gain": {
        "en": "times faster in batches of 100 or more",
        "ja": "100サンプル以上のバッチにしたときの速さ（倍）",
    },
}


def measure(seed: int) -> Outcome:
    """The same rows at once and one by one."""
    network = Network((20, 50, 10), rng=seed)
    X = np.random.default_rng(seed).normal(size=(N, 20))
    whole = network.forward(X)
    singles = [network.forward(X[i : i + 1]) for i in range(N)]
    z1 = np.concatenate([trace[1].z for trace in singles])
    y_hat = np.concatenate([trace.y_hat for trace in singles])
    times = {size: min(_seconds(network, X, size) for _ in range(5)) for size in BATCHES}
    measures = [
        Measure("z1", WHAT["z1"], largest_difference(whole[1].z, z1), "<=", 1e-12, ".1e"),
        Measure("y_hat", WHAT["y_hat"], largest_difference(whole.y_hat, y_hat), "<=", 1e-12, ".1e"),
        Measure("gain", WHAT["gain"], _gain(times), ">=", 3, ".0f"),
    ]
    return Outcome(measures, times)


def _seconds(network: Network, X: Array, size: int) -> float:
    """The time of a forward pass over all rows in batches of ``size``."""
    trace = Trace(network, size)
    start = time.perf_counter()
    for at in range(0, N, size):
        network.forward(X[at : at + size], trace)
    return time.perf_counter() - start


def _gain(times: dict[int, float]) -> float:
    return times[1] / min(times[100], times[1000])


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Time per sample against batch size."""
    ax, each = figure.subplots(), [seconds / N * 1e6 for seconds in shown.values()]
    ax.loglog(list(shown), each, **look(ax, 0, marker=True))
    for size, microseconds in zip(shown, each, strict=True):
        digits = f"{float(f'{microseconds:.2g}'):g}"  # 210, not 2.1e+02
        ax.annotate(digits, (size, microseconds), (0.3, 0.4), textcoords="offset fontsize")
    ax.set_xticks(BATCHES, [str(size) for size in BATCHES])
    ax.margins(x=0.1, y=0.12)
    caption(ax, TITLE[lang].format(gain=_gain(shown)), *AXES[lang])


def _difference(seen: Seen) -> float:
    whole = seen.network.forward(seen.X)[1].z
    singles = [seen.network.forward(seen.X[i : i + 1])[1].z[0] for i in range(20)]
    return largest_difference(whole[:20], singles)


play = Opened(
    setup("random", options={"n": N, "features": 20, "classes": 10}, hidden=[50], lr=0.1, batch_size=100),
    {
        "en": "Play at full speed with batches of 1, 10 and 100: how many epochs a second?",
        "ja": "バッチサイズを1、10、100にして最速で再生し、1秒あたりのエポック数を比べてみてください。",
    },
    WHAT["z1"], _difference, "<=", 1e-12, ".1e", look={"phase": "forward"},
)  # fmt: skip
