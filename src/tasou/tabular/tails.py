"""Whether a target with a heavy tail is learnt by its logarithm: decided on rows kept out of a linear model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.folds import partition
from tasou.ensembles.linear import fit_linear
from tasou.errors import TasouError, UnknownName
from tasou.formulas import logarithm
from tasou.messages import Message, Sentence
from tasou.tables.kind import Kind
from tasou.tabular import networks, presets
from tasou.tabular.aims import Aim, Logarithms, Numbers
from tasou.tabular.parts import Parts

Array = NDArray[Any]

TRANSFORM = Message("kind.target_transform", en="target_transform", ja="target_transform")
NOT_NEGATIVE = Message(
    "tabular.log_of_negative",
    en="target_transform='log' is for numbers from 0, but y is {value:g} in row {row}",
    ja="target_transform='log' は0以上の数のためのものですが、y の {row} 行目は {value:g} です",
)
ONE_NUMBER = Message(
    "tabular.log_of_one",
    en="target_transform='log' is for one target with loss='squared_error'",
    ja="target_transform='log' は、目的変数が1つで loss='squared_error' のときのものです",
)
BY_LOGARITHM = Message(
    "tabular.by_logarithm",
    en="the target has a heavy tail and is learnt by its logarithm, log(1 + y / {unit:.4g}); answers are in its unit",
    ja="目的変数の分布の裾が重いので、対数 log(1 + y / {unit:.4g}) を学習しました。予測は元の単位です",
)
TRANSFORMS = ("auto", "log")
SKEW, FEWEST_ROWS, MOST_ROWS, WIDEST = 2.0, 100, 10_000, 700
"""a target of less skew has no heavy tail; rows and features of the linear model"""
BETTER = 1.15
"""how much more of the Poisson deviance a linear model must tell by the logarithm"""
DRAWS, MOST_LOST = 200, 1.1
"""of rows again (bootstrap): its squared error must be smaller, and in 95 % of the draws no larger than by this factor.
Where few rows decide it, they do not decide in favour."""
MOST_IN_FEW = 0.7
"""of the squared deviations lie in a hundredth of the rows at most: beyond, nothing can be told from others"""
LEAST = 0.02
"""of the mean: no prediction is compared below it"""
FOLDS = 4


def check(transform: Any) -> None:
    """Raise `UnknownName` unless it is None, ``"auto"`` or ``"log"``."""
    if transform is not None and transform not in TRANSFORMS:
        raise UnknownName(TRANSFORM, transform, TRANSFORMS)


def suited(
    aim: Aim, X: Array, y: Array, kinds: Sequence[Kind], parts: Parts, transform: str | None = "auto"
) -> tuple[Aim, list[Sentence]]:
    """The aim, by its logarithm if that was asked for or clearly helps on rows kept out, and what is to be said of it.

    Parameters
    ----------
    X, y
        prepared rows (n, d) and their targets (n, K), those among them that only judge
    transform
        ``"log"``, ``"auto"``, or None for never
    """
    one = type(aim) is Numbers and aim.outputs == 1 and aim != Numbers()
    if transform == "log":
        if not one:
            raise TasouError(ONE_NUMBER)
        if (y < 0).any():
            row = int(np.argmax(y[:, 0] < 0))
            raise TasouError(NOT_NEGATIVE, value=float(y[row, 0]), row=row)
    if transform is None or not one:
        return aim, []
    learnt = slice(len(y) - parts.judging)
    y, v = y.reshape(-1)[learnt], None if parts.weight is None else parts.weight[learnt]
    if transform == "auto" and not _clearly_better(X[learnt], y, kinds, v, parts.groups):
        return aim, []
    found = Logarithms.of(y[:, None], v)
    return found, [BY_LOGARITHM(unit=found.unit)]


def _clearly_better(
    X: Array, y: Array, kinds: Sequence[Kind], weight: Array | None, groups: Array | None
) -> bool:
    """Whether a ridge on binned columns tells more of rows kept out by the logarithm of y."""
    if len(y) < FEWEST_ROWS or y.min() < 0 or not _skew(y) > SKEW:
        return False
    if _in_few(y) > MOST_IN_FEW:
        return False
    rng = np.random.default_rng(0)
    at = np.sort(rng.permutation(len(y))[:MOST_ROWS])
    group = networks.groups(X, tuple(kinds), presets.get("fast"))[0]
    if group.n_features > min(WIDEST, len(at)):
        return False
    y, v = y[at], np.ones(len(at)) if weight is None else weight[at]
    groups = None if groups is None else groups[: len(X)][at]
    folds = FOLDS if groups is None else min(FOLDS, len(np.unique(groups)))
    if folds < 2:
        return False
    fold, A = partition(len(y), folds, rng, groups=groups), group.features(X[at])
    said = []
    for aim in (Numbers.of(y[:, None], v), Logarithms.of(y[:, None], v)):
        linear = fit_linear(A, aim.targets(y, np.float64)[:, 0], fold, weight=v)
        z = linear.said[:, None]
        said.append(aim.settled(z, y, v).answers(z)[:, 0])
    least = max(float(y.min()), LEAST * float(y.mean()))
    usual, plain, by_log = (
        float(logarithm.told(y, np.maximum(m, least), v, np))
        for m in (np.full(len(y), np.average(y, weights=v)), *said)
    )
    if not (usual > plain and usual - by_log > BETTER * (usual - plain)):
        return False
    squares = np.stack([v * (m - y) ** 2 for m in said], axis=1)
    draws = rng.multinomial(len(y), np.full(len(y), 1 / len(y)), DRAWS) @ squares
    worst = float(np.quantile(draws[:, 1] / draws[:, 0], 0.95))
    total = squares.sum(axis=0)
    return bool(total[1] < total[0] and worst < MOST_LOST)


def _in_few(y: Array) -> float:
    """The share of the squared deviations that a hundredth of the rows hold."""
    squares = np.sort((y - y.mean()) ** 2)[::-1]
    return float(squares[: max(1, len(y) // 100)].sum() / squares.sum())


def _skew(y: Array) -> float:
    deviation = float(y.std())
    return float(np.mean(((y - y.mean()) / deviation) ** 3)) if deviation > 0 else 0.0
