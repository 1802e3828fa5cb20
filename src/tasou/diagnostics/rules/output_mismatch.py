"""T019: output function, loss and target that do not fit each other (lecture 4.3)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tasou.diagnostics.finding import Evidence, Severity
from tasou.diagnostics.record import Model, Record, Target
from tasou.diagnostics.remedy import Remedy

code = "T019"
needs = ("network", "target")
title = {"en": "Output, loss and target do not fit", "ja": "出力層・損失・目的変数の不一致"}
what = {
    "en": "The output layer cannot give, or the loss does not measure, what the target asks for.",
    "ja": "出力層が目的変数の値を出せないか、損失が目的変数に合っていない。",
}
why = {
    "en": "The loss brings the output function that belongs to it: softmax with cross-entropy for one of "
    "many classes, sigmoid with binary cross-entropy for yes or no, identity with squared error for "
    "numbers. Other pairs squash twice, cannot reach the target, or have gradients that vanish where the "
    "network is wrong.",
    "ja": "損失には対応する出力関数がある。多クラス分類はソフトマックスと交差エントロピー、"
    "二値分類はシグモイドと二値交差エントロピー、数値の回帰は恒等関数と二乗誤差である。"
    "他の組み合わせでは、値を二重に押し縮めたり、目的変数の値に届かなかったり、"
    "間違っているところで勾配が消えたりする。",
}
fix = (
    Remedy("choose the loss by the target", "目的変数に合わせて損失を選ぶ"),
    Remedy(
        "leave the output activation at identity",
        "出力の活性化関数は identity のままにする",
        "Network(…, output_activation='identity')",
        "--output-activation identity",
    ),
    Remedy(
        "use tanh with squared error only for targets in -1 … 1",
        "tanh と二乗誤差の組み合わせは、目的変数が -1〜1 のときだけ使う",
    ),
)
EVIDENCE = {
    "twice": {
        "en": "{activation} is applied to the outputs before the {output} that the loss {loss} brings "
        "with it",
        "ja": "損失 {loss} に含まれる {output} の前に、出力へ {activation} が適用されている",
    },
    "range": {
        "en": "a {activation} output lies in {low} … {high}, the target as the network learns it in "
        "{smallest:.4g} … {largest:.4g}",
        "ja": "{activation} の出力は {low} 〜 {high} だが、"
        "ネットワークが学ぶ目的変数の値は {smallest:.4g} 〜 {largest:.4g}",
    },
    "one": {
        "en": "softmax over a single output is always 1: the loss {loss} never changes",
        "ja": "出力が1個のソフトマックスは常に 1 なので、損失 {loss} は変化しない",
    },
    "labels": {
        "en": "softmax shares 1 among the classes, but the rows of y sum to {low:g} … {high:g}",
        "ja": "ソフトマックスの出力の和は 1 だが、y の行の和は {low:g} 〜 {high:g}",
    },
    "exclusive": {
        "en": "{K} sigmoid outputs, but each row of y has exactly one 1: these are classes that exclude "
        "each other",
        "ja": "{K} 個のシグモイド出力だが、y のどの行にも 1 がちょうど1つだけある：互いに排他的なクラス"
        "である",
    },
    "classes": {
        "en": "y holds zeros and ones alone, yet the loss is {loss}, made for numbers",
        "ja": "y は 0 と 1 だけなのに、損失は数値用の {loss} である",
    },
}
FAR = 50.0
ROOM = 1e-6


def examine(record: Record) -> Evidence | None:
    """The first pair that does not fit, gravest first."""
    model, Y = record.model, record.target
    if model is None or Y is None:
        return None
    for name, severity, ill in CASES:
        values = ill(model, Y)
        if values is not None:
            return Evidence(severity, EVIDENCE[name], {"loss": model.loss.name, **values})
    return None


Values = dict[str, object]


def _one(model: Model, Y: Target) -> Values | None:
    return {} if model.loss.output == "softmax" and model.sizes[-1] == 1 else None


def _labels(model: Model, Y: Target) -> Values | None:
    low, high = Y.row_sums
    ill = model.loss.output == "softmax" and max(abs(low - 1), abs(high - 1)) > ROOM
    return {"low": low, "high": high} if ill else None


def _twice(model: Model, Y: Target) -> Values | None:
    ill = model.output_activation.name != "identity" and model.loss.output != "identity"
    return {"activation": model.output_activation.label, "output": model.loss.output} if ill else None


def _range(model: Model, Y: Target) -> Values | None:
    """The values the output can take, by asking far out on both sides."""
    if model.loss.output != "identity":
        return None
    a = model.output_activation.f(np.array([-2 * FAR, -FAR, FAR, 2 * FAR]), np)
    low = float(a.min()) if abs(a[1] - a[0]) < ROOM or a[0] > a[1] else -np.inf
    high = float(a.max()) if abs(a[3] - a[2]) < ROOM else np.inf
    if low - ROOM <= Y.smallest and Y.largest <= high + ROOM:
        return None
    limits = {"low": _end(low), "high": _end(high), "smallest": Y.smallest, "largest": Y.largest}
    return {"activation": model.output_activation.label, **limits}


def _end(value: float) -> str:
    """An end of a range as it is written: 0 for a number that is as good as 0."""
    if np.isinf(value):
        return "∞" if value > 0 else "-∞"
    return f"{0.0 if abs(value) < ROOM else value:g}"


def _exclusive(model: Model, Y: Target) -> Values | None:
    K = model.sizes[-1]
    ill = model.loss.output == "sigmoid" and K > 2 and Y.zero_one and Y.row_sums == (1.0, 1.0)
    return {"K": K} if ill else None


def _classes(model: Model, Y: Target) -> Values | None:
    return {} if model.loss.targets == "real" and Y.zero_one and Y.smallest < Y.largest else None


CASES: tuple[tuple[str, Severity, Callable[[Model, Target], Values | None]], ...] = (
    ("one", "problem", _one),
    ("labels", "problem", _labels),
    ("range", "problem", _range),
    ("twice", "warning", _twice),
    ("exclusive", "hint", _exclusive),
    ("classes", "hint", _classes),
)
