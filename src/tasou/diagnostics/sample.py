"""The rows a diagnosis looks at: dense, few enough, always the same ones; y as the rows the loss wants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import ShapeError
from tasou.given import labels_of
from tasou.messages import Message
from tasou.network import Network

NO_CLASS = Message(
    "diagnosis.no_class",
    en="y holds {label!r}, which is none of the classes the network has learnt",
    ja="y にある {label!r} は、ネットワークが学習したクラスのどれでもありません",
)

Array = NDArray[Any]

MOST_CELLS = 2_000_000
"""cells of a sparse X that are made dense"""
GOLDEN = (5**0.5 - 1) / 2


def n_rows(X: Any) -> int:
    """The number of rows of an array, a frame, a sparse matrix or a list."""
    return int(X.shape[0]) if hasattr(X, "shape") else len(X)


def choose(X: Any, rows: int, n: int | None = None) -> NDArray[np.intp]:
    """Row numbers: all, or one from each of so many equal parts; fewer where the rows of a sparse X are wide.

    There are n rows, if not as many as X has.
    """
    n = n_rows(X) if n is None else n
    if hasattr(X, "tocsr"):
        rows = max(10, min(rows, MOST_CELLS // max(1, X.shape[1])))
    if n <= rows:
        return np.arange(n)
    part = np.arange(rows)
    return ((part + part * GOLDEN % 1) * (n / rows)).astype(np.intp)


def spread(index: NDArray[np.intp]) -> NDArray[np.intp]:
    """The same row numbers in an order whose beginnings are spread over all: rows that lie together are often alike.

    >>> spread(np.arange(10)).tolist()
    [0, 5, 2, 7, 4, 9, 1, 6, 3, 8]
    """
    return index[np.argsort(np.arange(len(index)) * GOLDEN % 1)]


def as_rows(network: Network, y: Any, labels: Sequence[object] = ()) -> Array:
    """Y (n, K) as the network's loss wants it, from y as ``fit`` got it; labels are looked up among the classes.

    >>> as_rows(Network((2, 3)), ["b", "a"], ["a", "b", "c"]).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    column = np.ndim(y) == 2
    y, K = labels_of(y), network.sizes[-1]
    if not len(labels) or (y.ndim == 2 and y.shape[1] == K > 1):
        return network.as_target(y[:, None] if column and y.ndim == K == 1 else y)
    y, classes = y.ravel(), np.asarray(labels, object)
    seen = dict.fromkeys(y.tolist()) if y.dtype.kind == "O" else np.unique(y).tolist()
    unknown = [label for label in seen if label not in set(classes.tolist())]
    if unknown:
        raise ShapeError(NO_CLASS, label=unknown[0])
    index = _places(classes, y)
    Y = index[:, None] > 0 if K == 1 else np.eye(K)[index]
    return network.as_target(np.where(Y, 1.0, -1.0) if network.loss.targets == "sign" else Y)


def _places(classes: Array, y: Array) -> NDArray[np.intp]:
    """Where each label stands among the classes."""
    place = {label: k for k, label in enumerate(classes.tolist())}
    if y.dtype.kind == "O":
        return np.array([place[label] for label in y.tolist()], np.intp)
    found, inverse = np.unique(y, return_inverse=True)
    return np.array([place[label] for label in found.tolist()], np.intp)[inverse]
