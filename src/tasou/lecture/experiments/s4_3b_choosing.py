"""4.3 The guide to choosing activations and losses, which the system follows by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import plots
from tasou.formulas import activations, losses
from tasou.lecture.drawing import caption
from tasou.lecture.experiments._common import train
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "4.3b"
title = {"en": "The guide to choosing, followed by default", "ja": "活性化関数の選び方と既定の選択"}
claim = {
    "en": "Hidden layers ReLU; two classes: sigmoid with binary cross-entropy; many classes: softmax with cross-entropy: "
    "the estimators choose so by themselves. For a target in −1 … 1, tanh at the output stays inside.",
    "ja": "隠れ層は ReLU、二値分類はシグモイドと二値交差エントロピー、多クラスはソフトマックスと交差エントロピー。"
    "tasou の推定器は自動でこう選ぶ。−1〜1 の値を出したいときは出力に tanh を使えば、範囲を外れない。",
}
data = {
    "en": "60 random rows with two classes, three classes, a real target",
    "ja": "ランダムな60行：2クラス、3クラス、実数の目標",
}
model = {
    "en": "MLPClassifier and MLPRegressor as they come; 1 → 8 → 1 with tanh output",
    "ja": "MLPClassifier と MLPRegressor を既定のまま。出力が tanh の 1 → 8 → 1",
}
seen = {
    "en": "Three network diagrams: the functions and the loss chosen for two classes, for three classes, and for a real target.",
    "ja": "3つのネットワークの図。2クラス、3クラス、実数の目標に対して選ばれた関数と損失が書かれている。",
}
check = {
    "en": "the functions of the fitted networks against the guide",
    "ja": "学習後のネットワークの関数を、選び方の指針と比べる",
}
size = (12.0, 4.2)
GUIDE = {
    "two": ("relu", "sigmoid", "binary_cross_entropy"),
    "three": ("relu", "softmax", "cross_entropy"),
    "real": ("relu", "identity", "squared_error"),
}
CASES = {
    "two": {"en": "two classes", "ja": "2クラス"},
    "three": {"en": "three classes", "ja": "3クラス"},
    "real": {"en": "a real target", "ja": "実数の目標"},
}

LOSSES = {
    "two": {"en": "loss: binary cross-entropy", "ja": "損失：二値交差エントロピー"},
    "three": {"en": "loss: cross-entropy", "ja": "損失：交差エントロピー"},
    "real": {"en": "loss: squared error", "ja": "損失：二乗誤差"},
}


def measure(seed: int) -> Outcome:
    """Fit the estimators and look at what they chose."""
    X = np.random.default_rng(seed).normal(size=(60, 3))
    targets = {"two": X[:, 0] > 0, "three": np.arange(60) % 3, "real": X.sum(axis=1)}
    networks = {name: _fitted(name, X, y, seed) for name, y in targets.items()}
    measures = [
        Measure(
            name,
            {
                "en": f"{CASES[name]['en']}: chosen as the guide says",
                "ja": f"{CASES[name]['ja']}：指針どおりの選択",
            },
            _chosen(network) == GUIDE[name],
            "=",
            1,
        )
        for name, network in networks.items()
    ]
    measures.append(
        Measure(
            "tanh",
            {
                "en": "tanh output: largest |ŷ| far outside the data",
                "ja": "tanh 出力：データから遠い点での最大の |ŷ|",
            },
            _bounded(seed),
            "<=",
            1,
            ".4f",
        )
    )
    return Outcome(measures, networks, _advice)


def _fitted(name: str, X: Any, y: Any, seed: int) -> Network:
    from tasou.estimators import MLPClassifier, MLPRegressor

    estimator = MLPRegressor if name == "real" else MLPClassifier
    return estimator(hidden_layer_sizes=(4,), max_iter=5, random_state=seed).fit(X, y).network_  # type: ignore[no-any-return]


def _chosen(network: Network) -> tuple[str, str, str]:
    """Hidden activation, output function, loss."""
    return network.activations[0].name, network.output, network.loss.name


def _bounded(seed: int) -> float:
    """The largest |ŷ| of a network with tanh output, asked far beyond its data."""
    x = np.linspace(-1, 1, 50)[:, None]
    network = Network((1, 8, 1), loss="squared_error", output_activation="tanh", rng=seed)
    train(network, x, np.sign(x), epochs=200, lr=0.5)
    return float(np.abs(network.predict(np.linspace(-100, 100, 201)[:, None])).max())


def _advice(lang: str) -> str:
    """What the formulas themselves say of when to use them."""
    found = [(name, activations.get(name).notes) for name in ("relu", "leaky_relu", "sigmoid", "tanh")]
    found += [(name, losses.get(name).notes) for name in ("binary_cross_entropy", "cross_entropy")]
    return "\n".join(f"{name}: {notes[lang]}" for name, notes in found)


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """The three networks, what they are for above them."""
    for ax, (name, network) in zip(figure.subplots(1, 3), shown.items(), strict=True):
        plots.network(network, ax=ax, lang=lang)
        caption(ax, CASES[name][lang] + "\n" + LOSSES[name][lang])


def _as_guided(seen: Seen) -> float:
    return float(_chosen(seen.network) == GUIDE["three" if seen.network.sizes[-1] > 1 else "two"])


play = Opened(
    setup("moons", options={"n": 200}, hidden=[4], lr=0.5),
    {
        "en": "Choose two classes, three classes, a curve: loss and output change by themselves, and say why.",
        "ja": "2クラス、3クラス、曲線のデータを選んでください。損失と出力の関数が自動で変わり、理由が示されます。",
    },
    {"en": "chosen as the guide says (1 yes)", "ja": "指針どおりの選択（1：はい）"}, _as_guided, "=", 1,
)  # fmt: skip
