"""Run an experiment of the lecture and show its claim, its numbers and its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from weaving import pictures
from weaving.marks import COLON
from weaving.values import result

if TYPE_CHECKING:
    from tasou.lecture import Result
    from weaving.blocks import Block
    from weaving.page import Page

SIDES = ("left", "right", "左", "右")
WORDS = {
    "experiment": {"en": "Experiment", "ja": "実験"},
    "data": {"en": "Data:", "ja": "データ："},
    "model": {"en": "Model:", "ja": "モデル："},
    "claim": {"en": "Claim:", "ja": "主張："},
    "measured": {"en": "measured", "ja": "測定したもの"},
    "value": {"en": "value", "ja": "値"},
    "claimed": {"en": "claimed", "ja": "主張"},
    "holds": {"en": "holds", "ja": "成立"},
    "again": {"en": "Run it yourself:", "ja": "手元で動かすには："},
}


def make(block: Block, page: Page) -> str:
    """The experiment of a number, e.g. ``2.3b``, or all of a row (``2.3``), each with a heading of the third level."""
    from tasou import lecture

    found = lecture.find(block.argument)
    found = [experiment for experiment in found if experiment.number == block.argument] or found
    return "\n\n".join(
        _show(result(experiment.number), page, scroll=pictures.scrolls(block)) for experiment in found
    )


def _show(result: Result, page: Page, *, scroll: bool) -> str:
    from tasou.lecture import drawing

    experiment, lang = result.experiment, page.lang
    with pictures.speaking(lang):
        sides = any(word in experiment.seen[lang] for word in SIDES)
        picture = pictures.show(
            lambda: drawing.draw(result, lang), page, drawing.alt(result, lang), scroll=scroll, sides=sides
        )
    return "\n\n".join(
        [
            f"### {WORDS['experiment'][lang]} {experiment.number}{COLON[lang]}{experiment.title[lang]}",
            ":::::{container} experiment",
            "::::{container} figure",
            *(
                f"**{WORDS[part][lang]}** {getattr(experiment, part)[lang]}"
                for part in ("claim", "data", "model")
            ),
            picture,
            f":::{{container}} seen\n{experiment.seen[lang]}\n:::",
            "::::",
            _table(result, lang),
            f"{WORDS['again'][lang]} `tasou lecture {experiment.number}`",
            ":::::",
        ]
    )


def _table(result: Result, lang: str) -> str:
    head = [WORDS[key][lang] for key in ("measured", "value", "claimed", "holds")]
    rows = [
        f"| {cell(m.what[lang])} | {m.number} | {m.wanted} | {'' if not m.relation else '✓' if m.holds else '✗'} |"
        for m in result.outcome.measures
    ]
    return "\n".join([f"| {' | '.join(head)} |", "|---|--:|--:|:-:|", *rows])


def cell(text: str) -> str:
    """Text for a table, in which a bar would begin a new cell."""
    return text.replace("|", "\\|")
