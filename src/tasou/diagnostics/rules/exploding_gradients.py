"""T004: the local error grows from layer to layer on its way back."""

from __future__ import annotations

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedies import CLIP_GRADIENTS, FEWER_LAYERS, LOWER_RATE, SUITABLE_WEIGHTS

code = "T004"
needs = ("fit", "layers")
title = {"en": "Exploding gradients", "ja": "勾配爆発"}
what = {
    "en": "The local error δ of the first layer is many times the last layer's.",
    "ja": "最初の層の局所誤差 δ が、最後の層に比べて極端に大きい。",
}
why = {
    "en": "On its way back δ is multiplied by the weights of each layer. Where these are too large it "
    "grows with every layer, and the first layers are thrown about by updates of any length.",
    "ja": "逆伝播では、δ に各層の重みが掛かる。重みが大きすぎると層をさかのぼるたびに δ が大きくなり、"
    "前の方の層の更新が不安定になる。",
}
fix = (
    SUITABLE_WEIGHTS,
    LOWER_RATE,
    CLIP_GRADIENTS,
    FEWER_LAYERS,
)
EVIDENCE = {
    "en": "δ grows from {last:.1e} in layer {L} to {first:.1e} in layer 1: {ratio:.1e} times, about "
    "{step:.2g} per layer",
    "ja": "δ が第 {L} 層の {last:.1e} から第1層の {first:.1e} まで拡大：{ratio:.1e} 倍、"
    "1層あたり約 {step:.2g} 倍",
}


def examine(record: Record, *, largest: float = 100.0, good: float = 0.9) -> Evidence | None:
    """The first layer's error over the last one's, now or at the first update, if it did harm."""
    if record.learnt > good:
        return None
    for layers in (record.layers, record.start):
        if len(layers) > 2 and layers[0].error > largest * layers[-1].error > 0:
            first, last, L = layers[0].error, layers[-1].error, len(layers)
            ratio = first / last
            values = {"first": first, "last": last, "L": L, "ratio": ratio, "step": ratio ** (1 / (L - 1))}
            return Evidence("problem", EVIDENCE, values)
    return None
