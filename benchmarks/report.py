"""Results as a Markdown table, as JSON, and as a picture."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PEERS = ("scikit-learn", "PyTorch", "JAX")
COLOURS = {
    "tasou": "#0072b2",
    "tasou (NumPy)": "#56b4e9",
    "scikit-learn": "#e69f00",
    "PyTorch": "#d55e00",
    "JAX": "#009e73",
}


def seconds(laps: list[dict[str, float]] | None, steps: int) -> float | None:
    """Median seconds of a step."""
    return statistics.median(lap["seconds"] for lap in laps) / steps if laps else None


def ratio(times: dict[str, Any], a: str, b: str) -> float | None:
    """How many times as long a takes as b: the median over the rounds."""
    if a not in times or b not in times:
        return None
    return statistics.median(x["seconds"] / y["seconds"] for x, y in zip(times[a], times[b], strict=False))


def table(run: dict[str, Any]) -> Iterator[str]:
    """The rows of one number of threads."""
    yield f"### {run['threads']} thread{'s' * (run['threads'] > 1)}"
    yield ""
    yield "| | tasou | × scikit-learn | × PyTorch | × JAX | step ÷ bare products | NumPy backend × scikit-learn |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for name, row in run["rows"].items():
        times = row["times"]
        own = seconds(times.get("tasou"), row["steps"])
        cells = [ratio(times, peer, "tasou") for peer in PEERS]
        bare = ratio(times, "tasou", "products") if name not in ("lecture", "digits, L-BFGS") else None
        cells += [bare, ratio(times, "scikit-learn", "tasou (NumPy)")]
        shown = " | ".join("–" if value is None else f"{value:.2f}" for value in cells)
        yield f"| {name} | {time(own)} | {shown} |"
    for name, why in run["absent"].items():
        yield f"\n{name} is absent: {why}"
    yield ""


def text(results: dict[str, Any]) -> str:
    """The whole report."""
    machine, libraries = results["machine"], results["runs"][0]["versions"]
    versions = ", ".join(f"{name} {version}" for name, version in libraries.items())
    lines = [
        "# Benchmarks",
        "",
        f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}; load at the start "
        f"{machine['load']:.1f}. Median of {results['rounds']} runs in turns"
        f"{', shortened runs' if results['quick'] else ''}. {versions}.",
        "",
        "Times are per training step (`fit` with everything it includes, divided by its updates) or per prediction, in "
        "float32; a factor says how many times as long the peer takes.",
        "",
    ]
    for run in results["runs"]:
        lines += table(run)
    for scaling in results.get("scaling", []):
        lines += _scaling(scaling)
    if "import" in results:
        lines += list(_costs(results))
    return "\n".join(lines) + "\n"


def by_one(ratios: list[float]) -> str:
    """The median of what several threads take of the time of one."""
    return f"{statistics.median(ratios):.2f}"


def _scaling(scaling: dict[str, Any]) -> Iterator[str]:
    """What several threads of tasou take of the time of one."""
    yield f"### tasou with {scaling['threads']} threads ÷ with one"
    yield ""
    yield "Idle, and with a process on each core that does nothing but count; medians of pairs (least to most)."
    yield ""
    yield "| | idle | loaded |"
    yield "|---|---:|---:|"
    for name, machines in scaling["rows"].items():
        cells = (f"{by_one(r)} ({min(r):.2f}–{max(r):.2f})" for r in machines.values())
        yield f"| {name} | {' | '.join(cells)} |"
    yield ""


def _costs(results: dict[str, Any]) -> Iterator[str]:
    ours, numpy = results["import"]["tasou"], results["import"]["numpy"]
    yield "### Import and memory"
    yield ""
    yield f"`import tasou` {time(ours)}, `import numpy` {time(numpy)}."
    for name, m in results["memory"].items():
        yield (
            f"`fit` of {name} adds {m['added']:.0f} MB at its peak to an input of {m['input']:.0f} MB "
            f"(parameters: {m['parameters']:.1f} MB)."
        )


def time(value: float | None) -> str:
    """Seconds in a suitable unit."""
    if value is None:
        return "–"
    return (
        f"{value * 1e6:.1f} µs"
        if value < 1e-3
        else f"{value * 1e3:.2f} ms"
        if value < 1
        else f"{value:.2f} s"
    )


def write(results: dict[str, Any], folder: Path) -> None:
    """benchmarks.md, benchmarks.json and benchmarks.svg."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "benchmarks.md").write_text(text(results), encoding="utf-8")
    (folder / "benchmarks.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    picture(results, folder / "benchmarks.svg")


def picture(results: dict[str, Any], path: Path) -> None:
    """How many times as long each library takes as tasou, a panel per workload, one thread."""
    try:
        import matplotlib

        matplotlib.use("agg")
        from matplotlib import pyplot as plt
    except ImportError:
        return
    rows = results["runs"][0]["rows"]
    across = min(4, len(rows))
    down = -(-len(rows) // across)
    figure, axes = plt.subplots(
        down, across, figsize=(2.6 * across, 1.9 * down + 0.4), squeeze=False, layout="constrained"
    )
    for ax, (name, row) in zip(axes.flat, rows.items(), strict=False):
        _bars(ax, name, row["times"])
    for ax in axes.flat[len(rows) :]:
        ax.set_axis_off()
    for ax in axes[:, 1:].flat:
        ax.tick_params(labelleft=False)
    figure.suptitle("Time relative to tasou, one thread (shorter is faster)", fontsize=10)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _bars(ax: Any, name: str, times: dict[str, Any]) -> None:
    """One workload: a bar for each library, a dash for one that has no such thing."""
    values = [ratio(times, library, "tasou") for library in COLOURS]
    bars = ax.barh(list(COLOURS), [value or 0 for value in values], color=list(COLOURS.values()))
    labels = ["–" if value is None else f"{value:.1f}×" for value in values]
    ax.bar_label(bars, labels, padding=2, fontsize=8)
    ax.set(xlim=(0, 1.3 * max(value or 0 for value in values)), xticks=[])
    ax.set_title(name, fontsize=9)
    ax.invert_yaxis()
    ax.tick_params(labelsize=8, length=0)
    ax.spines[["top", "right", "bottom"]].set_visible(False)
