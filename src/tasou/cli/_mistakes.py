"""What argparse finds wrong with a command, in the user's language.

argparse says it in English. Its sentences are recognised by the English texts of the messages here, which are its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from string import Formatter

from tasou.errors import NEAREST
from tasou.messages import Message, Sentence

ARGUMENT = Message("command.argument", en="argument {where}: {what}", ja="{where}：{what}")
UNRECOGNIZED = Message(
    "command.unrecognized", en="unrecognized arguments: {names}", ja="知らない引数です：{names}"
)
CHOICE = Message(
    "command.choice",
    en="invalid choice: {value} (choose from {known})",
    ja="{value} は使えません（使えるもの：{known}）",
)
CHOSEN = Message(
    "command.chosen",
    en="invalid choice: {value}{hint} (choose from {known:list})",
    ja="{value} は使えません{hint}（使えるもの：{known:list}）",
)
MISTAKES = (
    ARGUMENT,
    Message(
        "command.required",
        en="the following arguments are required: {names}",
        ja="次の引数が必要です：{names}",
    ),
    Message(
        "command.one_required",
        en="one of the arguments {names} is required",
        ja="{names} のどれか1つが必要です",
    ),
    UNRECOGNIZED,
    Message("command.one_argument", en="expected one argument", ja="値を1つ指定してください"),
    Message("command.at_most_one", en="expected at most one argument", ja="値は1つまでです"),
    Message("command.at_least_one", en="expected at least one argument", ja="値を1つ以上指定してください"),
    Message("command.n_arguments", en="expected {n} arguments", ja="値を {n} 個指定してください"),
    CHOICE,
    Message(
        "command.unknown",
        en="unknown parser {value} (choices: {known})",
        ja="{value} は使えません（使えるもの：{known}）",
    ),
    Message("command.value", en="invalid {kind} value: {value}", ja="{value} は {kind} の値として読めません"),
    Message("command.not_with", en="not allowed with argument {other}", ja="{other} と同時には使えません"),
    Message("command.takes_none", en="ignored explicit argument {value}", ja="値 {value} は要りません"),
)


def in_words(mistake: str, options: Sequence[str] = ()) -> str:
    """The mistake in the language spoken; as it stands, if argparse has a sentence that is not known here.

    ``options`` are those that the command has: one that is misspelt is told the nearest.

    >>> from tasou.language import use
    >>> with use("ja"):
    ...     in_words("argument --lr: expected one argument")
    '--lr：値を1つ指定してください'
    """
    for message in MISTAKES:
        if found := _pattern(message).fullmatch(mistake):
            parts: dict[str, object] = dict(found.groupdict())
            if message is ARGUMENT:
                parts["what"] = in_words(found["what"])
            if message is CHOICE:
                known = re.findall(r"[^\s',]+", found["known"])
                parts |= {"known": known, "hint": _hint(found["value"].strip("'"), known)}
                message = CHOSEN
            if message is UNRECOGNIZED:
                return message(**parts).text() + _text(_hint(found["names"].split()[0], options))
            return message(**parts).text()
    return mistake


def _hint(name: str, known: Sequence[str]) -> Sentence | str:
    """The nearest of the known names, if one is near."""
    nearest = next(iter(get_close_matches(name, known, n=1)), None)
    return "" if nearest is None else NEAREST(nearest=nearest)


def _text(hint: Sentence | str) -> str:
    return hint if isinstance(hint, str) else hint.text()


def _pattern(message: Message) -> re.Pattern[str]:
    """What the English text looks like with anything in the places of its parts."""
    pieces = (
        re.escape(literal) + (f"(?P<{part}>.+?)" if part else "")
        for literal, part, _, _ in Formatter().parse(message.en)
    )
    return re.compile("".join(pieces))
