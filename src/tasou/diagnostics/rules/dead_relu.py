"""T001: units whose slope is 0 for every row; they learn nothing any more (lecture 4.2)."""

from __future__ import annotations

from tasou.diagnostics.finding import Evidence, Severity, some
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedies import LOWER_RATE, SCALE_INPUTS, SUITABLE_WEIGHTS
from tasou.diagnostics.remedy import Remedy

code = "T001"
needs = ("layers",)
title = {"en": "Dead ReLUs", "ja": "死んだReLU"}
what = {
    "en": "Most ReLU units of a layer have z ≤ 0 for every row: they always output 0.",
    "ja": "ある層の ReLU ユニットの多くが、すべてのデータで z ≤ 0 となり、常に 0 を出力している。",
}
why = {
    "en": "Where z ≤ 0 the slope of ReLU is 0, so no gradient reaches the weights of such a unit and it "
    "stays as it is. Usually one update was too long (learning rate too high, inputs not scaled), or the "
    "biases began far below 0.",
    "ja": "z ≤ 0 では ReLU の傾きが 0 なので、そのユニットの重みには勾配が届かず、学習が止まる。"
    "多くの場合、学習率が大きすぎる、入力が標準化されていないなどの理由で一度の更新が大きすぎたか、"
    "バイアスの初期値が小さすぎたことによる。",
}
fix = (
    LOWER_RATE,
    SCALE_INPUTS,
    Remedy(
        "use Leaky ReLU, whose slope is never 0",
        "傾きが 0 にならない Leaky ReLU を使う",
        "activation='{leaky}'",
        "--activation {leaky}",
    ),
    SUITABLE_WEIGHTS,
)
EVIDENCE = {
    "en": "layer {layer}: {dead} of {units} units ({share:.0%}) output 0 for every row (units {which})",
    "ja": "第 {layer} 層の {units} ユニット中 {dead} 個（{share:.0%}）が、"
    "すべてのデータで 0 を出力：ユニット {which}",
}


def examine(record: Record, *, share: float = 0.5, all_but: float = 0.95) -> Evidence | None:
    """The layer with the largest share of dead units, if more than ``share`` of it is dead."""
    layers = [layer for layer in record.layers if len(layer.dead) > share * layer.units]
    if not layers:
        return None
    worst = max(layers, key=lambda layer: len(layer.dead) / layer.units)
    part = len(worst.dead) / worst.units
    severity: Severity = "problem" if part >= all_but else "warning"
    values = {"layer": worst.l, "dead": len(worst.dead), "units": worst.units, "share": part}
    which = some([unit + 1 for unit in worst.dead])  # people count from 1, as the ledger does
    return Evidence(severity, EVIDENCE, {**values, "which": which, "dead_units": worst.dead})
