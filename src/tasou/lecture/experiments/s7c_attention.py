"""7c Attention picks: of several items it takes the one that fits the question, wherever it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou.layers import Attention, Dense
from tasou.lecture.experiments._common import Array, largest_difference, ledger, right, small_step, train
from tasou.lecture.opened import Opened, right_elsewhere, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network, Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

number = "7c"
title = {"en": "Attention picks what is asked for", "ja": "注意機構は問われたものを選び出す"}
claim = {
    "en": "Attention compares the question (query) with every item (key) and takes the value of the one that fits, wherever it "
    "stands. A dense network with six times as many weights learns its examples by heart and does not get it.",
    "ja": "注意機構は問い（クエリ）を各項目（キー）と照らし合わせ、合うものの値を取り出す。どこに置かれていてもよい。"
    "6倍の重みを持つ全結合のネットワークは、例を丸暗記するだけで仕組みをつかめない。",
}
data = {
    "en": "four items A … D in random order, each with a number 1, 2 or 3, then a question: which number has B, say; 600 to "
    "train, 400 to test",
    "ja": "順序がばらばらの4つの項目 A〜D に 1〜3 の数が1つずつ付き、最後に「B の数は？」のような問いがくる。学習用600サンプル、テスト用400サンプル",
}
model = {
    "en": "Attention(8), where the last position asks, → Dense(3), 195 weights; and 35 → 32 ReLU → 3, 1251 weights",
    "ja": "最後の位置が問う Attention(8) → Dense(3)（重み195個）と、35 → 32 ReLU → 3（重み1251個）",
}
seen = {
    "en": "Eight test sequences, a row each: four items, then the question. The darker an item, the larger its weight; the one "
    "that is asked for has a frame, and is the darkest in every row, at whichever place it stands.",
    "ja": "テスト系列8つを1行に1つずつ。4つの項目と、最後に問い。色が濃いほど注意機構の重みが大きい。"
    "枠で囲んだ、問われている項目が、どの位置にあっても各行で最も濃い。",
}
check = {
    "en": "right answers on test sequences; the weight of the item asked for, and whether it is the largest; the answers with "
    "the items in another order",
    "ja": "テスト系列での正解数。問われた項目の重みと、それが最大になる割合。項目を並べ替えたときの答えの差",
}
size = (9.0, 5.0)
KEYS, VALUES, N_TRAINING, N_TEST = 4, 3, 600, 400
SHOWN = 8
TITLE = {"en": "Attention weights", "ja": "注意機構の重み"}
PLACES = {"en": ("1st", "2nd", "3rd", "4th", "question"), "ja": ("1番目", "2番目", "3番目", "4番目", "問い")}
WHAT = {
    "attention": {"en": "attention: right of 400", "ja": "注意機構：正解（400サンプル中）"},
    "dense": {"en": "dense network: right of 400", "ja": "全結合：正解（400サンプル中）"},
    "largest": {
        "en": "the item asked for has the largest weight: share",
        "ja": "問われた項目の重みが最大になる割合",
    },
    "weight": {"en": "its weight, of 1 in all: mean", "ja": "その重みの平均（合計1のうち）"},
    "order": {
        "en": "items in another order: largest difference of the answers",
        "ja": "項目を並べ替えたときの答えの差の最大値",
    },
}


def measure(seed: int) -> Outcome:
    """Train both on the same questions; look at the weights of the test questions."""
    rng = np.random.default_rng(seed)
    X, y, _ = questions(N_TRAINING, rng)
    Z, answers, asked = questions(N_TEST, rng)
    stacks = [Attention(8, output="last"), Dense(VALUES)], [Dense(32, "relu"), Dense(VALUES)]
    networks = [Network(layers=layers, inputs=X.shape[1:], rng=seed) for layers in stacks]
    for network in networks:
        train(network, X, y, epochs=60, optimizer="adam", lr=0.03, batch_size=50, rng=seed)
    attention, dense = networks
    weights = attention.forward(Z)[1].weights[:, 0]
    order = [*rng.permutation(KEYS), KEYS]
    moved = largest_difference(attention.predict(Z[:, order]), attention.predict(Z))
    weight = weights[np.arange(N_TEST), asked]
    measures = [
        Measure("attention", WHAT["attention"], right(attention, Z, answers), ">=", 0.98 * N_TEST),
        Measure("dense", WHAT["dense"], right(dense, Z, answers), "<=", 0.8 * N_TEST),
        Measure("largest", WHAT["largest"], (weights.argmax(axis=1) == asked).mean(), ">=", 0.98, ".3f"),
        Measure("weight", WHAT["weight"], weight.mean(), ">=", 0.4, ".3f"),
        Measure("order", WHAT["order"], moved, "<=", 1e-12, ".1e"),
    ]
    return Outcome(measures, (Z[:SHOWN], weights[:SHOWN], asked[:SHOWN]), **ledger(small()))


def small() -> Trace:
    """Items A = 0.9 and B = −0.4, then the question for A: the query fits the key of A, and takes its number."""
    items = np.array([[1.0, 0.0, 0.9], [0.0, 1.0, -0.4], [1.0, 0.0, 0.0]])
    by_key, by_number = [2.0, 0.0, 0.0, 0.0, 2.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0, 0.5]
    theta = [*by_key, *by_key, *by_number, 0.5, 0.5, -0.5, -0.5, 0.1, -0.1]
    return small_step([Attention(2, output="last"), Dense(2)], theta, items)


def questions(n: int, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Items as (key, value) in one-hot form, the question as a key without value; the answer, and where it stands."""
    keys = np.argsort(rng.random((n, KEYS)), axis=1)
    values, asked = rng.integers(0, VALUES, (n, KEYS)), rng.integers(0, KEYS, n)
    X, row = np.zeros((n, KEYS + 1, KEYS + VALUES)), np.arange(n)
    X[row[:, None], np.arange(KEYS), keys] = 1
    X[row[:, None], np.arange(KEYS), KEYS + values] = 1
    X[row, KEYS, keys[row, asked]] = 1
    return X, values[row, asked], asked


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Every item as a cell, the darker the larger its weight; a frame around the one that is asked for."""
    from tasou.lecture.drawing import caption
    from tasou.plots import theme

    X, weights, asked = shown
    ax = figure.subplots()
    colours = theme.signed(ax, 0.7 * weights / weights.max())
    edge = theme.mix(theme.ground(ax), theme.ink(ax), 0.45)
    ax.pcolormesh(range(KEYS + 2), range(SHOWN + 1), colours, edgecolors=[edge], linewidth=0.6)
    for row, place in enumerate(asked):
        ax.add_patch(_frame(ax, place, row))
        for at, item in enumerate(X[row]):
            key = "ABCD"[int(item[:KEYS].argmax())]
            text = f"{key}?" if at == KEYS else f"{key} = {int(item[KEYS:].argmax()) + 1}"
            style: dict[str, Any] = {"ha": "center", "va": "center_baseline", "color": theme.ink(ax)}
            ax.text(at + 0.5, row + 0.5, text, **style)
    ax.set(ylim=(SHOWN, 0), yticks=[], xticks=np.arange(KEYS + 1) + 0.5)
    ax.set_xticklabels(PLACES[lang])
    ax.tick_params(length=0)
    caption(ax, TITLE[lang])


def _frame(ax: Axes, column: int, row: int) -> Any:
    from matplotlib.patches import Rectangle

    from tasou.plots import theme

    return Rectangle(
        (column + 0.04, row + 0.06), 0.92, 0.88, fill=False, edgecolor=theme.ink(ax), linewidth=2.2
    )


play = Opened(
    setup(
        "questions",
        options={"n": N_TRAINING, "held": N_TEST},
        layers=[{"layer": "attention", "units": 8}],
        optimizer="adam", lr=0.03, batch_size=50, epochs=60,
    ),
    {
        "en": "Step from sample to sample: below the network stands how much weight each item gets, and the item that is "
        "asked for gets most. Then choose dense layers in the settings and compare the validation.",
        "ja": "サンプルを順に見てください。ネットワークの下に各項目の重みが出て、問われた項目が最も重くなります。"
        "次に設定で全結合の層に替え、検証の正解率を比べてください。",
    },
    WHAT["attention"], right_elsewhere, ">=", 0.98 * N_TEST, until=60,
)  # fmt: skip
