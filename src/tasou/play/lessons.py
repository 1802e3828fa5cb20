"""The lecture's experiments that can be opened in the playground, and what the page tells of them."""

from __future__ import annotations

from typing import Any

from tasou.errors import TasouError
from tasou.language import LANGUAGES
from tasou.lecture import Experiment, all_experiments, find
from tasou.lecture.experiment import title
from tasou.messages import Message

SEVERAL = Message(
    "play.several",
    en="{number} stands for several experiments: choose one of {numbers:list}",
    ja="{number} に当てはまる実験はいくつかあります。{numbers:list} から1つ選んでください",
)
NOT_OPENED = Message(
    "play.not_opened",
    en="experiment {number} has nothing to be played with: see tasou lecture {number}",
    ja="実験 {number} はプレイグラウンドでは開けません。tasou lecture {number} をご覧ください",
)


def lessons() -> list[dict[str, Any]]:
    """Every experiment that can be opened, in the order of the lecture."""
    return [
        {"number": each.number, "title": {lang: title(each, lang) for lang in LANGUAGES}}
        for each in all_experiments()
        if each.play is not None
    ]


def chosen(number: str) -> Experiment:
    """The one experiment called so.

    Raises
    ------
    UnknownName
        there is none
    TasouError
        there are several, or it has nothing to be played with
    """
    found = find(number)
    if len(found) > 1:
        exact = [each for each in found if each.number == number]
        if not exact:
            raise TasouError(SEVERAL, number=number, numbers=[each.number for each in found])
        found = exact
    if found[0].play is None:
        raise TasouError(NOT_OPENED, number=number)
    return found[0]


def told(experiment: Experiment) -> dict[str, Any]:
    """What the page shows of the experiment that is open."""
    play: Any = experiment.play
    return {
        "number": experiment.number,
        "title": {lang: title(experiment, lang) for lang in LANGUAGES},
        "claim": dict(experiment.claim),
        "change": dict(play.change),
        "until": play.until,
        "phase": play.look.get("phase"),
    }
