"""How much each column matters to what ``tasou train`` made: the importances of `tasou.tabular`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.backends.processors import cores
from tasou.models.table_model import TableModel
from tasou.tables import Table
from tasou.tables.marginals import blocks
from tasou.tables.targets import NumberTarget
from tasou.tabular.importances import Importances, importances, rows_for
from tasou.tabular.kept_out import KeptOut
from tasou.tabular.measures import measure

Array = npt.NDArray[Any]
REPEATS = 5


def importances_of(model: TableModel, table: Table, *, learnt_from: bool = False) -> Importances:
    """What answers for the rows of ``table`` lose when the cells of a column are shuffled among them.

    Rows without a target are left out; of very many some are drawn. ``learnt_from`` says that it is the table of the
    training: then each row is asked of those members alone that it was kept out of, where the model still knows them
    (a file does not).
    """
    goal, ensemble = model.goal, model.ensemble
    table = table.take(model.preparation.known(table))
    X = model.preparation.transform(table, ensemble.dtype)
    y = goal.encode(model.preparation.told(table))
    truth: Array = y[:, None] if isinstance(goal, NumberTarget) else y
    most = rows_for(len(model.preparation.steps), REPEATS)
    kept = KeptOut.of(ensemble, X, truth, None, most) if learnt_from else None
    said: Callable[[Array], Array] = ensemble.predict if kept is None else kept.answers
    if kept is None:
        drawn = np.sort(np.random.default_rng(0).permutation(len(X))[:most])
        X, truth = X[drawn], truth[drawn]
    else:
        X, truth = kept.X, kept.y
    if isinstance(goal, NumberTarget):
        truth = goal.decode(truth)

    def answers(rows: Array) -> Array:
        return goal.decode(said(rows)) if isinstance(goal, NumberTarget) else said(rows)

    return importances(
        answers, X, truth, model.preparation.columns, blocks(model.preparation.steps), measure(ensemble.aim, truth),
        repeats=REPEATS, n_jobs=cores(), kept_out=kept is not None or not learnt_from,
    )  # fmt: skip
