"""How good predictions are, beside a baseline that knows nothing but the target: the majority class or the mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.formulas.probabilities import classes
from tasou.language import say
from tasou.shown import fragment, html_table

Array = npt.NDArray[Any]
Values = Mapping[str, float]

HEAD = ({"en": "model", "ja": "モデル"}, {"en": "baseline", "ja": "常に同じ答え"})


@dataclass(frozen=True)
class Scores:
    """The scores of a model on some rows, and those of its baseline.

    Attributes
    ----------
    values
        classification: ``accuracy``, ``balanced_accuracy``, ``log_loss`` and, for two classes, ``auc``;
        regression: ``r2``, ``rmse``, ``mae`` in the target's unit
    baseline
        the same for always answering the most frequent class (with its frequencies), or the mean, of the training rows
    answer
        what the baseline always answers
    rows
        how many rows were scored
    """

    values: Values
    baseline: Values
    answer: Any
    rows: int

    def _repr_html_(self) -> str:
        """Each score beside the baseline's."""
        rows = [(name, f"{value:.4g}", f"{self.baseline[name]:.4g}") for name, value in self.values.items()]
        return fragment("", html_table(("", *map(say, HEAD)), rows, right=(1, 2)))

    @property
    def main(self) -> str:
        """The score to look at first."""
        return "accuracy" if "accuracy" in self.values else "r2"

    @property
    def beats_baseline(self) -> bool:
        """Whether the main score is better than the baseline's."""
        return self.values[self.main] > self.baseline[self.main]


def of_classes(codes: Array, probabilities: Array, shares: Array, answer: Any) -> Scores:
    """Scores of predicted class probabilities (n, K) against class numbers (n,).

    ``shares`` (K,) are the classes' frequencies in the training rows, ``answer`` the name of the largest.

    >>> P = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]])
    >>> of_classes(np.array([0, 1, 1]), P, np.array([0.5, 0.5]), "no").values["auc"]
    1.0
    """
    n = len(codes)
    flat = np.broadcast_to(shares, probabilities.shape)
    return Scores(_class_scores(codes, probabilities), _class_scores(codes, flat), answer, n)


def _class_scores(codes: Array, P: Array) -> dict[str, float]:
    predicted = classes(P, np)
    hit = predicted == codes
    recalls = [hit[codes == k].mean() for k in np.unique(codes)]
    of_truth = P[np.arange(len(codes)), codes].astype(np.float64)
    scores = {
        "accuracy": float(hit.mean()),
        "balanced_accuracy": float(np.mean(recalls)),
        "log_loss": float(-np.log(np.maximum(of_truth, 1e-15)).mean()),
    }
    if P.shape[1] == 2 and len(recalls) == 2:
        scores["auc"] = _auc(P[:, 1], codes == 1)
    return scores


def _auc(score: Array, positive: Array) -> float:
    """The share of pairs (positive, negative) in which the positive scores higher; ties count half."""
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    n = int(positive.sum())
    return float((rank[positive].sum() - n * (n + 1) / 2) / (n * (len(score) - n)))


def of_numbers(y: Array, predicted: Array, mean: float) -> Scores:
    """Scores of predicted numbers against true ones; ``mean`` is that of the training rows.

    >>> scores = of_numbers(np.array([1.0, 3.0]), np.array([1.0, 2.0]), 2.0)
    >>> scores.values["r2"], scores.baseline["rmse"]
    (0.5, 1.0)
    """
    flat = np.full(len(y), mean)
    return Scores(_number_scores(y, predicted), _number_scores(y, flat), mean, len(y))


def _number_scores(y: Array, predicted: Array) -> dict[str, float]:
    error = predicted - y
    spread = float(((y - y.mean()) ** 2).sum())
    r2 = 1 - float((error**2).sum()) / spread if spread > 0 else 0.0
    return {"r2": r2, "rmse": float(np.sqrt((error**2).mean())), "mae": float(np.abs(error).mean())}
