"""5.2 The gradient check: passed by the right backward, and a forgotten f' caught."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tasou import datasets
from tasou.formulas import activations
from tasou.formulas.activations import Activation
from tasou.lecture.drawing import caption, look, scientific
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network, check_gradients

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "5.2b"
title = {"en": "The gradient check catches a forgotten f′", "ja": "f′の書き忘れを見つける勾配チェック"}
claim = {
    "en": "Compared with difference quotients, the gradients by hand are right to seven digits; where the factor f′ is "
    "forgotten in the backward pass, the check finds it.",
    "ja": "手で書いた勾配は数値微分（差分商）と7桁まで一致する。逆伝播で f′ を掛け忘れると、勾配チェックがそれを見つける。",
}
data = {"en": "spiral, 12 points", "ja": "渦巻き、12点"}
model = {
    "en": "2 → 6 tanh → 3 softmax; and the same with f′ = 1 in the backward pass",
    "ja": "2 → 6（tanh）→ 3（ソフトマックス）。および逆伝播で f′ = 1 としてしまったもの",
}
seen = {
    "en": "Each gradient by hand against its difference quotient: on the left all points lie on the diagonal, on the right "
    "those of the first layer have left it.",
    "ja": "手で書いた勾配と数値微分の散布図。左はすべて対角線上、右は第1層の勾配が対角線から外れている。",
}
check = {"en": "worst relative error of all parameters", "ja": "全パラメータで最大の相対誤差"}
TITLES = {
    "en": ("Right: worst error {worst}", "f′ forgotten: worst error {worst}"),
    "ja": ("正しい逆伝播：最大誤差 {worst}", "f′ を忘れた逆伝播：最大誤差 {worst}"),
}
AXES = {"en": ("difference quotient", "by hand"), "ja": ("数値微分", "手で書いた勾配")}

AGREE = {"en": ("agrees", "does not agree"), "ja": ("一致", "不一致")}
size = (10.0, 4.6)
WHAT = {
    "right": {"en": "worst relative error, right backward", "ja": "正しい逆伝播の最大相対誤差"},
    "passed": {"en": "right backward passes (1 yes)", "ja": "正しい逆伝播は合格（1：はい）"},
    "forgotten": {"en": "worst relative error, f′ forgotten", "ja": "f′ を忘れたときの最大相対誤差"},
    "caught": {"en": "the mistake is caught (1 yes)", "ja": "間違いが見つかる（1：はい）"},
}


def measure(seed: int) -> Outcome:
    """Check both networks."""
    X, y = datasets.make("spiral", 12, rng=seed)
    tanh = activations.get("tanh")
    forgetful = Activation("tanh_without_slope", f=tanh.f, slope=lambda z, a, xp: xp.ones_like(z))
    good, bad = (check_gradients(Network((2, 6, 3), f, rng=seed), X, y) for f in (tanh, forgetful))
    measures = [
        Measure("right", WHAT["right"], good.worst_error, "<=", 1e-7, ".1e"),
        Measure("passed", WHAT["passed"], good.ok, "=", 1),
        Measure("forgotten", WHAT["forgotten"], bad.worst_error, ">=", 0.01, ".1e"),
        Measure("caught", WHAT["caught"], not bad.ok, "=", 1),
    ]
    return Outcome(measures, (good, bad), lambda lang: f"{good.text(lang)}\n{bad.text(lang)}")


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """By hand against by differences."""
    for ax, report, text in zip(figure.subplots(1, 2), shown, TITLES[lang], strict=True):
        off = report.errors > 1e-3
        for k, chosen in zip((0, 2), (~off, off), strict=True):
            if chosen.any():
                style = {**look(ax, k, marker=True), "ls": "none", "label": AGREE[lang][k // 2]}
                ax.plot(report.numeric[chosen], report.by_hand[chosen], **style)
        ax.axline((0, 0), slope=1, color="0.5", lw=1, zorder=0)
        ax.legend(loc="upper left")
        caption(ax, text.format(worst=scientific(report.worst_error)), *AXES[lang])


def _worst(seen: Seen) -> float:
    return float(check_gradients(seen.network, seen.X, seen.y).worst_error)


play = Opened(
    setup("spiral", options={"n": 12}, hidden=[6], activation="tanh", lr=0.5),
    {
        "en": "Open the gradient check, and forget f′ in the backward pass: which parameters are wrong?",
        "ja": "「勾配の確認」を開き、「逆伝播で f′ を忘れてみる」を選んでください。どのパラメータが間違うでしょうか。",
    },
    WHAT["right"], _worst, "<=", 1e-7, ".1e", look={"phase": "check"},
)  # fmt: skip
