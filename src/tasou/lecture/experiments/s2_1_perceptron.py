"""2.1 The perceptron converges on AND and never on XOR: its line on both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets, plots
from tasou.lecture.drawing import caption, look
from tasou.lecture.experiments._common import largest_difference
from tasou.lecture.opened import RIGHT, Opened, setup
from tasou.lecture.opened import right as right_of
from tasou.lecture.outcome import Measure, Outcome

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tasou.estimators import Perceptron

number = "2.1"
title = {"en": "The perceptron: AND yes, XOR never", "ja": "パーセプトロン：ANDは解け、XORは解けない"}
claim = {
    "en": "The perceptron learning rule finds a line for AND and stops making mistakes; on XOR it makes mistakes "
    "in every epoch, however long it runs.",
    "ja": "パーセプトロンの学習則は、ANDでは直線を見つけて誤りが0になる。XORでは何エポック回しても、毎エポック誤りが出る。",
}
data = {"en": "the four rows of AND and of XOR", "ja": "ANDの4行とXORの4行"}
model = {
    "en": "ŷ = sign(wᵀx + b); for each mistake w := w + y x, b := b + y; at most 1000 epochs",
    "ja": "ŷ = sign(wᵀx + b)。間違えるたびに w := w + y x、b := b + y。最大1000エポック",
}
seen = {
    "en": "The two sides of the perceptron's line on AND, which it separates; the best line it left behind on XOR in several attempts, where the "
    "point on the wrong side is ringed; and the mistakes made during each epoch. A mistake is counted when a row is shown, "
    "and moves the line at once: so all four rows of XOR can be mistakes in turn, although the line that remains at the end "
    "gets up to three of them right.",
    "ja": "左はANDの4点を分けるパーセプトロンの直線。中央は、XORで何度か試して残った直線のうち最も良いもので、間違った側の点を丸で囲む。右は各エポックの途中で起きた誤りの数。"
    "誤りは1行を見せた時点で数え、直線はすぐに動く。そのためXORでは、エポックの終わりに残る直線が3行まで正解でも、途中では4行すべてを順に間違えることがある。",
}
check = {
    "en": "mistakes in each epoch; the first update compared with the rule done by hand",
    "ja": "エポックごとの誤りの数。最初の更新は手計算の学習則と比べる",
}
TITLES = {
    "en": ("AND: converged in epoch {n}", "XOR: 3 of 4 at best", "Mistakes during each epoch"),
    "ja": ("AND：エポック{n}で収束", "XOR：最良でも4行中3行", "各エポックの途中での誤り"),
}
AXES = {"en": ("epoch", "mistakes"), "ja": ("エポック", "誤りの数")}
size = (12.0, 4.4)
SHOWN, TRIED = 20, 36
WHAT = {
    "and_fewest": {"en": "AND: fewest mistakes in an epoch", "ja": "AND：最少の誤り"},
    "and_epochs": {"en": "AND: first epoch without a mistake", "ja": "AND：誤りが0になったエポック"},
    "xor_fewest": {
        "en": "XOR: fewest mistakes in any of 1000 epochs",
        "ja": "XOR：1000エポック中で最少の誤り",
    },
    "xor_best": {
        "en": "XOR: most rows right with the line left behind",
        "ja": "XOR：残った直線で正解した行の最大数",
    },
    "by_hand": {"en": "first step: difference to the rule by hand", "ja": "最初の1歩：手計算との差"},
}


def measure(seed: int) -> Outcome:
    """Learn both gates, and one single step beside the rule done by hand."""
    gates = [datasets.make(name, 4) for name in ("and_gate", "xor")]
    on_and, on_xor = (_perceptron(max_iter=1000, random_state=seed).fit(g.X, g.y) for g in gates)
    tried = [_from_anywhere(gates[1], seed + k) for k in range(TRIED)]
    measures = [
        Measure("and_fewest", WHAT["and_fewest"], min(on_and.mistakes_), "=", 0),
        Measure("and_epochs", WHAT["and_epochs"], _first_clean(on_and), "<=", 100),
        Measure("xor_fewest", WHAT["xor_fewest"], min(on_xor.mistakes_), ">=", 1),
        Measure("xor_best", WHAT["xor_best"], 4 * max(t.score(*gates[1]) for t in tried), "<=", 3),
        Measure("by_hand", WHAT["by_hand"], _difference_by_hand(seed), "=", 0),
    ]
    return Outcome(measures, (gates, on_and, on_xor, tried))


def _perceptron(**options: Any) -> Perceptron:
    from tasou.estimators import Perceptron

    return Perceptron(tol=None, **options)


def _from_anywhere(gate: Any, seed: int) -> Perceptron:
    """Some epochs from a line drawn by chance: from w = 0, where numbers stay whole, the best lines run through a point."""
    w, b = np.split(np.random.default_rng(seed).uniform(-1, 1, 3), [2])
    perceptron = _perceptron(max_iter=1 + seed % 6, random_state=seed)
    perceptron.fit(*gate, coef_init=w[None], intercept_init=b)
    return perceptron


def _first_clean(perceptron: Perceptron) -> float:
    return perceptron.mistakes_.index(0) + 1 if 0 in perceptron.mistakes_ else np.inf


def _difference_by_hand(seed: int) -> float:
    """One sample that w = 0 gets wrong: w := w + y x, b := b + y."""
    x = np.random.default_rng(seed).normal(size=2)
    other = np.zeros(2)  # a second class must exist; weight 0 keeps it from teaching anything
    learnt = _perceptron(max_iter=1, shuffle=False).fit([x, other], [1, 0], sample_weight=[1.0, 0.0])
    return largest_difference([*learnt.coef_[0], *learnt.intercept_], [*x, 1.0])


def _clearance(perceptron: Perceptron, X: Any) -> float:
    """How far the nearest point is from the line."""
    return float(np.abs(perceptron.decision_function(X)).min() / (np.linalg.norm(perceptron.coef_) or 1))


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Two lines, and the mistakes over the epochs."""
    gates, *learnt, tried = shown
    *planes, mistakes = figure.subplots(1, 3)
    best = max(tried, key=lambda attempt: (attempt.score(*gates[1]), _clearance(attempt, gates[1].X)))
    for ax, gate, perceptron, text in zip(planes, gates, (learnt[0], best), TITLES[lang], strict=False):
        plots.decision_boundary(perceptron, gate.X, gate.y, ax=ax, lang=lang)
        caption(ax, text.format(n=_first_clean(perceptron)), "$x_1$", "$x_2$")
    for k, (name, perceptron) in enumerate(zip(("AND", "XOR"), learnt, strict=True)):
        counts = perceptron.mistakes_[:SHOWN]
        mistakes.plot(range(1, len(counts) + 1), counts, **look(mistakes, k, marker=True))
        mistakes.annotate(name, (1, counts[0]), (0.2, 0.6), textcoords="offset fontsize")
    mistakes.set(ylim=(-0.2, 4.6), yticks=range(5), xticks=(1, 5, 10, 15, 20))
    caption(mistakes, TITLES[lang][2], *AXES[lang])


play = Opened(
    setup(
        "and_gate", options={"n": 4}, hidden=[], loss="perceptron", init="zeros", lr=1.0, batch_size=1, epochs=100
    ),
    {
        "en": "Step by sample: only a mistake moves the line. Then choose XOR: it never stops.",
        "ja": "1サンプルずつ進めると、間違えたときだけ直線が動きます。次に XOR を選ぶと、いつまでも終わりません。",
    },
    RIGHT, right_of, "=", 4, until=30,
)  # fmt: skip
