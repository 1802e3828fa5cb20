"""The sections of a report, each a card of the page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.cli import _scores
from tasou.cli._report import charts, quality
from tasou.cli._report.charts import Axis
from tasou.cli._report.page import grid, paragraph, section
from tasou.cli._words import best_epoch, ending, kind, made
from tasou.diagnostics import Diagnosis
from tasou.diagnostics.remedy import beginning
from tasou.formulas import probabilities
from tasou.language import say
from tasou.models.table_model import TableModel
from tasou.tables import Roles, Table
from tasou.tables.roles import FEATURES
from tasou.tables.targets import ClassTarget, NumberTarget

Counts = npt.NDArray[np.int64]

MOST_CLASSES = 30
DENSE = 12
MOST_POINTS = 1_500
MOST_BARS = 15
LOSSES = ("loss", "validation_loss")

TEXTS: Mapping[str, Mapping[str, str]] = {
    "classification": {
        "en": "classification into {n} classes · {rows} rows, {columns} columns · {made}",
        "ja": "{n} クラスの分類 · {rows} 行 {columns} 列 · {made}",
    },
    "regression": {
        "en": "regression · {rows} rows, {columns} columns · {made}",
        "ja": "回帰 · {rows} 行 {columns} 列 · {made}",
    },
    "scores": {"en": "How good it is", "ja": "どれだけ当たるか"},
    "tested": {
        "en": "Measured on {n} rows that were never seen in training.",
        "ja": "学習に使っていない {n} 行で測った値。",
    },
    "trained": {
        "en": "Measured on the {n} training rows themselves: expect less on new rows.",
        "ja": "学習に使った {n} 行そのもので測った値。新しいデータではこれより低くなる。",
    },
    "worse": {
        "en": "The model is no better than the baseline: these columns may not tell the target.",
        "ja": "常に同じ値を答える場合より良くなっていない。これらの列からは目的変数が分からない可能性がある。",
    },
    "matrix": {"en": "What is taken for what", "ja": "混同行列：何を何と予測したか"},
    "matrix_note": {
        "en": "Rows are the true classes, columns the predicted ones; the diagonal is right.",
        "ja": "行が正解、列が予測。対角線が当たり。",
    },
    "pairs": {"en": "What is most often mistaken", "ja": "間違いの多い組み合わせ"},
    "pairs_head": {"en": "true|predicted|rows", "ja": "正解|予測|行数"},
    "each_class": {"en": "Each class", "ja": "各クラス"},
    "truth": {"en": "true", "ja": "正解"},
    "predicted": {"en": "predicted", "ja": "予測"},
    "scatter": {"en": "Predicted and true", "ja": "予測と正解"},
    "scatter_note": {
        "en": "Each point is a row; on the dashed line the prediction is exact.",
        "ja": "点は1行。破線の上なら予測は正確。",
    },
    "learning": {"en": "How it learnt", "ja": "学習の経過"},
    "learning_note": {
        "en": "The training loss includes the penalty and is measured with dropout, so it may lie above the other.",
        "ja": "訓練の損失は正則化の項を含み、ドロップアウト中に測るため、検証の損失より高いことがある。",
    },
    "epoch": {"en": "epoch", "ja": "エポック"},
    "loss": {"en": "loss", "ja": "損失"},
    "training": {"en": "training", "ja": "訓練"},
    "validation": {"en": "validation", "ja": "検証"},
    "diagnosis": {"en": "Diagnosis", "ja": "診断"},
    "network": {"en": "The network", "ja": "ネットワーク"},
    "first_member": {"en": "The first member", "ja": "最初のメンバー"},
    "members_note": {
        "en": "Thin lines are the members, the thick ones their average. The model answers by the average of all, and "
        "validation is by the rows kept out of each.",
        "ja": "細い線が各メンバー、太い線がその平均。モデルは全メンバーの平均で答える。"
        "検証には各メンバーから除いた行を使う。",
    },
    "members_head": {
        "en": "member|parameters|epochs|training loss|validation loss",
        "ja": "メンバー|パラメータ|エポック|訓練の損失|検証の損失",
    },
    "each_member": {"en": "Each member", "ja": "各メンバー"},
    "settings": {
        "en": "{optimizer}, learning rate {lr:g}, dropout {dropout:g}, L2 penalty {l2:g}, seed {seed}; "
        "{n} parameters in {dtype}",
        "ja": "{optimizer}、学習率 {lr:g}、ドロップアウト {dropout:g}、L2 正則化 {l2:g}、シード {seed}。"
        "パラメータ {n} 個（{dtype}）",
    },
    "data": {"en": "The data", "ja": "データ"},
    "left_out": {
        "en": "{n} rows without a value of the target were left out.",
        "ja": "目的変数の値がない {n} 行は使っていない。",
    },
}


def header(title: str, model: TableModel, table: Table, roles: Roles) -> str:
    """What was learnt from what."""
    n = len(model.goal.classes) if isinstance(model.goal, ClassTarget) else 0
    size: dict[str, Any] = {"rows": f"{len(table):,}", "columns": len(roles.columns)}
    about = say(TEXTS[model.task], n=n, made=kind(model), **size)
    return f"<h1>{escape(title)}</h1>\n{paragraph(beginning(about), 'soft')}"


def scores(model: TableModel, scored: Table, *, tested: bool) -> str:
    """The main score in large digits beside the baseline's, and all scores below."""
    found = model.test or model.evaluate(scored)
    name = say(_scores.NAMES[found.main])
    hero = "".join(
        f'<div class="{kind}"><b>{_scores.number(values[found.main])}</b>{escape(name)}<br>'
        f'<span class="soft">{escape(who)}</span></div>'
        for kind, values, who in (
            ("model", found.values, say(_scores.TEXTS["model"])),
            ("base", found.baseline, _scores.baseline_name(found)),
        )
    )
    note = say(TEXTS["tested" if tested else "trained"], n=f"{found.rows:,}")
    worse = [] if found.beats_baseline else [paragraph(say(TEXTS["worse"]))]
    table = grid(_scores.rows_of(found), "right")
    return section(
        say(TEXTS["scores"]), f'<div class="hero">{hero}</div>', paragraph(note, "soft"), *worse, table
    )


def picture(model: TableModel, scored: Table) -> str:
    """Classes: the confusion matrix, or its largest mistakes where it is too wide. Numbers: predicted against true."""
    goal = model.goal
    if isinstance(goal, NumberTarget):
        return _scatter(model, goal, scored)
    K = len(goal.classes)
    counts = np.zeros((K, K), np.int64)
    np.add.at(counts, (goal.encode(scored), probabilities.classes(model.predict_proba(scored), np)), 1)
    names = [str(label) for label in goal.classes]
    return _matrix(names, counts) if K <= MOST_CLASSES else _mistakes(names, counts)


def _matrix(names: list[str], counts: Counts) -> str:
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    corner = f"{say(TEXTS['truth'])} ↓ {say(TEXTS['predicted'])} →"
    head = f'<tr><th class="corner">{corner}</th>' + "".join(f"<th>{escape(n)}</th>" for n in names) + "</tr>"
    rows = [
        f"<tr><th>{escape(name)}</th>"
        + "".join(_cell(counts[i, j], shares[i, j], right=i == j) for j in range(len(names)))
        + "</tr>"
        for i, name in enumerate(names)
    ]
    note = paragraph(say(TEXTS["matrix_note"]), "soft")
    dense = " dense" if len(names) > DENSE else ""
    matrix = f'<table class="matrix{dense}">{head}{"".join(rows)}</table>'
    return section(say(TEXTS["matrix"]), note, matrix, quality.by_class(names, counts))


def _cell(count: int, share: float, *, right: bool) -> str:
    """A cell whose colour grows with its share of the row: blue where right, amber where wrong."""
    colour = "blue" if right else "amber"
    ground = f"color-mix(in srgb, var(--{colour}) {85 * share**0.5:.0f}%, var(--mix))"
    return f'<td style="background:{ground}" title="{share:.1%}">{f"{count:,}" if count else "·"}</td>'


def _mistakes(names: list[str], counts: Counts) -> str:
    wrong = counts - np.diag(np.diag(counts))
    order = np.argsort(-wrong, axis=None, kind="stable")[:MOST_BARS]
    pairs = [divmod(int(k), len(names)) for k in order]
    rows = [(names[i], names[j], f"{wrong[i, j]:,}") for i, j in pairs if wrong[i, j]]
    mistaken = grid([say(TEXTS["pairs_head"]).split("|"), *rows])
    each = f"<details><summary>{escape(say(TEXTS['each_class']))}</summary>{quality.by_class(names, counts)}</details>"
    return section(say(TEXTS["pairs"]), mistaken, each)


def _scatter(model: TableModel, goal: NumberTarget, scored: Table) -> str:
    y, predicted = goal.values(scored), model.predict(scored)
    if len(y) > MOST_POINTS:
        rows = np.random.default_rng(0).choice(len(y), MOST_POINTS, replace=False)
        y, predicted = y[rows], predicted[rows]
    low, high = float(min(y.min(), predicted.min())), float(max(y.max(), predicted.max()))
    unit = goal.scaling.unit or getattr(model.ensemble.aim, "unit", None)
    ticks = charts.nice_ticks(low, high) if unit is None else charts.log_ticks(low, high)
    bend = charts.bent(unit)
    along = Axis(low, high, ticks, say(TEXTS["truth"]), bend).thinned()
    up = Axis(low, high, ticks, say(TEXTS["predicted"]), bend).thinned()
    points = list(zip(y.tolist(), predicted.tolist(), strict=True))
    chart = charts.scatter(points, along, up, say(TEXTS["scatter_note"]))
    return section(say(TEXTS["scatter"]), paragraph(say(TEXTS["scatter_note"]), "soft"), chart)


def learning(model: TableModel) -> str:
    """Training and validation loss, epoch by epoch; a ring where the weights were taken.

    Of an ensemble thin lines for the members and a thick one for their average, what was chosen, and a row for each.
    """
    histories = model.ensemble.histories
    alone = len(histories) == 1
    curves = [curve for history in histories for curve in _curves(history, "" if alone else " member")]
    if not alone:
        curves += _curves(model.ensemble.mean_history(), "")
    n = max(len(values) for _, _, values in curves)
    top = max(float(np.quantile(values, 0.99)) for _, _, values in curves) * 1.05
    curves = [(name, kind, [min(v, top) for v in values]) for name, kind, values in curves]
    along = Axis(1, max(n, 2), [t for t in charts.nice_ticks(1, n) if t == int(t)], say(TEXTS["epoch"]))
    up = Axis(0, top, charts.nice_ticks(0, top), say(TEXTS["loss"]))
    lines = [ending(model)] if alone else [*made(model)[1:], say(TEXTS["members_note"])]
    chart = charts.lines(curves, along, up, lines[0], best_epoch(model) if alone else None)
    about = [paragraph(beginning(text), "soft") for text in lines]
    below = [paragraph(say(TEXTS["learning_note"]), "soft")] if alone else [_members(model)]
    return section(say(TEXTS["learning"]), *about, chart, *below)


def _curves(history: Mapping[str, list[float]], thin: str) -> list[tuple[str, str, list[float]]]:
    """Name, style and values of the losses of a training."""
    found = [(say(TEXTS["training"]), f"first{thin}", history["loss"])]
    if "validation_loss" in history:
        found.append((say(TEXTS["validation"]), f"second{thin}", history["validation_loss"]))
    return found


def _members(model: TableModel) -> str:
    """A row for each member: its network, its epochs, its losses at the end."""
    head = tuple(say(TEXTS["members_head"]).split("|"))
    rows = []
    for j, (member, history) in enumerate(
        zip(model.ensemble.members, model.ensemble.histories, strict=True), start=1
    ):
        last = [_scores.number(history[name][-1]) if history.get(name) else "–" for name in LOSSES]
        rows.append((str(j), f"{member[0].theta.size:,}", str(len(history.get("loss", ()))), *last))
    table = grid([head, *rows], "right")
    return f"<details><summary>{escape(say(TEXTS['each_member']))}</summary>{table}</details>"


def diagnosis(found: Diagnosis) -> str:
    """What may be wrong with the training, and what to try."""
    return section(say(TEXTS["diagnosis"]), found.inner_html(face="command"))


def network(model: TableModel) -> str:
    """The layers, and how they were trained."""
    s = model.settings
    values: dict[str, Any] = {
        "optimizer": s.optimizer,
        "lr": s.lr,
        "dropout": s.dropout,
        "l2": s.l2,
        "seed": s.seed,
    }
    first = model.ensemble.members[0][0]
    text = say(TEXTS["settings"], n=f"{first.theta.size:,}", dtype=first.dtype, **values)
    title = say(TEXTS["network" if model.ensemble.size == 1 else "first_member"])
    return section(title, f"<pre>{escape(first.summary())}</pre>", paragraph(text, "soft"))


def data(roles: Roles, table: Table) -> str:
    """What was noticed about the table, and every column with its role; those that were not used are dimmed."""
    notes = [paragraph(note.text()) for note in (*table.notes, *roles.notes)]
    missing = roles.rows_without_target
    left_out = [paragraph(say(TEXTS["left_out"], n=f"{missing:,}"))] if missing else []
    kinds = ["" if column.role in (*FEATURES, "target") else "unused" for column in roles.columns]
    return section(say(TEXTS["data"]), *notes, *left_out, grid(roles.cells(fold=10_000), "", kinds))
