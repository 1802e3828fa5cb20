"""6 The lecture's classifier 2 → 10 → 3: a nonlinear boundary on the left, the falling loss on the right."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets, plots
from tasou.lecture.drawing import caption
from tasou.lecture.experiments._common import right, train
from tasou.lecture.opened import ACCURACY, Opened, accuracy, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "6"
title = {"en": "The 2 → 10 → 3 classifier", "ja": "2 → 10 → 3 の分類器"}
claim = {
    "en": "A two-layer network with ten hidden ReLU units, gradients by hand, learns three classes that no straight lines "
    "separate; its loss falls continuously and has converged after 300 to 500 epochs.",
    "ja": "隠れ層10ユニット（ReLU）の2層ネットワークは、手で書いた勾配で、直線では分けられない3クラスを学習する。"
    "損失は下がり続け、300〜500エポックでほぼ収束する。",
}
data = {"en": "spiral, 300 points in three classes", "ja": "渦巻き、3クラス300点"}
model = {
    "en": "2 → 10 ReLU → 3 softmax, cross-entropy, gradient descent on the full batch, α = 1",
    "ja": "2 → 10（ReLU）→ 3（ソフトマックス）、交差エントロピー、全データでの勾配降下法、α = 1",
}
seen = {
    "en": "On the left the plane coloured by the predicted class, with a boundary that follows the arms of the spiral; on the "
    "right the loss, which falls quickly and then levels off.",
    "ja": "左は予測クラスで色分けした平面。境界は渦巻きの腕に沿って曲がる。右は損失曲線で、急に下がってから平らになる。",
}
check = {
    "en": "accuracy against softmax regression's; share of epochs in which the loss fell; share of the whole fall (of 1000 "
    "epochs) done after 300 and 500",
    "ja": "ソフトマックス回帰との正解率の差。損失が下がったエポックの割合。1000エポック全体の減少のうち、300・500エポックまでに済んだ割合",
}
size = (11.0, 4.6)
EPOCHS, LONG, LR = 500, 1000, 1.0
BOUNDARY = {"en": "Decision boundary: {share:.1%} right", "ja": "決定境界：正解率 {share:.1%}"}
CURVE = {"en": "Cross-entropy over 500 epochs", "ja": "500エポックの交差エントロピー"}
AXES = {"en": ("epoch", "cross-entropy"), "ja": ("エポック", "交差エントロピー")}
WHAT = {
    "accuracy": {"en": "accuracy after 500 epochs", "ja": "500エポック後の正解率"},
    "linear": {"en": "accuracy of softmax regression", "ja": "ソフトマックス回帰の正解率"},
    "falling": {"en": "share of epochs in which the loss fell", "ja": "損失が下がったエポックの割合"},
    "done_300": {
        "en": "share of the fall done after 300 epochs",
        "ja": "損失の減少のうち300エポックまでに達成された割合",
    },
    "done_500": {"en": "… after 500 epochs", "ja": "同、500エポックまで"},
    "loss": {"en": "cross-entropy after 500 epochs", "ja": "500エポック後の交差エントロピー"},
}


def measure(seed: int) -> Outcome:
    """Train for 500 epochs, then on to 1000 to see what is left to gain."""
    from tasou.estimators import SoftmaxRegression

    X, y = datasets.make("spiral", 300, rng=seed)
    network = Network((2, 10, 3), rng=seed)
    training = train(network, X, y, epochs=EPOCHS, lr=LR)
    share, at_500 = right(network, X, y) / len(y), deepcopy(network)
    losses = np.array(training.run(X, y, epochs=LONG - EPOCHS).loss)
    done = (losses[0] - losses) / (losses[0] - losses[-1])
    linear = float(SoftmaxRegression().fit(X, y).score(X, y))
    measures = [
        Measure("accuracy", WHAT["accuracy"], share, ">=", 0.95, ".1%"),
        Measure("linear", WHAT["linear"], linear, "<=", 0.88, ".1%"),
        Measure("falling", WHAT["falling"], float((np.diff(losses[:EPOCHS]) < 0).mean()), ">=", 0.97, ".3f"),
        Measure("done_300", WHAT["done_300"], done[299], ">=", 0.9, ".1%"),
        Measure("done_500", WHAT["done_500"], done[499], ">=", 0.95, ".1%"),
        Measure("loss", WHAT["loss"], losses[499], form=".3f"),
    ]
    return Outcome(measures, (at_500, X, y, losses[:EPOCHS], share))


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Boundary and loss."""
    network, X, y, losses, share = shown
    left, right_ax = figure.subplots(1, 2)
    plots.decision_boundary(network, X, y, ax=left, lang=lang)
    plots.loss_curve(losses, ax=right_ax, lang=lang)
    caption(left, BOUNDARY[lang].format(share=share), "$x_1$", "$x_2$")
    caption(right_ax, CURVE[lang], *AXES[lang])


play = Opened(
    setup("spiral", options={"n": 300}, hidden=[10], lr=LR, epochs=EPOCHS),
    {
        "en": "Play to epoch 500. Then try 3 units, 100 units, no hidden layer.",
        "ja": "500エポックまで再生してください。次に、3ユニット、100ユニット、隠れ層なしを試してみましょう。",
    },
    ACCURACY, accuracy, ">=", 0.95, ".1%", until=EPOCHS,
)  # fmt: skip
