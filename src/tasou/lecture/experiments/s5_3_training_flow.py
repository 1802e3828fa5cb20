"""5.3 The training flow: forward, loss, backward, update, repeated until the loss has converged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets, plots
from tasou.lecture.drawing import caption
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network
from tasou.training import Stopping, Training

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "5.3"
title = {"en": "The training flow, until the loss has converged", "ja": "学習の流れ：損失が収束するまで"}
claim = {
    "en": "Forward → loss → backward → update, repeated: the loss falls in nearly every step, and training ends by itself "
    "when it no longer improves.",
    "ja": "順伝播 → 損失 → 逆伝播 → 更新を繰り返すと、ほぼ毎ステップ損失が下がり、改善しなくなったところで学習は自動的に終わる。",
}
data = {"en": "two half moons, 200 points", "ja": "三日月、200点"}
model = {
    "en": "2 → 8 tanh → 2 softmax, learning rate 0.5; stops when 20 epochs bring less than 0.0001 each",
    "ja": "2 → 8（tanh）→ 2（ソフトマックス）、学習率0.5。改善が0.0001未満のエポックが20回続いたら終了",
}
seen = {
    "en": "The loss and the length of the gradient over the epochs, both small in the end, up to the epoch where training ended.",
    "ja": "エポックごとの損失と勾配の長さ。どちらも最後には小さくなり、学習が終わったエポックまで描かれている。",
}
check = {
    "en": "the stream of steps: how often the loss fell, why training ended",
    "ja": "ステップの記録から、損失が下がった割合と、終わった理由を調べる",
}
MOST, LR = 3000, 0.5
TITLES = {
    "en": ("Loss: converged after {n} epochs", "Length of the gradient"),
    "ja": ("損失：{n}エポックで収束", "勾配の長さ"),
}
AXES = {"en": ("epoch", "cross-entropy", "‖∇‖"), "ja": ("エポック", "交差エントロピー", "‖∇‖")}
WHAT = {
    "steps": {"en": "steps until it stopped", "ja": "終了までのステップ数"},
    "converged": {"en": "ended because it converged (1 yes)", "ja": "収束による終了（1：はい）"},
    "falling": {"en": "share of steps in which the loss fell", "ja": "損失が下がったステップの割合"},
    "first": {"en": "loss at the start", "ja": "最初の損失"},
    "last": {"en": "loss at the end", "ja": "最後の損失"},
}


def measure(seed: int) -> Outcome:
    """Walk through the training step by step."""
    X, y = datasets.make("moons", 200, rng=seed)
    training = Training(
        Network((2, 8, 2), "tanh", rng=seed), lr=LR, stopping=Stopping(tol=1e-4, patience=20), rng=seed
    )
    steps = [(step.loss, step.gradient_norm) for step in training.steps(X, y, epochs=MOST)]
    losses, norms = (np.array(values) for values in zip(*steps, strict=True))
    measures = [
        Measure("steps", WHAT["steps"], len(steps), "<", MOST),
        Measure("converged", WHAT["converged"], training.finished == "converged", "=", 1),
        Measure("falling", WHAT["falling"], float((np.diff(losses) < 0).mean()), ">=", 0.95, ".3f"),
        Measure("first", WHAT["first"], losses[0], form=".3f"),
        Measure("last", WHAT["last"], losses[-1], "<", 0.6 * losses[0], ".3f"),
    ]
    return Outcome(measures, (losses, norms))


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Loss and gradient."""
    axes = figure.subplots(1, 2)
    for k, (ax, values) in enumerate(zip(axes, shown, strict=True)):
        plots.loss_curve(values, ax=ax, lang=lang, log=k == 1)
        caption(ax, TITLES[lang][k].format(n=len(values)), AXES[lang][0], AXES[lang][k + 1])
    axes[1].set_yticks((0.01, 0.1, 1), ("0.01", "0.1", "1"))


def _epochs(seen: Seen) -> float:
    return float(seen.epochs)


play = Opened(
    setup(
        "moons", options={"n": 200}, hidden=[8], activation="tanh", loss="cross_entropy", lr=LR, monitor="loss",
        tol=1e-4, patience=20, epochs=MOST,
    ),
    {
        "en": "It ends by itself when the loss no longer falls. Change the learning rate: when does it end then?",
        "ja": "損失が下がらなくなると自動的に終わります。学習率を変えると、いつ終わるでしょうか。",
    },
    WHAT["steps"], _epochs, "<", MOST, until=MOST,
)  # fmt: skip
