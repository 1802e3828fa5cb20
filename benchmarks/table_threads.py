"""What a second thread saves when tables are learnt: wall seconds with ``n_jobs=2`` ÷ those with ``n_jobs=1``.

``python -m benchmarks.table_threads [FOLDER]``: the tables of a folder, or of packages, as ``scripts/bench-tables``
takes them. Each table has a process of its own, in which both are measured in turn, so that both see the same machine.
Of the runs of each the least counts, and the sum over the tables. ``--most`` begins no table after so many minutes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import table_sets, tables
from benchmarks.process import answer_of

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "table-threads.md"
JOBS = (1, 2)


def one(rows: str, preset: str, runs: int) -> list[dict[str, float]]:
    """Of the table in a file, a line for each run: wall and CPU seconds, by ``n_jobs``."""
    from tasou import TableClassifier, TableRegressor

    X, y, classes = pd.read_pickle(rows)
    made = TableClassifier if classes else TableRegressor
    made(preset="fast", random_state=0, n_jobs=2).fit(X[:200], y[:200])  # everything is loaded
    found = []
    for run in range(runs):
        for jobs in JOBS if run % 2 == 0 else JOBS[::-1]:
            wall, cpu = time.perf_counter(), time.process_time()
            made(preset=preset, random_state=0, n_jobs=jobs).fit(X, y)
            found.append({"jobs": jobs, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu})
    return found


def measured(table: table_sets.Set, preset: str, runs: int) -> dict[str, Any]:
    """The least wall seconds of a table, and CPU seconds, by ``n_jobs``."""
    train, _ = table.split(0)
    X, y = table.X.iloc[train], table.y.iloc[train].to_numpy()
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.pickle"
        pd.to_pickle((X, y, table.task == "classification"), rows)
        threads = {"OMP": "1", "OPENBLAS": "1"}  # of what is not tasou's
        lines = answer_of(f"table_threads.one({str(rows)!r}, {preset!r}, {runs})", **threads)
    least = {
        f"{what}{jobs}": min(line[what] for line in lines if line["jobs"] == jobs)
        for what in ("wall", "cpu")
        for jobs in JOBS
    }
    return {"table": table.name, "n": len(X), **least}


def page(found: list[dict[str, Any]], preset: str) -> str:
    """Markdown: a line for each table, the sums in the last."""
    sums = {key: float(np.sum([r[key] for r in found])) for key in ("n", "wall1", "wall2", "cpu1", "cpu2")}
    lines = [
        f"Seconds to learn {len(found)} tables (preset `{preset}`), on the wall and of CPU, by one thread and by two.",
        "",
        "| table | rows | wall, n_jobs=1 | wall, n_jobs=2 | ratio | CPU, n_jobs=1 | CPU, n_jobs=2 |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {r['table']} | {r['n']:,.0f} | {r['wall1']:.2f} | {r['wall2']:.2f} | {r['wall2'] / r['wall1']:.2f} "
        f"| {r['cpu1']:.2f} | {r['cpu2']:.2f} |"
        for r in [*found, {"table": "all", **sums}]
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, and keep the page in benchmarks/results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "folder", type=Path, nargs="?", help="tables; without it those that small packages ship"
    )
    parser.add_argument("--description", type=Path, help="how they are to be learnt")
    parser.add_argument("--only", nargs="+", metavar="TABLE", help="these tables alone")
    parser.add_argument("--preset", default="default")
    parser.add_argument("--runs", type=int, default=2, help="of each; the least counts (default: 2)")
    parser.add_argument("--most", type=float, default=8, metavar="MINUTES", help="begin no table after them")
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    end, found = time.monotonic() + 60 * asked.most, list[dict[str, Any]]()
    for table in tables.of(asked.folder, asked.description):
        if (asked.only and table.name not in asked.only) or time.monotonic() >= end:
            continue
        found.append(measured(table, asked.preset, asked.runs))
        print(
            f"{table.name}: {found[-1]['wall1']:.2f} s, {found[-1]['wall2']:.2f} s",
            file=sys.stderr,
            flush=True,
        )
    text = page(found, asked.preset)
    if not asked.only:
        asked.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
