"""The rows that are kept out of training: split off as scikit-learn does, or handed to ``fit``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split

from tasou.errors import TasouError
from tasou.estimators._network import Array
from tasou.estimators._scaling import Standardisation
from tasou.messages import Message
from tasou.training import Validation
from tasou.training.learning import Rows

TOO_FEW = Message(
    "mlp.validation_too_small",
    en="The validation set is too small. Increase 'validation_fraction' or the size of your dataset.",
    ja="検証用の行が少なすぎます。validation_fraction を大きくするか、データを増やしてください。",
)
ONE_ROW = Message(
    "mlp.class_of_one_row",
    en="early_stopping keeps rows of every class apart, but the class {label!r} has {n} row(s) only, where at least 2 "
    "are needed: add rows, leave the class out, or set early_stopping=False",
    ja="early_stopping は各クラスの行を検証用に分けますが、クラス {label!r} は {n} 行しかありません（2行以上必要）。"
    "行を増やすか、そのクラスを除くか、early_stopping=False にしてください",
)


def keep_out(rows: Rows, share: float, random_state: Any, classes: Array | None) -> tuple[Rows, Rows]:
    """A share of the rows kept out, drawn as scikit-learn draws them; of two ``classes`` each gives its share.

    Raises
    ------
    TasouError
        too few rows, in all or of one class
    """
    X, Y, w = rows
    stratify = None
    if classes is not None:
        stratify, counts = Y, [int(np.sum(k == Y)) for k in (0, 1)]
        for label, n in zip(classes, counts, strict=False):
            if n == 1:
                raise TasouError(ONE_ROW, label=label, n=n)
    parts = train_test_split(
        *((X, Y) if w is None else (X, Y, w)), random_state=random_state, test_size=share, stratify=stratify
    )
    train, kept = Rows(*parts[0::2], *[None] * (w is None)), Rows(*parts[1::2], *[None] * (w is None))
    if kept.n < 2:
        raise TasouError(TOO_FEW)
    return train, kept


def measured(
    kept: Rows, scaling: Standardisation | None, score: Callable[[Array], float] | None
) -> Validation:
    """What is measured on the kept rows: the loss, and a score of the predictions in the units of the data."""
    if scaling is None:
        return Validation(kept.X, kept.Y, kept.sample_weight, score)
    told = None if score is None else lambda y_hat: score(scaling.outputs(y_hat))
    return Validation(scaling.inputs(kept.X), scaling.targets(kept.Y), kept.sample_weight, told)
