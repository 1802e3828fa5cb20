"""T014: columns of X with one value only."""

from __future__ import annotations

from tasou.diagnostics.finding import Evidence, listed, some
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedy import Remedy

code = "T014"
needs = ("inputs",)
title = {"en": "Constant features", "ja": "値が一定の特徴量"}
what = {
    "en": "Some columns of X hold the same value in every row.",
    "ja": "X に、すべての行で同じ値の列がある。",
}
why = {
    "en": "A column that never changes tells nothing; with its weights it acts as a second bias. Often it "
    "is a mistake in reading or joining the data.",
    "ja": "変化しない列には情報がなく、重みを掛けても2つ目のバイアスになるだけである。"
    "データの読み込みや結合の誤りであることも多い。",
}
fix = (
    Remedy(
        "look where the column comes from, and leave it out",
        "その列の由来を確かめ、取り除く",
        "VarianceThreshold",
        "--drop {drop}",
    ),
)
EVIDENCE = {
    "en": "columns with one value only: {n} of {d} ({names})",
    "ja": "{d} 列中 {n} 列が一定の値（{names}）",
}


def examine(record: Record) -> Evidence | None:
    """All constant columns, where every row was seen."""
    X = record.inputs
    if X is None or not X.complete or not X.constant:
        return None
    columns = tuple(X.whole(X.constant))
    if not columns:
        return None
    values = {"n": len(columns), "d": len(X.mean), "columns": columns}
    names = {"names": some([X.name(column) for column in columns]), "drop": listed(map(X.source, columns))}
    return Evidence("hint", EVIDENCE, {**values, **names})
