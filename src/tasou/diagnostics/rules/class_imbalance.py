"""T013: a rare class that the network does not recognise."""

from __future__ import annotations

import numpy as np

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedy import Remedy

code = "T013"
needs = ("target", "fit")
title = {"en": "Class imbalance", "ja": "クラスの不均衡"}
what = {
    "en": "One class is rare, and the network mostly overlooks it.",
    "ja": "データの少ないクラスがあり、ネットワークはそれをほとんど見分けられていない。",
}
why = {
    "en": "The loss is a mean over rows, so a class with few rows weighs little: answering with the "
    "frequent classes alone is already cheap. Accuracy hides it.",
    "ja": "損失は全データの平均なので、少ないクラスの影響は小さく、"
    "多いクラスだけを答えても損失は十分小さくなる。正解率を見るだけでは気づきにくい。",
}
fix = (
    Remedy("weigh the classes", "クラスに重みを付ける", "class_weight='balanced'", "--class-weight balanced"),
    Remedy("look at recall and F1 instead of accuracy", "正解率ではなく再現率や F1 を見る"),
    Remedy("move the threshold of the probability", "確率のしきい値を動かす"),
    Remedy("collect more rows of the rare class", "少ないクラスのデータを集める"),
)
EVIDENCE = {
    "en": "class {name} has {share:.1%} of the rows ({even:.0%} would be even) and is recognised in "
    "{recall:.0%} of them; accuracy {score:.1%}",
    "ja": "クラス {name} はデータの {share:.1%}（均等なら {even:.0%}）で、"
    "正しく見分けられたのはそのうち {recall:.0%}。全体の正解率は {score:.1%}",
}


def examine(record: Record, *, rare: float = 0.25, recall: float = 0.6) -> Evidence | None:
    """The rare class that is recognised least."""
    Y, fit = record.target, record.fit
    if Y is None or fit is None or not len(Y.shares) or len(fit.recall) != len(Y.shares):
        return None
    even = 1 / len(Y.shares)
    ill = (Y.shares > 0) & (Y.shares < rare * even) & (fit.recall < min(recall, fit.score - 0.1))
    if not ill.any():
        return None
    k = int(np.flatnonzero(ill)[np.argmin(fit.recall[ill])])
    values = {"name": Y.classes[k], "share": float(Y.shares[k]), "even": even}
    return Evidence("warning", EVIDENCE, {**values, "recall": float(fit.recall[k]), "score": fit.score})
