"""What argparse finds wrong with a command, in the user's language.

argparse says it in English. Its sentences are recognised by the English texts of the messages here, which are its own.
"""

from __future__ import annotations

import re
from string import Formatter

from tasou.messages import Message

ARGUMENT = Message("command.argument", en="argument {where}: {what}", ja="{where}：{what}")
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
    Message("command.unrecognized", en="unrecognized arguments: {names}", ja="知らない引数です：{names}"),
    Message("command.one_argument", en="expected one argument", ja="値を1つ指定してください"),
    Message("command.at_most_one", en="expected at most one argument", ja="値は1つまでです"),
    Message("command.at_least_one", en="expected at least one argument", ja="値を1つ以上指定してください"),
    Message("command.n_arguments", en="expected {n} arguments", ja="値を {n} 個指定してください"),
    Message(
        "command.choice",
        en="invalid choice: {value} (choose from {known})",
        ja="{value} は使えません（使えるもの：{known}）",
    ),
    Message(
        "command.unknown",
        en="unknown parser {value} (choices: {known})",
        ja="{value} は使えません（使えるもの：{known}）",
    ),
    Message("command.value", en="invalid {kind} value: {value}", ja="{value} は {kind} の値として読めません"),
    Message("command.not_with", en="not allowed with argument {other}", ja="{other} と同時には使えません"),
    Message("command.takes_none", en="ignored explicit argument {value}", ja="値 {value} は要りません"),
)


def in_words(mistake: str) -> str:
    """The mistake in the language spoken; as it stands, if argparse has a sentence that is not known here.

    >>> from tasou.language import use
    >>> with use("ja"):
    ...     in_words("argument --lr: expected one argument")
    '--lr：値を1つ指定してください'
    """
    for message in MISTAKES:
        if found := _pattern(message).fullmatch(mistake):
            parts = found.groupdict()
            if message is ARGUMENT:
                parts["what"] = in_words(parts["what"])
            return message(**parts).text()
    return mistake


def _pattern(message: Message) -> re.Pattern[str]:
    """What the English text looks like with anything in the places of its parts."""
    pieces = (
        re.escape(literal) + (f"(?P<{part}>.+?)" if part else "")
        for literal, part, _, _ in Formatter().parse(message.en)
    )
    return re.compile("".join(pieces))
