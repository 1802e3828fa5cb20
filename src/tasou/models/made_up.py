"""Rows that nobody has measured, and what the model said of them when it was saved: to try another machine with.

The rows are made of what the file says anyway (levels, middles, ends of ranges) or of a formula; no row of the training
table is among them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.network import Network
from tasou.tables import Table

KEY = "made_up"
ROWS, NUMBERS = 12, 2000
"""rows, and numbers in a row and its answers together: they lie in the file's header, as JSON"""

Array = NDArray[Any]


def describe(model: Any) -> dict[str, Any]:
    """Rows and answers as JSON; empty where a model does not take rows of any numbers."""
    network = network_of(model)
    n = 0 if network is None else min(ROWS, NUMBERS // (network.sizes[0] + network.sizes[-1]))
    if network is None or n == 0:
        return {}
    rows = _texts(model, n) if hasattr(model, "preparation") else _numbers(network, n).tolist()
    said = answers(model, rows)
    return {} if said is None else {KEY: {"rows": rows, "answers": said.tolist()}}


def _texts(model: Any, n: int) -> dict[str, list[str]]:
    """A text for each cell: every column goes through its made-up cells, each at its own pace."""
    cells = [step.cell for step in model.preparation.steps]
    return {
        cell.column: [cell.made_up[(i + j * (i // 4)) % len(cell.made_up)] for i in range(n)]
        for j, cell in enumerate(cells)
    }


def _numbers(network: Network, n: int) -> Array:
    """From -2 to 2, without any random stream."""
    count = n * network.sizes[0]
    drawn = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(2654435761) % np.uint64(2**32)
    X: Array = (drawn / 2**30 - 2).reshape(n, -1).astype(network.dtype)
    return X


def network_of(model: Any) -> Network | None:
    """The network that a model predicts with."""
    found = (
        model if isinstance(model, Network) else getattr(model, "_network", getattr(model, "network", None))
    )
    return found if isinstance(found, Network) else None


def answers(model: Any, rows: Any) -> Array | None:
    """What the model says of the rows, as numbers; None where it takes no such rows."""
    network = network_of(model)
    if network is None:
        return None
    try:
        with np.errstate(all="ignore"):
            if not isinstance(rows, dict):
                found = network.predict(np.array(rows, network.dtype))
            else:
                table = Table({name: np.array(cells, dtype=object) for name, cells in rows.items()})
                found = model.predict_proba(table) if model.task == "classification" else model.predict(table)
    except (TasouError, ValueError, TypeError):  # a layer that takes codes takes no other numbers
        return None
    return found if np.isfinite(found).all() else None
