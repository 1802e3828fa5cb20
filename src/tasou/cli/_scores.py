"""Scores in words: what each is called, how it is written, and the model's beside the baseline's."""

from __future__ import annotations

from typing import Any

from tasou.language import say
from tasou.models.scores import Scores
from tasou.tables import aligned

NAMES = {
    "accuracy": {"en": "accuracy", "ja": "正解率"},
    "balanced_accuracy": {"en": "balanced accuracy", "ja": "クラス平均の正解率"},
    "auc": {"en": "area under the ROC curve", "ja": "ROC曲線の下の面積（AUC）"},
    "log_loss": {"en": "log loss (lower is better)", "ja": "対数損失（小さいほど良い）"},
    "r2": {"en": "R² (share of the variance explained)", "ja": "決定係数 R²"},
    "rmse": {"en": "root mean squared error", "ja": "平均二乗誤差の平方根（RMSE）"},
    "mae": {"en": "mean absolute error", "ja": "平均絶対誤差（MAE）"},
}
TEXTS = {
    "model": {"en": "model", "ja": "モデル"},
    "always": {"en": "always {answer}", "ja": "常に {answer}"},
}


def rows_of(scores: Scores, lang: str | None = None) -> list[tuple[str, str, str]]:
    """(name, the model's, the baseline's) of every score, as texts, the header first."""
    head = ("", say(TEXTS["model"], lang), baseline_name(scores, lang))
    values = [
        (
            say(NAMES[key], lang),
            number(value),
            number(scores.baseline[key]) if key in scores.baseline else "–",
        )
        for key, value in scores.values.items()
    ]
    return [head, *values]


def table(scores: Scores, lang: str | None = None) -> str:
    """The same as aligned lines."""
    return aligned(rows_of(scores, lang))


def baseline_name(scores: Scores, lang: str | None = None) -> str:
    """What the baseline does, e.g. ``"always no"``."""
    return say(TEXTS["always"], lang, answer=answer(scores.answer))


def answer(value: Any) -> str:
    """A class or a number as it is shown to people."""
    return number(value) if isinstance(value, float) else str(value)


def number(value: float) -> str:
    """Four digits that matter.

    >>> number(0.81564), number(207301.9), number(12.34567)
    ('0.816', '207,302', '12.35')
    """
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{round(value, 3) + 0.0:.3f}" if abs(value) < 10 else f"{value:.4g}"
