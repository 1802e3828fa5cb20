"""T002: sigmoid or tanh units that stay in the flat part of their curve (lecture 4.2)."""

from __future__ import annotations

from tasou.diagnostics.finding import Evidence, some
from tasou.diagnostics.record import Layer, Record
from tasou.diagnostics.remedies import LOWER_RATE, SCALE_INPUTS, SUITABLE_WEIGHTS, USE_RELU
from tasou.diagnostics.remedy import Remedy

code = "T002"
needs = ("layers",)
title = {"en": "Saturated units", "ja": "飽和したユニット"}
what = {
    "en": "Units of a bounded activation (sigmoid, tanh) have |z| so large that their output hardly "
    "changes any more.",
    "ja": "シグモイドや tanh のユニットで |z| が大きくなりすぎ、出力がほとんど変化しなくなっている。",
}
why = {
    "en": "Far from 0 these curves are flat: the slope is almost 0, and with it the gradient of "
    "everything before. Inputs that are not scaled, initial weights that are too large, or a learning "
    "rate that is too high push z out there.",
    "ja": "0 から遠いところでは曲線が平らで、傾きがほぼ 0 になり、それより前の層の勾配もほぼ 0 になる。"
    "入力が標準化されていない、重みの初期値が大きすぎる、学習率が大きすぎる、"
    "のいずれかで z が大きくなったことが多い。",
}
fix = (
    SCALE_INPUTS,
    LOWER_RATE,
    USE_RELU,
    SUITABLE_WEIGHTS,
    Remedy(
        "use a cross-entropy loss behind a sigmoid or softmax output",
        "シグモイドやソフトマックスの出力層には交差エントロピー損失を組み合わせる",
        "Network(…, loss='{cross}')",
    ),
)
EVIDENCE = {
    "stuck": {
        "en": "layer {layer}: {stuck} of {units} {activation} units are flat for every row (units {which})",
        "ja": "第 {layer} 層の {activation} {units} ユニット中 {stuck} 個が、"
        "すべてのデータで平らな部分にある（ユニット {which}）",
    },
    "flat": {
        "en": "layer {layer}: {saturated:.0%} of all values of its {units} {activation} units lie in the "
        "flat part",
        "ja": "第 {layer} 層の {activation} {units} ユニットの値のうち {saturated:.0%} が平らな部分にある",
    },
}


def examine(record: Record, *, share: float = 0.5, flat: float = 0.8, good: float = 0.9) -> Evidence | None:
    """The most saturated layer: most units stuck, or most values flat while little has been learnt."""
    layers = [layer for layer in record.layers if layer.bounded]
    if not layers or record.learnt > good:
        return None  # a network that has learnt its data may well be sure of it
    worst = max(layers, key=lambda layer: layer.saturated)
    if len(worst.stuck) > share * worst.units:
        return Evidence("warning", EVIDENCE["stuck"], _values(worst))
    if worst.saturated > flat:
        return Evidence("warning", EVIDENCE["flat"], _values(worst))
    return None


def _values(layer: Layer) -> dict[str, object]:
    return {
        "layer": layer.l,
        "units": layer.units,
        "activation": layer.activation,
        "stuck": len(layer.stuck),
        "which": some([unit + 1 for unit in layer.stuck]),
        "saturated": layer.saturated,
    }
