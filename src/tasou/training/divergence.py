"""Divergence: noticed at the step where it happens, and told in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tasou.language import say
from tasou.network import Trace

TEXTS = {
    "en": "training diverged at update {update} (epoch {epoch}): {where} is the first value that is not finite. "
    "Lower the learning rate (now {lr:g}), scale the inputs, or clip the gradients.",
    "ja": "更新 {update} 回目（エポック {epoch}）で学習が発散しました。最初に有限でなくなったのは {where} です。"
    "学習率（現在 {lr:g}）を下げるか、入力を標準化するか、勾配クリッピングを使ってください。",
}


@dataclass(frozen=True)
class Divergence:
    """Where training left the finite numbers."""

    update: int
    epoch: int
    where: str
    """the first quantity that is not finite, in the order of computing: ``z[2]``, ``the loss``, ``∇W[1]``, …"""
    lr: float

    def text(self, lang: str | None = None) -> str:
        """The report as a sentence with advice."""
        return say(TEXTS, lang, update=self.update, epoch=self.epoch, where=self.where, lr=self.lr)


def first_non_finite(trace: Trace) -> str:
    """The name of the first non-finite quantity of a step: parameters and values by layer, loss, gradients."""
    if not _finite(trace.x):
        return "the input x"
    for layer, t in zip(trace.network.layers, trace.layers, strict=True):
        for name, values in (("W", layer.W), ("b", layer.b), ("z", t.z), ("a", t.a)):
            if not _finite(values):
                return f"{name}[{layer.l}]"
    if not np.isfinite(trace.loss):
        return "the loss"
    for layer, t in zip(reversed(trace.network.layers), reversed(trace.layers), strict=True):
        for name, values in (("δ", t.delta), ("∇W", t.grad.W), ("∇b", t.grad.b)):
            if not _finite(values):
                return f"{name}[{layer.l}]"
    return "the parameters"


def _finite(values: Any) -> bool:
    data = values.data if hasattr(values, "tocsr") else values
    return bool(np.isfinite(data).all())
