"""How far the rows that are asked are from those of the training: counted by column, told on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from tasou.messages import Message, Sentence
from tasou.serving.looking import KINDS, known
from tasou.spoken import Language
from tasou.tables.marginals import Marginal
from tasou.tables.preparation import Preparation
from tasou.tables.steps import Step
from tasou.tabular import drift

NOT_HELD = Message(
    "serving.not_held",
    en="how many training cells were {what} is not in the model file",
    ja="学習データで{what}セルがどれだけあったかは、モデルファイルにありません",
)
POOLED = Message(
    "serving.pooled",
    en="rare levels were pooled in training, so a text without a level of its own may have been among them",
    ja="学習のときにまれな水準をまとめたので、水準にない文字列も、その中にあったかもしれません",
)
SHAPE = Message(
    "serving.shape",
    en="whether the values inside the range are distributed as in training cannot be told: the server keeps no values",
    ja="範囲内の値の分布が学習データと同じかどうかはわかりません。サーバーは値を保存しません",
)
LEVELS = Message(
    "serving.levels",
    en="whether the known levels are as frequent as in training cannot be told: they are not counted one by one",
    ja="既知の水準の頻度が学習データと同じかどうかはわかりません。水準ごとには数えていません",
)
LENIENT = Message(
    "serving.lenient",
    en="texts that were taken as missing in training are among its missing cells",
    ja="学習のときに欠損とみなした文字列は、学習データの欠損に含まれます",
)
WORDS = {
    "missing": Message("serving.word_missing", en="missing", ja="欠損している"),
    "outside": Message("serving.word_outside", en="cut at the ends of the range", ja="範囲の端で切り詰めた"),
}


class Drift:
    """Counts of a model's columns; several threads may add."""

    def __init__(self, preparation: Preparation) -> None:
        self.steps = steps = preparation.steps
        self.seen: Sequence[Marginal | None] = preparation.seen or [None] * len(steps)
        self.rows = 0
        self._lock = Lock()
        self._counts = [dict.fromkeys(KINDS, 0) for _ in steps]

    def add(self, counts: Sequence[Mapping[str, int]], n: int) -> None:
        """Count ``n`` rows, of which so many cells of each column are missing, unseen and so on."""
        with self._lock:
            self.rows += n
            for own, more in zip(self._counts, counts, strict=True):
                for kind, number in more.items():
                    own[kind] += number

    def report(self, lang: Language) -> dict[str, Any]:
        """As JSON: shares by column beside training's, and in words what cannot be told."""
        with self._lock:
            rows, counts = self.rows, [dict(one) for one in self._counts]
        parts = zip(self.steps, self.seen, counts, strict=True)
        columns = [_column(step, seen, one, rows, lang) for step, seen, one in parts]
        return {"rows": rows, "columns": columns}


def _column(
    step: Step, seen: Marginal | None, counts: Mapping[str, int], rows: int, lang: Language
) -> dict[str, Any]:
    training, kind = known(step, seen), step.cell.kind
    share = {name: counts[name] / rows if rows else None for name in KINDS}
    unsaid = []
    found: dict[str, Any] = {"column": step.column, "kind": kind}
    told: list[Sentence] = []
    found["missing"] = {"share": share["missing"], "training": training.missing}
    if training.missing is None:
        unsaid.append(NOT_HELD(what=WORDS["missing"]))
    elif share["missing"] is not None:
        told += drift.of_missing(step.column, share["missing"], training.missing, rows)
    if kind == "level":
        found["unseen"] = {"share": share["unseen"], "training": training.unseen}
        if training.unseen is None:
            unsaid.append(POOLED())
        elif share["unseen"] is not None:
            told += drift.of_unseen(step.column, share["unseen"], training.unseen, rows)
        unsaid.append(LEVELS())
    else:
        found["strange"] = {"share": share["strange"]}
        unsaid += [LENIENT()] if getattr(step, "lenient", False) and training.missing is not None else []
        found["out_of_range"] = {"share": share["outside"], "training": training.outside}
        if training.range is not None:
            found["out_of_range"]["range"] = list(training.range)
        unsaid += [NOT_HELD(what=WORDS["outside"])] if training.outside is None else []
        unsaid.append(SHAPE())
    words = {"told": told, "cannot_tell": unsaid}
    return {**found, **{name: [one.text(lang) for one in said] for name, said in words.items()}}
