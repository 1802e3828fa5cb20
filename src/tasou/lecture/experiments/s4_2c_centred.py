"""4.2 Where outputs lie: tanh in (-1, 1) around zero, sigmoid in (0, 1) around one half; both flat where |z| is large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import plots
from tasou.formulas import activations
from tasou.lecture.drawing import caption, look, name_ends
from tasou.lecture.experiments._common import Array
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.plots.theme import spell

if TYPE_CHECKING:
    from matplotlib.axes import Axes
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
    "en": "Histograms of what tanh and sigmoid make of normal z, the first around 0, the second around 0.5 (the means are marked); and the slopes of "
    "three functions on a logarithmic axis.",
    "ja": "正規分布の z を tanh とシグモイドに通した値のヒストグラム（前者は0、後者は0.5が中心。縦線は平均）と、3つの関数の傾き（対数軸）。",
}
check = {"en": "means and ranges of the outputs; slopes at z = 10", "ja": "出力の平均と範囲、z = 10 での傾き"}
TITLES = {"en": ("Outputs for normal z", "Slope"), "ja": ("正規分布の z に対する出力", "傾き")}
NAMES = ("tanh", "sigmoid", "relu")
size = (10.0, 4.4)
N, FAR = 100_000, 10.0


def measure(seed: int) -> Outcome:
    """Means, ranges, slopes far out."""
    z = np.random.default_rng(seed).standard_normal(N)
    a = {name: activations.get(name).f(z, np) for name in ("tanh", "sigmoid")}
    return Outcome([*_centres(a), *_ranges(a), *_slopes()], a)


def _centres(a: dict[str, Array]) -> list[Measure]:
    """How far the means lie from the middle of the range."""
    what = {"en": "|mean| of tanh", "ja": "tanh の |平均|"}
    half = {"en": "|mean − 1/2| of sigmoid", "ja": "シグモイドの |平均 − 1/2|"}
    return [
        Measure("tanh_mean", what, abs(a["tanh"].mean()), "<=", 0.01, ".4f"),
        Measure("sigmoid_mean", half, abs(a["sigmoid"].mean() - 0.5), "<=", 0.01, ".4f"),
    ]


def _ranges(a: dict[str, Array]) -> list[Measure]:
    """The extremes, which stay inside the open intervals."""
    tanh = {"en": "largest |tanh|", "ja": "|tanh| の最大値"}
    low = {"en": "smallest sigmoid", "ja": "シグモイドの最小値"}
    high = {"en": "largest sigmoid", "ja": "シグモイドの最大値"}
    return [
        Measure("tanh_range", tanh, np.abs(a["tanh"]).max(), "<", 1, ".5f"),
        Measure("sigmoid_low", low, a["sigmoid"].min(), ">", 0, ".4f"),
        Measure("sigmoid_high", high, a["sigmoid"].max(), "<", 1, ".4f"),
    ]


def _slopes() -> list[Measure]:
    """The slopes at z = 10."""
    vanishes, stays = ("<=", 1e-4, ".1e"), ("=", 1.0, ".4g")
    claimed: dict[str, tuple[str, str, tuple[Any, ...]]] = {
        "tanh": ("tanh", " tanh ", vanishes),
        "sigmoid": ("sigmoid", "シグモイド", vanishes),
        "relu": ("ReLU", " ReLU ", stays),
    }
    return [
        Measure(
            f"{name}_far",
            {"en": f"slope of {english} at z = 10", "ja": f"z = 10 での{japanese}の傾き"},
            _slope(name),
            *claim,
        )
        for name, (english, japanese, claim) in claimed.items()
    ]


def _slope(name: str) -> float:
    f, z = activations.get(name), np.array([FAR])
    return float(f.slope(z, f.f(z, np), np)[0])


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Histograms and slopes."""
    left, right = figure.subplots(1, 2)
    _draw_outputs(left, shown, lang)
    z = np.linspace(0, FAR, 201)
    for k, name in enumerate(NAMES):
        f = activations.get(name)
        right.semilogy(z[1:], f.slope(z, f.f(z, np), np)[1:], label=spell(name, lang), **look(right, k))
    name_ends(right)
    caption(left, TITLES[lang][0], "$a$")
    caption(right, TITLES[lang][1], "$z$", "$f'(z)$")


def _draw_outputs(ax: Axes, outputs: dict[str, Array], lang: str) -> None:
    """A histogram of each function, its mean marked."""
    bins, ink = np.linspace(-1, 1, 81).tolist(), plots.theme.ink(ax)
    for k, (name, values) in enumerate(outputs.items()):
        style: dict[str, Any] = {"color": plots.theme.colour(k, ax), "hatch": ("", "//")[k]}
        ax.hist(values, bins, alpha=0.6, label=spell(name, lang), **style)
        ax.axvline(values.mean(), color=ink, ls=plots.theme.dash(k + 1), lw=1.5)
    ax.set(yticks=[], xticks=(-1, -0.5, 0, 0.5, 1))
    ax.legend(loc="upper left")


def _smallest(seen: Seen) -> float:
    return float(seen.network.hidden(seen.X, 1).min())


play = Opened(
    setup("spiral", options={"n": 300}, hidden=[10], activation="sigmoid", lr=1.0),
    {
        "en": "Every sigmoid answers between 0 and 1; choose tanh, and half of the answers are negative.",
        "ja": "シグモイドの出力はすべて0と1の間です。tanh を選ぶと、半分ほどが負になります。",
    },
    {"en": "smallest activation of the hidden units", "ja": "隠れ層の活性化の最小値"}, _smallest, ">", 0, ".4f",
)  # fmt: skip
