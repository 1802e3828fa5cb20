"""Divergence: noticed at the step where it happens, and told in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tasou.language import language
from tasou.messages import Message, Sentence
from tasou.network import Network, Parameters, Trace

DIVERGED = Message(
    "training.diverged",
    en="training diverged at update {update} (epoch {epoch}): {where} is the first value that is not finite. {advice}",
    ja="更新 {update} 回目（エポック {epoch}）で学習が発散しました。最初に有限でなくなったのは {where} です。{advice}",
)
ADVICE = Message(
    "training.lower_the_rate",
    en="Lower the learning rate (now {lr:g}), scale the inputs, or clip the gradients.",
    ja="学習率（現在 {lr:g}）を下げるか、入力を標準化するか、勾配クリッピングを使ってください。",
)
ADVICE_LBFGS = Message(
    "training.scale_the_inputs",
    en="Scale the inputs (and targets), or make the penalty stronger.",
    ja="入力（と目的変数）を標準化するか、正則化を強くしてください。",
)
MEND = Message(
    "training.mend_the_inputs",
    en="Fill or drop missing and infinite values first.",
    ja="先に欠損値や無限大の値を補うか、取り除いてください。",
)
WHERE = {
    "x": Message("quantity.x", en="the input x", ja="入力 x"),
    "L": Message("quantity.loss", en="the loss L", ja="損失 L"),
    "penalty": Message("quantity.penalty", en="the penalty α/2 ‖W‖²", ja="正則化項 α/2 ‖W‖²"),
}


@dataclass(frozen=True)
class Divergence:
    """Where training left the finite numbers."""

    update: int
    epoch: int
    where: str
    """the first quantity that is not finite, in the order of computing: ``x``, ``z[2]``, ``L``, ``∇W[1]``, …"""
    lr: float
    """the learning rate; not a number where there is none (L-BFGS)"""

    @property
    def sentence(self) -> Sentence:
        """The report with advice."""
        advice = ADVICE(lr=self.lr) if np.isfinite(self.lr) else ADVICE_LBFGS()
        advice = MEND() if self.where == "x" else advice
        where = WHERE.get(self.where, self.where)
        return DIVERGED(update=self.update, epoch=self.epoch, where=where, advice=advice)

    def text(self, lang: str | None = None) -> str:
        """The report in the language given, or else in the user's."""
        return self.sentence.text(language(lang))


def first_non_finite(trace: Trace, *, updated: bool = False) -> str:
    """The name of the first non-finite quantity of a step, in the order in which the step computes them.

    That is: x; each layer's W, b, z, a; the loss; then from the last layer back δ, ∇W, ∇b; and, if the step has
    ``updated`` the parameters already, at last the new W and b.
    """
    if not all_finite(trace.x):
        return "x"
    pairs = list(zip(trace.network.layers, trace.layers, strict=True))
    parameters = [(layer.l, layer.parameters._asdict()) for layer, _ in pairs]
    forward = [(layer.l, {"z": t.z, "a": t.a}) for layer, t in pairs]
    backward = [(layer.l, {"δ": t.delta, **_gradients(t.grad)}) for layer, t in reversed(pairs)]
    before = [] if updated else [part for pair in zip(parameters, forward, strict=True) for part in pair]
    return (
        _first(before or forward)
        or ("" if np.isfinite(trace.loss) else "L")
        or _first(backward)
        or _first(parameters)
        or "penalty"
    )


def _gradients(grad: Any) -> dict[str, Any]:
    """∇W, ∇b, … of a layer."""
    return {f"∇{name}": values for name, values in vars(grad).items()}


def first_non_finite_parameter(network: Network, grad: Parameters) -> str:
    """The same where only gradients and new parameters are left to look at: the step's values were finite."""
    layers = network.layers
    own = [(layer.l, grad[layer.l]._asdict()) for layer in reversed(layers)]
    gradients = [(l, {f"∇{name}": values for name, values in part.items()}) for l, part in own]
    return _first(gradients) or _first([(layer.l, layer.parameters._asdict()) for layer in layers])


def _first(stages: list[tuple[int, dict[str, Any]]]) -> str:
    return next(
        (
            f"{name}[{l}]"
            for l, arrays in stages
            for name, a in arrays.items()
            if a is not None and not all_finite(a)
        ),
        "",
    )


def all_finite(values: Any) -> bool:
    """Whether every number is finite (of a sparse matrix: every one that is stored)."""
    data = values.data if hasattr(values, "tocsr") else values
    return bool(np.isfinite(data).all())
