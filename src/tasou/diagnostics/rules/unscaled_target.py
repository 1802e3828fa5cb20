"""T011: the target of a regression is far from 1."""

from __future__ import annotations

import numpy as np

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedy import Remedy

code = "T011"
needs = ("target", "network")
title = {"en": "Target not scaled", "ja": "標準化されていない目的変数"}
what = {
    "en": "The numbers to be predicted are far larger or far smaller than 1.",
    "ja": "予測すべき数値が 1 よりはるかに大きい、または小さい。",
}
why = {
    "en": "A new network answers with numbers of about 1. Towards large targets it has a long way to go "
    "and the squared error gives huge gradients; beside tiny ones the loss is so small that tol and the "
    "penalty outweigh it.",
    "ja": "学習前のネットワークは 1 程度の値を出力する。目的変数が大きいとそこまで遠く、"
    "二乗誤差の勾配も極端に大きくなる。小さすぎると損失がごく小さくなり、"
    "tol や正則化の項の方が大きくなってしまう。",
}
fix = (
    Remedy(
        "standardise y to mean 0 and standard deviation 1, and undo it after predicting",
        "y を平均 0、標準偏差 1 に標準化し、予測後に元に戻す",
        "scale='auto' / TransformedTargetRegressor",
        "--scale auto",
    ),
    Remedy("take the logarithm of sizes and prices", "価格や大きさは対数にする"),
    Remedy("use the Poisson loss for counts", "件数にはポアソン損失を使う", "loss='poisson'"),
)
EVIDENCE = {
    "en": "y has mean {mean:.4g} and standard deviation {std:.4g}",
    "ja": "y の平均は {mean:.4g}、標準偏差は {std:.4g}",
}


def examine(record: Record, *, large: float = 30.0, small: float = 0.05) -> Evidence | None:
    """The output whose target is largest, or smallest."""
    Y, model = record.target, record.model
    if Y is None or model is None or model.loss.targets != "real":
        return None
    rms = np.hypot(Y.mean, Y.std)
    k = int(rms.argmax())
    if rms[k] <= large:
        k = int(Y.std.argmax())
        if not 0 < Y.std[k] < small:
            return None
    return Evidence("warning", EVIDENCE, {"mean": float(Y.mean[k]), "std": float(Y.std[k])})
