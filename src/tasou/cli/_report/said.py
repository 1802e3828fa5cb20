"""What a report says of a model besides its scores: whether its probabilities hold, which columns matter."""

from __future__ import annotations

from collections.abc import Mapping

from tasou.cli import _scores
from tasou.cli._report import charts, quality
from tasou.cli._report.page import paragraph, section
from tasou.language import language, say
from tasou.models.importances import importances_of
from tasou.models.table_model import TableModel
from tasou.tables import Table
from tasou.tables.targets import ClassTarget
from tasou.tabular.calibration import Calibration

MOST_BARS = 15

TEXTS: Mapping[str, Mapping[str, str]] = {
    "calibration": {"en": "Whether its probabilities hold", "ja": "確率は当たっているか（較正）"},
    "calibration_two": {
        "en": "The rows, by the probability that the model gave to {name}; each point is a group of rows.",
        "ja": "モデルが {name} に与えた確率ごとに行をまとめたもの。点が1つの群れ。",
    },
    "calibration_several": {
        "en": "The rows, by the probability of the class that was predicted; each point is a group of rows.",
        "ja": "予測したクラスの確率ごとに行をまとめたもの。点が1つの群れ。",
    },
    "calibration_note": {
        "en": "On the dashed line promises are kept; below it too much was promised. Lines are 95 % intervals, bars "
        "show where the rows are. On {n} rows that were not learnt from the probabilities are off by {error} on "
        "average.",
        "ja": "破線の上なら確率どおりで、下なら確率が高すぎる。線は 95 % 区間、棒は行の多さ。"
        "学習に使っていない {n} 行での確率のずれは平均 {error}。",
    },
    "columns": {"en": "Which columns matter", "ja": "予測に重要な列"},
    "columns_note": {
        "en": "How much worse the answers get ({unit}) when the cells of one column are shuffled among {n} rows "
        "{where}, {repeats} times. The line is a 95 % interval: where it reaches 0 the column may be of no use. "
        "Columns that say the same share their importance.",
        "ja": "{where} {n} 行で、列の値を無作為に入れ替えたとき（{repeats} 回）に予測がどれだけ悪くなるか（{unit}）。"
        "線は 95 % 区間で、0 に届く列は役に立っていない可能性がある。似た列があると重要度は分散する。",
    },
    "rows_tested": {"en": "kept apart", "ja": "テスト用の"},
    "rows_trained": {"en": "that were learnt from", "ja": "学習に使った"},
    "rows_held": {
        "en": "each kept out of the members that are asked",
        "ja": "予測するメンバーの学習に使っていない",
    },
}


def calibration(model: TableModel, scored: Table, *, tested: bool) -> str:
    """Promised probabilities beside what came true, on rows kept apart or out; nothing where there are none."""
    goal = model.goal
    if not isinstance(goal, ClassTarget):
        return ""
    held = quality.held_out(model, scored, tested=tested)
    if held is None:
        return ""
    p, y = held
    found = Calibration.of_classes(p, y)
    named = {"name": goal.classes[1]} if len(goal.classes) == 2 else {}
    note = say(TEXTS["calibration_two" if named else "calibration_several"], **named)
    rest = say(TEXTS["calibration_note"], n=f"{found.n:,}", error=f"{found.error:.3f}")
    return section(
        say(TEXTS["calibration"]),
        paragraph(note, "soft"),
        paragraph(rest, "soft"),
        found.svg(language(), side=320),
    )


def columns(model: TableModel, scored: Table, *, tested: bool) -> str:
    """The columns whose shuffling costs most: on rows kept apart, else each row asked of members it was kept out of."""
    found = importances_of(model, scored, learnt_from=not tested)
    where = "rows_tested" if tested else "rows_held" if found.kept_out else "rows_trained"
    parts = zip(found.names, found.mean.tolist(), found.low.tolist(), found.high.tolist(), strict=True)
    bars = [charts.Bar(name, v, a, b, _scores.number(v)) for name, v, a, b in list(parts)[:MOST_BARS]]
    about = say(
        TEXTS["columns_note"],
        unit=found.unit.text(language()),
        n=f"{found.n:,}",
        repeats=found.repeats,
        where=say(TEXTS[where]),
    )
    return section(say(TEXTS["columns"]), paragraph(about, "soft"), charts.bars(bars))
