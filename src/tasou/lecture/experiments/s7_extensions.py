"""7 The MLP is the basis: convolution, recurrence and a Transformer's feed-forward block are its dense layer again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou.lecture.experiments._common import Array, largest_difference
from tasou.lecture.matrices import Cells, equation
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "7"
title = {"en": "The basis of CNN, RNN and Transformer", "ja": "CNN・RNN・Transformerの土台"}
claim = {
    "en": "The MLP is the basis of what follows: a convolution is a dense layer with shared weights, a recurrent network the "
    "same dense layer step after step, a Transformer's feed-forward block an MLP at every position.",
    "ja": "MLP は先の話の土台になる。畳み込みは重みを共有した全結合層、RNN は同じ全結合層を時刻ごとに繰り返したもの、"
    "Transformer のフィードフォワードブロックは各位置に当てはめた MLP。",
}
data = {
    "en": "random signals of 12 values, sequences of 6 steps",
    "ja": "長さ12のランダムな信号、6ステップの系列",
}
model = {
    "en": "Network((12, 10)) with a kernel of 3 along its rows; Network((5, 3)) applied to [x_t, h_t−1]; Network((4, 16, 4))",
    "ja": "各行に長さ3のカーネルをずらして並べた Network((12, 10))、[x_t, h_t−1] に繰り返し使う Network((5, 3))、Network((4, 16, 4))",
}
seen = {
    "en": "The convolution as a product W x = z of coloured cells: in W one kernel of three weights, repeated along the "
    "diagonal, everything else 0.",
    "ja": "畳み込みを積 W x = z として色付きのマスで図示。W では3つの重みからなる1つのカーネルが対角線に沿って繰り返され、ほかはすべて0。",
}
check = {
    "en": "largest difference to numpy.convolve, to the recurrence written out, to the formula at each position",
    "ja": "numpy.convolve、書き下した漸化式、各位置での式との差の最大値",
}
size = (9.0, 6.4)
TITLE = {"en": "A convolution as a dense layer: its W", "ja": "全結合層としての畳み込み：その重み W"}
UNDER = {"en": ("weights", "signal", "output"), "ja": ("重み", "信号", "出力")}
LENGTH, KERNEL = 12, 3
WHAT = {
    "cnn": {"en": "convolution: difference to numpy.convolve", "ja": "畳み込み：numpy.convolve との差"},
    "rnn": {"en": "recurrence: difference to the formula", "ja": "RNN：式との差"},
    "transformer": {
        "en": "feed-forward block: difference position by position",
        "ja": "フィードフォワードブロック：位置ごとの計算との差",
    },
}


def measure(seed: int) -> Outcome:
    """The three relatives."""
    rng = np.random.default_rng(seed)
    convolution, conv_error = _convolution(rng)
    measures = [
        Measure("cnn", WHAT["cnn"], conv_error, "<=", 1e-12, ".1e"),
        Measure("rnn", WHAT["rnn"], _recurrence(rng, seed), "<=", 1e-12, ".1e"),
        Measure("transformer", WHAT["transformer"], _block(rng, seed), "<=", 1e-12, ".1e"),
    ]
    return Outcome(measures, convolution)


def _convolution(rng: np.random.Generator) -> tuple[tuple[Array, Array, Array], float]:
    """A dense layer whose rows hold the same kernel, one place further each; and a signal that goes through it."""
    kernel, signals = rng.normal(size=KERNEL), rng.uniform(-1, 1, (20, LENGTH))
    network = Network((LENGTH, LENGTH - KERNEL + 1), loss="squared_error", init="zeros")
    for i, row in enumerate(network[1].W):
        row[i : i + KERNEL] = kernel
    expected = [np.convolve(signal, kernel[::-1], "valid") for signal in signals]
    answers = network.predict(signals)
    return (network[1].W.copy(), signals[0], answers[0]), largest_difference(answers, expected)


def _recurrence(rng: np.random.Generator, seed: int) -> float:
    """h_t = tanh(W [x_t, h_t-1] + b), by a network of one layer used again and again."""
    cell = Network((5, 3), loss="squared_error", output_activation="tanh", rng=seed)
    W, b = cell[1].W, cell[1].b
    h, expected, worst = np.zeros(3), np.zeros(3), 0.0
    for x in rng.normal(size=(6, 2)):
        h = cell.predict(np.concatenate([x, h])[None])[0]
        expected = np.tanh(W[:, :2] @ x + W[:, 2:] @ expected + b)
        worst = max(worst, largest_difference(h, expected))
    return worst


def _block(rng: np.random.Generator, seed: int) -> float:
    """The block sees every position of a sequence by itself: to the MLP, positions are rows of a batch."""
    block, sequence = Network((4, 16, 4), loss="squared_error", rng=seed), rng.normal(size=(6, 4))
    (W1, b1), (W2, b2) = block.parameters
    each = [W2 @ np.maximum(0, W1 @ x + b1) + b2 for x in sequence]
    return largest_difference(block.predict(sequence), each)


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """The weights of the convolution between a signal and what becomes of it."""
    W, signal, answer = shown
    ax, (weights, entered, left) = figure.subplots(), UNDER[lang]
    parts: list[Cells | str] = [
        Cells(W, "$W$", weights, ".1f", zeros=False),
        "×",
        Cells(signal, "$x$", entered, ".1f"),
    ]
    equation(ax, [*parts, "=", Cells(answer, "$z$", left, ".1f")], size="small")
    figure.suptitle(TITLE[lang])


def _with_a_kernel(seed: int) -> dict[str, Any]:
    """The first layer is the convolution: its rows hold one kernel, one place further each."""
    (W, _, _), _ = _convolution(np.random.default_rng(seed))
    network = Network((LENGTH, LENGTH - KERNEL + 1, 1), loss="binary_cross_entropy", rng=seed)
    network[1].W[...] = W
    options = {"n": 60, "features": LENGTH, "classes": 2}
    theta = network.theta.tolist()
    return dict(setup("random", options=options, theta=theta, hidden=[LENGTH - KERNEL + 1], lr=0.1)(seed))


def _difference(seen: Seen) -> float:
    W = seen.network[1].W
    kernel = W[0, :KERNEL]
    expected = [np.convolve(x, kernel[::-1], "valid") for x in seen.X]
    return largest_difference(seen.network.forward(seen.X)[1].z, expected)


play = Opened(
    _with_a_kernel,
    {
        "en": "Every unit has the same three weights, one place further each. One step, and they are no longer shared.",
        "ja": "どのユニットも同じ3つの重みを1つずつずらして持っています。1ステップ進めると、共有されなくなります。",
    },
    WHAT["cnn"], _difference, "<=", 1e-12, ".1e",
)  # fmt: skip
