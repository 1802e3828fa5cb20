"""T003: the local error shrinks from layer to layer on its way back (lecture 4.2)."""

from __future__ import annotations

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedies import FEWER_LAYERS, SCALE_INPUTS, SUITABLE_WEIGHTS, USE_RELU

code = "T003"
needs = ("fit", "layers")
title = {"en": "Vanishing gradients", "ja": "勾配消失"}
what = {
    "en": "The local error δ of the first layer is a tiny fraction of the last layer's.",
    "ja": "最初の層の局所誤差 δ が、最後の層に比べて極端に小さい。",
}
why = {
    "en": "On its way back δ is multiplied in each layer by the weights and by the slope of the "
    "activation; the sigmoid's slope is at most 1/4, and almost 0 where |z| is large. After a few such "
    "layers nothing is left, and the first layers stay as they were drawn.",
    "ja": "逆伝播では、δ に各層で重みと活性化関数の傾きが掛かる。シグモイドの傾きは最大でも 1/4 で、"
    "|z| が大きいところではほぼ 0 になる。そのため層を重ねると勾配がほとんど残らず、"
    "前の方の層は初期値のまま学習が進まない。",
}
fix = (
    USE_RELU,
    FEWER_LAYERS,
    SUITABLE_WEIGHTS,
    SCALE_INPUTS,
)
EVIDENCE = {
    "en": "δ shrinks from {last:.1e} in layer {L} to {first:.1e} in layer 1: {ratio:.1e} times, about "
    "{step:.2g} per layer",
    "ja": "δ が第 {L} 層の {last:.1e} から第1層の {first:.1e} まで縮小：{ratio:.1e} 倍、"
    "1層あたり約 {step:.2g} 倍",
}


def examine(record: Record, *, smallest: float = 1e-3, good: float = 0.9) -> Evidence | None:
    """The first layer's error over the last one's, now or at the first update."""
    if record.learnt > good:
        return None
    for layers in (() if _emptied(record) else record.layers, record.start):
        if len(layers) > 2 and 0 < layers[0].error < smallest * layers[-1].error:
            first, last, L = layers[0].error, layers[-1].error, len(layers)
            ratio = first / last
            values = {"first": first, "last": last, "L": L, "ratio": ratio, "step": ratio ** (1 / (L - 1))}
            return Evidence("warning", EVIDENCE, values)
    return None


def _emptied(record: Record, *, left: float = 0.1) -> bool:
    """Whether a penalty has taken most of the weights: errors that are multiplied by nothing do not vanish by depth."""
    pairs = zip(record.layers, record.start, strict=False)
    return any(now.weight < left * before.weight for now, before in pairs if now.hidden)
