"""4.2 Dead ReLUs: units that never fire, get no gradient, and never come back; Leaky ReLU against them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets
from tasou.formulas import activations
from tasou.lecture.drawing import caption, look, name_ends
from tasou.lecture.experiments._common import Array, look_back, train
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "4.2a"
title = {"en": "Dead ReLUs, and Leaky ReLU against them", "ja": "死んだReLUと、その対策のLeaky ReLU"}
claim = {
    "en": "A ReLU unit that no sample switches on gets no gradient and never learns again; too large a learning rate "
    "kills units. Under Leaky ReLU every unit keeps a gradient, and the same start ends at a lower loss.",
    "ja": "どのサンプルでも発火しない ReLU ユニットは勾配が0になり、二度と学習しない。学習率が大きすぎるとユニットが死ぬ。"
    "Leaky ReLU ならどのユニットにも勾配が残り、同じ初期値からでも損失がより小さくなる。",
}
data = {"en": "spiral, 300 points in three classes", "ja": "渦巻き、3クラス300点"}
model = {
    "en": "2 → 20 → 3 whose hidden biases start at −3, ReLU and Leaky ReLU (α = 0.1), 400 epochs; and 2 → 20 → 20 → 3 with the "
    "learning rate 2.5",
    "ja": "隠れ層のバイアスを −3 から始めた 2 → 20 → 3 を ReLU と Leaky ReLU（α = 0.1）で400エポック。"
    "さらに学習率2.5の 2 → 20 → 20 → 3",
}
seen = {
    "en": "On the left how many of 20 units are dead over the epochs: it stays where it began under ReLU, and is 0 under "
    "Leaky ReLU; on the right the losses.",
    "ja": "左は20ユニット中の死んだユニットの数。ReLU では減らず、Leaky ReLU では0のまま。右は損失曲線。",
}
check = {
    "en": "units whose gradient is 0 for every sample, before and after; their weights compared bit by bit; final losses",
    "ja": "全サンプルで勾配が0のユニットを学習の前後で数える。その重みをビット単位で比べる。最後の損失",
}
NAMES: dict[str, dict[str, float]] = {"relu": {}, "leaky_relu": {"alpha": 0.1}}
size = (11.0, 4.2)
EPOCHS, LR, BIAS, TOO_LARGE = 400, 0.3, -3.0, 2.5
TITLES = {"en": ("Dead units of 20", "Loss"), "ja": ("死んだユニット（20個中）", "損失")}
AXES = {"en": ("epoch", "units", "cross-entropy"), "ja": ("エポック", "ユニット数", "交差エントロピー")}
WHAT = {
    "before": {"en": "dead ReLUs at the start", "ja": "最初の死んだReLU"},
    "after": {"en": "dead ReLUs at the end", "ja": "最後の死んだReLU"},
    "moved": {"en": "dead units whose weights have changed", "ja": "重みが変わった死んだユニット"},
    "leaky": {"en": "units without gradient under Leaky ReLU", "ja": "Leaky ReLU で勾配が0のユニット"},
    "loss_relu": {"en": "final loss with ReLU", "ja": "ReLU の最後の損失"},
    "loss_leaky": {"en": "final loss with Leaky ReLU", "ja": "Leaky ReLU の最後の損失"},
    "killed": {
        "en": "of 40 units, killed by the learning rate 2.5",
        "ja": "学習率2.5で死んだユニット（40個中）",
    },
}


def measure(seed: int) -> Outcome:
    """Train both from the same bad start, counting the dead; then kill units by a large rate."""
    X, y = datasets.make("spiral", 300, rng=seed)
    runs = {name: _run(name, X, y, seed) for name in NAMES}
    dead = {name: counts for name, (counts, _, _) in runs.items()}
    loss = {name: losses[-1] for name, (_, losses, _) in runs.items()}
    measures = [
        Measure("before", WHAT["before"], dead["relu"][0], ">=", 1),
        Measure("after", WHAT["after"], dead["relu"][-1], ">=", dead["relu"][0]),
        Measure("moved", WHAT["moved"], runs["relu"][2], "=", 0),
        Measure("leaky", WHAT["leaky"], max(dead["leaky_relu"]), "=", 0),
        Measure("loss_relu", WHAT["loss_relu"], loss["relu"], form=".3f"),
        Measure("loss_leaky", WHAT["loss_leaky"], loss["leaky_relu"], "<", loss["relu"], ".3f"),
        Measure("killed", WHAT["killed"], _killed(X, y, seed), ">=", 1),
    ]
    return Outcome(measures, (dead, {name: losses for name, (_, losses, _) in runs.items()}))


def _run(activation: str, X: Array, y: Array, seed: int) -> tuple[list[int], list[float], int]:
    """Dead units and loss of every epoch, and how many of the first dead ever moved."""
    network = Network((2, 20, 3), activations.get(activation, **NAMES[activation]), rng=seed)
    network[1].b[...] = BIAS
    silent, weights = _silent(network, X, y), network[1].W.copy()
    dead = [int(silent.sum())]
    count = [lambda training: dead.append(int(_silent(training.network, X, y).sum()))]
    losses = train(network, X, y, epochs=EPOCHS, lr=LR, callbacks=count).history.loss
    moved = (network[1].W[silent] != weights[silent]).any(axis=1).sum()
    return dead, losses, int(moved)


def _silent(network: Network, X: Array, y: Array, l: int = 1) -> Array:
    """The units of layer l whose local error is 0 for every sample."""
    return np.all(look_back(network, X, y)[l].delta == 0, axis=0)  # type: ignore[no-any-return]


def _killed(X: Array, y: Array, seed: int) -> int:
    """Hidden units that no sample switches on after training at too large a rate, and that were on before."""
    network = Network((2, 20, 20, 3), rng=seed)
    on_before = [(network.hidden(X, l) > 0).any(axis=0) for l in (1, 2)]
    train(network, X, y, epochs=200, lr=TOO_LARGE, on_divergence="stop")
    return sum(
        int((on & ~(network.hidden(X, l) > 0).any(axis=0)).sum())
        for l, on in zip((1, 2), on_before, strict=True)
    )


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Dead units and losses over the epochs."""
    names = {"relu": "ReLU", "leaky_relu": "Leaky ReLU"}
    for i, (ax, curves) in enumerate(zip(figure.subplots(1, 2), shown, strict=True)):
        for k, (name, values) in enumerate(curves.items()):
            ax.plot(values, label=names[name], **look(ax, k))
        name_ends(ax)
        caption(ax, TITLES[lang][i], AXES[lang][0], AXES[lang][i + 1])
    figure.axes[0].set(ylim=(-0.5, 20), yticks=range(0, 21, 5))
    figure.axes[1].set_ylim(bottom=0)


def _begun(seed: int) -> dict[str, Any]:
    network = Network((2, 20, 3), rng=seed)
    network[1].b[...] = BIAS
    theta = network.theta.tolist()
    return dict(setup("spiral", options={"n": 300}, theta=theta, hidden=[20], lr=LR, epochs=EPOCHS)(seed))


def _dead(seen: Seen) -> float:
    return float(_silent(seen.network, seen.X, seen.y).sum())


play = Opened(
    _begun,
    {
        "en": "The dead units stay dead however long you play. Then try Leaky ReLU from the same weights.",
        "ja": "死んだユニットは、どれだけ学習しても死んだままです。同じ初期値で Leaky ReLU を試してください。",
    },
    WHAT["after"], _dead, ">=", 1, until=EPOCHS,
)  # fmt: skip
