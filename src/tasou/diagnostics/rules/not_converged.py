"""T007: the epochs are used up while the loss is still falling (lecture 5.3)."""

from __future__ import annotations

from tasou.diagnostics.finding import Evidence
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedies import MORE_EPOCHS, RAISE_RATE, SCALE_INPUTS
from tasou.diagnostics.remedy import Remedy
from tasou.diagnostics.rules.learning_rate_too_low import slow

code = "T007"
needs = ("losses",)
title = {"en": "Not converged", "ja": "未収束"}
what = {
    "en": "Training ended while the loss was still falling.",
    "ja": "損失がまだ下がっている途中で学習が終わった。",
}
why = {
    "en": "The planned epochs were too few for this learning rate and this data.",
    "ja": "この学習率とデータに対して、予定したエポック数が足りない。",
}
fix = (
    MORE_EPOCHS,
    Remedy("go on from here", "続きから学習する", "warm_start=True"),
    RAISE_RATE,
    SCALE_INPUTS,
)
EVIDENCE = {
    "many": {
        "en": "the last tenth of the {n} epochs brought {recent:.0%} of the whole fall; the loss is {last:.4g}",
        "ja": "{n} エポックのうち最後の1割だけで、損失の減少全体の {recent:.0%} を占める。現在の損失は {last:.4g}",
    },
    "few": {
        "en": "the last of the {n} epochs brought {recent:.0%} of the whole fall; the loss is {last:.4g}",
        "ja": "{n} エポックのうち最後の1エポックだけで、損失の減少全体の {recent:.0%} を占める。損失は {last:.4g}",
    },
}


def examine(record: Record, *, recent: float = 0.015) -> Evidence | None:
    """How much of the fall came in the last tenth of the epochs."""
    curve, run = record.curve, record.run
    ended_by_itself = run.finished in ("converged", "diverged", "callback")
    by_plan = run.chosen and run.lands and run.finished == "epochs"
    if run.running or run.diverged or ended_by_itself or by_plan:
        return None
    if not curve.recent > recent or curve.rising >= 0.5 or slow(record):
        return None
    values = {"n": len(curve), "recent": curve.recent, "last": float(curve.values[-1])}
    return Evidence("warning", EVIDENCE["many" if len(curve) >= 20 else "few"], values)
