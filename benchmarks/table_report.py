"""What the comparison on tables says: a page, a picture of accuracy against time, and the table in the READMEs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import table_scores, table_sets

Result = dict[str, Any]
Scores = dict[tuple[str, int], dict[str, Result]]

FEW = 0.8
"""share of the most splits that a model has, below which it counts as one that lacks some"""
RANKED = ("error", "log_loss", "1 - auc")
BEGIN, END = "<!-- tables -->", "<!-- /tables -->"
HEADS = {
    "README.md": "| mean rank of {n} | by error | by log-loss | calibration error | CPU seconds to fit all |",
    "README.ja.md": "| {n} 個の中の平均順位 | 誤りで | 対数損失で | 較正誤差 | 全部の学習にかかる CPU 秒 |",
}
WHERE = {
    "README.md": "{tables} tables, {splits} splits, at most {most:,} rows to learn from, every model with its "
    "defaults: [tables.md](benchmarks/results/tables.md). The recipe was found on these tables, so expect a smaller "
    "lead on yours; on other tables, from small packages: [tables-further.md](benchmarks/results/tables-further.md).",
    "README.ja.md": "表 {tables} 個、分割 {splits} 通り、学習は最大 {most:,} 行、どのモデルも既定の設定："
    "[tables.md](benchmarks/results/tables.md)。手法はこれらの表で見つけたものなので、"
    "別の表では差が小さくなると思ってください。小さなパッケージに入っている別の表での結果："
    "[tables-further.md](benchmarks/results/tables-further.md)。",
}

PICTURE = {
    "README.md": "![Mean rank by log-loss against CPU seconds, a point for each model](benchmarks/results/tables.svg)",
    "README.ja.md": "![対数損失での平均順位と CPU 秒。モデルごとに一つの点](benchmarks/results/tables.svg)",
}


class Comparison:
    """The results of some models, and the splits on which all of them have one.

    Ranks are taken where every model has a result, and two models are compared wherever both have one.
    """

    def __init__(self, results: Iterable[Result], models: Sequence[str]) -> None:
        self.models = list(models)
        self.results = [r for r in results if r["model"] in self.models]
        self.scores: Scores = {}
        for r in self.results:
            if "failed" not in r:
                self.scores.setdefault((r["table"], r["split"]), {})[r["model"]] = r
        self.whole = {key: found for key, found in self.scores.items() if set(self.models) <= set(found)}
        self.tables = sorted({table for table, _ in self.whole})
        self.ranks = {m: table_scores.ranks(self.whole, m, self.models) for m in RANKED}

    @property
    def own(self) -> str:
        """The model that is compared with all others."""
        return next((m for m in self.models if m.startswith("tasou")), self.models[0])

    def by_table(self, model: str, measure: str, scores: Scores | None = None) -> dict[str, float]:
        """The mean over the splits of each table that has the measure."""
        found: dict[str, list[float]] = {}
        for (table, _), of in (self.whole if scores is None else scores).items():
            if model in of and measure in of[model]:
                found.setdefault(table, []).append(of[model][measure])
        return {table: float(np.mean(values)) for table, values in found.items()}

    def calibration(self, model: str) -> float:
        """The mean over the tables of classes."""
        return float(np.mean(list(self.by_table(model, "calibration").values()) or [np.nan]))

    def cpu(self, model: str, measure: str = "cpu") -> float:
        """Seconds for all tables, a split each."""
        return sum(self.seconds(model, measure).values())

    def seconds(self, model: str, measure: str = "cpu") -> dict[str, float]:
        """For each table the least over its splits: what else runs on the machine only adds to it."""
        found: dict[str, float] = {}
        for (table, _), of in self.whole.items():
            found[table] = min(found.get(table, np.inf), of[model][measure])
        return found

    def oftener(self) -> Comparison | None:
        """Without the models that lack splits which others have; None where none does."""
        counts = {m: sum(m in of for of in self.scores.values()) for m in self.models}
        kept = [m for m in self.models if counts[m] >= FEW * max(counts.values())]
        return Comparison(self.results, kept) if len(kept) < len(self.models) else None

    def ordered(self) -> list[str]:
        """The models, the best by log-loss first."""
        return sorted(self.models, key=lambda m: self.ranks["log_loss"].get(m, (99, 0)))


def page(found: Comparison) -> str:
    """Ranks, pairs and costs, in Markdown."""
    lines = [*_ranks(found)]
    if (more := found.oftener()) is not None:
        lines += ["", *_ranks(more)]
    return "\n".join([*lines, *_pairs(found), *_slower(found), *_failures(found)]).rstrip() + "\n"


def _ranks(found: Comparison) -> Iterator[str]:
    """Mean ranks where every model has a result, and what it costs."""
    yield from (
        f"{len(found.tables)} tables ({', '.join(found.tables)}), {len(found.whole)} splits in all, at most "
        f"{table_sets.MOST_TO_LEARN_FROM:,} rows to learn from. Ranks are means over tables ± standard error, of the "
        "splits on which every model here has a result; so are calibration errors. Costs are added over tables, "
        "of each the least of its splits.",
        "",
        "| | rank by error / nRMSE | by log-loss / nRMSE | by 1 − AUC / nRMSE | calibration error | fit, CPU s "
        "| predict, CPU s | memory, MB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    )
    for model in found.ordered():
        ranked = [
            f"{mean:.2f} ± {se:.2f}" for mean, se in (found.ranks[m].get(model, (0, 0)) for m in RANKED)
        ]
        memory = max((r[model]["memory"] for r in found.whole.values()), default=0)
        yield (
            f"| {model} | {' | '.join(ranked)} | {found.calibration(model):.4f} | {found.cpu(model):.0f} "
            f"| {found.cpu(model, 'predict_cpu'):.0f} | {memory:.0f} |"
        )


def _pairs(found: Comparison) -> Iterator[str]:
    yield from (
        "",
        "Wherever both have a result: 100 · ln ratio, mean over tables ± standard error (tables won/tied/lost).",
        "",
        "| against | splits | error | log-loss | nRMSE | calibration error |",
        "|---|---:|---|---|---|---|",
    )
    for other in found.models:
        if other == found.own:
            continue
        both = {key: of for key, of in found.scores.items() if found.own in of and other in of}
        cells = []
        for measure in ("error", "log_loss", "nrmse"):
            pair = table_scores.against(both, measure, found.own, other)
            won = f"{pair['wins']}/{pair['ties']}/{pair['losses']}"
            cells.append(f"{pair['percent']:+.1f} ± {pair['error']:.1f} % ({won})")
        gaps = [
            np.mean(list(found.by_table(m, "calibration", both).values()) or [np.nan])
            for m in (found.own, other)
        ]
        cells.append(f"{gaps[0]:.4f} / {gaps[1]:.4f}")
        yield f"| {found.own} against {other} | {len(both)} | {' | '.join(cells)} |"


def _slower(found: Comparison) -> Iterator[str]:
    """Where CatBoost is faster: said, not hidden in a sum."""
    peer = "CatBoost"
    if peer not in found.models or not found.tables:
        return
    own, other = found.seconds(found.own), found.seconds(peer)
    slower = [f"{t} ({own[t]:.1f} / {other[t]:.1f} s)" for t in found.tables if own[t] > other[t]]
    yield ""
    yield f"{found.own} takes more CPU than {peer} on: {', '.join(slower) or 'none'}."


def _failures(found: Comparison) -> Iterator[str]:
    yield ""
    for r in found.results:
        if "failed" in r:
            yield f"- {r['model']} failed on {r['table']}, split {r['split']}: {r['failed']}"


def weave(found: Comparison, root: Path) -> None:
    """Put the ranks between the marks of the READMEs."""
    told = {"tables": len(found.tables), "splits": len(found.whole), "most": table_sets.MOST_TO_LEARN_FROM}
    rows = [
        f"| {model} | {found.ranks['error'][model][0]:.2f} | {found.ranks['log_loss'][model][0]:.2f} "
        f"| {found.calibration(model):.3f} | {found.cpu(model):.0f} |"
        for model in found.ordered()
    ]
    for name, head in HEADS.items():
        table = [head.format(n=len(found.models)), "|---|---:|---:|---:|---:|", *rows]
        text = "\n".join([BEGIN, *table, "", WHERE[name].format(**told), "", PICTURE[name], END])
        old = (root / name).read_text(encoding="utf-8")
        woven, marks = re.subn(f"{BEGIN}.*?{END}", lambda _, text=text: text, old, flags=re.S)
        if not marks:
            raise SystemExit(f"{name} has no marks {BEGIN} … {END}")
        (root / name).write_text(woven, encoding="utf-8")


def picture(found: Comparison, path: Path) -> None:
    """Mean rank by log-loss against the seconds it takes to fit all tables; nothing of a single table."""
    if len(found.tables) < 2:
        return
    try:
        import matplotlib

        matplotlib.use("agg")
        from matplotlib import pyplot as plt
    except ImportError:
        return
    figure, ax = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
    for model in found.models:
        rank, spread = found.ranks["log_loss"][model]
        own = model.startswith("tasou")
        ax.errorbar(
            found.cpu(model),
            rank,
            spread,
            fmt="s" if own else "o",
            color="#0072b2" if own else "#595959",
            capsize=2,
        )
        ax.annotate(model, (found.cpu(model), rank), (6, 4), textcoords="offset points", fontsize=8)
    ax.set(xscale="log", xlabel="CPU seconds to fit all tables", ylabel="mean rank by log-loss / nRMSE")
    ax.invert_yaxis()
    ax.set_title(
        f"{len(found.tables)} tables, every model with its defaults (up and left is better)", fontsize=9
    )
    ax.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
