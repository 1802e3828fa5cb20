"""What a network accepts: a batch of inputs, and targets as the losses want them (one-hot, counts, signs, …)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import ShapeError, TasouError
from tasou.formulas.losses import Loss
from tasou.layers import Layer, Size, numbers
from tasou.messages import Message

LABELS = Message(
    "network.labels",
    en="labels must be whole numbers 0 … {last} for {network}",
    ja="{network} のラベルは 0 から {last} までの整数にしてください",
)
TARGET_SHAPE = Message(
    "network.target_shape",
    en="Y must have shape (n, {outputs}) for {network}, got {shape}",
    ja="{network} の Y の形は (n, {outputs}) にしてください（{shape} でした）",
)
INPUT_SHAPE = Message(
    "network.input_shape",
    en="X must have shape {wanted} for {network}, got {shape}",
    ja="{network} の X の形は {wanted} にしてください（{shape} でした）",
)
NO_SPARSE = Message(
    "network.no_sparse",
    en="layer 1, {layer}, cannot read a sparse X; hand in X.toarray()",
    ja="第1層 {layer} は疎行列の X を読めません。X.toarray() を渡してください",
)
TARGET_VALUE = Message(
    "network.target_value",
    en="the loss {loss!r} needs {wanted} in Y; row {row} holds {value:g}",
    ja="損失 {loss!r} に使う Y の値は{wanted}です。行 {row} の値は {value:g} でした",
)
TEXT = Message(
    "network.text",
    en="the targets must be numbers, but one of them is {value!r}; a classifier learns classes",
    ja="目的変数は数値にしてください（{value!r} があります）。クラスを学習するなら分類器を使います",
)
FROM_0_TO_1 = Message("network.from_0_to_1", en="numbers from 0 to 1", ja="0以上1以下の数")
FINITE = Message("network.finite", en="finite numbers", ja="有限の数")
COUNTS = Message("network.counts", en="finite numbers >= 0", ja="0以上の有限の数")
SIGNS = Message("network.signs", en="-1 or +1", ja="-1 か +1 ")

Array = NDArray[Any]

FITTING: dict[str, tuple[Message, Callable[[Array], Array]]] = {
    "one_hot": (FROM_0_TO_1, lambda Y: (Y >= 0) & (Y <= 1)),
    "binary": (FROM_0_TO_1, lambda Y: (Y >= 0) & (Y <= 1)),
    "real": (FINITE, np.isfinite),
    "count": (COUNTS, lambda Y: np.isfinite(Y) & (Y >= 0)),
    "sign": (SIGNS, lambda Y: np.abs(Y) == 1),
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
            raise ShapeError(LABELS, last=K - 1, network=network)
        one_hot: Array = np.eye(K, dtype=dtype)[Y]
        return one_hot
    rows: Array = Y.reshape(-1, 1) if Y.ndim == 1 else Y
    if rows.ndim != 2 or rows.shape[1] != K:
        raise ShapeError(TARGET_SHAPE, outputs=K, network=network, shape=Y.shape)
    refuse_text(rows)
    rows = rows.astype(dtype, copy=False)
    _check_values(rows, loss)
    return rows


def refuse_text(Y: Array) -> None:
    """`TasouError` where numbers are learnt and a target is a text that is none."""
    if Y.dtype.kind not in "OSU":
        return
    for value in Y.ravel():
        try:
            float(value)
        except (TypeError, ValueError):
            raise TasouError(TEXT, value=value) from None


def batch_of(X: Any, inputs: Size, dtype: np.dtype[Any], network: object) -> Any:
    """X as a batch, a row of the network's dtype per sample; sparse matrices stay sparse.

    Where the inputs are images or sequences, X may have their shape or be rows already.

    Raises
    ------
    ShapeError
        another number of columns, or no table at all
    """
    if not hasattr(X, "tocsr"):
        X = in_type(np.asarray(X, None if isinstance(X, np.ndarray) else dtype), dtype)
        if isinstance(inputs, tuple) and X.shape[1:] == inputs:
            X = X.reshape(len(X), numbers(inputs))
    if X.ndim != 2 or X.shape[1] != numbers(inputs):
        wanted = f"(n, {', '.join(map(str, inputs if isinstance(inputs, tuple) else (inputs,)))})"
        raise ShapeError(INPUT_SHAPE, wanted=wanted, network=network, shape=X.shape)
    return X if X.dtype == dtype else X.astype(dtype)


PIECE = 1 << 20
"""numbers that are converted before Python looks whether there is a Ctrl-C"""


def in_type(X: Array, dtype: np.dtype[Any]) -> Array:
    """X itself if it is of this type, else converted, some rows after the others."""
    if X.dtype == dtype or X.size <= PIECE:
        return np.asarray(X, dtype)
    converted, rows = np.empty_like(X, dtype), max(1, PIECE * len(X) // X.size)
    for begin in range(0, len(X), rows):
        converted[begin : begin + rows] = X[begin : begin + rows]
    return converted


def check_first(card: Layer, X: Any) -> None:
    """Refuse rows that the first layer cannot read.

    Raises
    ------
    TasouError
        a sparse matrix where the layer takes none, or values that it is not made for
    """
    if not card.takes_sparse and hasattr(X, "tocsr"):
        raise TasouError(NO_SPARSE, layer=card)
    card.check(X)


def _check_values(Y: Array, loss: Loss) -> None:
    wanted, fits = FITTING[loss.targets]
    fitting = fits(Y)
    if not fitting.all():
        row, column = np.argwhere(~fitting)[0]
        raise TasouError(TARGET_VALUE, loss=loss.name, wanted=wanted, row=row, value=Y[row, column])
