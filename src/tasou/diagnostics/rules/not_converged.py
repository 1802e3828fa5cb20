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
    "dips": {
        "en": "from epoch {epoch}, where the learning rate had come down before, to the last of the {n} epochs the "
        "validation loss fell from {before:.4g} to {last:.4g}",
        "ja": "前回学習率が下がりきった {epoch} エポック目から最後の {n} エポック目までに、検証損失が "
        "{before:.4g} から {last:.4g} に下がった",
    },
}


def examine(record: Record, *, recent: float = 0.015) -> Evidence | None:
    """How much of the fall came in the last tenth of the epochs."""
    curve, run = record.curve, record.run
    ended_by_itself = run.finished in ("converged", "diverged", "callback")
    by_plan = run.chosen and run.lands and run.finished == "epochs"
    if run.running or run.diverged or ended_by_itself:
        return None
    if by_plan:
        return _between_dips(record)
    if not curve.recent > recent or curve.rising >= 0.5 or slow(record):
        return None
    values = {"n": len(curve), "recent": curve.recent, "last": float(curve.values[-1])}
    return Evidence("warning", EVIDENCE["many" if len(curve) >= 20 else "few"], values)


def _between_dips(record: Record, *, fall: float = 0.08) -> Evidence | None:
    """Where the rate always lands, the training loss falls at the end of any plan: the dips are compared instead."""
    held, moments = record.validation_losses, record.run.chosen
    if len(moments) < 2 or len(held) < moments[-1]:
        return None
    before, last = (float(held[epoch - 1]) for epoch in moments[-2:])
    if not before > last * (1 + fall):
        return None
    values = {"epoch": moments[-2], "n": moments[-1], "before": before, "last": last}
    return Evidence("warning", EVIDENCE["dips"], values)
