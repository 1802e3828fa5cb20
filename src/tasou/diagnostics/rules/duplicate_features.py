"""T015: columns of X that repeat another one, up to their scale."""

from __future__ import annotations

from tasou.diagnostics.finding import Evidence, listed, some
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedy import Remedy

code = "T015"
needs = ("inputs",)
title = {"en": "Duplicate features", "ja": "重複した特徴量"}
what = {
    "en": "Some columns of X are equal to another one, or the same in another unit.",
    "ja": "X に、他の列とまったく同じか、単位だけが違う列がある。",
}
why = {
    "en": "The second column adds no information, only weights; what the two have in common counts twice, "
    "and which of them gets the weight is accidental.",
    "ja": "2つ目の列は情報を増やさず、重みの数だけを増やす。共通の情報が二重に効き、"
    "どちらの列に重みが付くかは偶然で決まる。",
}
fix = (Remedy("keep one of each pair", "それぞれの組から1列だけを残す", "", "--drop {drop}"),)
EVIDENCE = {
    "en": "columns that repeat another one: {n} of {d} ({pairs})",
    "ja": "{d} 列中 {n} 列が他の列の繰り返し（{pairs}）",
}


def examine(record: Record) -> Evidence | None:
    """All pairs, where every row was seen."""
    X = record.inputs
    if X is None or not X.complete or not X.duplicates:
        return None
    again = X.whole(j for _, j in X.duplicates)
    columns = tuple((i, j) for i, j in X.duplicates if j in again)
    if not columns:
        return None
    pairs = some([f"{X.name(i)} = {X.name(j)}" for i, j in columns], most=4)
    values = {"n": len(columns), "d": len(X.mean), "pairs": pairs, "columns": columns}
    return Evidence("hint", EVIDENCE, {**values, "drop": listed(map(X.source, again))})
