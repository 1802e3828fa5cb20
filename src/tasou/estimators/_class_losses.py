"""A classifier's loss of one's own choice: which there are, and the rows of Y that each of them wants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.formulas import losses
from tasou.formulas.losses import Loss
from tasou.messages import Message

NO_CLASSES = Message(
    "mlp.loss_of_no_classes",
    en="loss={loss!r} is not for classes; those that are: {known:list}",
    ja="loss={loss!r} はクラスの学習には使えません。使えるもの：{known:list}",
)
OTHER_TARGETS = Message(
    "mlp.loss_of_other_classes",
    en="loss={loss!r} is not for {kind}; those that are: {known:list}",
    ja="loss={loss!r} は{kind}には使えません。使えるもの：{known:list}",
)
KINDS = {
    "binary": Message("mlp.two_classes", en="two classes", ja="2クラス"),
    "multiclass": Message("mlp.more_classes", en="more than two classes", ja="3クラス以上"),
    "multilabel-indicator": Message("mlp.several_labels", en="several labels at once", ja="複数ラベル"),
}
FITTING = {
    "binary": ("binary", "one_hot", "sign"),
    "multiclass": ("one_hot", "sign"),
    "multilabel-indicator": ("binary", "sign"),
}
"""the targets that a loss may have, by what y holds"""

Array = NDArray[Any]


def check(loss: Loss, kind: str) -> None:
    """Pass if such classes can be learnt by the loss.

    Raises
    ------
    TasouError
        they cannot; those by which they can are named
    """
    if loss.targets not in FITTING["binary"]:
        raise TasouError(NO_CLASSES, loss=loss.name, known=_known(FITTING["binary"]))
    if loss.targets not in FITTING[kind]:
        raise TasouError(OTHER_TARGETS, loss=loss.name, kind=KINDS[kind], known=_known(FITTING[kind]))


def _known(targets: tuple[str, ...]) -> list[str]:
    return [loss.name for loss in losses.registry if loss.targets in targets]


def encoded(Y: Array, loss: Loss) -> Array:
    """Y of zeros and ones as the loss wants it: a column for each of two classes, or -1 and +1."""
    if loss.targets == "sign":
        signs: Array = np.where(Y, 1.0, -1.0)
        return signs
    return np.hstack([~Y, Y]) if loss.targets == "one_hot" and Y.shape[1] == 1 else Y


def decoded(Y: Array, loss: Loss, kind: str) -> Array:
    """The zeros and ones again."""
    return Y[:, 1:] if loss.targets == "one_hot" and kind == "binary" else Y > 0


def threshold(loss: Any) -> float:
    """Above what an output says yes: 0 where Y is -1 or +1, else one half."""
    return 0.0 if isinstance(loss, Loss) and loss.targets == "sign" else 0.5


def probable(wanted: bool) -> Callable[[Any], bool]:
    """Whether an estimator's outputs are probabilities (or, if they are not ``wanted``, are none)."""

    def found(estimator: Any) -> bool:
        known = (
            estimator.loss is None or isinstance(estimator.loss, Loss) or estimator.loss in losses.registry
        )
        output = losses.get(estimator.loss).output if known and estimator.loss is not None else "softmax"
        if (output in ("softmax", "sigmoid")) != wanted:
            told = "has no probabilities" if wanted else "has probabilities: predict_proba"
            raise AttributeError(f"the output of loss={estimator.loss!r} {told}")
        return True

    return found
