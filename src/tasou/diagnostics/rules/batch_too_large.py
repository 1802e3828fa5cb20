"""T017: so few updates per epoch that the training has hardly begun (lecture 3.5)."""

from __future__ import annotations

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedy import Remedy

code = "T017"
needs = ("losses",)
title = {"en": "Batch too large", "ja": "大きすぎるバッチ"}
what = {
    "en": "Each epoch of a large data set makes only a few updates, and the loss is still high.",
    "ja": "データが多いのに1エポックの更新回数が少なく、損失もまだ大きい。",
}
why = {
    "en": "An epoch costs the same whatever the batch size, but progress is made by updates: a mini-batch "
    "of a hundred rows shows the way down almost as well as all rows do.",
    "ja": "1エポックの計算量はバッチサイズによらないが、学習が進むのは更新のときである。"
    "数百サンプルのミニバッチでも、全データとほぼ同じ方向の勾配が得られる。",
}
fix = (
    Remedy(
        "use mini-batches of 32 to 256 rows",
        "32〜256サンプルのミニバッチにする",
        "batch_size=64",
        "--batch-size 64",
    ),
    Remedy(
        "or keep the batch, and raise the learning rate",
        "バッチを変えないなら、学習率を上げる",
        "learning_rate_init={higher}",
        "--lr {higher}",
    ),
    Remedy("and train for more epochs", "さらにエポック数を増やす", "max_iter={epochs}", "--epochs {epochs}"),
)
EVIDENCE = {
    "en": "{n} rows in batches of {batch}: updates per epoch {per}, in all {updates}",
    "ja": "{n} 行をバッチサイズ {batch} で学習：1エポックの更新は {per} 回、全体で {updates} 回",
}


def examine(
    record: Record, *, rows: float = 1000, per_epoch: float = 4, updates: float = 500, good: float = 0.9
) -> Evidence | None:
    """Few updates per epoch, few in all, and little learnt."""
    run = record.run
    few = 0 < run.updates_per_epoch <= per_epoch and run.updates < updates
    if run.running or run.n < rows or not few or record.learnt > good:
        return None
    values = {"n": run.n, "batch": run.batch_size, "per": run.updates_per_epoch, "updates": run.updates}
    return Evidence("warning", EVIDENCE, values)
