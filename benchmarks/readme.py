"""The measured table in the READMEs: between two marks, so that nothing there was typed by hand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from benchmarks import report

BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
HEADS = {
    "README.md": "| one thread | tasou | scikit-learn | PyTorch | JAX |",
    "README.ja.md": "| 1スレッド | tasou | scikit-learn | PyTorch | JAX |",
}
SEVERAL = {
    "README.md": "| two threads | scikit-learn | PyTorch | JAX | ÷ one thread | ÷ one thread, both cores busy |",
    "README.ja.md": "| 2スレッド | scikit-learn | PyTorch | JAX | ÷ 1スレッド | ÷ 1スレッド（両コアとも他の計算中） |",
}
WHERE = {
    "README.md": "{processor}, {cores} cores, float32, medians of {rounds} runs in turns; {versions}. "
    "All figures: [benchmarks.md](benchmarks/results/benchmarks.md).",
    "README.ja.md": "{processor}、{cores}コア、float32、交互に{rounds}回測った中央値。{versions}。"
    "すべての数値：[benchmarks.md](benchmarks/results/benchmarks.md)。",
}


def tables(results: dict[str, Any], page: str, head: str) -> list[str]:
    """The lines of the table for one thread, and of that for two, if two were measured."""
    several = rows_of_several(results)
    more = ["", SEVERAL[page], "|---|---:|---:|---:|---:|---:|", *several] if several else []
    return [head, "|---|---:|---:|---:|---:|", *rows(results), *more]


def rows(results: dict[str, Any]) -> list[str]:
    """A row per workload: tasou's time, and how many times as long the peers take."""
    run = next(run for run in results["runs"] if run["threads"] == 1)
    lines = []
    for name, row in run["rows"].items():
        own = report.time(report.seconds(row["times"].get("tasou"), row["steps"]))
        ratios = [report.ratio(row["times"], peer, "tasou") for peer in report.PEERS]
        cells = " | ".join("–" if ratio is None else f"×{ratio:.1f}" for ratio in ratios)
        lines.append(f"| {name} | {own} | {cells} |")
    return lines


def rows_of_several(results: dict[str, Any]) -> list[str]:
    """A row per training with two threads: how long the peers take, and what part of the time of one thread it is."""
    run = next((run for run in results["runs"] if run["threads"] == 2), None)
    scaling = next((s["rows"] for s in results.get("scaling", []) if s["threads"] == 2), {})
    lines = []
    for name, machines in scaling.items() if run else ():
        ratios = [report.ratio(run["rows"][name]["times"], peer, "tasou") for peer in report.PEERS]
        cells = ["–" if ratio is None else f"×{ratio:.1f}" for ratio in ratios]
        cells += [report.by_one(machines[machine]) for machine in ("idle", "loaded")]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def weave(results: dict[str, Any], root: Path) -> None:
    """Put the figures of a full run between the marks."""
    machine = results["machine"]
    versions = ", ".join(f"{n} {v}" for n, v in results["runs"][0]["versions"].items() if "NumPy" not in n)
    for page, head in HEADS.items():
        where = WHERE[page].format(**machine, rounds=results["rounds"], versions=versions)
        table = "\n".join([BEGIN, *tables(results, page, head), "", where, END])
        text = (root / page).read_text(encoding="utf-8")
        woven, found = re.subn(f"{BEGIN}.*?{END}", lambda _, table=table: table, text, flags=re.S)
        if not found:
            raise SystemExit(f"{page} has no marks {BEGIN} … {END}")
        (root / page).write_text(woven, encoding="utf-8")
