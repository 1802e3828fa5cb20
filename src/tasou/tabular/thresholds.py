"""From which probability on the second of two classes is answered: tuned on rows that were kept out."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError, UnknownName
from tasou.formulas import confusion
from tasou.messages import Message

Array = NDArray[Any]

METRIC = Message("kind.threshold", en="threshold", ja="しきい値")
TWO_CLASSES = Message(
    "tabular.threshold_two_classes",
    en="threshold={threshold!r} is for two classes, but y has {n}: leave it out",
    ja="threshold={threshold!r} は2クラス用ですが、y は {n} クラスです。指定を外してください",
)
LABELS = Message(
    "tabular.threshold_labels",
    en="threshold={threshold!r} is for two classes, not for several labels at once: leave it out",
    ja="threshold={threshold!r} は2クラス用で、複数ラベルには使えません。指定を外してください",
)
OUTSIDE = Message(
    "tabular.threshold_outside",
    en="threshold must lie between 0 and 1, not {threshold}",
    ja="threshold は 0 と 1 の間の値にしてください（{threshold} が渡されました）",
)
TOLD = Message(
    "tabular.threshold_told",
    en="predict says {yes} from a probability of {threshold:.3g} on: on {n} rows kept out its {metric} is {value:.4g}, "
    "with 0.5 it would be {half:.4g}",
    ja="確率が {threshold:.3g} を超えると {yes} と答えます。学習に使わなかった {n} 行での{metric}は {value:.4g}、"
    "0.5 なら {half:.4g} です",
)
METRICS = {
    "balanced": (confusion.balanced, Message("tabular.balanced", en="balanced accuracy", ja="平均再現率")),
    "accuracy": (confusion.accuracy, Message("tabular.accuracy", en="accuracy", ja="正解率")),
    "f1": (confusion.f1, Message("tabular.f1", en="F1", ja="F1")),
    "mcc": (confusion.mcc, Message("tabular.mcc", en="Matthews correlation", ja="マシューズ相関係数")),
}
ALSO = {"balanced_accuracy": "balanced", "matthews_corrcoef": "mcc"}
"""scikit-learn's names"""


class Tuned(NamedTuple):
    """A threshold, what it reaches on rows kept out, and what 0.5 would."""

    threshold: float
    value: float
    half: float
    n: int


def asked(threshold: Any) -> str | float | None:
    """What was asked for: the name of a metric, a number, or None.

    Raises
    ------
    TasouError
        no such metric, or a number outside of 0 to 1

    Examples
    --------
    >>> asked("balanced_accuracy"), asked(0.2), asked(None)
    ('balanced', 0.2, None)
    """
    if threshold is None:
        return None
    if isinstance(threshold, str):
        name = ALSO.get(threshold, threshold)
        if name not in METRICS:
            raise UnknownName(METRIC, threshold, tuple(METRICS))
        return name
    if not 0 < float(threshold) < 1:
        raise TasouError(OUTSIDE, threshold=float(threshold))
    return float(threshold)


def tuned(p: Array, y: Array, metric: str, weight: Array | None = None) -> Tuned:
    """The threshold that is best by a metric, for rows that were kept out.

    It lies midway between two neighbouring probabilities; of several that are equally good it is the one nearest to
    0.5.

    Parameters
    ----------
    p
        (n,) probability of the second class
    y
        (n,) whether a row is of it
    metric
        ``"balanced"``, ``"accuracy"``, ``"f1"`` or ``"mcc"``
    weight
        (n,) what each row weighs

    Examples
    --------
    >>> tuned(np.array([0.1, 0.2, 0.3, 0.35]), np.array([0, 0, 1, 1]), "balanced")
    Tuned(threshold=0.25, value=1.0, half=0.5, n=4)
    """
    of: Any = METRICS[metric][0]
    v = np.ones(len(p)) if weight is None else np.asarray(weight, np.float64)
    order = np.argsort(-p, kind="stable")
    p, positive, negative = p[order], (v * (y > 0))[order], (v * (y <= 0))[order]
    tp, fp = np.cumsum(positive), np.cumsum(negative)
    values = of(tp, fp, tp[-1] - tp, fp[-1] - fp, np)
    half = _at_half(p, tp, fp, of)
    cuts = np.flatnonzero(p[:-1] > p[1:])  # between the rows before and those behind
    if not len(cuts):
        return Tuned(0.5, half, half, len(p))
    middles = (p[cuts] + p[cuts + 1]) / 2
    best = values[cuts] >= values[cuts].max() - 1e-12
    chosen = np.flatnonzero(best)[np.argmin(abs(middles[best] - 0.5))]
    return Tuned(float(middles[chosen]), float(values[cuts][chosen]), half, len(p))


def _at_half(p: Array, tp: Array, fp: Array, of: Any) -> float:
    k = int((p > 0.5).sum())
    yes, no = (float(tp[k - 1]), float(fp[k - 1])) if k else (0.0, 0.0)
    return float(of(*map(np.float64, (yes, no, tp[-1] - yes, fp[-1] - no)), np))
