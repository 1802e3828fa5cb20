"""Rows through a network in chunks, so that memory stays bounded: predictions, hidden layers, mean losses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.network.trace import Trace

Array = NDArray[Any]

CHUNK = 1 << 20
"""elements of the widest layer that are held at a time"""


def chunks(network: Any, X: Any) -> Iterator[tuple[slice, Trace]]:
    """The rows of X, so many at a time, with the trace of their forward pass: valid until the next."""
    n = X.shape[0]
    size = max(1, min(n, CHUNK // max(network.sizes)))
    trace = Trace.of_predictions(network, size)
    for start in range(0, max(n, 1), size):
        rows = slice(start, min(start + size, n))
        yield rows, network.forward(X[rows], trace.first(rows.stop - rows.start))


def in_chunks(network: Any, X: Any, read: Callable[[Trace], Array]) -> Array:
    """What is read off the traces of all chunks, one below the other."""
    parts = [read(trace).copy() for _, trace in chunks(network, X)]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
