"""Tables written in an unusual way, and their twins: the same tables written plainly, which must be learnt alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tasou.tables import Preparation, Roles, Table, infer, read

Columns = Mapping[str, Sequence[Any]]
N = 60
CLASSES = ["no", "yes"] * (N // 2)


def written(columns: Columns, delimiter: str = ",", encoding: str = "utf-8", **options: Any) -> Table:
    """The table as read from a file that holds it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return read(io.BytesIO(out.getvalue().encode(encoding)), **options)


def roles_of(columns: Columns, target: str = "y", delimiter: str = ",", **options: Any) -> Roles:
    return infer(written(columns, delimiter), target, **options)


def learnt(table: Table, target: str = "y", **options: Any) -> tuple[Any, ...]:
    """(X, what a network learns of the target, the classes, the names of the features)."""
    roles = infer(table, target, **options)
    preparation = Preparation.fit(table.take(roles.known(table)), roles)
    used = table.take(roles.known(table))
    goal = preparation.goal
    return (
        preparation.transform(used, np.float64),
        goal.encode(used),
        getattr(goal, "classes", None),
        preparation.feature_names,
    )


def assert_twins(messy: Table, plain: Table, target: str = "y", **options: Any) -> None:
    """Both are learnt alike: the same X, target, classes and features."""
    for a, b in zip(learnt(messy, target, **options), learnt(plain, target, **options), strict=True):
        if isinstance(a, np.ndarray):
            np.testing.assert_array_equal(a, b)
        else:
            assert a == b and (a is None or list(map(type, a)) == list(map(type, b)))


def told(roles: Roles, lang: str = "en") -> str:
    """All that the roles say about how the table was read."""
    return "\n".join(
        [*(f"{c.name}: {c.why(lang)}" for c in roles.columns), *(n.text(lang) for n in roles.notes)]
    )
