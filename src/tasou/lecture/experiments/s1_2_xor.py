"""1.2 XOR, and the ceiling that every linear model meets there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets, plots
from tasou.language import say
from tasou.lecture.drawing import caption
from tasou.lecture.experiments._common import Array, right, train
from tasou.lecture.opened import RIGHT, Opened, setup
from tasou.lecture.opened import right as right_of
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "1.2"
title = {"en": "XOR and the ceiling of linear models", "ja": "XORと線形モデルの限界"}
claim = {
    "en": "No straight line separates XOR: logistic and softmax regression get at most 3 of the 4 rows, and their "
    "loss stops at log 2, the loss of guessing.",
    "ja": "XORは直線では分けられない。ロジスティック回帰もソフトマックス回帰も4行中3行までしか当たらず、"
    "損失は当て推量の値 log 2 で止まる。",
}
data = {"en": "the four rows of XOR: 00→0, 01→1, 10→1, 11→0", "ja": "XORの4行：00→0、01→1、10→1、11→0"}
model = {
    "en": "logistic and softmax regression from 6 random starts each, 800 steps of gradient descent",
    "ja": "ロジスティック回帰とソフトマックス回帰、乱数の初期値6通りずつ、勾配降下法800ステップ",
}
seen = {
    "en": "On the left the four corners with the best line found: one corner is always on the wrong side. On the "
    "right the losses, which all stop at log 2.",
    "ja": "左は4点と、見つかった中で最良の直線。どうしても1点が間違った側に残る。右は損失曲線で、すべて log 2 で止まる。",
}
check = {
    "en": "the best number of right rows over all starts, over 20,000 random lines, and the final losses",
    "ja": "すべての初期値での正解数の最大値、ランダムな直線2万本での最大値、最終的な損失",
}
STARTS, EPOCHS, LINES = 6, 800, 20_000
TITLES = {
    "en": ("XOR: {right} of 4 right", "Loss of {n} starts"),
    "ja": ("XOR：4点中{right}点が正解", "初期値{n}通りの損失"),
}
FLOOR = {"en": "log 2, guessing", "ja": "log 2（当て推量）"}
AXES = {"en": ("step", "cross-entropy"), "ja": ("ステップ", "交差エントロピー")}
WHAT = {
    "logistic": {"en": "logistic regression, right of 4", "ja": "ロジスティック回帰、4行中の正解"},
    "softmax": {"en": "softmax regression, right of 4", "ja": "ソフトマックス回帰、4行中の正解"},
    "any_line": {"en": "best of 20,000 random lines", "ja": "ランダムな直線2万本の最高"},
    "floor": {"en": "lowest loss (log 2 = 0.6931)", "ja": "最小の損失（log 2 = 0.6931）"},
}


def measure(seed: int) -> Outcome:
    """Train from many starts, and draw lines at random besides."""
    X, y = datasets.make("xor", 4)
    best, losses, shown = {}, [], []
    for name, sizes, loss in (
        ("logistic", (2, 1), "binary_cross_entropy"),
        ("softmax", (2, 2), "cross_entropy"),
    ):
        starts = [Network(sizes, loss=loss, init="glorot_normal", rng=1000 * seed + k) for k in range(STARTS)]
        runs = [train(network, X, y, epochs=EPOCHS, lr=0.5) for network in starts]
        best[name] = max(right(run.network, X, y) for run in runs)
        losses += [run.history.loss for run in runs]
        shown += [run.network for run in runs if right(run.network, X, y) == best[name]][:1]
    any_line = _best_random_line(X, y, seed)
    floor = min(run[-1] for run in losses)
    measures = [
        Measure("logistic", WHAT["logistic"], best["logistic"], "<=", 3),
        Measure("softmax", WHAT["softmax"], best["softmax"], "<=", 3),
        Measure("any_line", WHAT["any_line"], any_line, "=", 3),
        Measure("floor", WHAT["floor"], floor, ">=", 0.693, ".4f"),
    ]
    return Outcome(measures, (X, y, shown[0], losses))


def _best_random_line(X: Array, y: Array, seed: int) -> int:
    """The best that lines drawn at random get, whichever side is called 1."""
    rng = np.random.default_rng(seed)
    w, b = rng.normal(size=(2, LINES)), rng.uniform(-1, 1, LINES)
    sides = (X @ w + b) > 0
    hits = (sides == y[:, None]).sum(axis=0)
    return int(np.maximum(hits, 4 - hits).max())


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """The best line, and the losses of all starts."""
    X, y, network, losses = shown
    left, right_ax = figure.subplots(1, 2)
    plots.decision_boundary(network, X, y, ax=left, lang=lang)
    first, second = TITLES[lang]
    caption(left, first.format(right=right(network, X, y)), "$x_1$", "$x_2$")
    for loss in losses:
        right_ax.plot(range(1, EPOCHS + 1), loss, color=plots.theme.BLUE, lw=1.4, alpha=0.6)
    right_ax.axhline(np.log(2), color=plots.theme.red_on(right_ax), ls="--", lw=2)
    right_ax.annotate(
        say(FLOOR, lang), (EPOCHS, np.log(2)), (0, -0.5), textcoords="offset fontsize", va="top", ha="right"
    )
    right_ax.set(xscale="log", xlim=(1, EPOCHS), ylim=(0.6, None))
    caption(right_ax, second.format(n=len(losses)), *AXES[lang])


play = Opened(
    setup("xor", options={"n": 4}, hidden=[], loss="binary_cross_entropy", init="glorot_normal", lr=0.5, epochs=EPOCHS),
    {
        "en": "Draw other weights as often as you like: never 4 of 4. Then add a hidden layer: 4 of 4.",
        "ja": "初期値を何度変えても4点すべては正解になりません。次に隠れ層を追加すると、4点すべてが正解になります。",
    },
    RIGHT, right_of, "<=", 3, until=EPOCHS,
)  # fmt: skip
