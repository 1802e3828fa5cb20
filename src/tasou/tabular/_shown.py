"""What a notebook shows of a fitted table estimator: its members, what was chosen for them, every column's role."""

from __future__ import annotations

from html import escape
from typing import Any

from tasou.estimators._shown import Fact, classes_of, learnt
from tasou.language import language, say
from tasou.network import Network
from tasou.network.ledger.diagram import network_html
from tasou.shown import curve, fragment, html_table, unfolding
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
    "curve": {"en": "Loss of the first member, epoch by epoch", "ja": "最初のメンバーのエポックごとの損失"},
    "dashed": {"en": "{title} (dashed: rows kept out)", "ja": "{title}（破線：学習に使わなかった行）"},
    "first": {"en": "The first member", "ja": "最初のメンバー"},
    "parameters": {"en": "parameters", "ja": "パラメータ"},
    "network": {"en": "network", "ja": "ネットワーク"},
}
MOST = 24
"""columns up to which their roles are shown at once"""


class Members(list[list[Network]]):
    """The networks of an ensemble: ``members[j][m]`` is member j as it stood at the m-th moment that was chosen."""

    def __repr__(self) -> str:
        moments = len(self[0]) if self else 0
        return f"Members({len(self)} × {moments}{f' of {self[0][0]!r}' if self else ''})"

    def _repr_html_(self) -> str:
        """A row for each member, and the first one's network."""
        heads = ("", say(TEXTS["network"]), say(TEXTS["parameters"]))
        rows = [(j, _sizes(nets[0]), f"{nets[0].theta.size:,}") for j, nets in enumerate(self, 1)]
        inside = unfolding(say(TEXTS["first"]), network_html(self[0][0])) if self else ""
        return fragment(repr(self), html_table(heads, rows, right=(0, 2)), inside)


def table_learnt(estimator: Any) -> str:
    """Classes, columns, members, what was chosen, and the loss of the first member."""
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
        *_chosen(found),
    ]
    said = "".join(f"<li>{escape(note.text(language()))}</li>" for note in (*found.effort, *estimator.notes_))
    return learnt(facts, f"<ul>{said}</ul>", _pictures(estimator, found), _roles(estimator))


def _chosen(found: Any) -> list[Fact]:
    """What was chosen besides the moments; a temperature is for probabilities."""
    share, temperature, *rest = found.choice.facts()[1:]
    return [share, *([temperature] if found.aim.probabilities else []), *rest]


def _pictures(estimator: Any, found: Any) -> str:
    """Beside each other: the loss of the first member, and how well probabilities hold."""
    history = found.histories[0]
    title = say(TEXTS["curve"])
    second = history.get("validation_loss", [])
    drawing = curve(history.get("loss", []), title, second=second)
    title = say(TEXTS["dashed"], title=title) if len(second) else title
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


def _sizes(network: Network) -> str:
    return " → ".join(str(n) for n in network.sizes)
