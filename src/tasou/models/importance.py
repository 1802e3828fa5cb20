"""How much each column matters: what the score loses when the column's cells are shuffled among the rows."""

from __future__ import annotations

import numpy as np

from tasou.models.table_model import TableModel
from tasou.tables import Table

MOST_ROWS = 2_000


def importance(model: TableModel, table: Table, *, seed: int = 0) -> dict[str, float]:
    """Column -> loss of the main score (accuracy or R²) on ``table``, the largest first.

    Columns that say the same share their importance: shuffling one, the network still reads the other.
    """
    rng = np.random.default_rng(seed)
    if len(table) > MOST_ROWS:
        table = table.take(np.sort(rng.choice(len(table), MOST_ROWS, replace=False)))
    scores = model.evaluate(table)
    full = scores.values[scores.main]
    lost = {}
    for name in model.preparation.columns:
        cells = {n: table[n] for n in table.names} | {name: rng.permutation(table[name])}
        lost[name] = full - model.evaluate(Table(cells, source=table.source)).values[scores.main]
    return dict(sorted(lost.items(), key=lambda item: -item[1]))
