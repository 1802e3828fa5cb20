"""In what unit is said how good answers are: a loss of each row, and what its mean is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import UnknownName
from tasou.formulas import blending, quantiles
from tasou.messages import Message
from tasou.tabular.aims import Aim, Counts, Labels, Quantiles

Array = NDArray[Any]

SCORING = Message("kind.scoring", en="scoring", ja="評価指標")
TITLES = {
    "log_loss": Message("tabular.log_loss", en="log-loss", ja="対数損失"),
    "accuracy": Message("tabular.accuracy_lost", en="share of right answers lost", ja="失われる正解率"),
    "rmse": Message("tabular.rmse", en="root mean squared error", ja="二乗平均平方根誤差"),
    "r2": Message("tabular.r2_lost", en="R² lost", ja="失われる R²"),
    "deviance": Message("tabular.deviance", en="half the Poisson deviance", ja="ポアソン逸脱度の半分"),
    "quantile_loss": Message("tabular.quantile_loss", en="quantile loss", ja="分位点損失"),
}


@dataclass(frozen=True)
class Measure:
    """A loss of rows, and what becomes of its mean."""

    name: str
    of_rows: Callable[[Array, Array], Array]
    """(n,) of the answers (n, K) and the truth"""
    whole: Callable[[Array], Array] = np.asarray


def names(aim: Aim) -> tuple[str, ...]:
    """What can be asked for; the first is taken if nothing is."""
    if aim.of_classes:
        return ("log_loss", "accuracy")
    if isinstance(aim, Labels):
        return ("log_loss", "accuracy")
    if isinstance(aim, Quantiles):
        return ("quantile_loss",)
    if isinstance(aim, Counts):
        return ("deviance", "rmse", "r2")
    return ("rmse", "r2") if aim.outputs == 1 else ("r2",)


def measure(aim: Aim, y: Array, name: str | None = None) -> Measure:
    """The measure of this name for answers to an aim.

    Raises
    ------
    UnknownName
        it is none for this kind of target
    """
    known = names(aim)
    name = name or known[0]
    if name not in known:
        raise UnknownName(SCORING, name, known)
    if name == "log_loss" and aim.of_classes:
        return Measure(name, lambda p, y: blending.log_loss(blending.logarithms(p, np), y, np))
    if name == "accuracy":
        wrong = (lambda p, y: p.argmax(axis=1) != y) if aim.of_classes else _wrong_labels
        return Measure(name, lambda p, y: np.asarray(wrong(p, y), np.float64))
    if isinstance(aim, Quantiles):
        at = {"levels": aim.levels}
        return Measure(name, lambda said, y: quantiles.mean_loss(said, y, np, **at))
    if name == "rmse":
        return Measure(name, lambda said, y: blending.squared_error(said, y, np), np.sqrt)
    if name == "r2":
        unit = np.where(y.std(axis=0) > 0, y.std(axis=0), 1.0)
        return Measure(name, lambda said, y: blending.squared_error(said / unit, y / unit, np))
    return Measure(name, lambda said, y: aim.judged(said, y, np))


def _wrong_labels(p: Array, y: Array) -> Array:
    return np.asarray(((p > 0.5) != (y > 0)).mean(axis=1))
