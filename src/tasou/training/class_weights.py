"""What each class weighs: by hand, or "balanced", which gives every class the same total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError, UnknownName
from tasou.messages import Message

Array = NDArray[Any]

UNKNOWN_CLASS = Message(
    "class_weight.unknown",
    en="class_weight names the class {label!r}, which is none of the classes: {known:names}",
    ja="class_weight に {label!r} がありますが、そのようなクラスはありません（クラス：{known:names}）",
)
KIND = Message("kind.class_weight", en="class_weight", ja="class_weight")
MOST_NAMED = 8


def class_weights(
    class_weight: Any, classes: Sequence[Any] | Array, codes: Array, sample_weight: Array | None = None
) -> Array:
    """(K,) what a row of each class weighs.

    Parameters
    ----------
    class_weight
        None; "balanced"; or a mapping from classes to weights, in which those left out weigh 1
    classes
        (K,) the classes
    codes
        (n,) the class of each row as its place in ``classes``
    sample_weight
        (n,) what the rows weigh by themselves: for "balanced" a row of weight 2 is two rows, of weight 0 none

    Raises
    ------
    TasouError
        the mapping names a class that is none of ``classes``
    UnknownName
        it is neither "balanced" nor a mapping

    Examples
    --------
    >>> class_weights("balanced", ["a", "b"], np.array([0, 0, 0, 1])).round(2).tolist()
    [0.67, 2.0]
    >>> class_weights({"b": 5}, ["a", "b"], np.array([0, 0])).tolist()
    [1.0, 5.0]
    """
    weights = np.ones(len(classes))
    if class_weight is None:
        return weights
    if isinstance(class_weight, Mapping):
        known = np.asarray(classes).tolist()
        for label, weight in class_weight.items():
            if label not in known:
                raise TasouError(UNKNOWN_CLASS, label=label, known=known[:MOST_NAMED])
            weights[known.index(label)] = weight
        return weights
    if class_weight != "balanced":
        raise UnknownName(KIND, str(class_weight), ("balanced",))
    totals = np.bincount(codes, weights=sample_weight, minlength=len(classes)).astype(float)
    seen = totals > 0
    np.divide(totals.sum(), seen.sum() * totals, out=weights, where=seen)
    return weights
