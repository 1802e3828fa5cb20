"""What each part of an ensemble brings: ``python -m benchmarks.table_parts FOLDER --splits 3 4 5``.

Each table is learnt once, and answered with more and more of the parts: one member as it stands at the end, two, four,
all, a temperature, the snapshots that were chosen, the linear model. The table that is printed is the one of the guide
"how a table is learnt". Results are lines of a file; what is there already is not measured again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import table_scores, table_sets, tables
from tasou import TableClassifier, TableRegressor
from tasou.ensembles import Choice, OutOfFold, choose
from tasou.network import Network

WHOLE = "and a linear model blended in"
MEMBERS = {"one member, as it stands at the end": 1, "two": 2, "four": 4, "all": None}
COOLED, CHOSEN = "with a temperature", "and the snapshots chosen"
PARTS = (*MEMBERS, COOLED, CHOSEN, WHOLE)
ALONE = Choice((0,))


class Ends:
    """A callback that keeps each member's network, which at last stands as it stood at the end."""

    def __init__(self) -> None:
        self.networks: dict[int, Network] = {}

    def __call__(self, j: int) -> list[Any]:
        """The callbacks of member j."""
        return [lambda training: self.networks.update({j: training.network})]


def answers(model: Any, X: pd.DataFrame, y: np.ndarray, X_test: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    """What the model says of new rows, with more and more of its parts; it learns first."""
    model.callbacks = ends = Ends()
    model.fit(X, y)
    found = model._ensemble
    learnt, new = (
        model._preparation.transform(model._table(rows, reset=False)).astype(np.float64)
        for rows in (X, X_test)
    )
    networks = [ends.networks[j].in_float64() for j in range(len(ends.networks))]
    plain = replace(found, choice=ALONE, linear=None)
    said = [found.aim.link(network.predict(new)) for network in networks]
    for name, some in MEMBERS.items():
        yield name, plain.combined(np.mean(said[:some], axis=0), None)
    average = np.mean(said, axis=0)
    if found.aim.probabilities:
        codes, k = np.searchsorted(model.classes_, y), len(networks)
        held = found.oof.held
        kept_out = [n.predict(learnt[rows]) for n, rows in zip(networks, held, strict=True)]
        at_end = choose([OutOfFold(len(y), held, kept_out)], codes, k, classes=True)
        yield COOLED, replace(plain, choice=at_end).combined(average, None)
        chosen = choose([found.oof.through(np.exp)], codes, k, classes=True)
        plain = replace(plain, choice=chosen)
    yield CHOSEN, plain.combined(found.average(new), None)
    yield WHOLE, found.predict(new)


def measured(table: table_sets.Set, split: int, jobs: int) -> dict[str, dict[str, float]]:
    """The scores of each part on one split."""
    train, test = table.split(split)
    classes = table.task == "classification"
    y = pd.factorize(table.y, sort=True)[0] if classes else table.y.to_numpy(np.float64)
    model = (TableClassifier if classes else TableRegressor)(random_state=0, n_jobs=jobs)
    scores = table_scores.of_classes if classes else table_scores.of_numbers
    all_said = answers(model, table.X.iloc[train], y[train], table.X.iloc[test])
    return {name: scores(np.asarray(said), y[test]) for name, said in all_said}


def page(known: dict[tuple[str, int, str], dict[str, float]], shown: str) -> str:
    """How much worse than the whole the tables are without the parts below a line."""
    scores: dict[tuple[str, int], dict[str, dict[str, float]]] = {}
    for (table, split, part), found in known.items():
        scores.setdefault((table, split), {})[part] = found
    lines = [f"| | {shown}, log-loss | classes, log-loss | numbers, nRMSE |", "|---|---:|---:|---:|"]
    for part in PARTS:
        own = [s[part]["log_loss"] for (t, _), s in scores.items() if t == shown and part in s]
        cells = [f"{np.mean(own):.3f}" if own else "–"]
        for measure in ("log_loss", "nrmse"):
            has = {key: s for key, s in scores.items() if part in s and measure in s[part]}
            pair = table_scores.against(has, measure, part, WHOLE)
            cells.append(f"{pair['percent']:+.1f} ± {pair['error']:.1f}" if has else "–")
        lines.append(f"| {part} | {' | '.join(cells)} |")
    of = {m: len({t for (t, _), s in scores.items() if m in s.get(WHOLE, {})}) for m in ("log_loss", "nrmse")}
    lines += [
        "",
        f"{of['log_loss']} tables of classes, {of['nrmse']} of numbers, {len(scores)} splits in all.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure what is missing, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.table_parts", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="tables; without it those of packages.toml")
    parser.add_argument("--description", type=Path, help="how they are to be learnt (see benchmarks.tables)")
    parser.add_argument("--splits", type=int, nargs="+", default=[3, 4, 5], metavar="SEED")
    parser.add_argument("--only", nargs="+", metavar="TABLE", help="these tables alone")
    parser.add_argument("--shown", default="adult", metavar="TABLE", help="whose log-loss is shown itself")
    parser.add_argument("--jobs", type=int, default=1, help="threads")
    parser.add_argument("--out", type=Path, default=Path("table-parts.jsonl"))
    given = parser.parse_args()
    known = tables.read(given.out)
    for table in tables.of(given.folder, given.description):
        if given.only and table.name not in given.only:
            continue
        for split in given.splits:
            if (table.name, split, WHOLE) not in known:
                found = measured(table, split, given.jobs)
                known |= {(table.name, split, part): scores for part, scores in found.items()}
                tables.write(given.out, known)
                print(f"{table.name} {split}", file=sys.stderr, flush=True)
    print(page(known, given.shown))


if __name__ == "__main__":
    main()
