"""T006: the loss falls in a straight line and has hardly moved (lecture 5.4)."""

from __future__ import annotations

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record

code = "T006"
needs = ("losses",)
title = {"en": "Learning rate too low", "ja": "学習率が小さすぎる"}
what = {
    "en": "The loss falls steadily, in an almost straight line, but has hardly moved.",
    "ja": "損失は一定の割合でほぼ直線的に下がり続けているが、まだほとんど減っていない。",
}
why = {
    "en": "Each update is so short that the gradient hardly changes between the first and the last: the "
    "training has only begun when it ends.",
    "ja": "1 回の更新が小さすぎて、最初から最後まで勾配がほとんど変わらない。"
    "学習が始まったばかりのところで終わっている。",
}
fix = {
    "en": "Raise the learning rate (by 10, then by 3) until the curve bends; train for more epochs; use "
    "Adam, whose step does not depend on the size of the gradient.",
    "ja": "損失曲線が曲がり始めるまで学習率を上げる（まず 10 倍、次に 3 倍を試す）。エポック数を増やす。"
    "更新の大きさが勾配の大きさによらない Adam を使う。",
}
settings = ("learning_rate_init={higher}", "max_iter={epochs}", "solver='{adam}'")
options = ("--lr {higher}", "--epochs {epochs}", "--optimizer {adam}")
EVIDENCE = {
    "en": "after {n} epochs the loss has fallen by {fall:.1%} only, from {first:.4g} to {last:.4g}; the "
    "last quarter of them brought {bend:.0%} of what the first quarter did{lr}",
    "ja": "{n} エポックで損失は {first:.4g} から {last:.4g} へ {fall:.1%} しか減っていない。"
    "最後の 1/4 での減少は、最初の 1/4 の {bend:.0%} に当たる{lr}",
}


def examine(record: Record, *, fall: float = 0.3, bend: float = 0.4, falling: float = 0.9) -> Evidence | None:
    """A long, steady, straight and short fall."""
    curve, run = record.curve, record.run
    if run.running or not slow(record, fall=fall, bend=bend, falling=falling):
        return None
    first, last = curve.first, float(curve.values[-1])
    values = {"n": len(curve), "fall": curve.fall, "first": first, "last": last, "bend": curve.bend}
    return Evidence("warning", EVIDENCE, {**values, "lr": run.at_lr})


def slow(record: Record, *, fall: float = 0.3, bend: float = 0.4, falling: float = 0.9) -> bool:
    """Whether the loss has hardly moved, in a straight line."""
    curve = record.curve
    by_steps = record.run.optimizer != "lbfgs"
    return by_steps and 0 < curve.fall < fall and curve.bend > bend and curve.falling >= falling
