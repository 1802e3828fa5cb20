"""T005: the loss rises or jumps, or single updates change the weights by a large part (lecture 5.4)."""

from __future__ import annotations

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedies import CLIP_GRADIENTS, SCALE_INPUTS
from tasou.diagnostics.remedy import Remedy

code = "T005"
needs = ("losses",)
title = {"en": "Learning rate too high", "ja": "学習率が大きすぎる"}
what = {
    "en": "The loss rises or jumps up and down instead of settling, or one update changes the weights by "
    "a large part.",
    "ja": "損失が落ち着かずに上昇または大きく振動している。あるいは、"
    "1回の更新で重みが大きく変わりすぎている。",
}
why = {
    "en": "An update goes lr times the gradient downhill. If lr is too high it steps over the valley and "
    "lands higher on the other side.",
    "ja": "1回の更新では、学習率 × 勾配だけ坂を下る。学習率が大きすぎると谷を飛び越え、"
    "反対側のより高いところに着いてしまう。",
}
fix = (
    Remedy(
        "lower the learning rate (to a tenth, then to a third)",
        "学習率を下げる（まず 1/10、次に 1/3）",
        "learning_rate_init={lower}",
        "--lr {lower}",
    ),
    SCALE_INPUTS,
    Remedy(
        "let it fall with a schedule",
        "スケジュールで徐々に下げる",
        "learning_rate='cosine'",
        "--schedule cosine",
    ),
    Remedy(
        "let it rise from 0 at first (warm-up)",
        "はじめは 0 から徐々に上げる（ウォームアップ）",
        "warmup=100",
        "--warmup 100",
    ),
    Remedy("use larger batches", "バッチを大きくする", "batch_size={larger}", "--batch-size {larger}"),
    CLIP_GRADIENTS,
)
EVIDENCE = {
    "rises": {
        "en": "the loss was {best:.4g} at best and is {late:.4g} at the end{lr}",
        "ja": "損失は最小で {best:.4g} だったが、最後には {late:.4g} になった{lr}",
    },
    "jumps": {
        "en": "from epoch to epoch the loss changes by {jump:.0%} of itself, and rises in {rising:.0%} of "
        "the epochs{lr}",
        "ja": "損失がエポックごとに平均 {jump:.0%} 変動し、{rising:.0%} のエポックで上昇している{lr}",
    },
    "leaps": {
        "en": "one update changes the weights of layer {layer} by {ratio:.0%} of their length (about 0.1 "
        "% is usual){lr}",
        "ja": "1回の更新で第 {layer} 層の重みが長さの {ratio:.0%} も変わる（通常は 0.1% 程度）{lr}",
    },
}


def examine(
    record: Record,
    *,
    rise: float = 0.1,
    jump: float = 0.15,
    ratio: float = 0.3,
    first: float = 1.0,
    noise: float = 0.02,
) -> Evidence | None:
    """Jumping back and forth, rising, leaping (all the time, or far at the first update): in this order."""
    curve, run = record.curve, record.run
    if run.diverged or run.optimizer == "lbfgs":
        return None
    lr = run.at_lr
    if len(curve) >= 5:
        jumps = (
            not run.chosen and curve.jump > jump and curve.late > noise * curve.first
        )  # swings are planned
        if jumps and 0.25 <= curve.rising <= 0.75:
            return Evidence(
                "warning", EVIDENCE["jumps"], {"jump": curve.jump, "rising": curve.rising, "lr": lr}
            )
        if curve.late - curve.best > rise * curve.first and curve.late > 1.5 * curve.best:
            return Evidence("warning", EVIDENCE["rises"], {"best": curve.best, "late": curve.late, "lr": lr})
    leaping = [layer for layer in record.layers if layer.update_ratio > ratio]
    leaping += [layer for layer in record.start if layer.update_ratio > first]
    if leaping:
        worst = max(leaping, key=lambda layer: layer.update_ratio)
        return Evidence(
            "warning", EVIDENCE["leaps"], {"layer": worst.l, "ratio": worst.update_ratio, "lr": lr}
        )
    return None
