"""4.2 Where outputs lie: tanh in (-1, 1) around zero, sigmoid in (0, 1) around one half; both flat where |z| is large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import plots
from tasou.formulas import activations
from tasou.lecture.drawing import caption
from tasou.lecture.experiment import Measure, Outcome

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "4.2c"
title = {"en": "Ranges and saturation of tanh and sigmoid", "ja": "tanhとシグモイドの値域と飽和"}
claim = {
    "en": "tanh gives values in (−1, 1) centred on zero, sigmoid in (0, 1) centred on one half; where |z| is large the slope "
    "of both is nearly 0, that of ReLU is not.",
    "ja": "tanh の出力は (−1, 1) で0が中心、シグモイドは (0, 1) で0.5が中心。|z| が大きいところでは、どちらの傾きもほぼ0になる（ReLU はならない）。",
}
data = {"en": "100,000 standard normal z; and z = 10", "ja": "標準正規分布の z 10万個と、z = 10"}
model = {"en": "tanh, sigmoid, ReLU", "ja": "tanh、シグモイド、ReLU"}
seen = {
    "en": "Histograms of what tanh and sigmoid make of normal z, the first around 0, the second around 0.5; and the slopes of "
    "three functions on a logarithmic axis.",
    "ja": "正規分布の z を tanh とシグモイドに通した値のヒストグラム（前者は0、後者は0.5が中心）と、3つの関数の傾き（対数軸）。",
}
check = {"en": "means and ranges of the outputs; slopes at z = 10", "ja": "出力の平均と範囲、z = 10 での傾き"}
TITLES = {"en": ("Outputs for normal z", "Slope"), "ja": ("正規分布の z に対する出力", "傾き")}
NAMES = {"tanh": "tanh", "sigmoid": "Sigmoid", "relu": "ReLU"}
N, FAR = 100_000, 10.0


def measure(seed: int) -> Outcome:
    """Means, ranges, slopes far out."""
    z = np.random.default_rng(seed).standard_normal(N)
    a = {name: activations.get(name).f(z, np) for name in ("tanh", "sigmoid")}
    measures = [
        Measure(
            "tanh_mean",
            {"en": "|mean| of tanh", "ja": "tanh の |平均|"},
            abs(a["tanh"].mean()),
            "<=",
            0.01,
            ".4f",
        ),
        Measure(
            "sigmoid_mean",
            {"en": "|mean − 1/2| of sigmoid", "ja": "シグモイドの |平均 − 1/2|"},
            abs(a["sigmoid"].mean() - 0.5),
            "<=",
            0.01,
            ".4f",
        ),
        Measure(
            "tanh_range",
            {"en": "largest |tanh|", "ja": "|tanh| の最大値"},
            np.abs(a["tanh"]).max(),
            "<",
            1,
            ".5f",
        ),
        Measure(
            "sigmoid_low",
            {"en": "smallest sigmoid", "ja": "シグモイドの最小値"},
            a["sigmoid"].min(),
            ">",
            0,
            ".4f",
        ),
        Measure(
            "sigmoid_high",
            {"en": "largest sigmoid", "ja": "シグモイドの最大値"},
            a["sigmoid"].max(),
            "<",
            1,
            ".4f",
        ),
        Measure(
            "tanh_far",
            {"en": "slope of tanh at z = 10", "ja": "z = 10 での tanh の傾き"},
            _slope("tanh"),
            "<=",
            1e-4,
            ".1e",
        ),
        Measure(
            "sigmoid_far",
            {"en": "slope of sigmoid at z = 10", "ja": "z = 10 でのシグモイドの傾き"},
            _slope("sigmoid"),
            "<=",
            1e-4,
            ".1e",
        ),
        Measure(
            "relu_far",
            {"en": "slope of ReLU at z = 10", "ja": "z = 10 での ReLU の傾き"},
            _slope("relu"),
            "=",
            1,
        ),
    ]
    return Outcome(measures, a)


def _slope(name: str) -> float:
    f, z = activations.get(name), np.array([FAR])
    return float(f.slope(z, f.f(z, np), np)[0])


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Histograms and slopes."""
    left, right = figure.subplots(1, 2)
    titles = TITLES["ja" if lang == "ja" else "en"]
    bins = np.linspace(-1, 1, 81)
    for k, (name, values) in enumerate(shown.items()):
        left.hist(
            values, bins, color=plots._style.colour(k), alpha=0.6, label=NAMES[name], hatch=("", "//")[k]
        )
    z = np.linspace(0, FAR, 201)
    for k, (name, text) in enumerate(NAMES.items()):
        f = activations.get(name)
        right.semilogy(
            z[1:],
            f.slope(z, f.f(z, np), np)[1:],
            ls=("-", "--", "-.")[k],
            lw=2,
            color=plots._style.colour(k),
            label=text,
        )
    left.legend(loc="upper left")
    left.set_yticks([])
    right.legend()
    caption(left, titles[0], "$a$")
    caption(right, titles[1], "$z$", "$f'(z)$")
