"""A run as a link: its settings and seeds in the fragment of an address, and never data.

A fragment stays in the browser: no server sees it. Whoever opens the link gets the same numbers, since they follow from
settings and seeds alone; what was learnt from a table or from clicked points opens with the data that are there.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tasou.errors import TasouError
from tasou.messages import Message, Sentence
from tasou.play.rows import told
from tasou.play.run import Run
from tasou.play.setup import START, Setup

MARK = "play="
MOST_LETTERS, MOST_RATES, MOST_WEIGHTS, MOST_EPOCHS = 8_000, 50, 200, 10_000
OWN = ("table", "points")
"""data that somebody has handed in: they are not in a link"""
PARTS = ("data", "recipe", "layers", "theta", "rates", "epoch")

BAD_LINK = Message(
    "play.bad_link",
    en="this link holds no settings of a playground: {reason}",
    ja="このリンクにプレイグラウンドの設定はありません：{reason}",
)
NO_MARK = Message("play.link_mark", en="'#play=…' is missing at its end", ja="末尾に「#play=…」がありません")
LONG = Message("play.link_long", en="it is longer than {most} letters", ja="{most} 文字を超えています")
GARBLED = Message("play.link_garbled", en="its letters are garbled", ja="文字列が壊れています")
UNKNOWN = Message("play.link_parts", en="it has a part {name!r}", ja="{name!r} という部分があります")
NOT_ONE = Message(
    "play.link_value",
    en="{name} cannot be what it says there",
    ja="{name} に使えない値が書かれています",
)
NO_DATA = Message(
    "play.link_no_data",
    en="your own data are not in the link: it opens with the data that are open there",
    ja="自分のデータはリンクに含まれません。開いた先で表示中のデータに、この設定が使われます",
)
NO_PAST = Message(
    "play.link_no_past",
    en="this run branched off another: the link holds its settings from the beginning; the file of the run holds all",
    ja="このランは別のランから分岐したものです。リンクではその設定で最初から始まります。"
    "途中までの経過も含めるにはランのファイルを使ってください",
)
NO_START = Message(
    "play.link_no_start",
    en="the initial weights were handed in and are too many for a link, which draws them from the seed; the file of "
    "the run holds them",
    ja="初期値として渡された重みが多すぎてリンクに入りません。リンクではシードから作られます。"
    "ランのファイルには入ります",
)


@dataclass(frozen=True)
class Link:
    """What a link asks for."""

    setup: Mapping[str, Any]
    """as `Setup.read` takes it; without ``data`` where they were somebody's own"""
    rates: tuple[tuple[int, float], ...] = ()
    """learning rates that were set on the way, each with the update before which it was"""
    epoch: int = 0


def settings(setup: Setup) -> tuple[dict[str, Any], list[Sentence]]:
    """What a link says of a run's settings, and sentences on what it does not hold."""
    whole, notes = setup.json(), list[Sentence]()
    found: dict[str, Any] = {
        "recipe": {k: v for k, v in whole["recipe"].items() if v is not None and START.get(k) != v}
    }
    if whole["data"].get("name") in OWN:
        notes.append(NO_DATA())
    else:
        found["data"] = whole["data"]
    if "layers" in whole:
        found["layers"] = whole["layers"]
    if len(whole.get("theta", ())) > MOST_WEIGHTS:
        notes.append(NO_START())
    elif "theta" in whole:
        found["theta"] = whole["theta"]
    return found, notes


def fragment(run: Run) -> dict[str, Any]:
    """The fragment of a run as it stands, and sentences on what it does not hold."""
    found, notes = settings(run.setup)
    if run.parent is not None and run.parent[1]:
        notes.append(NO_PAST())
    elif len(run.rates) <= MOST_RATES:
        found |= {"rates": [list(pair) for pair in run.rates[1:]]} if run.rates[1:] else {}
        found |= {"epoch": min(run.epoch, MOST_EPOCHS)} if run.epoch else {}
    text = json.dumps(found, separators=(",", ":"), sort_keys=True)
    letters = urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return {"fragment": MARK + letters, "notes": [told(note) for note in notes]}


def is_link(text: str) -> bool:
    """Whether a text is meant as a link, and not as a file's name."""
    return MARK in text.partition("#")[2]


def read_link(text: Any) -> Link:
    """What a link asks for; everything in it is checked like anything from outside.

    >>> read_link("#play=" + urlsafe_b64encode(b'{"recipe": {"lr": 0.5}, "epoch": 20}').decode()).epoch
    20

    Raises
    ------
    TasouError
        in one sentence: it is no link of a playground, or cannot be done
    """
    found = _decoded(text)
    if unknown := sorted(set(found) - set(PARTS)):
        raise TasouError(BAD_LINK, reason=UNKNOWN(name=unknown[0][:40]))
    setup: dict[str, Any] = {
        name: found[name] for name in ("data", "recipe", "layers", "theta") if name in found
    }
    data = setup.get("data", {})
    wrong = [
        name
        for name, kind in (
            ("data", dict),
            ("recipe", dict),
            ("layers", list),
            ("theta", list),
            ("rates", list),
        )
        if name in found and not isinstance(found[name], kind)
    ]
    if not wrong and (data.get("name") in OWN or "rows" in data):
        wrong = ["data"]
    if wrong:
        raise TasouError(BAD_LINK, reason=NOT_ONE(name=wrong[0]))
    return Link(setup, _rates(found.get("rates", [])), _whole("epoch", found.get("epoch", 0), MOST_EPOCHS))


def setup_of(link: Link, data: Mapping[str, Any]) -> Setup:
    """Its settings, with these data where it brings none."""
    try:
        return Setup.read({"data": data, **link.setup})
    except TasouError:
        raise
    except (TypeError, ValueError, LookupError, AttributeError, OverflowError, RecursionError):
        raise TasouError(BAD_LINK, reason=NOT_ONE(name="recipe")) from None


def _decoded(text: Any) -> dict[str, Any]:
    if not isinstance(text, str) or MARK not in text:
        raise TasouError(BAD_LINK, reason=NO_MARK())
    letters = text.rpartition(MARK)[2].strip()
    if len(letters) > MOST_LETTERS:
        raise TasouError(BAD_LINK, reason=LONG(most=MOST_LETTERS))
    try:
        found = json.loads(urlsafe_b64decode(letters + "=" * (-len(letters) % 4)))
    except (ValueError, RecursionError):
        raise TasouError(BAD_LINK, reason=GARBLED()) from None
    if not isinstance(found, dict):
        raise TasouError(BAD_LINK, reason=GARBLED())
    return found


def _rates(given: list[Any]) -> tuple[tuple[int, float], ...]:
    if len(given) > MOST_RATES or not all(isinstance(pair, list) and len(pair) == 2 for pair in given):
        raise TasouError(BAD_LINK, reason=NOT_ONE(name="rates"))
    for _, lr in given:
        if not isinstance(lr, int | float) or isinstance(lr, bool) or not 0 < lr < 1e9:
            raise TasouError(BAD_LINK, reason=NOT_ONE(name="rates"))
    return tuple(sorted((_whole("rates", at, 10**9), float(lr)) for at, lr in given))


def _whole(name: str, value: Any, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise TasouError(BAD_LINK, reason=NOT_ONE(name=name))
    return value
