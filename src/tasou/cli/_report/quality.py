"""How a model errs: class by class, at every threshold, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np
import numpy.typing as npt

from tasou.cli import _scores
from tasou.cli._report import charts
from tasou.cli._report.charts import Axis
from tasou.cli._report.page import grid, paragraph, section
from tasou.formulas import confusion
from tasou.language import say
from tasou.models.table_model import TableModel
from tasou.tables import Table
from tasou.tables.targets import ClassTarget, NumberTarget

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

MOST_CURVES = 4
MOST_POINTS = 400
FRACTIONS = (0.5, 0.9)

TEXTS: Mapping[str, Mapping[str, str]] = {
    "classes_head": {"en": "class|precision|recall|F1|rows", "ja": "クラス|適合率|再現率|F1|行数"},
    "classes_note": {
        "en": "Precision: of the rows predicted to be of the class, the share that are. Recall: of the rows of the "
        "class, the share that were found. F1: their harmonic mean.",
        "ja": "適合率：そのクラスと予測した行のうち、本当にそうだった割合。"
        "再現率：そのクラスの行のうち、見つけられた割合。F1：両者の調和平均。",
    },
    "roc": {"en": "At every threshold (ROC)", "ja": "しきい値を変えると（ROC 曲線）"},
    "roc_note": {
        "en": "The share of the rows of the class that are found, against the share of the others taken for it, as the "
        "threshold on the probability falls. The closer to the upper left corner the better; the dashed line is "
        "chance.",
        "ja": "確率のしきい値を下げていったときの、そのクラスの行を見つけた割合（縦）と、"
        "ほかのクラスの行を取り違えた割合（横）。"
        "左上の角に近いほどよく、破線は当てずっぽう。",
    },
    "missed": {"en": "others taken for it", "ja": "ほかのクラスの取り違え"},
    "found": {"en": "found", "ja": "見つけた割合"},
    "area": {"en": "{name} (area {area})", "ja": "{name}（面積 {area}）"},
    "residuals": {"en": "What is left over", "ja": "残差"},
    "residuals_note": {
        "en": "True value minus prediction, against the prediction. On average {mean}; half of the rows are off by "
        "{half} at most, nine in ten by {most} at most.",
        "ja": "正解から予測を引いた値（縦）と予測（横）。平均は {mean}。"
        "差の大きさは、半数の行で {half} まで、9割の行で {most} まで。",
    },
    "residual": {"en": "true − predicted", "ja": "正解 − 予測"},
    "predicted": {"en": "predicted", "ja": "予測"},
    "again": {"en": "Once more", "ja": "もう一度同じ学習をするには"},
    "again_note": {
        "en": "The same command on the same file gives the same model.",
        "ja": "同じファイルに同じコマンドを実行すると、同じモデルになる。",
    },
}


def by_class(names: list[str], counts: Counts) -> str:
    """Precision, recall and F1 of every class, from the (K, K) counts of true and predicted classes."""
    right, true, predicted = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    f1 = confusion.f1(right, predicted - right, true - right, None, np)
    rows = [
        (
            name,
            _share(right[k], predicted[k]),
            _share(right[k], true[k]),
            f"{f1[k]:.3f}" if true[k] + predicted[k] else "–",
            f"{true[k]:,}",
        )
        for k, name in enumerate(names)
    ]
    head = tuple(say(TEXTS["classes_head"]).split("|"))
    return grid([head, *rows], "right") + paragraph(say(TEXTS["classes_note"]), "soft")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"


def held_out(model: TableModel, scored: Table, *, tested: bool) -> tuple[Numbers, Counts] | None:
    """Probabilities and classes of rows not learnt from: kept apart, or out of each member; None if there are none."""
    assert isinstance(model.goal, ClassTarget)
    y = model.goal.encode(scored)
    if tested:
        return np.asarray(model.predict_proba(scored), np.float64), y
    oof = model.ensemble.oof
    if oof is None or oof.n != len(y):
        return None
    p = np.asarray(model.ensemble.out_of_fold(), np.float64)
    known = ~np.isnan(p[:, 0])
    return p[known], y[known]


def roc(model: TableModel, scored: Table, *, tested: bool) -> str:
    """The ROC curve of the second of two classes, or of each of a few against the others; nothing for many."""
    goal = model.goal
    if not isinstance(goal, ClassTarget) or len(goal.classes) > MOST_CURVES:
        return ""
    held = held_out(model, scored, tested=tested)
    if held is None:
        return ""
    p, y = held
    curves: list[tuple[str, str, list[tuple[float, float]]]] = []
    for k in range(len(goal.classes)) if len(goal.classes) > 2 else (1,):
        if 0 < (y == k).sum() < len(y):
            points, area = roc_points(p[:, k], y == k)
            name = say(TEXTS["area"], name=goal.classes[k], area=f"{area:.3f}")
            curves.append((name, charts.KINDS[len(curves)], points))
    if not curves:
        return ""
    ticks = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    along, up = (Axis(0, 1, ticks, say(TEXTS[name])) for name in ("missed", "found"))
    note = say(TEXTS["roc_note"])
    return section(say(TEXTS["roc"]), paragraph(note, "soft"), charts.curves(curves, along, up, note))


def roc_points(p: Numbers, positive: npt.NDArray[np.bool_]) -> tuple[list[tuple[float, float]], float]:
    """Where the curve turns, from (0, 0) to (1, 1), thinned out for drawing, and the area below it.

    >>> roc_points(np.array([0.9, 0.8, 0.8, 0.1]), np.array([True, True, False, False]))
    ([(0.0, 0.0), (0.0, 0.5), (0.5, 1.0), (1.0, 1.0)], 0.875)
    """
    order = np.argsort(-p, kind="stable")
    last = np.append(np.flatnonzero(np.diff(p[order])), len(p) - 1)  # equal probabilities pass together
    hits = np.append(0, np.cumsum(positive[order])[last])
    misses = np.append(0, 1 + last) - hits
    x, y = misses / misses[-1], hits / hits[-1]
    area = float(((y[1:] + y[:-1]) / 2 * np.diff(x)).sum())
    seen = np.unique(np.linspace(0, len(x) - 1, MOST_POINTS).round().astype(int))
    return list(zip(x[seen].tolist(), y[seen].tolist(), strict=True)), area


def residuals(model: TableModel, scored: Table) -> str:
    """What the prediction leaves of the true values, and how large that is; nothing for classes."""
    goal = model.goal
    if not isinstance(goal, NumberTarget):
        return ""
    predicted = np.asarray(model.predict(scored), np.float64)
    left = goal.values(scored) - predicted
    half, most = np.quantile(np.abs(left), FRACTIONS)
    values = {
        name: _scores.number(float(v)) for name, v in (("mean", left.mean()), ("half", half), ("most", most))
    }
    note = say(TEXTS["residuals_note"], **values)
    rows = np.random.default_rng(0).permutation(len(left))[: 3 * MOST_POINTS]
    far = float(np.abs(left).max()) or 1.0
    low, high = float(predicted.min()), float(predicted.max())
    along = Axis(low, high, charts.nice_ticks(low, high, 5), say(TEXTS["predicted"]))
    up = Axis(-far, far, charts.nice_ticks(-far, far), say(TEXTS["residual"]))
    points = list(zip(predicted[rows].tolist(), left[rows].tolist(), strict=True))
    return section(
        say(TEXTS["residuals"]), paragraph(note, "soft"), charts.scatter(points, along, up, note, level=True)
    )


def again(command: str) -> str:
    """The command that makes the model again."""
    return section(
        say(TEXTS["again"]), f"<pre>{escape(command)}</pre>", paragraph(say(TEXTS["again_note"]), "soft")
    )
