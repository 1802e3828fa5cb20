"""4.1 ReLU, sigmoid, tanh and Leaky ReLU, each with its slope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import plots
from tasou.formulas import activations
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "4.1"
title = {"en": "Activation functions and their slopes", "ja": "活性化関数とその導関数"}
claim = {
    "en": "ReLU, sigmoid, tanh and Leaky ReLU have the slopes of the lecture (ReLU's is 1 for x > 0 and 0 for x ≤ 0), "
    "and none of them overflows for any finite input.",
    "ja": "ReLU・シグモイド・tanh・Leaky ReLU の導関数は講義のとおり（ReLU は x > 0 で1、x ≤ 0 で0）。どんな有限の入力でもオーバーフローしない。",
}
data = {
    "en": "2000 random z, and z from −1.8·10³⁰⁸ to 1.8·10³⁰⁸",
    "ja": "ランダムな z 2000個と、−1.8·10³⁰⁸ から 1.8·10³⁰⁸ までの z",
}
model = {"en": "the four formulas the network runs", "ja": "ネットワークで実際に使われる4つの式"}
seen = {
    "en": "Four functions, drawn through, and their slopes, dashed: a step for ReLU, a bell for sigmoid (height 1/4) and "
    "tanh (height 1); Leaky ReLU with α = 0.1, so that its slope below 0 can be seen.",
    "ja": "4つの関数（実線）と導関数（破線）。ReLU の導関数は階段、シグモイド（高さ1/4）と tanh（高さ1）は釣り鐘形。Leaky ReLU は、負の側の傾きが見えるように α = 0.1 で描く。",
}
check = {
    "en": "slopes against difference quotients; every value at extreme z finite, no floating-point warning",
    "ja": "導関数を数値微分と比べる。極端な z で値がすべて有限で、浮動小数点の警告も出ないこと",
}
size = (9.0, 7.2)
NAMES = ("relu", "sigmoid", "tanh", "leaky_relu")
SEEN = {"leaky_relu": {"alpha": 0.1}}
"""in the picture, so that the slope can be told from 0"""
H = 1e-6
WHAT = {
    "at_zero": {"en": "slope of ReLU at 0", "ja": "0 での ReLU の傾き"},
    "overflow": {"en": "functions that overflow", "ja": "オーバーフローする関数の数"},
    "steepest": {"en": "steepest slope of sigmoid", "ja": "シグモイドの傾きの最大値"},
}


def measure(seed: int) -> Outcome:
    """Slopes against differences, and the extremes."""
    z = np.random.default_rng(seed).normal(0, 3, 2000)
    z = z[np.abs(z) > 1e-3]  # a difference across the corner of ReLU is no slope
    relu = activations.get("relu")
    measures = [
        Measure(
            name,
            {"en": f"{name}: slope against differences", "ja": f"{name}：数値微分との差"},
            _slope_error(name, z),
            "<=",
            1e-7,
            ".1e",
        )
        for name in NAMES
    ]
    at_zero = float(relu.slope(np.zeros(1), np.zeros(1), np)[0])
    measures += [
        Measure("at_zero", WHAT["at_zero"], at_zero, "=", 0),
        Measure("overflow", WHAT["overflow"], sum(map(_overflows, NAMES)), "=", 0),
        Measure("steepest", WHAT["steepest"], _steepest("sigmoid"), "=", 0.25),
    ]
    return Outcome(measures, NAMES)


def _slope_error(name: str, z: Any) -> float:
    f = activations.get(name)
    difference = (f.f(z + H, np) - f.f(z - H, np)) / (2 * H)
    return float(np.abs(f.slope(z, f.f(z, np), np) - difference).max())


def _overflows(name: str) -> bool:
    """Whether the function or its slope leaves the finite numbers, or warns, for extreme z."""
    f, largest = activations.get(name), np.finfo(np.float64).max
    z = np.array([-largest, -1e300, -1000.0, -1e-300, 0.0, 1e-300, 1000.0, 1e300, largest])
    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            a = f.f(z, np)
            return not (np.isfinite(a).all() and np.isfinite(f.slope(z, a, np)).all())
    except FloatingPointError:
        return True


def _steepest(name: str) -> float:
    f, z = activations.get(name), np.linspace(-5, 5, 1001)
    return float(f.slope(z, f.f(z, np), np).max())


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """All four."""
    for ax, name in zip(figure.subplots(2, 2).ravel(), shown, strict=True):
        plots.activation(activations.get(name, **SEEN.get(name, {})), ax=ax, lang=lang)


def _steepest_slope(seen: Seen) -> float:
    layer, t = seen.network[1], seen.network.forward(seen.X)[1]
    return float(np.abs(layer.activation.slope(t.z, t.f, np)).max())


play = Opened(
    setup("spiral", options={"n": 300}, hidden=[10], activation="sigmoid", lr=1.0),
    {
        "en": "Choose ReLU, tanh and Leaky ReLU in turn, and watch the maps of the units and the slopes in the backward rows.",
        "ja": "ReLU、tanh、Leaky ReLU に変えて、ユニットの図と、逆伝播の行に現れる傾きを見比べてください。",
    },
    {"en": "steepest slope of the hidden units", "ja": "隠れ層の傾きの最大値"}, _steepest_slope, "<=", 0.25, ".3f",
    look={"phase": "backward"},
)  # fmt: skip
