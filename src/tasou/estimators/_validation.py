"""The rows that are kept out of training: split off as scikit-learn does, or handed to ``fit``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from sklearn.base import is_classifier
from sklearn.metrics import check_scoring
from sklearn.model_selection import train_test_split

from tasou.estimators._network import Array
from tasou.training import Validation

if TYPE_CHECKING:
    from tasou.estimators._mlp import BaseMLP


class Rows(NamedTuple):
    """Inputs, targets as the network wants them, and weights."""

    X: Any
    Y: Array
    sample_weight: Array | None


def split(estimator: BaseMLP, rows: Rows) -> tuple[Rows, Rows]:
    """``validation_fraction`` of the rows kept out, drawn as scikit-learn draws them."""
    X, Y, w = rows
    stratify = Y if is_classifier(estimator) and estimator.n_outputs_ == 1 else None
    parts = train_test_split(
        *((X, Y) if w is None else (X, Y, w)),
        random_state=estimator._random_state,
        test_size=estimator.validation_fraction,
        stratify=stratify,
    )
    train, kept = Rows(*parts[0::2], *[None] * (w is None)), Rows(*parts[1::2], *[None] * (w is None))
    if kept.X.shape[0] < 2:
        raise ValueError(
            "The validation set is too small. Increase 'validation_fraction' or the size of your dataset."
        )
    return train, kept


def measured(estimator: BaseMLP, kept: Rows, own: tuple[Any, Any] | None) -> Validation:
    """What is measured on the kept rows: the loss, and the score that ``scoring`` names.

    ``own`` are the X and y as the user gave them, for scorers that call ``predict``; without them the rows of a split
    stand in.
    """
    scaling = estimator._active_scaling
    if scaling is None:
        X, Y = kept.X, kept.Y
    else:
        X, Y = scaling.inputs(kept.X), scaling.targets(kept.Y)
    return Validation(X, Y, kept.sample_weight, _score(estimator, kept, own))


def _score(estimator: BaseMLP, kept: Rows, own: tuple[Any, Any] | None) -> Any:
    if estimator.scoring == "loss":
        return None
    if estimator.scoring is None:
        scaling = estimator._active_scaling

        def plain(y_hat: Array) -> float:
            y_hat = y_hat if scaling is None else scaling.outputs(y_hat)
            return estimator._score_rows(y_hat, kept.Y, kept.sample_weight)

        return plain
    scorer = check_scoring(estimator, scoring=estimator.scoring)
    X, y = own if own is not None else (kept.X, estimator._targets_of(kept.Y))
    weights = {} if kept.sample_weight is None else {"sample_weight": kept.sample_weight}

    def by_scorer(y_hat: Array) -> float:
        if not np.isfinite(y_hat).all():
            return float("nan")
        return float(scorer(estimator, X, y, **weights))

    return by_scorer
