"""2.3 The role and the output size of every layer as a table, for any network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import plots
from tasou.lecture.opened import Opened, setup
from tasou.lecture.opened import parameters as parameters_of
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "2.3a"
title = {"en": "Layers, roles and output sizes", "ja": "層の役割と出力の大きさ"}
claim = {
    "en": "Every layer has a role and an output size, and the table that lists them is right for any network: each "
    "size is that of the array really computed.",
    "ja": "どの層にも役割と出力の大きさがある。その表はどんなネットワークにも作れ、書かれた大きさは実際に計算される配列と一致する。",
}
data = {"en": "one random input", "ja": "ランダムな入力1つ"}
model = {"en": "2 → 10 → 3, 4 → 16 → 8 → 1 and 3 → 3", "ja": "2 → 10 → 3、4 → 16 → 8 → 1、3 → 3"}
seen = {
    "en": "The diagrams of a network with one hidden layer, with two, and with none.",
    "ja": "隠れ層が1つ、2つ、0個のネットワークの図。",
}
check = {
    "en": "the sizes and parameter counts in the printed table against the arrays of a forward pass",
    "ja": "表示された表の大きさとパラメータ数を、順伝播の実際の配列と比べる",
}
size = (12.0, 4.4)
WHAT = {
    "lines": {"en": "layers listed", "ja": "表にした層の数"},
    "wrong": {"en": "lines that do not agree with the arrays", "ja": "配列と合わない行の数"},
}


def measure(seed: int) -> Outcome:
    """Print the tables, and count where they differ from the arrays."""
    networks = [
        Network((2, 10, 3), rng=seed),
        Network((4, 16, 8, 1), "tanh", loss="binary_cross_entropy", rng=seed),
        Network((3, 3), rng=seed),
    ]
    wrong = sum(_wrong_lines(network) for network in networks)
    layers = sum(network.L + 1 for network in networks)
    measures = [
        Measure("lines", WHAT["lines"], layers),
        Measure("wrong", WHAT["wrong"], wrong, "=", 0),
    ]
    return Outcome(measures, networks, lambda lang: "\n\n".join(n.summary(lang) for n in networks))


def _wrong_lines(network: Network) -> int:
    """Lines of the table whose last two numbers are not the array's size and the layer's parameter count."""
    trace = network.forward(np.zeros((1, network.sizes[0])))
    lines = network.summary("en").splitlines()[1:]
    wrong = 0
    for l, line in enumerate(lines[: network.L + 1]):
        *_, size, count = line.split()
        parameters = network[l].W.size + network[l].b.size if l else 0
        wrong += size != f"({trace[l].a.shape[1]},)" or int(count) != parameters
    return wrong


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """The three diagrams."""
    for ax, network in zip(figure.subplots(1, 3), shown, strict=True):
        plots.network(network, ax=ax, lang=lang)


play = Opened(
    setup("spiral", options={"n": 300}, hidden=[10]),
    {
        "en": "Change width and depth, and foretell the number of parameters: (inputs + 1) · units, layer by layer.",
        "ja": "幅と深さを変え、パラメータ数を予想してみてください。層ごとに（入力の数 + 1）× ユニット数です。",
    },
    {"en": "parameters", "ja": "パラメータ数"}, parameters_of, "=", 63,
)  # fmt: skip
