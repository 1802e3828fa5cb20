"""T009: a number is no longer finite."""

from __future__ import annotations

import numpy as np

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedies import CLIP_GRADIENTS, SCALE_INPUTS_AND_TARGET
from tasou.diagnostics.remedy import Remedy
from tasou.training.divergence import WHERE

code = "T009"
needs = ()
title = {"en": "Diverged", "ja": "発散"}
what = {
    "en": "The loss or a parameter is infinite or not a number; nothing can be learnt from there on.",
    "ja": "損失やパラメータが無限大または非数（NaN）になり、それ以上学習できない。",
}
why = {
    "en": "Updates that overshoot make the weights larger with every step, until they leave the range of "
    "numbers: the learning rate is too high for inputs or targets of this size.",
    "ja": "更新のたびに行き過ぎて重みが大きくなり続け、数値で表せる範囲を超えた。"
    "入力や目的変数の大きさに対して学習率が大きすぎる。",
}
fix = (
    SCALE_INPUTS_AND_TARGET,
    Remedy(
        "lower the learning rate to a tenth, and again if need be",
        "学習率を 1/10 に下げる（足りなければさらに 1/10）",
        "learning_rate_init={lower}",
        "--lr {lower}",
    ),
    CLIP_GRADIENTS,
    Remedy("look for infinite or huge values in the data", "データに無限大や極端に大きな値がないか調べる"),
)
EVIDENCE = {
    "at": {
        "en": "at update {update} (epoch {epoch}) {where} is the first value that is not finite{lr}",
        "ja": "更新 {update} 回目（エポック {epoch}）で、{where} が最初に有限でなくなった{lr}",
    },
    "now": {
        "en": "{where} is not finite{lr}",
        "ja": "{where} が有限の値でない{lr}",
    },
    "epoch": {
        "en": "the loss of epoch {epoch} is not finite{lr}",
        "ja": "エポック {epoch} の損失が有限の値でない{lr}",
    },
}


def examine(record: Record) -> Evidence | None:
    """The report of the training, a value that is not finite, or a loss that is none."""
    run, losses = record.run, record.curve.values
    lr = run.at_lr
    told = WHERE.get(run.diverged)
    where = run.diverged if told is None else {"en": told.en, "ja": told.ja}
    if run.diverged and run.diverged_at:
        update, epoch = run.diverged_at
        values = {"update": update, "epoch": epoch, "where": where, "lr": lr}
        return Evidence("problem", EVIDENCE["at"], values)
    if run.diverged:
        return Evidence("problem", EVIDENCE["now"], {"where": where, "lr": lr})
    bad = np.flatnonzero(~np.isfinite(losses))
    return Evidence("problem", EVIDENCE["epoch"], {"epoch": int(bad[0]) + 1, "lr": lr}) if len(bad) else None
