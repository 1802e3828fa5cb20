"""Models of every kind of column, with weights that nobody has trained, and rows that they have not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tasou.formulas import activations
from tasou.models.table_model import TableModel
from tasou.network import Network
from tasou.tables import Preparation, Table, infer

WORDS = [
    "red",
    "green",
    "blue",
    "東京",
    "a,b",
    'say "hi"',
    "007",
    "12",
    "yes",
    "no",
    "x y",
    "大阪",
    "it's",
    "?!",
]


@dataclass
class Case:
    """A table model, and rows for it: a text for each cell."""

    model: TableModel
    rows: dict[str, list[str]]

    @property
    def table(self) -> Table:
        return Table({name: np.array(cells, dtype=object) for name, cells in self.rows.items()})

    @property
    def csv(self) -> bytes:
        from tasou.exporting.words import csv_line

        lines = [csv_line(list(self.rows)), *(csv_line(row) for row in zip(*self.rows.values(), strict=True))]
        return ("\n".join(lines) + "\n").encode()


def case(seed: int, rows: int = 8) -> Case:
    """A random one."""
    rng = np.random.default_rng(seed)
    n = 60
    made: dict[str, tuple[list[str], list[str]]] = {}
    for j in range(rng.integers(1, 5)):
        kind = KINDS[rng.integers(len(KINDS))] if j else KINDS[seed % len(KINDS)]
        made[f"{kind.__name__} {j}"] = kind(rng, n, rows)
    made["size"] = numbers(rng, n, rows)
    training = {name: np.array(cells, dtype=object) for name, (cells, _) in made.items()}
    training["answer"] = np.array(_targets(rng, n), dtype=object)
    table = Table(training)
    kinds = {"categorical": [n for n in made if n.startswith("levels")]}
    preparation = Preparation.fit(table, infer(table, "answer", **kinds))
    if seed % 7 == 0:
        preparation = preparation.unscaled()
    goal: Any = preparation.goal
    classes = len(getattr(goal, "classes", ()))
    loss = "squared_error" if not classes else "binary_cross_entropy" if classes == 2 else "cross_entropy"
    outputs = classes if classes > 2 else 1
    names = activations.names()
    sizes = (len(preparation.feature_names), *rng.integers(1, 9, rng.integers(0, 3)).tolist(), outputs)
    dtype = "float64" if seed % 3 == 0 else "float32"
    network = Network(sizes, names[seed % len(names)], loss=loss, dtype=dtype, rng=seed)
    network.theta = network.theta + rng.normal(0, 0.1, network.theta.size)
    baseline = (0.5,) * max(1, classes)
    return Case(
        TableModel.of_network(preparation, network, baseline=baseline),
        {name: cells for name, (_, cells) in made.items()},
    )


def numbers(rng, n, rows):
    """Plain, large, tiny or whole numbers, some of them missing."""
    scale = 10.0 ** rng.integers(-3, 6)
    x = rng.normal(rng.normal() * scale * 3, scale, n + rows)
    if rng.random() < 0.3:
        x = np.round(x)
    return _missing(rng, [repr(float(np.float32(v))) for v in x], n, often=rng.random() < 0.5)


def heavy(rng, n, rows):
    """Numbers with a heavy tail, which go through a log."""
    x = np.exp(rng.normal(0, 3, n + rows)) * np.where(rng.random(n + rows) < 0.2, -1, 1)
    return _missing(rng, [repr(float(np.float32(v))) for v in x], n, often=rng.random() < 0.3)


def levels(rng, n, rows):
    """Texts; new rows hold some that were never seen."""
    known = rng.permutation(WORDS)[: rng.integers(2, 9)].tolist()
    p = rng.dirichlet(np.ones(len(known)) * 0.7)
    cells = rng.choice(known, n + rows, p=p).tolist()
    for i in range(n, n + rows):
        if rng.random() < 0.3:
            cells[i] = rng.choice(["never seen", "", "NA", known[0]])
    return _missing(rng, [str(c) for c in cells], n, often=rng.random() < 0.4)


def dates(rng, n, rows):
    """Days of some years."""
    days = np.datetime64("1968-01-01") + rng.integers(0, 40_000, n + rows)
    return _missing(rng, [str(d) for d in days], n, often=rng.random() < 0.4)


def moments(rng, n, rows):
    """Days with the time of day."""
    seconds = rng.integers(0, 2_000_000_000, n + rows).astype("datetime64[s]")
    return _missing(rng, [str(s) for s in seconds], n, often=rng.random() < 0.4)


KINDS = (numbers, heavy, levels, dates, moments)


def _missing(rng, cells, n, *, often):
    """Cells for the training and for the rows; in the rows some are missing in any case."""
    cells = list(cells)
    for i in range(len(cells)):
        if rng.random() < (0.1 if i < n else 0.2) and (often or i >= n):
            cells[i] = ""
    return cells[:n], cells[n:]


def _targets(rng, n):
    match rng.integers(5):
        case 0:
            return rng.choice(["好き", "so so", "a,b"], n).tolist()
        case 1:
            return [str(c) for c in rng.choice([3, 10, 200], n)]
        case 2:
            return rng.choice(["True", "False"], n).tolist()
        case 3:
            return [f"{v:.6g}" for v in np.exp(rng.normal(0, 2.5, n))]
    return [f"{v:.6g}" for v in rng.normal(1000, 50, n)]
