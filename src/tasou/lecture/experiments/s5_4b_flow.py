"""5.4 What flows forward and what flows back: activations one way, errors of the same shape the other."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets, plots
from tasou.formulas import initializers
from tasou.lecture.drawing import caption
from tasou.lecture.experiments._common import look_back
from tasou.lecture.matrices import Cells, equation
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
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
model = {"en": "2 → 4 ReLU → 4 ReLU → 3 softmax", "ja": "2 → 4（ReLU）→ 4（ReLU）→ 3（ソフトマックス）"}
seen = {
    "en": "Above, from left to right, x, a[1], a[2], ŷ of three samples as coloured cells; below, the errors δ[1], δ[2], δ[3], "
    "each under its layer and of its shape, with zeros where the activation above is zero. On the right the loss along a step against the gradient, which begins "
    "as steeply as the slope says.",
    "ja": "上段は左から、3サンプルの x、a[1]、a[2]、ŷ を色付きのマスで表したもの。下段は各層の下に同じ形の局所誤差 δ[1]、δ[2]、δ[3]。"
    "上の活性化が0のところは、下の誤差も0。右は勾配の逆向きに進んだときの損失で、最初は傾きからの予想どおりに下がる。",
}
check = {
    "en": "shapes; errors where a ReLU is 0; the fall of the loss after one step of 10⁻⁶ against α‖∇‖²",
    "ja": "形の一致、ReLU が0の場所の誤差、10⁻⁶ の1歩での損失の減少と α‖∇‖² の比",
}
size = (12.0, 5.2)
TITLE = {"en": "A small step downhill", "ja": "勾配の逆向きに小さな1歩"}
TINY, STEP = 1e-6, 0.1
WHAT = {
    "shapes": {"en": "layers where δ and a differ in shape", "ja": "δ と a の形が違う層"},
    "leaks": {"en": "errors that pass a ReLU at 0", "ja": "0 の ReLU を通り抜けた誤差"},
    "fall": {"en": "|fall of the loss / α‖∇‖² − 1|", "ja": "|損失の減少 ÷ α‖∇‖² − 1|"},
}


def measure(seed: int) -> Outcome:
    """Look back through a batch, then make one tiny step."""
    X, y = datasets.make("spiral", 30, rng=seed)
    network = Network((2, 4, 4, 3), init=initializers.get("he_uniform").drawing_biases(), rng=seed)
    trace = look_back(network, X, y)
    gradient = trace.grad.theta / len(y)
    differ = sum(trace[l].delta.shape != trace[l].a.shape for l in (1, 2, 3))
    leaks = sum(int(np.count_nonzero(trace[l].delta[trace[l].a == 0])) for l in (1, 2))
    batch = [(trace[l].a[:3].copy(), trace[l].delta[:3].copy() if l else None) for l in range(4)]
    shown = batch, deepcopy(network), X, y
    before = trace.loss / len(y)
    network.theta = network.theta - TINY * gradient
    fall = before - network.mean_loss(X, y)
    measures = [
        Measure("shapes", WHAT["shapes"], differ, "=", 0),
        Measure("leaks", WHAT["leaks"], leaks, "=", 0),
        Measure("fall", WHAT["fall"], abs(fall / (TINY * float(gradient @ gradient)) - 1), "<=", 1e-3, ".1e"),
    ]
    return Outcome(measures, shown)


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Activations above, errors below; on the right a step along the slope."""
    batch, network, X, y = shown
    axes = figure.subplot_mosaic([["forward", "slope"], ["back", "slope"]], width_ratios=(1.9, 1))
    names = ("$x$", "$a^{[1]}$", "$a^{[2]}$", "$\\hat{y}$")
    forward: list[Cells | str] = []
    back: list[Cells | str | float] = [float(X.shape[1]), " "]
    for l, ((a, delta), name) in enumerate(zip(batch, names, strict=True)):
        forward += ["→", Cells(a, name, form=".1f")]
        back += ["←", Cells(delta, f"$\\delta^{{[{l}]}}$", form=".1f")] if l else []
    equation(axes["forward"], forward[1:])
    equation(axes["back"], [*back[:2], *back[3:]])
    plots.loss_landscape(network, X, y, lr=STEP, ax=axes["slope"], lang=lang)
    caption(axes["slope"], TITLE[lang])
    axes["slope"].legend().remove()  # below the axes it would push the cells up
    figure.legend(
        *axes["slope"].get_legend_handles_labels(), loc="outside lower right", ncols=2, frameon=False
    )


def _four_layers(seed: int) -> dict[str, Any]:
    network = Network((2, 4, 4, 3), init=initializers.get("he_uniform").drawing_biases(), rng=seed)
    theta = network.theta.tolist()
    return dict(setup("spiral", options={"n": 30}, theta=theta, hidden=[4, 4], lr=STEP)(seed))


def _leaks(seen: Seen) -> float:
    trace = look_back(seen.network, seen.X, seen.y)
    return float(sum(np.count_nonzero(trace[l].delta[trace[l].a == 0]) for l in (1, 2)))


play = Opened(
    _four_layers,
    {
        "en": "Find a row with a[1] = 0 in the forward rows, and its δ[1] in the backward rows.",
        "ja": "順伝播で a[1] = 0 の行を見つけ、逆伝播でその δ[1] を確かめてください。",
    },
    WHAT["leaks"], _leaks, "=", 0, look={"phase": "backward"},
)  # fmt: skip
