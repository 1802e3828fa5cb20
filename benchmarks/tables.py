"""``scripts/bench-tables``: classifiers and regressors with their defaults on many tables and splits. See --help.

Each model meets each split in a process of its own, one after the other; what it predicted is scored here, alike for
all. A result is a line of a file: what is there already is not run again, so a run can be broken off and taken up.
"""

from __future__ import annotations

import argparse
import itertools
import json
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import table_report, table_scores, table_sets
from benchmarks.workers.tables import MODELS

ROOT = Path(__file__).parent.parent
DEFAULT_MODELS = [name for name in MODELS if name != "tasou best"]
LONGEST = 3_600


def run(table: table_sets.Set, seed: int, model: str, jobs: int) -> dict[str, Any]:
    """Scores and costs of one model on one split, or the reason why there are none."""
    train, test = table.split(seed)
    classes = table.task == "classification"
    codes, names = pd.factorize(table.y, sort=True)
    y = codes if classes else table.y.to_numpy(np.float64)
    with tempfile.TemporaryDirectory() as folder:
        rows, out = Path(folder) / "rows.pickle", Path(folder) / "said.npz"
        rows.write_bytes(pickle.dumps((table.X.iloc[train], y[train], table.X.iloc[test], classes)))
        command = [sys.executable, "-m", "benchmarks.workers.tables", model, rows, out, str(jobs)]
        try:
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST, check=False
            )
        except subprocess.TimeoutExpired:
            return {"failed": f"longer than {LONGEST} s"}
        if done.returncode:
            return {"failed": (done.stderr.strip().splitlines() or ["no reason given"])[-1][:200]}
        found = dict(np.load(out))
    said = found.pop("said")
    if classes:
        missing = len(names) - said.shape[1]
        said = np.concatenate([said, np.zeros((len(said), missing))], axis=1) if missing else said
    scores = (table_scores.of_classes if classes else table_scores.of_numbers)(said, y[test])
    return {**scores, **{name: float(value) for name, value in found.items()}}


def main() -> None:
    """Run what is missing, and tell all."""
    parser = argparse.ArgumentParser(prog="scripts/bench-tables", description=__doc__)
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        help="tables; without it those that small packages ship (packages.toml)",
    )
    parser.add_argument(
        "--description", type=Path, help="how they are to be learnt (default: tables.toml there)"
    )
    parser.add_argument("--splits", type=int, nargs="+", default=[0, 1, 2], metavar="SEED")
    parser.add_argument("--models", nargs="+", default=DEFAULT_MODELS, choices=MODELS)
    parser.add_argument("--only", nargs="+", metavar="TABLE", help="these tables alone")
    parser.add_argument("--jobs", type=int, default=1, help="threads of every model")
    parser.add_argument("--again", action="store_true", help="run the models named here anew")
    parser.add_argument(
        "--told", nargs="+", choices=MODELS, help="of whom the page tells (default: --models)"
    )
    parser.add_argument("--weave", action="store_true", help="put the ranks into the READMEs, too")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "tables.jsonl")
    given = parser.parse_args()
    known = read(given.out)
    if given.again:
        known = {k: v for k, v in known.items() if k[2] not in given.models or k[1] not in given.splits}
    for table in of(given.folder, given.description):
        if given.only and table.name not in given.only:
            continue
        for split in given.splits:
            for model in given.models:
                if (table.name, split, model) not in known:
                    found = run(table, split, model, given.jobs)
                    known[table.name, split, model] = found
                    write(given.out, known)
                    shown = {k: round(v, 4) for k, v in found.items() if k != "failed"} or found
                    print(f"{table.name} {split} {model}: {shown}", file=sys.stderr, flush=True)
    rows = [{"table": t, "split": s, "model": m, **r} for (t, s, m), r in known.items()]
    found = table_report.Comparison(rows, given.told or given.models)
    page = table_report.page(found)
    given.out.with_suffix(".md").write_text(page, encoding="utf-8")
    table_report.picture(found, given.out.with_suffix(".svg"))
    if given.weave:
        table_report.weave(found, ROOT)
    print(page)


def of(folder: Path | None, description: Path | None) -> Iterable[table_sets.Set]:
    """The tables of a folder, or those of packages."""
    if folder is None:
        packages = description or ROOT / "benchmarks" / "packages.toml"
        return itertools.chain(table_sets.of_packages(packages), table_sets.shipped())
    own = folder / "tables.toml"
    return table_sets.of_folder(
        folder, description or (own if own.exists() else ROOT / "benchmarks" / "tables.toml")
    )


def read(path: Path) -> dict[tuple[str, int, str], dict[str, Any]]:
    """Results by table, split and model; none where there is no file yet."""
    if not path.exists():
        return {}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {(r.pop("table"), r.pop("split"), r.pop("model")): r for r in rows}


def write(path: Path, known: dict[tuple[str, int, str], dict[str, Any]]) -> None:
    """A line for each result."""
    rows = [{"table": t, "split": s, "model": m, **r} for (t, s, m), r in sorted(known.items())]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
