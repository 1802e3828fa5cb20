"""``tasou predict --contributions``: what each column contributes to the answer for a row, a column each."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from tasou.cli._answers import Part, free, numbers
from tasou.language import say

if TYPE_CHECKING:
    from tasou.models.table_model import TableModel
    from tasou.tables import Table
    from tasou.tables.column import Array
    from tasou.tabular.contributions import Contributions

AT_ONCE = 32
"""rows between two moves of the progress bar"""
BAR = {"en": "contributions", "ja": "寄与"}


def answers(model: TableModel, table: Table, taken: Iterable[str], *, quiet: bool) -> dict[str, Part]:
    """``c_base`` and ``c_COLUMN`` -> the texts of the rows; what matters most goes to the standard error."""
    from tqdm import tqdm

    parts, classes = [], _classes(model, table)
    with tqdm(
        total=len(table), desc=say(BAR), unit="row", disable=True if quiet else None, leave=False
    ) as bar:
        for start in range(0, max(1, len(table)), AT_ONCE):
            rows = np.arange(start, min(start + AT_ONCE, len(table)))
            parts.append(model.contributions(table.take(rows)))
            bar.update(len(rows))
    if not quiet and len(table):
        print(_joined(parts), file=sys.stderr)
    values = np.concatenate([part.values for part in parts])
    base = np.concatenate([np.broadcast_to(part.base, part.answer.shape) for part in parts])
    if values.ndim == 3:  # of the class that is predicted
        values = np.take_along_axis(values, classes[:, None, None], axis=2)[..., 0]
        base = np.take_along_axis(base, classes[:, None], axis=1)[:, 0]
    names, found = list(taken), dict[str, Part]()
    for name, column in zip(["base", *parts[0].names], [base, *values.T], strict=True):
        names.append(free(f"c_{name}", names, table))
        found[names[-1]] = partial(numbers, column)
    return found


def _classes(model: TableModel, table: Table) -> Array:
    """(n,) the number of the class predicted; zeros of numbers."""
    if model.task == "regression":
        return np.zeros(len(table), np.int64)
    return np.asarray(model.predict_proba(table).argmax(axis=1))


def _joined(parts: list[Contributions]) -> str:
    """Of one row its sum, of several the mean size of each column's part."""
    from dataclasses import replace

    values, answer, error = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("values", "answer", "error")
    )
    return str(replace(parts[0], values=values, answer=answer, error=error))
