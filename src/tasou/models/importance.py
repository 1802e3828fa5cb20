"""How much each column matters: what the score loses when the column's cells are shuffled among the rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tasou.backends.parallel import each
from tasou.models.table_model import Array, TableModel
from tasou.tables import Table

MOST_ROWS = 2_000
MOST_REPEATS = 10


def importance(
    model: TableModel, table: Table, *, seed: int = 0, n_jobs: int | None = None
) -> dict[str, float]:
    """Column -> loss of the main score (accuracy or R²) on ``table``, the largest first.

    A small table is shuffled several times and the mean taken. Columns that say the same share their importance:
    shuffling one, the network still reads the other. ``n_jobs`` columns are shuffled at once, by default as many as
    there are processors; it changes no result.
    """
    rng = np.random.default_rng(seed)
    table = table.take(model.preparation.known(table))
    if len(table) > MOST_ROWS:
        table = table.take(np.sort(rng.choice(len(table), MOST_ROWS, replace=False)))
    X = model.preparation.transform(table, model.ensemble.dtype)
    full = _main_score(model, model.ensemble.predict(X), table)
    repeats = min(max(MOST_ROWS // len(table), 1), MOST_REPEATS)
    drawn = [(name, at, [rng.permutation(len(X)) for _ in range(repeats)]) for name, at in _places(model)]

    def loss(column: tuple[str, slice, list[Array]]) -> float:
        _, at, orders = column
        said = model.ensemble.predict(np.concatenate([_shuffled(X, at, order) for order in orders]))
        return full - float(
            np.mean([_main_score(model, part, table) for part in np.split(said, len(orders))])
        )

    lost = dict(zip([name for name, *_ in drawn], each(loss, drawn, n_jobs=n_jobs), strict=True))
    return dict(sorted(lost.items(), key=lambda item: -item[1]))


def _places(model: TableModel) -> Iterator[tuple[str, slice]]:
    """Each column with the features of X that come from it."""
    begin = 0
    for step in model.preparation.steps:
        end = begin + len(step.feature_names)
        yield step.column, slice(begin, end)
        begin = end


def _shuffled(X: Array, at: slice, order: Array) -> Array:
    X = X.copy()
    X[:, at] = X[order, at]
    return X


def _main_score(model: TableModel, said: Array, table: Table) -> float:
    found = model.score(said, table)
    return found.values[found.main]
