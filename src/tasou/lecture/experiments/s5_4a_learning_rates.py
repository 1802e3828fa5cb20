"""5.4 What the learning rate does: too small, right, too large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets, plots
from tasou.lecture.drawing import caption
from tasou.lecture.experiments._common import train
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "5.4a"
title = {"en": "Learning rates: too small, right, too large", "ja": "学習率：小さすぎ・適切・大きすぎ"}
claim = {
    "en": "Too small a learning rate is far from done in the same time, a right one is done, too large a one jumps about and "
    "ends higher than it began.",
    "ja": "学習率が小さすぎると同じ時間ではほとんど進まず、適切なら収束し、大きすぎると損失が跳ね回って最初より悪くなる。",
}
data = {"en": "spiral, 300 points in three classes", "ja": "渦巻き、3クラス300点"}
model = {
    "en": "2 → 10 ReLU → 3 softmax, 300 epochs from the same weights, α = 0.005, 1 and 60",
    "ja": "2 → 10（ReLU）→ 3（ソフトマックス）、同じ初期値から300エポック、α = 0.005・1・60",
}
seen = {
    "en": "Three loss curves on a logarithmic axis: one hardly falls, one falls quickly, one jumps up at once.",
    "ja": "3本の損失曲線（対数軸）。ほとんど下がらないもの、すぐに下がるもの、いきなり跳ね上がるもの。",
}
check = {
    "en": "final losses against the first; how often the loss rose",
    "ja": "最後の損失と最初の損失の比較。損失が上がった回数",
}
size = (7.0, 4.4)
RATES = {"small": 0.005, "right": 1.0, "large": 60.0}
WORDS = {
    "small": {"en": "too small", "ja": "小さすぎ"},
    "right": {"en": "right", "ja": "適切"},
    "large": {"en": "too large", "ja": "大きすぎ"},
}
EPOCHS = 300
TITLE = {"en": "Loss for three learning rates", "ja": "3つの学習率での損失"}
AXES = {"en": ("epoch", "cross-entropy"), "ja": ("エポック", "交差エントロピー")}
WHAT = {
    "first": {"en": "loss at the start", "ja": "最初の損失"},
    "small": {"en": "final loss, α = 0.005", "ja": "最後の損失・α = 0.005"},
    "right": {"en": "final loss, α = 1", "ja": "最後の損失・α = 1"},
    "large": {"en": "highest loss, α = 60", "ja": "最大の損失・α = 60"},
    "rises_right": {"en": "times the loss rose, α = 1", "ja": "損失が上がった回数・α = 1"},
    "rises_large": {"en": "times the loss rose, α = 60", "ja": "損失が上がった回数・α = 60"},
}


def measure(seed: int) -> Outcome:
    """Train with each rate from the same weights."""
    X, y = datasets.make("spiral", 300, rng=seed)
    runs = {}
    for name, lr in RATES.items():
        network = Network((2, 10, 3), rng=seed)
        runs[name] = np.array(train(network, X, y, epochs=EPOCHS, lr=lr, on_divergence="stop").history.loss)
    first = float(runs["right"][0])
    rises = {name: int((np.diff(losses) > 0).sum()) for name, losses in runs.items()}
    measures = [
        Measure("first", WHAT["first"], first, form=".3f"),
        Measure("small", WHAT["small"], runs["small"][-1], ">=", 3 * runs["right"][-1], ".3f"),
        Measure("right", WHAT["right"], runs["right"][-1], "<=", 0.2, ".3f"),
        Measure("large", WHAT["large"], np.nanmax(runs["large"]), ">=", 10 * first, ".2g"),
        Measure("rises_right", WHAT["rises_right"], rises["right"], "<=", 0.05 * EPOCHS),
        Measure("rises_large", WHAT["rises_large"], rises["large"], ">=", 1),
    ]
    return Outcome(measures, runs)


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Three curves, each with a word for its rate."""
    ax = figure.subplots()
    plots.learning_rate_comparison({RATES[name]: losses for name, losses in shown.items()}, ax=ax, lang=lang)
    caption(ax, TITLE[lang], *AXES[lang])
    ax.set_ylim(0.02, 200)
    for name, losses in shown.items():
        place = len(losses), losses[-1]
        style: dict[str, Any] = {"textcoords": "offset fontsize", "va": "center_baseline"}
        ax.annotate(WORDS[name][lang], place, (0.6, 0), **style)


def _last_loss(seen: Seen) -> float:
    return float(seen.network.mean_loss(seen.X, seen.y))


play = Opened(
    setup("spiral", options={"n": 300}, hidden=[10], lr=RATES["right"], epochs=EPOCHS),
    {
        "en": "Begin anew with α = 0.005 and with α = 60, compare the runs, and look at the loss along the step.",
        "ja": "α = 0.005 と α = 60 で始め直し、ランを比べてください。「更新方向の損失」も見てみましょう。",
    },
    WHAT["right"], _last_loss, "<=", 0.2, ".3f", until=EPOCHS, look={"phase": "slice"},
)  # fmt: skip
