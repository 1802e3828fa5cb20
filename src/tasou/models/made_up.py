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
from tasou.tables import Preparation, Table
from tasou.tables.targets import NumberTarget
from tasou.tabular.ensemble import Ensemble

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
    preparation = preparation_of(model)
    rows = _numbers(network, n).tolist() if preparation is None else _texts(preparation, n)
    said = answers(model, rows)
    return {} if said is None else {KEY: {"rows": rows, "answers": said.tolist()}}


def largest_change(model: Any, other: Any) -> float:
    """The largest difference between what two models of the same kind say of the same made-up rows.

    Relative to the largest answer, or to 1 where that is larger.
    """
    made = describe(model)
    if not made:
        return 0.0
    said, changed = np.array(made[KEY]["answers"]), answers(other, made[KEY]["rows"])
    return float("inf") if changed is None else difference(changed, said)


def difference(found: Array, wanted: Array) -> float:
    """The largest difference of answers, relative to the largest answer or to 1."""
    size = max(1.0, float(np.abs(wanted).max(initial=0.0)))
    return float(np.abs(found - wanted).max(initial=0.0)) / size


def _texts(preparation: Preparation, n: int) -> dict[str, list[str]]:
    """A text for each cell: every column goes through its made-up cells, each at its own pace."""
    cells = [step.cell for step in preparation.steps]
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


def ensemble_of(model: Any) -> Ensemble | None:
    """The ensemble of a model of a table."""
    found = getattr(model, "ensemble", None) or getattr(model, "_ensemble", None)
    return found if isinstance(found, Ensemble) else None


def preparation_of(model: Any) -> Preparation | None:
    """How a model of a table prepares it."""
    found = getattr(model, "preparation", None) or getattr(model, "_preparation", None)
    return found if isinstance(found, Preparation) else None


def network_of(model: Any) -> Network | None:
    """The network that a model predicts with; the first of an ensemble."""
    ensemble = ensemble_of(model)
    if ensemble is not None:
        return ensemble.members[0][0]
    found = model if isinstance(model, Network) else getattr(model, "_network", None)
    return found if isinstance(found, Network) else None


def answers(model: Any, rows: Any) -> Array | None:
    """What the model says of the rows, as numbers; None where it takes no such rows."""
    network, ensemble, preparation = network_of(model), ensemble_of(model), preparation_of(model)
    if network is None:
        return None
    try:
        with np.errstate(all="ignore"):
            if ensemble is None or preparation is None:
                found = network.predict(np.array(rows, network.dtype))
            else:
                table = Table({name: np.array(cells, dtype=object) for name, cells in rows.items()})
                found = ensemble.predict(preparation.transform(table, network.dtype))
                if isinstance(preparation.goal, NumberTarget):
                    found = preparation.goal.decode(found.ravel())
    except (TasouError, ValueError, TypeError):  # a layer that takes codes takes no other numbers
        return None
    return found if np.isfinite(found).all() else None
