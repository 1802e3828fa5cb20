"""1.1 Logistic and softmax regression at work, where straight lines are enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tasou import datasets, plots
from tasou.language import say
from tasou.lecture.drawing import caption
from tasou.lecture.opened import ACCURACY, Opened, accuracy, setup
from tasou.lecture.outcome import Measure, Outcome

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "1.1"
title = {
    "en": "Linear models: logistic and softmax regression",
    "ja": "線形モデル：ロジスティック回帰とソフトマックス回帰",
}
claim = {
    "en": "Where straight lines separate the classes, logistic regression (two classes) and softmax regression "
    "(several) get them right, also on points they have not seen.",
    "ja": "直線でクラスを分けられるデータなら、ロジスティック回帰（二値）とソフトマックス回帰（多クラス）は、"
    "学習に使っていない点も含めて正しく分類できる。",
}
data = {
    "en": "two and three round clouds, 150 points each time",
    "ja": "2つおよび3つの円形のクラスタ、それぞれ150点",
}
model = {
    "en": "ŷ = σ(wᵀx + b) and ŷ = Softmax(Wx + b), learnt by gradient descent",
    "ja": "ŷ = σ(wᵀx + b) と ŷ = Softmax(Wx + b)、勾配降下法で学習",
}
seen = {
    "en": "Two planes of points; the boundary between the classes is a straight line on the left, three half-lines "
    "on the right.",
    "ja": "左右に点の散らばる平面。クラスの境界は左が1本の直線、右が3本の半直線。",
}
check = {
    "en": "accuracy on the training points and on 300 fresh ones",
    "ja": "学習データの正解率と、新しい300点での正解率",
}
LOGISTIC = {"en": "Logistic regression: {share:.0%}", "ja": "ロジスティック回帰：{share:.0%}"}
SOFTMAX = {"en": "Softmax regression: {share:.0%}", "ja": "ソフトマックス回帰：{share:.0%}"}
NOISE = 0.25


def measure(seed: int) -> Outcome:
    """Fit both and score them."""
    from tasou.estimators import LogisticRegression, SoftmaxRegression

    shown, measures = [], []
    for name, estimator, classes, text in (
        ("logistic", LogisticRegression, 2, LOGISTIC),
        ("softmax", SoftmaxRegression, 3, SOFTMAX),
    ):
        X, y = datasets.make("blobs", 150, rng=seed, noise=NOISE, classes=classes)
        fitted = estimator(solver="gd", learning_rate_init=0.5, max_iter=300).fit(X, y)
        fresh = datasets.make("blobs", 300, rng=seed + 1000, noise=NOISE, classes=classes)
        shown.append((fitted, X, y, text))
        for where, points in (("train", (X, y)), ("fresh", tuple(fresh))):
            measures.append(_accuracy(name, where, fitted.score(*points)))
    return Outcome(measures, shown)


def _accuracy(name: str, where: str, value: float) -> Measure:
    model = {
        "logistic": ("logistic regression", "ロジスティック回帰"),
        "softmax": ("softmax regression", "ソフトマックス回帰"),
    }
    points = {"train": ("training points", "学習データ"), "fresh": ("fresh points", "新しい点")}
    what = {"en": f"{model[name][0]}, {points[where][0]}", "ja": f"{model[name][1]}・{points[where][1]}"}
    return Measure(f"{name}_{where}", what, value, ">=", 0.98, ".1%")


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Both decision boundaries."""
    for ax, (fitted, X, y, text) in zip(figure.subplots(1, 2), shown, strict=True):
        plots.decision_boundary(fitted, X, y, ax=ax, lang=lang)
        ax.locator_params(axis="x", nbins=5)
        caption(ax, say(text, lang, share=fitted.score(X, y)), "$x_1$", "$x_2$")


play = Opened(
    setup("blobs", options={"n": 150, "noise": NOISE, "classes": 3}, hidden=[], lr=0.5, epochs=300),
    {
        "en": "Add a hidden layer: the straight lines bend, and little is gained. Then choose two classes.",
        "ja": "隠れ層を追加してみてください。境界は曲がりますが、正解率はほとんど変わりません。次にクラス数を2にしてみましょう。",
    },
    ACCURACY, accuracy, ">=", 0.98, ".1%", until=300,
)  # fmt: skip
