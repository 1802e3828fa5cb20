"""What a network accepts: a batch of inputs, and targets as the losses want them (one-hot, counts, signs, …)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import ShapeError, TasouError
from tasou.formulas.losses import Loss

Array = NDArray[Any]

FITTING: dict[str, tuple[str, Callable[[Array], Array]]] = {
    "one_hot": ("numbers from 0 to 1", lambda Y: (Y >= 0) & (Y <= 1)),
    "binary": ("numbers from 0 to 1", lambda Y: (Y >= 0) & (Y <= 1)),
    "real": ("finite numbers", np.isfinite),
    "count": ("finite numbers >= 0", lambda Y: np.isfinite(Y) & (Y >= 0)),
    "sign": ("-1 or +1", lambda Y: np.abs(Y) == 1),
}
"""for each kind of target what its values may be, in words and as a test"""


def target_rows(Y: Any, loss: Loss, K: int, dtype: np.dtype[Any], network: object) -> Array:
    """Y as (n, K): integer labels become one-hot rows where the loss wants those, and (n,) becomes (n, 1).

    Raises
    ------
    ShapeError
        labels that are not 0 … K-1, or another shape
    TasouError
        a value that the loss is not made for; the message names the row
    """
    Y = np.asarray(Y)
    if Y.ndim == 1 and loss.targets == "one_hot":
        if not np.issubdtype(Y.dtype, np.integer) or Y.size == 0 or Y.min() < 0 or Y.max() >= K:
            raise ShapeError(f"labels must be whole numbers 0 … {K - 1} for {network}")
        one_hot: Array = np.eye(K, dtype=dtype)[Y]
        return one_hot
    rows: Array = Y.reshape(-1, 1) if Y.ndim == 1 else Y
    if rows.ndim != 2 or rows.shape[1] != K:
        raise ShapeError(f"Y must have shape (n, {K}) for {network}, got {Y.shape}")
    rows = rows.astype(dtype, copy=False)
    _check_values(rows, loss)
    return rows


def batch_of(X: Any, n_inputs: int, dtype: np.dtype[Any], network: object) -> Any:
    """X as a batch (n, n_inputs) of the network's dtype; sparse matrices stay sparse.

    Raises
    ------
    ShapeError
        another number of columns, or no table at all
    """
    if not hasattr(X, "tocsr"):
        X = np.asarray(X, dtype)
    if X.ndim != 2 or X.shape[1] != n_inputs:
        raise ShapeError(f"X must have shape (n, {n_inputs}) for {network!r}, got {X.shape}")
    return X if X.dtype == dtype else X.astype(dtype)


def _check_values(Y: Array, loss: Loss) -> None:
    words, fits = FITTING[loss.targets]
    fitting = fits(Y)
    if not fitting.all():
        row, column = np.argwhere(~fitting)[0]
        raise TasouError(f"the loss {loss.name!r} needs {words} in Y; row {row} holds {Y[row, column]:g}")
