"""T008: the stopping rule was content, the loss was not: an absolute ``tol`` against a small loss."""

from __future__ import annotations

import numpy as np

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedies import RAISE_RATE, SCALE_INPUTS_AND_TARGET
from tasou.diagnostics.remedy import Remedy

code = "T008"
needs = ("losses",)
title = {"en": "Stopped too soon", "ja": "早すぎる終了"}
what = {
    "en": "Training ended by its stopping rule although little had been learnt.",
    "ja": "ほとんど学習しないうちに、終了条件によって学習が終わった。",
}
why = {
    "en": "An improvement below tol counts as none, and tol is absolute. Where the loss itself is small "
    "(tiny targets), or each epoch improves it by little (a low learning rate), good epochs look like "
    "none.",
    "ja": "tol より小さい改善は「改善なし」とみなされるが、tol は絶対値である。"
    "目的変数が小さくて損失自体が小さい場合や、学習率が低くて1エポックの改善が小さい場合には、"
    "順調な学習も止まったように見える。",
}
fix = (
    SCALE_INPUTS_AND_TARGET,
    Remedy("set a smaller tol", "tol を小さくする", "tol={less}", "--tol {less}"),
    Remedy("let tol be a share of the loss", "tol を損失に対する割合にする", "relative_tol=True"),
    Remedy(
        "bear more epochs without improvement",
        "改善のないエポックをより長く待つ",
        "n_iter_no_change={longer}",
        "--patience {longer}",
    ),
    RAISE_RATE,
)
EVIDENCE = {
    "scale": {
        "en": "stopped after {n} epochs with a loss of {last:.3g}; tol {tol:g} is {share:.2g} times the "
        "{scale:.3g} that the best constant has",
        "ja": "{n} エポックで終了、損失は {last:.3g}。tol {tol:g} は、"
        "最良の定数予測の損失 {scale:.3g} の {share:.2g} 倍に当たる",
    },
    "falling": {
        "en": "stopped after {n} epochs, though {what} fell in {falling:.0%} of the last {window}, by "
        "{fall:.1%} in all (to {last:.3g}; tol {tol:g})",
        "ja": "{n} エポックで終了したが、直前の {window} エポックの {falling:.0%} で{what}は下がり、"
        "合計 {fall:.1%} 減っていた（最後は {last:.3g}、tol {tol:g}）",
    },
}

WATCHED = {
    "loss": {"en": "the loss", "ja": "損失"},
    "validation_loss": {"en": "the validation loss", "ja": "検証損失"},
}


def examine(
    record: Record, *, share: float = 0.02, good: float = 0.9, fall: float = 0.01, falling: float = 0.9
) -> Evidence | None:
    """A tolerance that is not small beside the loss of the best constant, or a loss that was falling all the time."""
    run = record.run
    held = run.monitor == "validation_loss"
    losses = np.asarray(record.validation_losses, float) if held else record.curve.values
    if run.finished != "converged" or run.relative or run.monitor == "validation_score" or not len(losses):
        return None
    values = {"n": len(losses), "last": float(losses[-1]), "tol": run.tol, "what": WATCHED[run.monitor]}
    if record.learnt > good:
        return None
    scale = record.fit.baseline if record.fit else 0.0
    if 0 < scale < run.tol / share and record.learnt < 0.5:
        return Evidence("problem", EVIDENCE["scale"], {**values, "scale": scale, "share": run.tol / scale})
    window = int(min(run.patience + 1, len(losses) - 1))
    last = losses[-window - 1 :]
    down, gone = float(np.mean(np.diff(last) < 0)), float(1 - last[-1] / last[0]) if last[0] else 0.0
    if window > 2 and run.optimizer != "lbfgs" and down >= falling and gone > fall:
        return Evidence(
            "warning", EVIDENCE["falling"], {**values, "falling": down, "window": window, "fall": gone}
        )
    return None
