"""The commands of the page: a name, and what of the session it calls; nothing else can be reached from outside."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from tasou.errors import TasouError, UnknownName
from tasou.messages import Message
from tasou.play.session import Session

COMMAND = Message("kind.play_command", en="command", ja="コマンド")
ARGUMENTS = Message(
    "play.arguments",
    en="the command {name!r} takes {known:list}, not {given:list}",
    ja="コマンド {name!r} の引数は {known:list} です（{given:list} は使えません）",
)
NOTHING = Message("play.nothing", en="nothing", ja="なし")

Command = Callable[..., Any]
COMMANDS: dict[str, Command] = {
    "state": Session.state,
    "reset": Session.reset,
    "change": Session.change,
    "branch": Session.branch,
    "select": Session.select,
    "compare": Session.compare,
    "play": Session.play,
    "pause": Session.pause,
    "step": Session.step,
    "seek": Session.seek,
    "look": Session.look,
    "where": Session.where,
}
"""name: what is called with the session and the arguments; other files add theirs"""


def call(session: Session, name: Any, arguments: Mapping[str, Any]) -> Any:
    """Give one command.

    Raises
    ------
    UnknownName
        there is no such command
    TasouError
        it cannot be done, or not with these arguments
    """
    if not isinstance(name, str) or name not in COMMANDS:
        raise UnknownName(COMMAND, name, COMMANDS)
    command = COMMANDS[name]
    parameters = list(inspect.signature(command).parameters.values())[1:]
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters)
    known = [p.name for p in parameters if p.kind is not p.VAR_KEYWORD]
    needed = {p.name for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD}
    if not (takes_any or set(arguments) <= set(known)) or not needed <= set(arguments):
        raise TasouError(ARGUMENTS, name=name, known=known or [NOTHING], given=sorted(arguments) or [NOTHING])
    return command(session, **arguments)
