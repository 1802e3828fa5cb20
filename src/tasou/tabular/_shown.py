"""What a notebook shows of a fitted table estimator: its members, what was chosen for them, every column's role."""

from __future__ import annotations

from html import escape
from typing import Any

from tasou.estimators._shown import Fact, classes_of, learnt
from tasou.language import language, say
from tasou.shown import curve, html_table, unfolding
from tasou.tables.roles import FEATURES

TEXTS = {
    "read": {"en": "columns it learns from", "ja": "学習に使う列"},
    "of": {"en": "{n} of {all}", "ja": "{all}列中{n}列"},
    "features": {"en": "features made of them", "ja": "列から作った特徴量"},
    "members": {"en": "members", "ja": "メンバー"},
    "stand": {
        "en": "{members}, as they stood at moment {moments} of their training",
        "ja": "{members}個（学習中の時点 {moments} のもの）",
    },
    "nothing": {"en": "nothing: every row gets the same answer", "ja": "なし（どの行にも同じ答えを返す）"},
    "roles": {"en": "What each column is for", "ja": "各列の役割"},
    "curve": {
        "en": "Loss, epoch by epoch, mean of all members",
        "ja": "エポックごとの損失（全メンバーの平均）",
    },
    "alone": {"en": "Loss, epoch by epoch", "ja": "エポックごとの損失"},
    "each": {"en": "Each member", "ja": "各メンバー"},
    "dashed": {"en": "{title} (dashed: rows kept out)", "ja": "{title}（破線：学習に使わなかった行）"},
}
MOST = 24
"""columns up to which their roles are shown at once"""


def table_learnt(estimator: Any) -> str:
    """Classes, columns, members, what was chosen, and their losses."""
    if not hasattr(estimator, "roles_"):
        return ""
    found, roles = estimator._ensemble, estimator.roles_
    columns = () if roles is None else roles.columns
    used = sum(column.role in FEATURES for column in columns)
    facts: list[Fact] = [
        *classes_of(estimator),
        (say(TEXTS["read"]), say(TEXTS["of"], n=used, all=len(columns))),
    ]
    if found is None:
        return learnt([*facts, (say(TEXTS["members"]), say(TEXTS["nothing"]))], _roles(estimator))
    stand = {"members": len(found.members), "moments": found.choice.facts()[0][1]}
    facts += [
        (say(TEXTS["features"]), len(estimator._preparation.feature_names)),
        (say(TEXTS["members"]), say(TEXTS["stand"], **stand)),
        *found.choice.facts()[1:],
    ]
    said = "".join(f"<li>{escape(note.text(language()))}</li>" for note in (*found.effort, *estimator.notes_))
    members = unfolding(say(TEXTS["each"]), estimator.members_.html())
    return learnt(facts, f"<ul>{said}</ul>", _pictures(estimator, found), members, _roles(estimator))


def _pictures(estimator: Any, found: Any) -> str:
    """Beside each other: the mean loss of the members, and how well probabilities hold."""
    mean, alone = found.mean_history(), len(found.members) == 1
    second = mean.get("validation_loss", [])
    title = say(TEXTS["alone" if alone else "curve"])
    title = say(TEXTS["dashed"], title=title) if second else title
    drawing = curve(mean.get("loss", []), title, second=second)
    parts = [f"<figure><figcaption>{escape(title)}</figcaption>{drawing}</figure>"] if drawing else []
    calibration = getattr(estimator, "calibration_", None)
    if calibration is not None:
        caption = f"<figcaption>{escape(calibration.title())}</figcaption>"
        parts.append(f"<figure>{caption}{calibration.svg()}</figure>")
    return f'<div class="tasou-row">{"".join(parts)}</div>'


def _roles(estimator: Any) -> str:
    if estimator.roles_ is None:
        return ""
    head, *rows = estimator.roles_.cells()
    table = html_table(head, rows)
    return table if len(rows) <= MOST else unfolding(say(TEXTS["roles"]), table)
