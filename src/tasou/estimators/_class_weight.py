"""Class weights that know the sample weights: a row of weight 2 counts as two rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.class_weight import compute_class_weight

Array = NDArray[Any]


def weighted_by_class(
    class_weight: Any, classes: Array, y: Array, sample_weight: Array | None, dtype: Any
) -> Array | None:
    """Sample weights times the weights of the rows' classes; None if neither is asked for.

    "balanced" gives every class the same total weight, sample weights included.
    """
    if class_weight is None:
        return sample_weight
    w = np.ones(len(y), dtype) if sample_weight is None else sample_weight
    k = np.searchsorted(classes, y)
    if isinstance(class_weight, str):
        totals = np.bincount(k, weights=w, minlength=len(classes))
        per_class = np.divide(w.sum(), len(classes) * totals, out=np.zeros(len(classes)), where=totals > 0)
    else:
        per_class = compute_class_weight(class_weight, classes=classes, y=y)
    weights: Array = (w * per_class[k]).astype(dtype)
    return weights
