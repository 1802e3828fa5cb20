"""5.4 What flows forward and what flows back: activations one way, errors of the same shape the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets
from tasou.formulas import initializers
from tasou.lecture.drawing import caption, cells
from tasou.lecture.experiment import Measure, Outcome
from tasou.lecture.experiments._common import look_back
from tasou.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "5.4b"
title = {"en": "What flows forward, what flows back", "ja": "前に流れるもの、後ろに流れるもの"}
claim = {
    "en": "Forward flow activations, back flow local errors of the same shape; where ReLU let nothing through forward, "
    "nothing comes back. One small step against the gradient lowers the loss by about α‖∇‖².",
    "ja": "順方向には活性化が、逆方向には同じ形の局所誤差が流れる。ReLU が通さなかったところには誤差も戻らない。"
    "勾配と逆向きに小さく1歩進むと、損失はおよそ α‖∇‖² だけ下がる。",
}
data = {"en": "spiral, 30 points; the picture shows the first three", "ja": "渦巻き、30点（図は最初の3点）"}
model = {"en": "2 → 4 ReLU → 4 ReLU → 3 softmax", "ja": "2 → 4（ReLU）→ 4（ReLU）→ 3（softmax）"}
seen = {
    "en": "Above, from left to right, x, a[1], a[2], ŷ of three samples as coloured cells; below, the errors δ[1], δ[2], δ[3], "
    "each under its layer and of its shape, with zeros where the activation above is zero.",
    "ja": "上段は左から、3サンプルの x、a[1]、a[2]、ŷ を色付きのマスで表したもの。下段は各層の下に同じ形の局所誤差 δ[1]、δ[2]、δ[3]。"
    "上の活性化が0のところは、下の誤差も0。",
}
check = {
    "en": "shapes; errors where a ReLU is 0; the fall of the loss after one step of 10⁻⁶ against α‖∇‖²",
    "ja": "形の一致、ReLU が0の場所の誤差、10⁻⁶ の1歩での損失の減少と α‖∇‖² の比",
}
size = (11.0, 5.0)
TINY = 1e-6


def measure(seed: int) -> Outcome:
    """Look back through a batch, then make one tiny step."""
    X, y = datasets.make("spiral", 30, rng=seed)
    network = Network((2, 4, 4, 3), init=initializers.get("he_uniform").drawing_biases(), rng=seed)
    trace = look_back(network, X, y)
    gradient = trace.grad.theta / len(y)
    differ = sum(trace[l].delta.shape != trace[l].a.shape for l in (1, 2, 3))
    leaks = sum(int(np.count_nonzero(trace[l].delta[trace[l].a == 0])) for l in (1, 2))
    shown = [(trace[l].a[:3].copy(), trace[l].delta[:3].copy() if l else None) for l in range(4)]
    before = trace.loss / len(y)
    network.theta = network.theta - TINY * gradient
    fall = before - network.mean_loss(X, y)
    measures = [
        Measure(
            "shapes",
            {"en": "layers where δ and a differ in shape", "ja": "δ と a の形が違う層"},
            differ,
            "=",
            0,
        ),
        Measure(
            "leaks", {"en": "errors that pass a ReLU at 0", "ja": "0 の ReLU を通り抜けた誤差"}, leaks, "=", 0
        ),
        Measure(
            "fall",
            {"en": "|fall of the loss / α‖∇‖² − 1|", "ja": "|損失の減少 ÷ α‖∇‖² − 1|"},
            abs(fall / (TINY * float(gradient @ gradient)) - 1),
            "<=",
            1e-3,
            ".1e",
        ),
    ]
    return Outcome(measures, shown)


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Activations above, errors below."""
    axes = figure.subplots(2, len(shown))
    for l, (a, delta) in enumerate(shown):
        name = "x" if l == 0 else "\\hat{y}" if l == len(shown) - 1 else f"a^{{[{l}]}}"
        cells(axes[0, l], a, ".1f")
        caption(axes[0, l], f"${name}$" + (" $\\rightarrow$" if l < len(shown) - 1 else ""))
        if delta is None:
            axes[1, l].set_axis_off()
            continue
        cells(axes[1, l], delta, ".1f")
        caption(axes[1, l], ("$\\leftarrow$ " if l > 1 else "") + f"$\\delta^{{[{l}]}}$")
    for ax in axes.ravel():
        ax.spines[:].set_visible(False)
