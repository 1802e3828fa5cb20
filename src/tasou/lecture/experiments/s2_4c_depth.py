"""2.4 Depth adds power: four layers of two units fold a line into 16 pieces, one layer of eight into 9 at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import plots
from tasou.lecture.drawing import caption, look
from tasou.lecture.experiments._common import Array
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "2.4c"
title = {"en": "Depth adds power", "ja": "深さが表現力を増す"}
claim = {
    "en": "With the same eight hidden ReLU units, four layers of two can draw a zigzag of 16 straight pieces; one "
    "layer of eight can never draw more than 9.",
    "ja": "同じ8個のReLUユニットでも、2ユニット×4層なら16本の線分からなるギザギザを描ける。8ユニット×1層では最大でも9本。",
}
data = {"en": "the interval [0, 1] in 20,001 steps", "ja": "区間 [0, 1] を20,001点に分割"}
model = {
    "en": "1 → 2 → 2 → 2 → 2 → 1 with weights set by hand (each layer folds the line in two), and 100 random "
    "networks 1 → 8 → 1",
    "ja": "重みを手で決めた 1 → 2 → 2 → 2 → 2 → 1（各層が線を2つに折る）と、重みが乱数の 1 → 8 → 1 を100個",
}
seen = {
    "en": "On the left a zigzag of 16 pieces; on the right a broken line of at most 9, from as many units; a dot where two "
    "pieces meet.",
    "ja": "左は16本の線分からなるギザギザ、右は同じユニット数で描いた折れ線（線分は9本以下）。線分のつなぎ目は点で示す。",
}
check = {"en": "straight pieces counted by the changes of slope", "ja": "傾きの変化から線分の数を数える"}
size = (9.0, 3.8)
TITLES = {
    "en": ("4 layers of 2: {n} pieces", "1 layer of 8: {n} pieces"),
    "ja": ("2ユニット×4層：線分{n}本", "8ユニット×1層：線分{n}本"),
}
DEPTH, POINTS, RANDOM = 4, 20_001, 100
WHAT = {
    "deep": {"en": "pieces, four layers of two units", "ja": "2ユニット×4層の線分の数"},
    "shallow": {"en": "most pieces, one layer of eight units", "ja": "8ユニット×1層の線分の最大数"},
}


def measure(seed: int) -> Outcome:
    """Build the folding network, and count the pieces of shallow ones."""
    deep = folding(DEPTH)
    rng = np.random.default_rng(seed)
    shallow = [_shallow(rng) for _ in range(RANDOM)]
    best = max(shallow, key=lambda network: (pieces(network), _bending(network)))
    measures = [
        Measure("deep", WHAT["deep"], pieces(deep), "=", 16),
        Measure("shallow", WHAT["shallow"], pieces(best), "<=", 9),
    ]
    return Outcome(measures, (deep, best))


def folding(depth: int) -> Network:
    """Each layer is the tent t(a) = 2 ReLU(a) - 4 ReLU(a - 1/2), which folds [0, 1] in two."""
    network = Network((1, *[2] * depth, 1), loss="squared_error", init="zeros")
    for layer in network.layers[:-1]:
        layer.W[...] = 1.0 if layer.l == 1 else np.array([2.0, -4.0])
        layer.b[...] = 0.0, -0.5
    network[network.L].W[...] = 2.0, -4.0
    return network


def _shallow(rng: np.random.Generator) -> Network:
    """Eight units whose corners lie at random in [0, 1]."""
    network = Network((1, 8, 1), loss="squared_error", init="zeros")
    network[1].W[:, 0] = rng.choice([-1.0, 1.0], 8)
    network[1].b[:] = -network[1].W[:, 0] * rng.uniform(0.02, 0.98, 8)
    network[2].W[:] = rng.normal(size=8)
    return network


def corners(network: Network) -> Array:
    """Where ŷ(x) bends on [0, 1]: a corner between two of the points bends at both, and counts once."""
    x = np.linspace(0, 1, POINTS)
    bends = np.abs(np.diff(network.predict(x[:, None])[:, 0], n=2)) > 1e-9
    first = bends & ~np.append(False, bends[:-1])
    return np.asarray(x[1:-1][first])


def pieces(network: Network) -> int:
    """The straight pieces of ŷ(x) on [0, 1]."""
    return len(corners(network)) + 1


def _bending(network: Network) -> float:
    """How much the slope changes in all: the more, the better the pieces are seen."""
    return float(np.abs(network[2].W).sum())


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Both functions, a dot where two pieces meet."""
    x = np.linspace(0, 1, 2001)
    for k, (ax, network) in enumerate(zip(figure.subplots(1, 2), shown, strict=True)):
        ends = np.array([0.0, *corners(network), 1.0])
        style = {**look(ax, k, marker=True), "ls": "-"}
        ax.plot(x, network.predict(x[:, None]), **style | {"marker": "none"})
        ax.plot(ends, network.predict(ends[:, None]), **style | {"ls": "none", "mec": plots.theme.ink(ax)})
        caption(ax, TITLES[lang][k].format(n=pieces(network)), "$x$", "$\\hat{y}$")


def _pieces(seen: Seen) -> float:
    return float(pieces(seen.network))


play = Opened(
    lambda seed: setup(
        "curve", options={"of": "zigzag", "n": 129}, theta=folding(DEPTH).theta.tolist(), hidden=[2] * DEPTH, lr=1e-4
    )(seed),
    {
        "en": "Go through the layers' spaces: each folds the line once more. Eight units in one layer draw 9 pieces at most.",
        "ja": "各ユニットの図を左から順に見ると、層ごとに線が1回ずつ折られています。8ユニット×1層では、最大でも9本です。",
    },
    WHAT["deep"], _pieces, "=", 16,
)  # fmt: skip
