"""2.4 Softmax regression is the multilayer perceptron without hidden layer: the same numbers to the last digit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets, plots
from tasou.lecture.drawing import caption, coincide
from tasou.lecture.experiments._common import largest_difference, train
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "2.4b"
title = {
    "en": "Softmax regression is an MLP without hidden layer",
    "ja": "ソフトマックス回帰は隠れ層のないMLP",
}
claim = {
    "en": "Softmax regression and a network without hidden layer, trained alike, agree to the last digit; and both "
    "are the formula Softmax(Wx + b).",
    "ja": "ソフトマックス回帰と隠れ層のないネットワークを同じように学習させると、最後の桁まで一致する。どちらも式 Softmax(Wx + b) そのもの。",
}
data = {"en": "three round clouds, 150 points", "ja": "3つのクラスタ、150点"}
model = {
    "en": "SoftmaxRegression and Network((2, 3)), 100 steps of gradient descent from zero",
    "ja": "SoftmaxRegression と Network((2, 3))、0から勾配降下法100ステップ",
}
seen = {
    "en": "The decision boundaries of both models, which are the same picture, and the two loss curves, which lie on "
    "one another.",
    "ja": "2つのモデルの決定境界（まったく同じ図になる）と、重なり合う2本の損失曲線。",
}
check = {
    "en": "largest difference of weights, probabilities and losses",
    "ja": "重み・確率・損失の差の最大値",
}
size = (12.0, 4.6)
STEPS, LR = 100, 0.5
TITLES = {
    "en": ("SoftmaxRegression", "Network((2, 3))", "Both losses"),
    "ja": ("SoftmaxRegression", "Network((2, 3))", "2本の損失曲線"),
}
AXES = {"en": ("step", "loss"), "ja": ("ステップ", "損失")}
WHAT = {
    "weights": {"en": "difference of W and b", "ja": "W と b の差"},
    "probabilities": {"en": "difference of the probabilities", "ja": "確率の差"},
    "losses": {"en": "difference of the losses", "ja": "損失の差"},
    "formula": {"en": "difference to Softmax(Wx + b) by hand", "ja": "手計算の Softmax(Wx + b) との差"},
}


def measure(seed: int) -> Outcome:
    """Train both alike."""
    from tasou.estimators import SoftmaxRegression

    X, y = datasets.make("blobs", 150, rng=seed)
    regression = SoftmaxRegression(solver="gd", learning_rate_init=LR, max_iter=STEPS, tol=0).fit(X, y)
    network = Network((2, 3), l2=1.0, init="zeros")  # C = 1 of the regression is the penalty 1
    losses = train(network, X, y, epochs=STEPS, lr=LR).history.loss
    z = X @ regression.coef_.T + regression.intercept_
    formula = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    proba = regression.predict_proba(X)
    measures = [
        Measure(
            "weights", WHAT["weights"], largest_difference(regression.network_.theta, network.theta), "=", 0
        ),
        Measure(
            "probabilities", WHAT["probabilities"], largest_difference(proba, network.predict(X)), "=", 0
        ),
        Measure("losses", WHAT["losses"], largest_difference(regression.loss_curve_, losses), "=", 0),
        Measure("formula", WHAT["formula"], largest_difference(proba, formula), "<=", 1e-12, ".1e"),
    ]
    return Outcome(measures, (X, y, regression, network, losses))


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Two boundaries, and two curves on one another."""
    X, y, regression, network, losses = shown
    *planes, right = figure.subplots(1, 3)
    for ax, model, text in zip(planes, (regression, network), TITLES[lang], strict=False):
        plots.decision_boundary(model, X, y, ax=ax, lang=lang)
        caption(ax, text, "$x_1$", "$x_2$")
    coincide(right, {TITLES[lang][0]: regression.loss_curve_, TITLES[lang][1]: losses})
    caption(right, TITLES[lang][2], *AXES[lang])


def _difference_to_softmax(seen: Seen) -> float:
    """The network's answers against Softmax(Wx + b) written out."""
    z = seen.X @ seen.network[1].W.T + seen.network[1].b
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return largest_difference(seen.network.predict(seen.X), e / e.sum(axis=1, keepdims=True))


play = Opened(
    setup("blobs", options={"n": 150}, hidden=[], l2=1.0, init="zeros", lr=LR, epochs=STEPS),
    {
        "en": "Look at the calculation: z = W x + b, then softmax, and nothing between.",
        "ja": "計算の中身を見てください。z = W x + b のあとはソフトマックスだけで、間に何もありません。",
    },
    WHAT["formula"], _difference_to_softmax, "<=", 1e-12, ".1e", until=STEPS,
)  # fmt: skip
