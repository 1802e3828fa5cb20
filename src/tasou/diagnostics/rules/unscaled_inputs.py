"""T010: columns of X whose size is far from 1."""

from __future__ import annotations

import numpy as np

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedy import Remedy

code = "T010"
needs = ("inputs",)
title = {"en": "Inputs not scaled", "ja": "標準化されていない入力"}
what = {
    "en": "Some columns of X are far larger than 1, or all are far smaller.",
    "ja": "X に値が 1 よりはるかに大きい列があるか、すべての列がはるかに小さい。",
}
why = {
    "en": "z is the sum of the columns times weights, and initial weights suit inputs of about 1. A "
    "column of thousands drowns the others, saturates or kills units, and forces a tiny learning rate; "
    "columns of thousandths hardly count.",
    "ja": "z は各列に重みを掛けた和で、重みの初期値は 1 程度の入力を想定している。"
    "数千の値を持つ列は他の列を埋もれさせ、ユニットを飽和させたり死なせたりし、"
    "学習率を極端に小さくせざるを得なくする。逆に小さすぎる値はほとんど影響しない。",
}
fix = (
    Remedy(
        "standardise each column to mean 0 and standard deviation 1, as measured on the training rows",
        "学習データの平均と標準偏差を使って、各列を平均 0、標準偏差 1 に標準化する",
        "scale='auto' / StandardScaler",
        "--scale auto",
    ),
)
EVIDENCE = {
    "large": {
        "en": "columns whose size exceeds {limit:g}: {n} of {d}; {name}: mean {mean:.4g}, standard deviation "
        "{std:.4g}",
        "ja": "{d} 列中 {n} 列の大きさが {limit:g} を超える。{name}：平均 {mean:.4g}、標準偏差 {std:.4g}",
    },
    "small": {
        "en": "no column is larger than {largest:.2g}, and a row has a length of {row:.2g} only",
        "ja": "どの列の大きさも {largest:.2g}以下で、1行の長さ ‖x‖ も {row:.2g} しかない",
    },
}


def examine(record: Record, *, large: float = 30.0, small: float = 0.1, row: float = 0.5) -> Evidence | None:
    """The largest column by its root mean square, or all of them if none reaches ``small``."""
    X = record.inputs
    if X is None:
        return None
    rms, seen = X.rms, np.ones(len(X.mean), bool)
    seen[list(X.constant)] = False
    if not seen.any():
        return None
    over = np.flatnonzero(seen & (rms > large))
    if len(over):
        worst = int(over[np.argmax(rms[over])])
        values = {"n": len(over), "d": len(rms), "limit": large, "name": X.name(worst)}
        values |= {"mean": float(X.mean[worst]), "std": float(X.std[worst])}
        return Evidence("warning", EVIDENCE["large"], values)
    if 0 < rms.max() < small and X.row_norm < row:
        return Evidence("hint", EVIDENCE["small"], {"largest": float(rms.max()), "row": X.row_norm})
    return None
