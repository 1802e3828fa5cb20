"""7a A convolution finds an edge, wherever it stands: few weights, the same at every place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou.layers import Conv2d, Dense, MaxPool
from tasou.lecture.experiments._common import Array, largest_difference, ledger, right, small_step, train
from tasou.lecture.matrices import Cells, equation
from tasou.lecture.opened import Opened, right_elsewhere, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network, Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "7a"
title = {"en": "A convolution finds an edge", "ja": "畳み込みはエッジを見つける"}
claim = {
    "en": "A convolution looks at every place with the same few weights. So it finds an edge at places where it never saw one "
    "in training, while a dense network with twenty times as many weights can only guess there.",
    "ja": "畳み込みはどの場所も同じ少数の重みで見る。だから学習で一度もエッジが現れなかった場所でも見つけられる。"
    "20倍の重みを持つ全結合のネットワークは、そこでは当てずっぽうになる。",
}
data = {
    "en": "pictures of 8 × 8 pixels with noise and a short edge, upright or lying: 300 with the edge top left, 400 with it "
    "bottom right",
    "ja": "ノイズに短いエッジ（縦か横）を1本置いた8×8の画像。エッジが左上にあるもの300枚で学習し、右下にあるもの400枚で試す",
}
model = {
    "en": "Conv2d(4, 3, ReLU) → MaxPool over the whole picture → Dense(2), 50 weights; and 64 → 16 ReLU → 2, 1074 weights",
    "ja": "Conv2d(4, 3, ReLU) → 全体の MaxPool → Dense(2)（重み50個）と、64 → 16 ReLU → 2（重み1074個）",
}
seen = {
    "en": "A picture with an edge at the bottom right, correlated with a learned kernel of 3 × 3 weights, gives a map of answers: "
    "near 0 everywhere but at the edge.",
    "ja": "右下にエッジのある画像に、学習された3×3のカーネルを当てると、反応の地図ができる。エッジのところだけが強く、ほかはほぼ0。",
}
check = {
    "en": "right answers at the places that were not in the training; parameters counted; the map of a picture that is moved "
    "against the moved map",
    "ja": "学習に出てこなかった場所での正解数。パラメータの数。画像をずらしたときの反応と、反応をずらしたものとの差",
}
size = (11.0, 4.6)
SIDE, KERNEL, FILTERS, MOVED = 8, 3, 4, 3
N_TRAINING, N_TEST = 300, 400
NAMES = {"en": ("picture", "kernel", "answers"), "ja": ("画像", "カーネル", "反応")}
WHAT = {
    "elsewhere": {
        "en": "convolution: right of 400 at places never seen",
        "ja": "畳み込み：未知の場所での正解（400枚中）",
    },
    "dense": {"en": "dense network: right of 400 there", "ja": "全結合：同じ場所での正解（400枚中）"},
    "weights": {"en": "parameters of the convolutional network", "ja": "畳み込みネットワークのパラメータ数"},
    "moved": {
        "en": "moved picture, moved answers: largest difference",
        "ja": "画像をずらすと反応もずれる：差の最大値",
    },
}


def measure(seed: int) -> Outcome:
    """Train both on edges at the top left, try them on edges at the bottom right."""
    rng = np.random.default_rng(seed)
    X, y = pictures(N_TRAINING, 0, rng)
    far, answers = pictures(N_TEST, MOVED, rng)
    stacks = [Conv2d(FILTERS, KERNEL, "relu"), MaxPool(None), Dense(2)], [Dense(16, "relu"), Dense(2)]
    networks = [Network(layers=layers, inputs=(SIDE, SIDE, 1), rng=seed) for layers in stacks]
    for network in networks:
        train(network, X, y, epochs=50, optimizer="adam", lr=0.02, batch_size=50, rng=seed)
    convolution, dense = networks
    measures = [
        Measure("elsewhere", WHAT["elsewhere"], right(convolution, far, answers), ">=", 0.95 * N_TEST),
        Measure("dense", WHAT["dense"], right(dense, far, answers), "<=", 0.75 * N_TEST),
        Measure("weights", WHAT["weights"], convolution.theta.size, "<", dense.theta.size / 20),
        Measure("moved", WHAT["moved"], _moved(convolution, far[0]), "<=", 1e-12, ".1e"),
    ]
    return Outcome(measures, _strongest(convolution, far[0]), **ledger(small()))


def small() -> Trace:
    """An upright edge in a picture of 3 × 3 pixels, under a kernel of 2 × 2 weights that answers to such edges."""
    picture = np.array([[0.0, 1.0, 1.0]] * 3)[..., None]
    theta = [-1.0, 1.0, -1.0, 1.0, 0.5, -0.5, -0.5, 0.1, -0.1]
    return small_step([Conv2d(1, 2, "relu"), MaxPool(None), Dense(2)], theta, picture)


def pictures(n: int, corner: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Noise with a short edge, dark beside bright: upright (class 0) or lying (1), some pixels from the corner on."""
    y = np.arange(n) % 2
    X = rng.normal(0, 0.15, (n, SIDE, SIDE, 1))
    upright = np.array([[-1.0, 1.0]] * KERNEL)
    for picture, lying, (row, column), bright in zip(
        X[..., 0], y, corner + rng.integers(0, 3, (n, 2)), rng.choice([-1, 1], n), strict=True
    ):
        edge = bright * (upright.T if lying else upright)
        picture[row : row + edge.shape[0], column : column + edge.shape[1]] += edge
    return X, y


def _answers(network: Network, picture: Array) -> Array:
    """What every kernel answers at every place."""
    f = network.forward(picture[None])[1].a
    return np.asarray(f).reshape(SIDE - KERNEL + 1, SIDE - KERNEL + 1, FILTERS)


def _moved(network: Network, picture: Array) -> float:
    """The answers to a picture that is moved up by a pixel, against the answers moved."""
    moved = np.roll(picture, -1, axis=0)
    return largest_difference(_answers(network, moved)[:-1], _answers(network, picture)[1:])


def _strongest(network: Network, picture: Array) -> tuple[Array, Array, Array]:
    """The picture, the kernel that answers it most strongly, and its answers."""
    answers = _answers(network, picture)
    k = int(answers.max(axis=(0, 1)).argmax())
    return picture[..., 0], network[1].W[k].reshape(KERNEL, KERNEL).copy(), answers[..., k]


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """The picture, the kernel, and what it answers at every place."""
    picture, weights, answers = shown
    names = NAMES[lang]
    parts: list[Cells | str] = [
        Cells(_tenths(picture), names[0], "8 × 8", ".1f", zeros=False),
        "⋆",
        Cells(_tenths(weights), names[1], "3 × 3", ".1f"),
        "→",
        Cells(_tenths(answers), names[2], "6 × 6", ".1f", zeros=False),
    ]
    equation(figure.subplots(), parts, size="small")


def _tenths(values: Array) -> Array:
    """In tenths of the largest, so that all three are on one scale of colours."""
    rounded: Array = np.round(values / np.abs(values).max(), 1)
    return rounded


play = Opened(
    setup(
        "edges",
        options={"n": N_TRAINING, "held": N_TEST},
        layers=[{"layer": "conv2d", "filters": FILTERS, "kernel": KERNEL}, {"layer": "max_pool"}],
        loss="cross_entropy", optimizer="adam", lr=0.02, batch_size=50, epochs=50,
    ),
    {
        "en": "Watch the filters and their maps below the network, with a picture of the data or one you draw. Then choose "
        "dense layers in the settings: places it never saw become guesses.",
        "ja": "ネットワークの下に、フィルタとその反応の地図が出ます。データの画像でも、自分で描いた画像でも試せます。"
        "次に設定で全結合の層に替えると、学習に出てこなかった場所は当てずっぽうになります。",
    },
    WHAT["elsewhere"], right_elsewhere, ">=", 0.95 * N_TEST, until=50,
)  # fmt: skip
