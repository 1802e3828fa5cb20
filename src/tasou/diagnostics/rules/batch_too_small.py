"""T018: so few rows per update that time is spent on noise (lecture 3.5)."""

from __future__ import annotations

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedy import Remedy

code = "T018"
needs = ("losses",)
title = {"en": "Batch too small", "ja": "小さすぎるバッチ"}
what = {
    "en": "A large data set is learnt in single rows or a few at a time.",
    "ja": "大きなデータを、1サンプルずつ、または数サンプルずつ学習している。",
}
why = {
    "en": "The gradient of a few rows is mostly noise, so the loss jitters; and an update of one row "
    "takes almost as long as one of 32, whose products the machine does together.",
    "ja": "数サンプルだけの勾配はほとんどがノイズで、損失が揺れる。また、行列計算はまとめて行えるため、"
    "1サンプルの更新にも32サンプルの更新とほぼ同じ時間がかかる。",
}
fix = (
    Remedy(
        "use mini-batches of 32 to 256 rows",
        "32〜256サンプルのミニバッチにする",
        "batch_size=32",
        "--batch-size 32",
    ),
    Remedy("raise the learning rate a little with them", "それに合わせて学習率を少し上げる"),
)
EVIDENCE = {
    "en": "{n} rows in batches of {batch}: {per} updates per epoch",
    "ja": "{n} 行をバッチサイズ {batch} で学習：1エポックの更新は {per} 回",
}


def examine(record: Record, *, rows: float = 1000, batch: float = 4) -> Evidence | None:
    """At most ``batch`` rows at a time out of at least ``rows``."""
    run = record.run
    if run.n < rows or not 0 < run.batch_size <= batch:
        return None
    values = {"n": run.n, "batch": run.batch_size, "per": run.updates_per_epoch}
    return Evidence("hint", EVIDENCE, values)
