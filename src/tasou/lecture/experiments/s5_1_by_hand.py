"""5.1 Backward by hand for one sample: the chain rule from the loss back, local error × local derivative."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou.lecture.experiments._common import Array, largest_difference, ledger, look_back
from tasou.lecture.experiments.s3_2_one_sample import opened, small_network
from tasou.lecture.matrices import Cells, equation
from tasou.lecture.opened import Opened, Seen
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "5.1"
title = {"en": "Backward by hand, one sample", "ja": "1サンプルの逆伝播を手計算で"}
claim = {
    "en": "δ[2] = ŷ − y, ∇W[2] = δ[2]a[1]ᵀ, δ[1] = (W[2]ᵀδ[2]) ⊙ ReLU′(z[1]), ∇W[1] = δ[1]xᵀ: local error × local "
    "derivative, for every parameter, gives the gradient that the network computes.",
    "ja": "δ[2] = ŷ − y、∇W[2] = δ[2]a[1]ᵀ、δ[1] = (W[2]ᵀδ[2]) ⊙ ReLU′(z[1])、∇W[1] = δ[1]xᵀ。"
    "どのパラメータでも「局所誤差 × 局所微分」で、ネットワークの計算する勾配になる。",
}
data = {"en": "one sample of class 1 (the first)", "ja": "クラス1（1番目）のサンプル1個"}
model = {
    "en": "2 → 3 ReLU → 2 softmax, cross-entropy",
    "ja": "2 → 3（ReLU）→ 2（ソフトマックス）、交差エントロピー",
}
seen = {
    "en": "The gradients as products: the column δ times the row that entered the layer gives the matrix ∇W, for both "
    "layers; the row of the unit that ReLU cut off is 0.",
    "ja": "勾配を積として図示。列 δ と、層への入力の行の積が行列 ∇W になる（2層分）。ReLU で切られたユニットの行は0。",
}
check = {
    "en": "the four lines in plain NumPy against the trace; the printed ledger shows every number and the update",
    "ja": "4つの式をNumPyで計算し、記録と比べる。表示される台帳に、更新まですべての数値がある",
}
size = (8.0, 5.6)
LR = 0.5


def measure(seed: int) -> Outcome:
    """Backward by the engine and by hand."""
    network, x = small_network(seed)
    trace = look_back(network, x[None], np.array([0]))
    grads = by_hand(network, x, np.array([1.0, 0.0]))
    worst = {name: largest_difference(value, _engine(trace, name)) for name, value in grads.items()}
    silent = trace[1].z[0] <= 0
    measures = [
        Measure(
            name,
            {"en": f"{name}: difference to the engine", "ja": f"{name}：ライブラリとの差"},
            value,
            "<=",
            1e-12,
            ".1e",
        )
        for name, value in worst.items()
    ]
    measures.append(
        Measure(
            "cut",
            {"en": "gradient of the unit ReLU cut off", "ja": "ReLU で切られたユニットの勾配"},
            float(np.abs(trace.grad[1].W[silent]).max()),
            "=",
            0,
        )
    )
    return Outcome(measures, (x, trace[1].a[0].copy(), grads), **ledger(trace, lr=LR))


def by_hand(network: Network, x: Array, y: Array) -> dict[str, Array]:
    """The chain rule from the loss back to the first layer."""
    (W1, b1), (W2, b2) = network.parameters
    z1 = W1 @ x + b1
    a1 = np.maximum(0, z1)
    z2 = W2 @ a1 + b2
    y_hat = np.exp(z2) / np.exp(z2).sum()
    delta2 = y_hat - y
    delta1 = (W2.T @ delta2) * (z1 > 0)
    return {"δ[2]": delta2, "∇W[2]": np.outer(delta2, a1), "δ[1]": delta1, "∇W[1]": np.outer(delta1, x)}


def _engine(trace: Any, name: str) -> Array:
    layer = int(name[-2])
    return trace[layer].delta[0] if name.startswith("δ") else trace.grad[layer].W  # type: ignore[no-any-return]


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """δ times input is ∇W, a line of cells for each layer."""
    x, a1, grads = shown
    for ax, l, entered, symbol in zip(
        figure.subplots(2, 1), (2, 1), (a1, x), ("a^{[1]\\top}", "x^{\\top}"), strict=True
    ):
        delta = Cells(grads[f"δ[{l}]"], f"$\\delta^{{[{l}]}}$")
        grad = Cells(grads[f"∇W[{l}]"], f"$\\nabla W^{{[{l}]}}$")
        equation(ax, [delta, "×", Cells(entered[None], f"${symbol}$"), "=", grad])


def _cut_off(seen: Seen) -> float:
    trace = look_back(seen.network, seen.X[:1], seen.y[:1])
    silent = trace[1].z[0] <= 0
    return float(np.abs(trace.grad[1].W[silent]).max()) if silent.any() else 0.0


play = Opened(
    opened,
    {
        "en": "Go through the backward rows: local error × what entered. Where ReLU is 0, nothing comes back.",
        "ja": "逆伝播の行を順に見てください。局所誤差 × 層への入力です。ReLU が0のところには何も戻りません。",
    },
    {"en": "gradient of the unit ReLU cut off", "ja": "ReLU で切られたユニットの勾配"}, _cut_off, "=", 0,
    look={"phase": "backward"},
)  # fmt: skip
