"""T006: the loss falls in a straight line and has hardly moved, or the weights hardly move (lecture 5.4)."""

from __future__ import annotations

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedies import MORE_EPOCHS
from tasou.diagnostics.remedy import Remedy

code = "T006"
needs = ("losses",)
title = {"en": "Learning rate too low", "ja": "学習率が小さすぎる"}
what = {
    "en": "The loss falls steadily, in an almost straight line, but has hardly moved; or the weights "
    "themselves hardly move.",
    "ja": "損失は一定の割合でほぼ直線的に下がり続けているが、まだほとんど減っていない。"
    "あるいは、重み自体がほとんど動いていない。",
}
why = {
    "en": "Each update is so short that the gradient hardly changes between the first and the last: the "
    "training has only begun when it ends.",
    "ja": "1回の更新が小さすぎて、最初から最後まで勾配がほとんど変わらない。"
    "学習が始まったばかりのところで終わっている。",
}
fix = (
    Remedy(
        "standardise inputs and target, so that lengths of updates suit them",
        "更新の大きさに合うように、入力と目的変数を標準化する",
        "scale='{rescale}'",
        "--scale {rescale}",
    ),
    Remedy(
        "raise the learning rate (ten times, then three times) until the curve bends",
        "損失曲線が曲がり始めるまで学習率を上げる（まず10倍、次に3倍）",
        "learning_rate_init={higher}",
        "--lr {higher}",
    ),
    MORE_EPOCHS,
    Remedy(
        "use Adam, whose step does not depend on the size of the gradient",
        "更新の大きさが勾配の大きさによらない Adam を使う",
        "solver='{adam}'",
        "--optimizer {adam}",
    ),
)
EVIDENCE = {
    "straight": {
        "en": "after {n} epochs the loss has fallen by {fall:.1%} only, from {first:.4g} to {last:.4g}, and it has not "
        "begun to level out: the last quarter of them brought {bend:.0%} of what the first quarter did{lr}",
        "ja": "{n} エポックで損失は {first:.4g} から {last:.4g} へ {fall:.1%} しか減っていない。"
        "最後の 1/4 での減少は、最初の 1/4 の {bend:.0%} に当たる{lr}",
    },
    "creeps": {
        "en": "one update changes the weights of a layer by {ratio:.1g} of their length at most (about 0.001 is "
        "usual), so all {updates} updates could move them by no more than {moved:.1%}{lr}",
        "ja": "1回の更新で変わる重みは、どの層でも長さの {ratio:.1g}以下（通常は 0.001 程度）。"
        "{updates} 回の更新をすべて合わせても {moved:.1%} しか動かない{lr}",
    },
}


def examine(record: Record, *, fall: float = 0.3, bend: float = 0.4, falling: float = 0.9) -> Evidence | None:
    """A long, steady, straight and short fall; or weights that stay where they are."""
    curve, run = record.curve, record.run
    if run.running:
        return None
    if not straight(record, fall=fall, bend=bend, falling=falling):
        return _creeping(record, fall)
    first, last = curve.first, float(curve.values[-1])
    values = {"n": len(curve), "fall": curve.fall, "first": first, "last": last, "bend": curve.bend}
    return Evidence("warning", EVIDENCE["straight"], {**values, "lr": run.at_lr})


def slow(record: Record) -> bool:
    """Whether the training has hardly begun, by its loss or by its weights."""
    return straight(record) or creeps(record)


def straight(record: Record, *, fall: float = 0.3, bend: float = 0.4, falling: float = 0.9) -> bool:
    """Whether the loss has hardly moved, in a straight line."""
    curve = record.curve
    by_steps = record.run.optimizer != "lbfgs"
    return by_steps and 0 < curve.fall < fall and curve.bend > bend and curve.falling >= falling


def creeps(record: Record, *, learnt: float = 0.3, ratio: float = 1e-4, moved: float = 0.1) -> bool:
    """Whether all updates together cannot have moved the weights far, and no unit is too dead to be moved."""
    largest = _largest_update(record)
    stuck = any(2 * len(layer.dead or layer.stuck) > layer.units for layer in record.layers)
    short = 0 < largest < ratio and record.run.updates * largest < moved
    return short and not stuck and record.learnt < learnt


def _largest_update(record: Record) -> float:
    return max((layer.update_ratio for layer in record.layers), default=0.0)


def _creeping(record: Record, learnt: float) -> Evidence | None:
    if not creeps(record, learnt=learnt):
        return None
    ratio, updates = _largest_update(record), record.run.updates
    values = {"ratio": ratio, "updates": updates, "moved": updates * ratio, "lr": record.run.at_lr}
    return Evidence("warning", EVIDENCE["creeps"], values)
