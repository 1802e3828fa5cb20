"""T016: hidden units with the same weights stay the same for ever."""

from __future__ import annotations

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedy import Remedy

code = "T016"
needs = ("layers",)
title = {"en": "Symmetric weights", "ja": "対称な重み"}
what = {
    "en": "The units of a hidden layer have the same weights, so they compute the same.",
    "ja": "隠れ層のユニットが同じ重みを持ち、同じ計算をしている。",
}
why = {
    "en": "Units that start equal get equal gradients and stay equal: the layer is worth one unit. "
    "Initial weights of 0, or all of one value, do that.",
    "ja": "等しい重みから始まったユニットは勾配も等しく、いつまでも等しいままになり、"
    "その層は1ユニット分の働きしかしない。重みの初期値がすべて 0、またはすべて同じ値だとこうなる。",
}
fix = (
    Remedy(
        "draw the initial weights at random",
        "重みの初期値を乱数で決める",
        "init='{suitable}'",
        "--init {suitable}",
    ),
)
EVIDENCE = {
    "en": "layer {layer}: {same} of {units} units have the weights of another unit",
    "ja": "第 {layer} 層の {units} ユニット中 {same} 個が、他のユニットと同じ重みを持つ",
}


def examine(record: Record, *, share: float = 0.4) -> Evidence | None:
    """The first hidden layer where at least ``share`` of the units repeat another one."""
    for layer in record.layers:
        if layer.hidden and layer.units > 1 and layer.identical >= max(1, share * layer.units):
            values = {"layer": layer.l, "same": layer.identical + 1, "units": layer.units}
            return Evidence("problem", EVIDENCE, values)
    return None
