"""2.4 Universal approximation: one hidden ReLU layer, and the error that falls as it grows wider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import plots
from tasou.formulas import initializers
from tasou.language import say
from tasou.lecture.drawing import caption, look
from tasou.lecture.experiments._common import Array
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network
from tasou.training.lbfgs import minimize

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "2.4a"
title = {"en": "Universal approximation: wider is closer", "ja": "万能近似：幅を広げるほど近づく"}
claim = {
    "en": "One hidden ReLU layer approximates a continuous function, the better the wider it is.",
    "ja": "隠れ層1つのReLUネットワークは連続関数を近似でき、幅が広いほど誤差は小さくなる。",
}
data = {
    "en": "f(x) = sin(2x) + 0.3x on [−3, 3], 120 points",
    "ja": "[−3, 3] 上の f(x) = sin(2x) + 0.3x、120点",
}
model = {
    "en": "1 → w ReLU → 1 with w = 1, 2, 4, …, 32; L-BFGS, the best of 4 starts",
    "ja": "1 → w（ReLU）→ 1、w = 1, 2, 4, …, 32。L-BFGS、初期値4通りのうち最良のもの",
}
seen = {
    "en": "On the left the function and what networks of 2, 4 and 32 units make of it; on the right the error, which "
    "falls with the width, both axes logarithmic.",
    "ja": "左は元の関数と、2・4・32ユニットのネットワークによる近似。右は幅を広げると下がる誤差（両軸とも対数）。",
}
check = {
    "en": "root mean squared error for each width",
    "ja": "各幅での二乗平均平方根誤差（RMSE）",
}
WIDTHS, SHOWN = (1, 2, 4, 8, 16, 32), (2, 4, 32)
STARTS, STEPS = 4, 300
TITLES = {"en": ("Function and approximations", "Error against width"), "ja": ("関数と近似", "幅と誤差")}
LABELS = {"en": "{w} units", "ja": "{w}ユニット"}
WITH = {"en": "error at width {w}", "ja": "{w}ユニットの誤差"}
AXES = {"en": ("hidden units", "RMSE"), "ja": ("隠れユニットの数", "RMSE")}


def measure(seed: int) -> Outcome:
    """Fit every width."""
    x = np.linspace(-3, 3, 120)[:, None]
    y = np.sin(2 * x) + 0.3 * x
    fits = {
        w: min((_fit(x, y, w, 100 * seed + k) for k in range(STARTS)), key=lambda fit: fit[0]) for w in WIDTHS
    }
    errors = {w: fit[0] for w, fit in fits.items()}
    measures = [
        Measure(f"rmse_{w}", {lang: said.format(w=w) for lang, said in WITH.items()}, error, form=".3f")
        for w, error in errors.items()
    ]
    ratio = errors[2] / errors[32]
    measures.append(
        Measure(
            "gain",
            {"en": "32 units better than 2 by a factor of", "ja": "2ユニットに対する32ユニットの改善（倍）"},
            ratio,
            ">=",
            5,
            ".1f",
        )
    )
    return Outcome(measures, (x, y, fits))


def _fit(x: Array, y: Array, width: int, seed: int) -> tuple[float, Network]:
    """A network fitted to the points, and its error."""
    spread = initializers.get("he_uniform").drawing_biases()  # so that the corners of the ReLUs lie apart
    network = Network((1, width, 1), "relu", loss="squared_error", init=spread, rng=seed)
    minimize(network, x, y, max_iter=STEPS, gtol=1e-6)
    return float(np.sqrt(np.mean((network.predict(x) - y) ** 2))), network


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Approximations and errors."""
    x, y, fits = shown
    left, right = figure.subplots(1, 2)
    left.plot(x, y, color=plots.theme.ink(left), lw=5, alpha=0.25, label="f(x)")
    for k, w in enumerate(SHOWN):
        left.plot(x, fits[w][1].predict(x), label=say(LABELS, lang, w=w), **look(left, k))
    plots.theme.legend_below(left)
    errors = [fit[0] for fit in fits.values()]
    right.loglog(list(fits), errors, **look(right, 0, marker=True))
    for w, error in zip(fits, errors, strict=True):
        right.annotate(f"{error:.2g}", (w, error), (0.4, 0.3), textcoords="offset fontsize")
    right.set_xticks(WIDTHS, [str(w) for w in WIDTHS])
    right.set_yticks((0.01, 0.1, 1), ("0.01", "0.1", "1"))
    right.minorticks_off()
    first, second = TITLES[lang]
    caption(left, first, "$x$")
    caption(right, second, *AXES[lang])


def _rmse(seen: Seen) -> float:
    return float(np.sqrt(np.mean((seen.network.predict(seen.X)[:, 0] - seen.y) ** 2)))


play = Opened(
    setup("curve", options={"n": 120}, hidden=[32], optimizer="adam", lr=0.02, batch_size=20, epochs=500),
    {
        "en": "Begin anew with 2, 4 and 16 units: how close does the curve come with each?",
        "ja": "ユニット数を2、4、16にして始め直し、曲線がどこまで近づくか比べてみてください。",
    },
    {"en": "error (RMSE)", "ja": "誤差（RMSE）"}, _rmse, "<=", 0.1, ".3f", until=500,
)  # fmt: skip
