"""Scores of predictions, and ranks over tables: what the comparison says, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

LEAST = 1e-7
BINS = 15
LOWER_IS_BETTER = ("error", "log_loss", "1 - auc", "nrmse")


def of_classes(p: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Share of errors, log-loss, 1 − AUC (of each class against the rest) and expected calibration error."""
    from sklearn.metrics import roc_auc_score

    p = np.clip(p, LEAST, 1)
    p = p / p.sum(axis=1, keepdims=True)
    K = p.shape[1]
    seen = [k for k in range(K) if 0 < (y == k).sum() < len(y)]
    auc = np.mean([roc_auc_score(y == k, p[:, k]) for k in ([1] if K == 2 else seen)])
    sure, right = p.max(axis=1), p.argmax(axis=1) == y
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [abs(right[bins == b].mean() - sure[bins == b].mean()) * (bins == b).mean() for b in set(bins)]
    return {
        "error": float((~right).mean()),
        "log_loss": float(-np.log(p[np.arange(len(y)), y]).mean()),
        "1 - auc": float(1 - auc),
        "calibration": float(sum(gaps)),
    }


def of_numbers(y_hat: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Root of the mean squared error over the deviation of y."""
    return {"nrmse": float(np.sqrt(((y_hat - y) ** 2).mean()) / y.std())}


Scores = Mapping[tuple[str, int], Mapping[str, Mapping[str, float]]]
"""(table, split) -> model -> measure -> value"""


def ranks(scores: Scores, measure: str, models: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Mean rank of each model over the tables, with its standard error: 1 + how many do better (ties share).

    Of a table of numbers every measure is its nrmse. Splits of a table are averaged first: a table counts once.
    """
    by_table: dict[str, list[dict[str, float]]] = {}
    for (table, _), found in scores.items():
        values = {m: found[m].get(measure, found[m].get("nrmse", np.nan)) for m in models if m in found}
        if len(values) == len(models):
            ranked = {
                m: 1
                + sum(o < v for n, o in values.items() if n != m)
                + sum(o == v for n, o in values.items() if n != m) / 2
                for m, v in values.items()
            }
            by_table.setdefault(table, []).append(ranked)
    means = {m: np.array([np.mean([r[m] for r in rows]) for rows in by_table.values()]) for m in models}
    return {
        m: (float(v.mean()), float(v.std(ddof=1) / np.sqrt(len(v)))) for m, v in means.items() if len(v) > 1
    }


def against(scores: Scores, measure: str, model: str, other: str) -> dict[str, Any]:
    """Paired: mean of 100 ln(model / other) over the tables with its standard error, and wins, ties and losses.

    Only tables that have the measure count. A tie is a difference below one part in a thousand.
    """
    logs: dict[str, list[float]] = {}
    for (table, _), found in scores.items():
        if model in found and other in found and measure in found[model]:
            a, b = (max(found[m][measure], 1e-6) for m in (model, other))
            logs.setdefault(table, []).append(100 * float(np.log(a / b)))
    means = np.array([np.mean(values) for values in logs.values()])
    spread = float(means.std(ddof=1) / np.sqrt(len(means))) if len(means) > 1 else float("nan")
    return {
        "percent": float(means.mean()) if len(means) else float("nan"),
        "error": spread,
        "wins": int((means < -0.1).sum()),
        "ties": int((abs(means) <= 0.1).sum()),
        "losses": int((means > 0.1).sum()),
    }
