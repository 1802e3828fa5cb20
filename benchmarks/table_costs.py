"""What a table costs to learn, by its size: seconds, threads, memory. ``python -m benchmarks.table_costs``.

Made-up tables of numbers with a target of two classes; each fit runs in a process of its own. ``--quick`` leaves out
the largest. Growth in rows and in columns, two threads against one, and the memory that a fit adds over the table.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.process import answer_of

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "table-costs.jsonl"
"""a line for each fit, the latest of its kind; the table beside it is made of them"""

GROWTH_ROWS = ((10_000, 30), (30_000, 30), (100_000, 30))
GROWTH_COLUMNS = ((10_000, 10), (10_000, 30), (10_000, 100))
LARGE = ((100_000, 50), (1_000_000, 50))


def made_up(n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """X (n, d) of single precision and two classes that depend on some of the columns, not in a straight line."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d)).astype(np.float32)
    score = X[:, 0] * X[:, 1] + np.sin(2 * X[:, 2]) + 0.5 * X[:, 3] + rng.normal(size=n)
    return X, (score > 0).astype(np.int64)


def status(name: str) -> float:
    """MB, as Linux counts them for this process."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


def one(n: int, d: int, preset: str, jobs: int) -> dict[str, Any]:
    """Fit in this process: wall and CPU seconds, MB that it added at its peak, and what was said to be done."""
    import time

    from tasou import TableClassifier

    X, y = made_up(n, d)
    TableClassifier(preset=preset, random_state=0, n_jobs=jobs).fit(X[:500], y[:500])  # everything is loaded
    before = status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the peak begins anew
    model = TableClassifier(preset=preset, random_state=0, n_jobs=jobs)
    wall, cpu = time.perf_counter(), time.process_time()
    model.fit(X, y)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = status("VmHWM") - before
    begun = time.process_time()
    model.predict_proba(X[:10_000])
    said = [str(sentence) for sentence in model.effort_]
    return {
        "n": n,
        "d": d,
        "preset": preset,
        "jobs": jobs,
        "wall": wall,
        "cpu": cpu,
        "added": peak,
        "prepared": X.nbytes / 2**20,
        "predict": time.process_time() - begun,
        "said": said,
    }


def fresh(n: int, d: int, preset: str, jobs: int) -> dict[str, Any]:
    """The same in a process of its own, of whose numerical libraries each has one thread."""
    threads = dict.fromkeys(("OMP", "OPENBLAS", "TASOU"), str(jobs))
    found: dict[str, Any] = answer_of(f"table_costs.one({n}, {d}, {preset!r}, {jobs})", **threads)
    print(f"{n:>9,} x {d:<4} {preset:8} jobs {jobs}: {found['wall']:7.1f} s wall, {found['cpu']:7.1f} s CPU, "
          f"{found['added']:6.0f} MB added ({found['prepared']:.0f} MB of numbers)", flush=True)  # fmt: skip
    return found


def table(rows: list[dict[str, Any]]) -> str:
    """Markdown, a line for each fit; seconds on the wall depend on who else uses the machine."""
    head = "| rows | columns | preset | threads | CPU, s | predict 10,000 rows, s | MB added | × table |"
    lines = [head, "|---:|---:|---|---:|---:|---:|---:|---:|"]
    for r in rows:
        share = r["added"] / r["prepared"]
        lines.append(
            f"| {r['n']:,} | {r['d']} | {r['preset']} | {r['jobs']} | {r['cpu']:.1f} "
            f"| {r['predict']:.2f} | {r['added']:.0f} | {share:.1f} |"
        )
    return "\n".join(lines) + "\n"


def growth(rows: list[dict[str, Any]]) -> str:
    """Markdown: how many times as long the largest table takes as the smallest one, in rows and in columns.

    A fit is linear where that is no more than the table has grown; beyond 50,000 rows presets make fewer epochs.
    """
    lines = ["| preset | threads | smallest | largest | numbers | CPU |", "|---|---:|---:|---:|---:|---:|"]
    for preset, jobs in sorted({(r["preset"], r["jobs"]) for r in rows}):
        cpu = {(r["n"], r["d"]): r["cpu"] for r in rows if (r["preset"], r["jobs"]) == (preset, jobs)}
        for sizes in (GROWTH_ROWS, GROWTH_COLUMNS):
            small, large = sizes[0], sizes[-1]
            if small in cpu and large in cpu:
                grown = large[0] * large[1] / (small[0] * small[1])
                names = " | ".join(f"{n:,} × {d}" for n, d in (small, large))
                lines.append(
                    f"| {preset} | {jobs} | {names} | × {grown:.0f} | × {cpu[large] / cpu[small]:.1f} |"
                )
    return "\n".join(lines) + "\n"


def kept(found: list[dict[str, Any]]) -> str:
    """Keep the figures of these fits in place of earlier ones, and write the table of all."""
    lines = RESULTS.read_text(encoding="utf-8").splitlines() if RESULTS.exists() else []
    all_of_them = {
        tuple(r[k] for k in ("n", "d", "preset", "jobs")): r for r in [*map(json.loads, lines), *found]
    }
    rows = [all_of_them[key] for key in sorted(all_of_them)]
    RESULTS.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    text = f"{table(rows)}\n{growth(rows)}"
    RESULTS.with_suffix(".md").write_text(text, encoding="utf-8")
    return text


def main() -> None:
    """Measure, print, and keep the figures in benchmarks/results, beside those of other sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without the largest tables")
    parser.add_argument(
        "--only", metavar="ROWSxCOLUMNS", action="append", help="these sizes alone, e.g. 100000x50"
    )
    parser.add_argument("--presets", default="default,fast")
    parser.add_argument("--jobs", default="1,2")
    asked = parser.parse_args()
    sizes = list(dict.fromkeys((*GROWTH_ROWS, *GROWTH_COLUMNS, *(LARGE[:1] if asked.quick else LARGE))))
    if asked.only:
        sizes = [tuple(map(int, text.split("x"))) for text in asked.only]  # type: ignore[misc]
    found = [
        fresh(n, d, preset, jobs)
        for n, d in sizes
        for preset in asked.presets.split(",")
        for jobs in map(int, asked.jobs.split(","))
    ]
    print(kept(found))


if __name__ == "__main__":
    main()
