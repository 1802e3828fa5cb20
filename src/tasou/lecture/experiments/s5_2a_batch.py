"""5.2 Backward for a batch, in the lecture's NumPy, and the update: the mean of the samples' gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets
from tasou.lecture.drawing import caption, coincide
from tasou.lecture.experiments._common import Array, largest_difference, look_back, train
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network, Parameters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "5.2a"
title = {"en": "Backward and update by hand, a batch", "ja": "バッチの逆伝播と更新を手計算で"}
claim = {
    "en": "The gradient of a batch is the mean of its samples' gradients; written in a few lines of NumPy, backward and "
    "W := W − α∇W give the very training that the engine does.",
    "ja": "バッチの勾配は、サンプルごとの勾配の平均。逆伝播と更新 W := W − α∇W を数行のNumPyで書けば、ライブラリの学習と同じになる。",
}
data = {"en": "spiral, 60 points in three classes", "ja": "渦巻き、3クラス60点"}
model = {
    "en": "2 → 10 ReLU → 3 softmax, learning rate 0.5, 50 steps",
    "ja": "2 → 10（ReLU）→ 3（ソフトマックス）、学習率0.5、50ステップ",
}
seen = {
    "en": "The loss of the engine and of the NumPy lines, step by step: the two curves lie on one another.",
    "ja": "ライブラリと数行のNumPyの、ステップごとの損失。2本の曲線は重なる。",
}
check = {
    "en": "batch gradient against the mean over single samples; losses and final weights of both trainings",
    "ja": "バッチの勾配と1サンプルずつの勾配の平均の差。両方の学習の損失と最後の重みの差",
}
size = (7.0, 4.2)
STEPS, LR = 50, 0.5
TITLE = {"en": "Loss: engine and NumPy by hand", "ja": "損失：ライブラリと手書きのNumPy"}
AXES = {"en": ("step", "cross-entropy"), "ja": ("ステップ", "交差エントロピー")}
LABELS = {"en": ("engine", "by hand"), "ja": ("ライブラリ", "手書き")}
WHAT = {
    "mean": {"en": "batch gradient against the mean of the samples'", "ja": "バッチの勾配とサンプル平均の差"},
    "losses": {"en": "largest difference of the losses", "ja": "損失の差の最大値"},
    "weights": {"en": "difference of the weights after 50 steps", "ja": "50ステップ後の重みの差"},
}


def measure(seed: int) -> Outcome:
    """Gradients once, then both trainings from the same weights."""
    X, y = datasets.make("spiral", 60, rng=seed)
    Y = np.eye(3)[y]
    network = Network((2, 10, 3), rng=seed)
    whole = look_back(network, X, y).grad.theta / len(y)
    singles = np.mean(
        [look_back(network, X[i : i + 1], y[i : i + 1]).grad.theta for i in range(len(y))], axis=0
    )
    hand = Parameters(network.sizes, theta=network.theta.copy())
    losses = [step_by_hand(hand, X, Y) for _ in range(STEPS)]
    history = train(network, X, y, epochs=STEPS, lr=LR).history
    measures = [
        Measure("mean", WHAT["mean"], largest_difference(whole, singles), "<=", 1e-12, ".1e"),
        Measure("losses", WHAT["losses"], largest_difference(losses, history.loss), "<=", 1e-10, ".1e"),
        Measure(
            "weights", WHAT["weights"], largest_difference(hand.theta, network.theta), "<=", 1e-10, ".1e"
        ),
    ]
    return Outcome(measures, (history.loss, losses))


def step_by_hand(parameters: Parameters, X: Array, Y: Array) -> float:
    """Forward → loss → backward → update, as the lecture writes it."""
    (W1, b1), (W2, b2) = parameters
    Z1 = X @ W1.T + b1
    A1 = np.maximum(0, Z1)
    E = np.exp(A1 @ W2.T + b2)
    Y_hat = E / E.sum(axis=1, keepdims=True)
    loss = float(-np.mean(np.log(Y_hat[Y == 1])))
    D2 = (Y_hat - Y) / len(X)
    D1 = (D2 @ W2) * (Z1 > 0)
    W2 -= LR * D2.T @ A1
    b2 -= LR * D2.sum(axis=0)
    W1 -= LR * D1.T @ X
    b1 -= LR * D1.sum(axis=0)
    return loss


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Two curves on one another."""
    ax = figure.subplots()
    coincide(ax, dict(zip(LABELS[lang], shown, strict=True)))
    caption(ax, TITLE[lang], *AXES[lang])


def _mean_of_samples(seen: Seen) -> float:
    whole = look_back(seen.network, seen.X, seen.y).grad.theta / len(seen.y)
    rows = range(len(seen.y))
    singles = [look_back(seen.network, seen.X[i : i + 1], seen.y[i : i + 1]).grad.theta for i in rows]
    return largest_difference(whole, np.mean(singles, axis=0))


play = Opened(
    setup("spiral", options={"n": 60}, hidden=[10], lr=LR, epochs=STEPS),
    {
        "en": "Switch the calculation between one sample and the whole batch, and look at the update.",
        "ja": "計算の中身を「1サンプル」と「バッチ全体」で切り替え、更新の行を見てください。",
    },
    WHAT["mean"], _mean_of_samples, "<=", 1e-12, ".1e", until=STEPS, look={"phase": "update"},
)  # fmt: skip
