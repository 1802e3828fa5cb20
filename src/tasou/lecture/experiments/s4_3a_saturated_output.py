"""4.3 A saturated output: sigmoid with squared error hardly learns from a bad mistake, with cross-entropy it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets, plots
from tasou.lecture.drawing import caption, look, scientific
from tasou.lecture.experiments._common import Array, look_back, right, train
from tasou.lecture.opened import ACCURACY, Opened, accuracy, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "4.3a"
title = {
    "en": "Saturated output: squared error against cross-entropy",
    "ja": "飽和した出力：二乗誤差と交差エントロピー",
}
claim = {
    "en": "When a sigmoid output is badly wrong, squared error gives it almost no gradient (the factor f′ is nearly 0), "
    "binary cross-entropy a full one (δ = ŷ − y): it recovers, the other is stuck.",
    "ja": "シグモイド出力が大きく間違っているとき、二乗誤差では勾配がほとんど0になる（f′ がほぼ0）。"
    "二値交差エントロピーなら δ = ŷ − y がそのまま残るので立ち直り、二乗誤差は動けない。",
}
data = {"en": "two round clouds, 100 points", "ja": "2つのクラスタ、100点"}
model = {
    "en": "one sigmoid unit that starts with the answers reversed (|z| ≈ 15); 200 steps, learning rate 0.5",
    "ja": "答えを逆に覚えた状態（|z| ≈ 15）から始まるシグモイド1ユニット。学習率0.5で200ステップ",
}
seen = {
    "en": "The share of right answers over the steps: with cross-entropy it rises to 1 at once, with squared error it stays "
    "at 0; and the first gradient of both, many powers of ten apart.",
    "ja": "ステップごとの正解率。交差エントロピーではすぐに1へ上がり、二乗誤差では0のまま。最初の勾配の大きさは何桁も違う。",
}
check = {
    "en": "the first gradient and the accuracy after 200 steps",
    "ja": "最初の勾配の大きさと、200ステップ後の正解率",
}
size = (10.0, 4.4)
STEPS, LR, STRENGTH = 200, 0.5, 10.0
MODELS: dict[str, dict[str, str]] = {
    "bce": {"loss": "binary_cross_entropy"},
    "squared": {"loss": "squared_error", "output_activation": "sigmoid"},
}
NAMES = {
    "bce": {"en": "binary cross-entropy", "ja": "二値交差エントロピー"},
    "squared": {"en": "squared error", "ja": "二乗誤差"},
}
TITLES = {"en": ("Accuracy", "First gradient ‖∇W‖"), "ja": ("正解率", "最初の勾配 ‖∇W‖")}
AXES = {"en": "step", "ja": "ステップ"}
WHAT = {
    "ratio": {
        "en": "first gradient, cross-entropy over squared error",
        "ja": "最初の勾配の比（交差エントロピー ÷ 二乗誤差）",
    },
    "bce": {"en": "accuracy at the end, cross-entropy", "ja": "最後の正解率・交差エントロピー"},
    "squared": {"en": "accuracy at the end, squared error", "ja": "最後の正解率・二乗誤差"},
}


def measure(seed: int) -> Outcome:
    """Train both from the same wrong weights."""
    X, y = datasets.make("blobs", 100, rng=seed, noise=0.3, classes=2)
    wrong = -STRENGTH * (X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0)) / 3
    runs = {name: _run(options, wrong, X, y) for name, options in MODELS.items()}
    (bce, bce_right), (squared, squared_right) = runs["bce"], runs["squared"]
    measures = [
        Measure("ratio", WHAT["ratio"], bce / squared, ">=", 100),
        Measure("bce", WHAT["bce"], bce_right[-1], ">=", 0.98, ".0%"),
        Measure("squared", WHAT["squared"], squared_right[-1], "<=", 0.1, ".0%"),
    ]
    return Outcome(measures, runs)


def _run(options: dict[str, Any], wrong: Array, X: Array, y: Array) -> tuple[float, list[float]]:
    """The first gradient, and the accuracy after every step."""
    network = Network((2, 1), init="zeros", **options)
    network[1].W[0] = wrong
    first = float(np.linalg.norm(look_back(network, X, y).grad[1].W)) / len(y)
    shares = [right(network, X, y) / len(y)]
    watch = [lambda training: shares.append(right(training.network, X, y) / len(y))]
    train(network, X, y, epochs=STEPS, lr=LR, callbacks=watch)
    return first, shares


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Accuracies and first gradients."""
    left, right_ax = figure.subplots(1, 2)
    names = [NAMES[name][lang] for name in shown]
    for k, (text, (_, shares)) in enumerate(zip(names, shown.values(), strict=True)):
        left.plot(shares, label=text, **look(left, k))
    left.set_ylim(-0.04, 1.04)
    left.legend(loc="center right")
    gradients = [gradient for gradient, _ in shown.values()]
    bars = right_ax.bar(range(len(shown)), gradients, color=plots.theme.COLOURS[: len(shown)])
    right_ax.bar_label(bars, [scientific(gradient) for gradient in gradients])
    right_ax.set_yscale("log")
    right_ax.margins(y=0.15)
    right_ax.set_xticks(range(len(shown)), names)
    caption(left, TITLES[lang][0], AXES[lang])
    caption(right_ax, TITLES[lang][1])


def _reversed(seed: int) -> dict[str, Any]:
    X, y = datasets.make("blobs", 100, rng=seed, noise=0.3, classes=2)
    wrong = -STRENGTH * (X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0)) / 3
    options = {"n": 100, "noise": 0.3, "classes": 2}
    recipe: dict[str, Any] = {
        "hidden": [],
        "loss": "squared_error",
        "output_activation": "sigmoid",
        "lr": LR,
        "epochs": STEPS,
    }
    return dict(setup("blobs", options=options, theta=[*wrong.tolist(), 0.0], **recipe)(seed))


play = Opened(
    _reversed,
    {
        "en": "Squared error is stuck. Choose binary cross-entropy at step 0: it recovers at once.",
        "ja": "二乗誤差では動けません。最初に戻って二値交差エントロピーを選ぶと、すぐに立ち直ります。",
    },
    ACCURACY, accuracy, "<=", 0.1, ".1%", until=STEPS,
)  # fmt: skip
