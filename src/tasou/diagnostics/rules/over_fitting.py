"""T012: better and better on the training data, worse on data not seen."""

from __future__ import annotations

import numpy as np

from tasou.diagnostics.curve import median
from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedy import Remedy

code = "T012"
needs = ("validation",)
title = {"en": "Overfitting", "ja": "過学習"}
what = {
    "en": "The network does clearly worse on rows it has not learnt from than on those it has.",
    "ja": "学習に使っていないデータでの成績が、学習データでの成績より明らかに悪い。",
}
why = {
    "en": "It has enough parameters to learn single rows, with their noise, by heart.",
    "ja": "パラメータが多いため、個々のデータをノイズごと覚え込んでしまっている。",
}
fix = (
    Remedy("stop early", "早期終了を使う", "early_stopping=True", "--early-stopping"),
    Remedy(
        "use smaller hidden layers",
        "隠れ層を小さくする",
        "hidden_layer_sizes=({smaller})",
        "--hidden {smaller}",
    ),
    Remedy("raise the L2 penalty", "L2 正則化を強める", "alpha=1.0", "--l2 1"),
    Remedy("use dropout", "ドロップアウトを使う", "dropout=0.3", "--dropout 0.3"),
    Remedy("get more data", "データを増やす"),
)
EVIDENCE = {
    "loss": {
        "en": "the validation loss was lowest at epoch {epoch} of {n} ({best:.4g}) and is {last:.4g} now, "
        "while the training loss went on falling to {train:.4g}",
        "ja": "検証損失は {n} エポック中 {epoch} エポック目（{best:.4g}）が最小で、今は {last:.4g}。"
        "訓練損失は {train:.4g} まで下がり続けた",
    },
    "score": {
        "en": "score {train:.3f} on the training data, {validation:.3f} on the validation data",
        "ja": "スコアは学習データで {train:.3f}、検証データで {validation:.3f}",
    },
}


def examine(record: Record, *, rise: float = 0.15, gap: float = 0.1) -> Evidence | None:
    """A validation loss that turned and rose, or a score that is lower by ``gap``."""
    return _turned(record, rise) or _gap(record, gap)


def _turned(record: Record, rise: float) -> Evidence | None:
    losses, held = record.curve.values, np.asarray(record.validation_losses, float)
    run = record.run
    stopped = run.restores_best or (run.finished == "converged" and run.monitor != "loss")
    if len(held) < 10 or len(held) != len(losses) or stopped or run.chosen:
        return None
    best, last = int(held.argmin()), median(held[-3:])
    if last > held[best] * (1 + rise) and losses[-1] < losses[best]:
        values = {"epoch": best + 1, "n": len(held), "best": float(held[best]), "last": last}
        return Evidence("warning", EVIDENCE["loss"], {**values, "train": float(losses[-1])})
    return None


def _gap(record: Record, gap: float) -> Evidence | None:
    fit = record.fit
    if fit is None or not fit.score - fit.validation_score > gap:
        return None
    return Evidence("warning", EVIDENCE["score"], {"train": fit.score, "validation": fit.validation_score})
