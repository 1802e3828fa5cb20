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
WHERE = {
    "README.md": "{processor}, {cores} cores, float32, medians of {rounds} runs in turns; {versions}. "
    "All figures: [benchmarks.md](benchmarks/results/benchmarks.md).",
    "README.ja.md": "{processor}、{cores}コア、float32、交互に{rounds}回測った中央値。{versions}。"
    "すべての数値：[benchmarks.md](benchmarks/results/benchmarks.md)。",
}


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


def weave(results: dict[str, Any], root: Path) -> None:
    """Put the figures of a full run between the marks."""
    machine = results["machine"]
    versions = ", ".join(f"{n} {v}" for n, v in results["runs"][0]["versions"].items() if "NumPy" not in n)
    for page, head in HEADS.items():
        where = WHERE[page].format(**machine, rounds=results["rounds"], versions=versions)
        table = "\n".join([BEGIN, head, "|---|---:|---:|---:|---:|", *rows(results), "", where, END])
        text = (root / page).read_text(encoding="utf-8")
        woven, found = re.subn(f"{BEGIN}.*?{END}", lambda _, table=table: table, text, flags=re.S)
        if not found:
            raise SystemExit(f"{page} has no marks {BEGIN} … {END}")
        (root / page).write_text(woven, encoding="utf-8")
